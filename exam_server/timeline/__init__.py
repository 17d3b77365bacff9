"""One attempt as it was lived, for the officials who watch it: every event in order, and no choice."""
