"""Petugas: officials are invited, hold roles for offices, and can be stopped."""
