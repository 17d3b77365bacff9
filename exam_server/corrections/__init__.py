"""A wrong key, put right: previewed, approved by a second official, applied, and told."""
