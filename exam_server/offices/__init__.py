"""Offices, their recruitment of a year, and its public announcement."""
