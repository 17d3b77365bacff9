"""What outages took from the attempts of a sitting, what came back already, and what is still due to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import outages
from exam_server.extra_time.rules import Lost
from exam_server.models import Activity, Attempt, LedgerEntry, Outage, Sitting

OFFERED_FOR = timedelta(days=2)
"""So long after an outage a board reminds of it; the page of the sitting always does."""

ALONE = "given_alone"
"""In the evidence of an entry: one official gave it to the whole sitting, so it counts as given back."""


@dataclass(frozen=True)
class Offer:
    """What one outage took from one sitting: whom it struck, to whom it is due still, most seconds of one."""

    sitting: str
    label: str
    outage: str
    began_at: datetime
    ended_at: datetime
    struck: int
    due: int
    seconds: int

    @property
    def gap(self) -> int:
        """Whole seconds of the outage, rounded up."""
        return -(-(self.ended_at - self.began_at) // timedelta(seconds=1))


def of_board(db: Database, board: str, now: datetime) -> tuple[int, list[Offer]]:
    """(office id, what is due in sittings of that activity) for its board; raises NotFound."""
    with db.read() as tx:
        activity = tx.scalar(
            sa.select(Activity).where(Activity.public_id == board, Activity.kind == "selection")
        )
        if activity is None:
            raise NotFound
        recent = Outage.ended_at > now - OFFERED_FOR
        found = offers(tx, Attempt.activity_id == activity.id, recent)
        return activity.office_id, [offer for offer in found if offer.due]


def running(tx: Session, sitting_id: int, hold: bool = False) -> list[int]:
    """Ids of attempts that began and were neither handed in nor closed by an official; held when asked.

    All are held before the first is changed, and by id, as the writer of answers holds them.
    """
    wanted = (
        sa.select(Attempt.id)
        .where(Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None),
               sa.or_(Attempt.how.is_(None), Attempt.how == "clock"))
        .order_by(Attempt.id)
    )  # fmt: skip
    return list(tx.scalars(wanted.with_for_update() if hold else wanted))


def everybody(tx: Session, sitting_id: int, attempt_ids: Iterable[int]) -> dict[int, Lost]:
    """What outages took from each of these attempts of the sitting."""
    found = _lost(tx, Attempt.sitting_id == sitting_id)
    beyond = _beyond(tx, Attempt.sitting_id == sitting_id)
    return {one: found.get(one) or Lost({}, {}, beyond.get(one, 0)) for one in attempt_ids}


def _lost(tx: Session, which: sa.ColumnElement[bool]) -> dict[int, Lost]:
    gaps: dict[int, dict[int, int]] = {}
    given: dict[int, dict[int, int | None]] = {}
    for hit in outages.hits(tx, which):
        gaps.setdefault(hit.attempt_id, {})[hit.outage_id] = hit.seconds
        given.setdefault(hit.attempt_id, {})[hit.outage_id] = hit.given
    beyond = _beyond(tx, which) if gaps else {}
    return {one: Lost(gaps[one], given[one], beyond.get(one, 0)) for one in gaps}


def _beyond(tx: Session, which: sa.ColumnElement[bool]) -> dict[int, int]:
    rows = tx.execute(
        sa.select(LedgerEntry.attempt_id, LedgerEntry.seconds, LedgerEntry.evidence)
        .join(Attempt, Attempt.id == LedgerEntry.attempt_id)
        .where(which, LedgerEntry.kind == "extra")
    )
    found: dict[int, int] = {}
    for row in rows:
        if row.evidence.get(ALONE):
            found[row.attempt_id] = found.get(row.attempt_id, 0) + row.seconds
    return found


def offers(tx: Session, which: sa.ColumnElement[bool], *also: sa.ColumnElement[bool]) -> list[Offer]:
    """What each outage (narrowed down by `also`) took from each sitting, in order."""
    hits = outages.hits(tx, which, *also)
    if not hits:
        return []
    lost = _lost(tx, which)
    struck: dict[tuple[int, int], list[int]] = {}
    for hit in hits:
        due = lost[hit.attempt_id].due.get(hit.outage_id, 0)
        struck.setdefault((hit.sitting_id, hit.outage_id), []).append(due)
    named = {row.id: row for row in tx.scalars(sa.select(Outage).where(_among(Outage, struck, 1)))}
    places = {row.id: row for row in tx.scalars(sa.select(Sitting).where(_among(Sitting, struck, 0)))}
    return [
        Offer(places[sitting].public_id, places[sitting].label, named[outage].public_id,
              named[outage].began_at, named[outage].ended_at, len(dues), sum(map(bool, dues)), max(dues))
        for (sitting, outage), dues in sorted(struck.items())
    ]  # fmt: skip


def _among(
    table: type[Outage] | type[Sitting], keys: Iterable[tuple[int, int]], which: int
) -> sa.ColumnElement[bool]:
    return table.id.in_({key[which] for key in keys})
