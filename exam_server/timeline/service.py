"""The candidate's own page for officials: whoever watches the sitting sees everything but what was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam.rules import Phase
from exam_server.extra_time import attempts, records
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.records import Record
from exam_server.models import Activity, Attempt, Response
from exam_server.screening.accepted import accepted_photo
from exam_server.sittings.watching import Official, reach
from exam_server.timeline import journal, noted, rules
from exam_server.timeline.rules import Event


@dataclass(frozen=True)
class Timeline:
    """One attempt: facts, ledger and devices, and every event in order; answers are counted only."""

    attempt: OneAttempt
    phase: Phase | str
    record: Record
    flagged: int
    events: tuple[Event, ...]
    photo: bool
    """The photo that the office accepted is there."""

    @property
    def devices(self) -> tuple[Event, ...]:
        """Who sat down, took over and was released, in order."""
        return tuple(one for one in self.events if one.kind == "device" or one.code == "attempt.released")


def own(db: Database, public_id: str, person: Official, now: datetime) -> Timeline:
    """Of an attempt in a sitting that this official watches; anybody else leaves a row in the trail and finds
    nothing (NotFound).
    """
    with db.read() as tx:
        row = tx.execute(
            sa.select(Attempt, Activity)
            .join(Activity, Activity.id == Attempt.activity_id)
            .where(Attempt.public_id == public_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        seen = reach(tx, person).covers(row.Activity.office_id, row.Attempt.sitting_id)
    if not seen:
        audit.refuse_foreign(db, person.id, "attempt", row.Attempt.id, now)
    return _story(db, row.Attempt.id, now)


def _story(db: Database, attempt_id: int, now: datetime) -> Timeline:
    record = records.record(db, attempt_id)
    with db.read() as tx:
        one = attempts.one(tx, Attempt.id == attempt_id)
        row = tx.get_one(Attempt, attempt_id)
        events = [
            *journal.events(tx, attempt_id),
            *(event for read in noted.SOURCES for event in read(tx, row)),
        ]
        flagged = sa.select(sa.func.count()).where(Response.attempt_id == attempt_id, Response.flagged)
        return Timeline(one, one.standing(now), record, tx.scalar(flagged) or 0, rules.in_order(events),
                        _has_photo(tx, row))  # fmt: skip


def _has_photo(tx: Session, attempt: Attempt) -> bool:
    year = tx.get_one(Activity, attempt.activity_id).year
    return tx.scalar(sa.select(accepted_photo(attempt.candidate_id, year))) is not None
