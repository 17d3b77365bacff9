"""The result as the public and each candidate read it."""
