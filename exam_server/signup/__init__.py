"""Daftar akun: a new account, its activation by e-mail, and a forgotten password."""
