"""The outbox: letters on their way, and the demo's reading room for them."""
