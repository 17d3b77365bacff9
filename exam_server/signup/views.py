"""Daftar akun: a new account, its activation by e-mail, and a forgotten password."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("signup", __name__)
