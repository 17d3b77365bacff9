"""The outbox: letters on their way, and the demo's reading room for them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("outbox", __name__)
