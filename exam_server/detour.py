"""A detour: to put one thing right on another page, and to come back to what was being sent."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

CORRECTION = "correction"


def back() -> str:
    """Whence the person came: `correction`, the slug of the office applied to, or "" from nowhere special."""
    given = request.args.get("back")
    if given is not None:
        return given
    try:
        return request.form.get("back", "")
    except RequestEntityTooLarge:  # a form that is too large is never read
        return ""


def way_back() -> str | None:
    """The address of that page; none when nobody waits there."""
    name = back()
    if name == CORRECTION:
        return url_for("registration.correction")
    return url_for("registration.form", slug=name) if name else None
