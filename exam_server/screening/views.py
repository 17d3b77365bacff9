"""Seleksi administrasi: typed data beside the files, and a decision with a reason."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("screening", __name__)
