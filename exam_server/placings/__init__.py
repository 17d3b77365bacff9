"""What becomes of places after the list was frozen: leaving, moving up, offers and answers to them."""
