"""Akun saya: e-mail address, password, second factor, and who opened one's files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("my_account", __name__)
