"""The exam: paper, start, saves, deadline, closing."""
