"""Files of items into an office's bank: read, looked at item by item, then all or nothing, and taken back."""
