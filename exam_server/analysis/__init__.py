"""What the answers say of items, papers and sittings, in pictures and words."""
