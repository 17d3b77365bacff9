"""The blueprint of places and results, and how their numbers are written."""

from __future__ import annotations

from fractions import Fraction

from flask import Blueprint

from exam_server.language import say
from exam_server.pages import language
from exam_server.placings.words import OWN_WISH
from exam_server.ranking.web import points

bp = Blueprint("placings", __name__)


@bp.app_template_filter("exact")
def exact(value: Fraction | int) -> str:
    """87,125: at most three digits behind the comma."""
    return points(value)


@bp.app_template_filter("why")
def why(reason: str) -> str:
    """A reason as it was written; the one that the server gives is in the reader's language."""
    return say(reason, language()) if reason == OWN_WISH else reason
