"""What time alone turns: attempts whose phase changed although nothing was written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam.lookups import EXTRA
from exam_server.models import Attempt, Sitting, to_micros

SECOND = 1_000_000
SINCE, NOW = (sa.bindparam(name, type_=sa.BigInteger) for name in ("since", "now"))


def turned(db: Database, since: datetime, now: datetime) -> list[int]:
    """Attempts that the clock brought into another phase in (since, now]."""
    span = {"since": to_micros(since), "now": to_micros(now)}
    with db.read() as tx:
        return [attempt_id for question in QUESTIONS for attempt_id in tx.scalars(question, span)]


def _passed(instant: Any) -> sa.ColumnElement[bool]:
    return sa.and_(instant > SINCE, _is_past(instant))


def _is_past(instant: Any) -> sa.ColumnElement[bool]:
    past: sa.ColumnElement[bool] = instant <= NOW
    return past


_NOT_BEGUN = (
    sa.select(Attempt.id)
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .where(Attempt.started_at.is_(None), Attempt.finalised_at.is_(None))
)
_STARTS, _ENDS = (sa.type_coerce(one, sa.BigInteger) for one in (Sitting.starts_at, Sitting.ends_at))
_DEADLINE = sa.type_coerce(Attempt.deadline_at, sa.BigInteger)
_RUNNING = sa.select(Attempt.id).where(Attempt.started_at.is_not(None), Attempt.finalised_at.is_(None))

QUESTIONS = (
    _NOT_BEGUN.where(_passed(_STARTS)),
    # Only sittings that are open now, and among them those few whom nobody has seen yet.
    _NOT_BEGUN.where(
        _is_past(_STARTS), _ENDS > SINCE,
        _passed(_ENDS - (Attempt.allowed_seconds + EXTRA) * SECOND),
    ),
    _RUNNING.where(_passed(_DEADLINE)),
    _RUNNING.where(_is_past(_DEADLINE), _passed(_DEADLINE + Attempt.grace_seconds * SECOND)),
)  # fmt: skip
"""Doors open; too late to begin; the deadline; the end of the grace. Each is found by an index."""
