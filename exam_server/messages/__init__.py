"""Messages: what an official tells candidates, kept until each of them has said that it was read."""
