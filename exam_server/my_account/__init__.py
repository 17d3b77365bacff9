"""Akun saya: e-mail address, password, second factor, and who opened one's files."""
