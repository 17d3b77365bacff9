"""Bantuan: what a person cannot mend alone, an official does under supervision."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("recovery", __name__)
