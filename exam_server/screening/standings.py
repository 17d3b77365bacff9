"""The rule `standing` as a column, so that the database can count by it; a test holds both together."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from exam_server.models import Screening


def standing_at(now: datetime) -> sa.ColumnElement[str]:
    """The word of `rules.standing` for each row of Screening."""
    return sa.case(
        (Screening.decision.is_not(None), Screening.decision),
        (answered(), sa.literal("waiting")),
        (Screening.due_at > now, sa.literal("correction")),
        else_=sa.literal("overdue"),
    )


def waiting() -> sa.ColumnElement[bool]:
    """It is the office's turn, at any instant."""
    return sa.and_(Screening.decided_at.is_(None), answered())


def answered() -> sa.ColumnElement[bool]:
    """No correction is asked for: sending one takes the asking away."""
    return Screening.asked_at.is_(None)


def free_for(official_id: int, now: datetime) -> sa.ColumnElement[bool]:
    """Nobody else works on it: a claim ends by the clock, half-open."""
    return sa.or_(Screening.claimed_by == official_id, unclaimed(now))


def unclaimed(now: datetime) -> sa.ColumnElement[bool]:
    """Nobody at all works on it."""
    return sa.or_(Screening.claimed_by.is_(None), Screening.claimed_until <= now)
