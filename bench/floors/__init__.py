"""Small fixed programs to measure against; nobody slows them down to look good, and nobody tunes them."""
