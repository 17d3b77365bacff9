"""Jejak audit: the trail in words, for whom it concerns, and one candidate's whole file."""
