"""Outages as the server itself measured them: a gap in the heartbeat of all workers, long enough to matter.

A beat goes the way of the answers (through the writer), so a time in which nothing could be written is an
outage also when the processes lived.
"""

from __future__ import annotations

import functools
import itertools
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server.clock import Clock
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.lookups import MAY_GET_TIME
from exam_server.exam.stretches import Stretch, joined, whole_seconds
from exam_server.models import (
    Attempt,
    LedgerEntry,
    Outage,
    OutageScope,
    OutageStruck,
    ServerHeartbeat,
    from_micros,
    new_public_id,
)
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


LOST = "lost"
"""In the evidence of an outage that struck one sitting only: attempt id (as text) -> [[from, until], ...] in
microseconds since 1970, what exactly it took from whom.
"""


@dataclass(frozen=True)
class Hit:
    """One attempt that one outage took time from; `given`: what its ledger got for it (None: nothing yet)."""

    attempt_id: int
    sitting_id: int
    outage_id: int
    seconds: int
    given: int | None
    scoped: bool = False
    """The outage struck one sitting only, and there only some."""


def hits(tx: Session, which: sa.ColumnElement[bool]) -> list[Hit]:
    """What each outage took from each of these attempts, both by id; no second of one attempt twice.

    Whoever handed in, or was closed by an official, lost nothing. The whole gap is given back, since a
    deadline moved by the gap leaves exactly the time that was left when it began. Whether time was left is
    told by the deadline as it stood then: what was given later made nobody run in an outage of the past.
    Where two outages overlap, the one that was measured later took only the rest.
    """
    found = sorted([*_of_everybody(tx, which), *_of_some(tx, which)],
                   key=lambda one: (one.row.id, one.row.outage_id))  # fmt: skip
    given = _given(tx, which) if found else {}
    return [
        Hit(attempt_id, one.row.sitting_id, one.row.outage_id, seconds,
            given.get((attempt_id, one.row.outage_id)), one.scoped)
        for attempt_id, struck in itertools.groupby(found, key=lambda one: one.row.id)
        for one, seconds in _without_overlap(struck) if seconds
    ]  # fmt: skip


@dataclass(frozen=True)
class _Struck:
    """One attempt, one outage, and when it was away because of it."""

    row: Any
    away: tuple[Stretch, ...]
    scoped: bool


def _of_everybody(tx: Session, which: sa.ColumnElement[bool]) -> Iterator[_Struck]:
    """Outages of the whole server: they struck whoever ran."""
    known = sa.or_(LedgerEntry.kind == "start", LedgerEntry.entered_at <= Outage.began_at)
    seconds = (
        sa.select(sa.func.sum(LedgerEntry.seconds)).where(LedgerEntry.attempt_id == Attempt.id, known)
        .correlate(Attempt, Outage).scalar_subquery()
    )  # fmt: skip
    then = sa.type_coerce(Attempt.started_at, sa.BigInteger) + seconds * 1_000_000
    struck = sa.and_(
        Attempt.started_at < Outage.ended_at, then > sa.type_coerce(Outage.began_at, sa.BigInteger),
        MAY_GET_TIME, sa.not_(sa.exists().where(OutageScope.outage_id == Outage.id)),
    )  # fmt: skip
    found = (
        sa.select(Attempt.id, Attempt.sitting_id, Attempt.started_at, Outage.id.label("outage_id"),
                  Outage.began_at, Outage.ended_at)
        .select_from(Outage).join(Attempt, struck).where(which)
    )  # fmt: skip
    for row in tx.execute(found):
        yield _Struck(row, ((max(row.began_at, row.started_at), row.ended_at),), scoped=False)


def _of_some(tx: Session, which: sa.ColumnElement[bool]) -> Iterator[_Struck]:
    """Outages of one sitting: they struck whom they name."""
    found = (
        sa.select(Attempt.id, Attempt.sitting_id, OutageStruck.outage_id)
        .join(OutageStruck, OutageStruck.attempt_id == Attempt.id).where(which, MAY_GET_TIME)
    )  # fmt: skip
    rows = tx.execute(found).all()
    ids = {row.outage_id for row in rows}
    scopes = tx.scalars(sa.select(OutageScope).where(OutageScope.outage_id.in_(ids)))
    lost = {scope.outage_id: scope.evidence[LOST] for scope in scopes}
    for row in rows:
        away = lost[row.outage_id][str(row.id)]
        yield _Struck(row, tuple((from_micros(began), from_micros(ended)) for began, ended in away), True)


def _given(tx: Session, which: sa.ColumnElement[bool]) -> dict[tuple[int, int], int]:
    rows = tx.execute(
        sa.select(LedgerEntry.attempt_id, LedgerEntry.outage_id, LedgerEntry.seconds)
        .join(Attempt, Attempt.id == LedgerEntry.attempt_id)
        .where(which, LedgerEntry.kind == "outage")
    )
    return {(row.attempt_id, row.outage_id): row.seconds for row in rows}


def _without_overlap(struck: Iterable[_Struck]) -> Iterator[tuple[_Struck, int]]:
    """Each with its seconds, in this order; together they are the seconds of the union."""
    known: list[Stretch] = []
    before = 0
    for one in struck:
        known = joined([*known, *one.away])
        until_here = whole_seconds(known)
        yield one, until_here - before
        before = until_here
