"""Data diri: what a candidate tells of themselves, step by step."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("profile", __name__)
