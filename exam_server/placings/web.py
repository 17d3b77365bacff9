"""The blueprint of places and results, and how their numbers are written."""

from __future__ import annotations

from fractions import Fraction

from babel.numbers import format_decimal
from flask import Blueprint

from exam_server.pages import language

bp = Blueprint("placings", __name__)


@bp.app_template_filter("exact")
def exact(value: Fraction | int) -> str:
    """87,125: at most three digits behind the comma."""
    written: str = format_decimal(round(float(value), 3), format="#,##0.###", locale=language())
    return written
