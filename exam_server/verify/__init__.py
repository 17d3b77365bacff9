"""Verify: what the database and the disk say of each other, told to the operator."""
