"""Data diri: what a candidate tells of themselves, step by step."""
