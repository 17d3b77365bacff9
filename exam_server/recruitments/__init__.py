"""The office's desk: an office and its recruitment of a year are set up here, in the browser."""
