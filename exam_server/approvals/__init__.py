"""Persetujuan: acts that need a second official, as one mechanism for every feature."""
