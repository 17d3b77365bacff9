"""Selection: the one irrevocable choice of a sitting."""
