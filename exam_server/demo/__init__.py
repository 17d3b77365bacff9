"""A believable recruitment of both offices, for make demo."""
