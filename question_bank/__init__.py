"""The question bank: items, their formats, the draw and the score, free of web, database and clock."""
