"""Outages as the server itself measured them: a gap in the heartbeat of all workers, long enough to matter.

A beat goes the way of the answers (through the writer), so a time in which nothing could be written is an
outage also when the processes lived.
"""

from __future__ import annotations

import functools
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server.clock import Clock
from exam_server.exam.autosave import GroupCommit
from exam_server.models import Attempt, LedgerEntry, Outage, ServerHeartbeat, new_public_id
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two beats."""

WIDEST_GAP = timedelta(seconds=15)
"""A longer silence is an outage."""


class Beat(Rounds):
    """Every worker beats; while one of them lives there is no gap."""

    def __init__(self, clock: Clock, autosave: GroupCommit) -> None:
        super().__init__("beat", EVERY, self.round)
        self._clock, self._autosave = clock, autosave

    def round(self) -> None:
        self._autosave.run(functools.partial(beat, now=self._clock.now()))


def beat(tx: Session, now: datetime) -> None:
    """Some worker could write at `now`; a gap before it becomes an outage, once."""
    last = tx.scalars(sa.select(ServerHeartbeat).with_for_update()).one_or_none()
    if last is None:
        with suppress(IntegrityError), tx.begin_nested():  # another worker's first beat may come in between
            tx.add(ServerHeartbeat(id=1, at=now))
        return
    if now - last.at > WIDEST_GAP:
        tx.add(Outage(public_id=new_public_id(), began_at=last.at, ended_at=now))
        log.error("nothing could be written from %s to %s", last.at.isoformat(), now.isoformat())
    last.at = max(last.at, now)
    tx.flush()


@dataclass(frozen=True)
class Hit:
    """One attempt that one outage took time from; `given`: what its ledger got for it (None: nothing yet)."""

    attempt_id: int
    sitting_id: int
    outage_id: int
    seconds: int
    given: int | None


def hits(tx: Session, *where: sa.ColumnElement[bool]) -> list[Hit]:
    """Attempts that ran in an outage, with each outage they ran in, both by id; `where` narrows them down.

    Whoever handed in, or was closed by an official, lost nothing. The whole gap is given back, since a
    deadline moved by the gap leaves exactly the time that was left when it began. Whether time was left is
    told by the deadline as it stood then: what was given later made nobody run in an outage of the past.
    """
    known = sa.or_(LedgerEntry.kind == "start", LedgerEntry.entered_at <= Outage.began_at)
    seconds = (
        sa.select(sa.func.sum(LedgerEntry.seconds)).where(LedgerEntry.attempt_id == Attempt.id, known)
        .correlate(Attempt, Outage).scalar_subquery()
    )  # fmt: skip
    then = sa.type_coerce(Attempt.started_at, sa.BigInteger) + seconds * 1_000_000
    struck = sa.and_(
        Attempt.started_at < Outage.ended_at, then > sa.type_coerce(Outage.began_at, sa.BigInteger),
        sa.or_(Attempt.how.is_(None), Attempt.how == "clock"),
    )  # fmt: skip
    given = sa.and_(LedgerEntry.attempt_id == Attempt.id, LedgerEntry.outage_id == Outage.id)
    found = (
        sa.select(Attempt.id, Attempt.sitting_id, Attempt.started_at, Outage, LedgerEntry.seconds)
        .select_from(Outage).join(Attempt, struck).outerjoin(LedgerEntry, given)
        .where(*where).order_by(Attempt.id, Outage.id)
    )  # fmt: skip
    return [Hit(row.id, row.sitting_id, row.Outage.id, _gap(row.Outage, row.started_at), row.seconds)
            for row in tx.execute(found)]  # fmt: skip


def _gap(outage: Outage, started_at: datetime) -> int:
    """Whole seconds, rounded up: nobody gets less than was lost."""
    lost = outage.ended_at - max(outage.began_at, started_at)
    return -(-lost // timedelta(seconds=1))
