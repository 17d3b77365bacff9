"""Daftar kegiatan: what will be sent is shown first, then it is sent."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("registration", __name__)
