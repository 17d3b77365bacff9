"""Metrics: numbers that a monitor reads again and again, and that tell nothing of any person."""
