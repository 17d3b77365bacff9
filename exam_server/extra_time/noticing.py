"""Common trouble of one sitting becomes an outage of that sitting, once: proposed to officials, never given.

Every worker looks; whoever writes holds the sitting and looks again, so that nothing is told twice. What is
known only later (somebody who came back last) becomes an outage of its own, for what is not told yet.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.exam.outages import LOST
from exam_server.exam.stretches import Stretch, within
from exam_server.extra_time import evidence, witnesses
from exam_server.extra_time.evidence import Window
from exam_server.extra_time.witnesses import Witnesses
from exam_server.models import (
    Attempt,
    ContactGap,
    LateAnswer,
    Outage,
    OutageScope,
    OutageStruck,
    SaveTrouble,
    Sitting,
    new_public_id,
    to_micros,
)
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 10.0
"""Seconds between two rounds."""

STILL_LOOKED_AT = timedelta(hours=3)
"""So long after its end a sitting is looked at: time may have been added, and answers may have come late."""

Mark = tuple[int, ...]
"""Changes whenever there is new evidence."""


class Noticing(Rounds):
    """A sitting without new evidence is not looked at again."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("noticing", EVERY, self.look)
        self._db, self._clock = db, clock
        self._done: dict[int, Mark] = {}

    def look(self) -> int:
        """How many outages of single sittings were found now."""
        now, found = self._clock.now(), 0
        with self._db.read() as tx:
            marks = _marks(tx, now)
        for sitting_id, mark in marks.items():
            if self._done.get(sitting_id) != mark:
                told, waiting = notice(self._db, sitting_id, now)
                found += told
                if not waiting:
                    self._done[sitting_id] = mark
        return found


def notice(db: Database, sitting_id: int, now: datetime) -> tuple[int, bool]:
    """(how many outages of this sitting were told now, whether a window is still waited for)."""
    with db.read() as tx:
        new, waiting = _new(witnesses.of_sitting(tx, sitting_id, now), now)
    if not new:
        return 0, waiting
    with db.write() as tx:
        tx.execute(sa.select(Sitting.id).where(Sitting.id == sitting_id).with_for_update(key_share=True))
        known = witnesses.of_sitting(tx, sitting_id, now)
        new, waiting = _new(known, now)
        for window, lost in new:
            _tell(tx, sitting_id, known, window, lost)
    return len(new), waiting


Lost = Mapping[int, tuple[Stretch, ...]]


def _new(known: Witnesses, now: datetime) -> tuple[list[tuple[Window, Lost]], bool]:
    """Finished windows with what is not told yet of each, and whether one is not finished."""
    found = evidence.windows(known.ran, known.gaps, known.covered)
    over = [window for window in found if evidence.finished(window, known.silent_since, now)]
    new = [(window, evidence.not_told_yet(window, known.told)) for window in over]
    return [(window, lost) for window, lost in new if lost], len(over) < len(found)


def _tell(tx: Session, sitting_id: int, known: Witnesses, window: Window, lost: Lost) -> None:
    parts = [part for stretches in lost.values() for part in stretches]
    began, ended = min(part[0] for part in parts), max(part[1] for part in parts)
    outage = Outage(public_id=new_public_id(), began_at=began, ended_at=ended)
    tx.add(outage)
    tx.flush()
    tx.add(OutageScope(outage_id=outage.id, sitting_id=sitting_id, evidence=_put(known, window, lost)))
    tx.add_all(OutageStruck(outage_id=outage.id, attempt_id=one) for one in lost)
    tx.flush()
    log.warning("sitting %d: %d attempts in trouble at once from %s to %s", sitting_id, len(lost),
                began.isoformat(), ended.isoformat())  # fmt: skip


def _put(known: Witnesses, window: Window, lost: Lost) -> dict[str, Any]:
    """The evidence as it stays: counts, instants in microseconds, kinds, and who lost what."""
    bounds = (window.began, window.ended)
    who: dict[str, set[int]] = {"contact": set(), "saves": set(), "late": set()}
    for gap in known.gaps:
        if gap.attempt_id in window.lost and within([(gap.began, gap.ended)], bounds):
            who[gap.kind].add(gap.attempt_id)
    refused = sum(saves for attempt_id, (began, ended), saves in known.refused
                  if attempt_id in window.lost and began < bounds[1] and bounds[0] <= ended)  # fmt: skip
    return {
        "began_at": to_micros(window.began), "ended_at": to_micros(window.ended), "running": window.running,
        "began": window.begun,
        "struck": len(window.lost), "silent": len(who["contact"] | who["late"]), "refused": refused,
        "kinds": {kind: len(attempts) for kind, attempts in who.items()},
        LOST: {str(one): [[to_micros(began), to_micros(ended)] for began, ended in parts]
               for one, parts in lost.items()},
    }  # fmt: skip


def _marks(tx: Session, now: datetime) -> dict[int, Mark]:
    """Sittings in which enough attempts could be in trouble, and a number per kind that grows with it."""
    newest: dict[int, list[int]] = {}
    troubled: dict[int, int] = {}
    tables: tuple[type[Any], ...] = (ContactGap, SaveTrouble, LateAnswer)
    for kind, table in enumerate(tables):
        rows = tx.execute(
            sa.select(Attempt.sitting_id, sa.func.max(table.id).label("newest"),
                      sa.func.count(table.attempt_id.distinct()).label("attempts"))
            .join(Attempt, Attempt.id == table.attempt_id).join(Sitting, Sitting.id == Attempt.sitting_id)
            .where(Sitting.starts_at <= now, Sitting.ends_at > now - STILL_LOOKED_AT)
            .group_by(Attempt.sitting_id)
        )  # fmt: skip
        for row in rows:
            newest.setdefault(row.sitting_id, [0, 0, 0])[kind] = row.newest
            troubled[row.sitting_id] = troubled.get(row.sitting_id, 0) + row.attempts
    return {one: tuple(mark) for one, mark in newest.items() if troubled[one] >= evidence.FEWEST}
