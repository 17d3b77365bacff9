"""Berkas: KTP, photo and ijazah, made harmless, kept privately, with a receipt."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("documents", __name__)
