"""Bank soal: an office's items found, read, written and reviewed in the browser."""
