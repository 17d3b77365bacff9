"""Scores as they are in force, read by everything that makes something of them."""
