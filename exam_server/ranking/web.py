"""What the pages of a final selection share: whose it is, and numbers as people write them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from flask import Blueprint, request

from exam_server import auth
from exam_server.extensions import db, now
from exam_server.offices import service as offices
from exam_server.pages import language
from exam_server.ranking import desk, ground
from exam_server.ranking.ground import DECIDES, Ground
from exam_server.selection.numbers import number_of

bp = Blueprint("ranking", __name__, url_prefix="/results")
AROUND_THE_FILE = 50_000
"""Bytes of a form besides its file."""

MOST_TYPED = 6_000_000
"""Bytes of the rows of a checked file, which the second press brings back."""


@bp.app_template_filter("participant")
def participant(booking_public_id: str) -> str:
    """The number under which a result is published, for pages that know the booking."""
    return number_of(booking_public_id)


def own(public_id: str) -> Ground:
    """Raises NotFound for another office's activity."""
    return ground.own(db(), public_id, auth.viewer(), now())


def own_grounds() -> list[Ground]:
    """Of the offices whose admin the viewer is; raises Forbidden for none."""
    held = auth.viewer().offices(DECIDES)
    if held == []:
        auth.require(0, DECIDES)
    return ground.of_offices(db(), held)


def many_offices() -> bool:
    held = auth.viewer().offices(DECIDES)
    return len(offices.offices(db()) if held is None else held) > 1


def shared(place: Ground) -> dict[str, Any]:
    """For every template about one activity."""
    return {"place": place, "where": desk.where(db(), place, now()), "zone": place.zone, "now": now(),
            "points": points, "percent": percent}  # fmt: skip


def points(value: Fraction | int) -> str:
    """At most three places behind the comma."""
    return str(format_decimal(round(float(value), 3), format="#,##0.###", locale=language()))


def percent(share: Fraction) -> str:
    return points(share * 100)


def page_number() -> int:
    typed = request.args.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 7 else 1
