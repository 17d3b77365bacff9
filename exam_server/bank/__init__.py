"""The bank of an office: items in, revisions and keys at rest."""
