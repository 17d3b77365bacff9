"""What page and socket have in common: a payload about messages becomes an act for the group commit."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from exam_server.errors import BadRequest
from exam_server.exam import desk
from exam_server.messages import service


def read_seen(seat: desk.Seat, payload: Mapping[str, Any], now: datetime) -> desk.Perform:
    """The act of a candidate who has read a message; raises ForeignAttempt, BadRequest."""
    desk.check_attempt(seat, payload)
    message = _name(payload.get("message"))
    return functools.partial(service.seen, attempt_id=seat.attempt_id, message=message, now=now)


def read_got(seat: desk.Seat, payload: Mapping[str, Any], now: datetime) -> desk.Perform:
    """The act of a page that has messages; raises ForeignAttempt, BadRequest."""
    desk.check_attempt(seat, payload)
    named = payload.get("messages")
    if not isinstance(named, list) or not 0 < len(named) <= service.MOST_GOT:
        raise BadRequest
    messages = [_name(one) for one in named]
    return functools.partial(service.got, attempt_id=seat.attempt_id, messages=messages, now=now)


def _name(told: object) -> str:
    """A public id, as far as its letters go: others could not even be looked for."""
    if not isinstance(told, str) or not (told.isascii() and told.isprintable()):
        raise BadRequest
    return told
