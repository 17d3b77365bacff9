"""Petugas: officials are invited, hold roles for offices, and can be stopped."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("staff", __name__)
