"""What outages took from the attempts of a sitting, what came back already, and what is still due to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import outages
from exam_server.exam.lookups import MAY_GET_TIME
from exam_server.exam.outages import Hit
from exam_server.extra_time.rules import Lost
from exam_server.models import Account, Activity, Attempt, LedgerEntry, Office, Outage, OutageScope, Sitting
from exam_server.sittings.watching import Official, reach

OFFERED_FOR = timedelta(days=2)
"""So long after an outage a board reminds of it; the page of the sitting always does."""

ALONE = "given_alone"
"""In the evidence of an entry: one official gave it to the whole sitting, so it counts as given back."""


@dataclass(frozen=True)
class Struck:
    """One of whom an outage struck: how many seconds it took, and how many of them are due still."""

    public_id: str
    name: str
    seconds: int
    due: int


@dataclass(frozen=True)
class Offer:
    """What one outage took from one sitting: whom it struck, to whom it is due still, most seconds of one."""

    sitting: str
    label: str
    zone: ZoneInfo
    outage: str
    began_at: datetime
    ended_at: datetime
    people: tuple[Struck, ...]
    evidence: dict[str, Any] | None
    """Of an outage that struck this sitting only: from what it was concluded."""

    @property
    def gap(self) -> int:
        """Whole seconds of the outage, rounded up."""
        return -(-(self.ended_at - self.began_at) // timedelta(seconds=1))

    @property
    def struck(self) -> int:
        """How many."""
        return len(self.people)

    @property
    def due(self) -> int:
        """To how many something is due still."""
        return sum(bool(one.due) for one in self.people)

    @property
    def seconds(self) -> int:
        """The most that is due to one of them."""
        return max((one.due for one in self.people), default=0)


def of_board(db: Database, board: str, person: Official, now: datetime) -> tuple[int, list[Offer]]:
    """(office id, what is due in those sittings of the activity that this official watches) for its board.

    Raises NotFound.
    """
    with db.read() as tx:
        activity = tx.scalar(
            sa.select(Activity).where(Activity.public_id == board, Activity.kind == "selection")
        )
        if activity is None:
            raise NotFound
        seen = reach(tx, person)
        which = Attempt.activity_id == activity.id
        if not seen.has_office(activity.office_id):
            which = sa.and_(which, Attempt.sitting_id.in_(seen.sittings))
        found = offers(tx, which, now - OFFERED_FOR)
        return activity.office_id, [offer for offer in found if offer.due]


def running(tx: Session, sitting_id: int, hold: bool = False) -> list[int]:
    """Ids of attempts that began and were neither handed in nor closed by an official; held when asked.

    All are held before the first is changed, and by id, as the writer of answers holds them.
    """
    wanted = (
        sa.select(Attempt.id)
        .where(Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None), MAY_GET_TIME)
        .order_by(Attempt.id)
    )  # fmt: skip
    return list(tx.scalars(wanted.with_for_update() if hold else wanted))


def everybody(tx: Session, sitting_id: int, attempt_ids: Iterable[int]) -> dict[int, Lost]:
    """What outages took from each of these attempts of the sitting."""
    found = _lost(tx, Attempt.sitting_id == sitting_id)
    beyond = _beyond(tx, Attempt.sitting_id == sitting_id)
    return {one: found.get(one) or Lost({}, {}, beyond.get(one, 0)) for one in attempt_ids}


def _lost(tx: Session, which: sa.ColumnElement[bool]) -> dict[int, Lost]:
    return _lost_of(tx, which, outages.hits(tx, which))


def _lost_of(tx: Session, which: sa.ColumnElement[bool], hits: Iterable[Hit]) -> dict[int, Lost]:
    gaps: dict[int, dict[int, int]] = {}
    given: dict[int, dict[int, int | None]] = {}
    some: dict[int, set[int]] = {}
    for hit in hits:
        gaps.setdefault(hit.attempt_id, {})[hit.outage_id] = hit.seconds
        given.setdefault(hit.attempt_id, {})[hit.outage_id] = hit.given
        some.setdefault(hit.attempt_id, set()).update({hit.outage_id} if hit.scoped else ())
    beyond = _beyond(tx, which) if gaps else {}
    return {one: Lost(gaps[one], given[one], beyond.get(one, 0), frozenset(some[one])) for one in gaps}


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


def offers(tx: Session, which: sa.ColumnElement[bool], since: datetime | None = None) -> list[Offer]:
    """What each outage (that ended after `since`) took from each sitting, in order."""
    hits = outages.hits(tx, which)
    lost = _lost_of(tx, which, hits)
    known = _outages(tx, {hit.outage_id for hit in hits}, since)
    struck: dict[tuple[int, int], list[Hit]] = {}
    for hit in hits:
        if hit.outage_id in known:
            struck.setdefault((hit.sitting_id, hit.outage_id), []).append(hit)
    places = _places(tx, {sitting_id for sitting_id, _ in struck})
    people = _people(tx, {hit.attempt_id for found in struck.values() for hit in found})
    return [
        _offer(places[sitting_id], known[outage_id], [(hit, people[hit.attempt_id]) for hit in found], lost)
        for (sitting_id, outage_id), found in sorted(struck.items())
    ]


def _offer(place: Any, known: Any, struck: Iterable[tuple[Hit, Any]], lost: dict[int, Lost]) -> Offer:
    sitting, outage = place.Sitting, known.Outage
    people = [Struck(person.public_id, person.name, hit.seconds, lost[hit.attempt_id].due.get(outage.id, 0))
              for hit, person in struck]  # fmt: skip
    return Offer(
        sitting.public_id, sitting.label, ZoneInfo(place.zone), outage.public_id, outage.began_at,
        outage.ended_at, tuple(sorted(people, key=lambda one: (one.name, one.public_id))), known.evidence,
    )  # fmt: skip


def _outages(tx: Session, ids: set[int], since: datetime | None) -> dict[int, Any]:
    wanted = (
        sa.select(Outage, OutageScope.evidence)
        .outerjoin(OutageScope, OutageScope.outage_id == Outage.id).where(Outage.id.in_(ids))
    )  # fmt: skip
    if since is not None:
        wanted = wanted.where(Outage.ended_at > since)
    return {row.Outage.id: row for row in tx.execute(wanted)} if ids else {}


def _places(tx: Session, ids: set[int]) -> dict[int, Any]:
    rows = tx.execute(
        sa.select(Sitting, Office.zone).join(Activity, Activity.id == Sitting.activity_id)
        .join(Office, Office.id == Activity.office_id).where(Sitting.id.in_(ids))
    )  # fmt: skip
    return {row.Sitting.id: row for row in rows}


def _people(tx: Session, ids: set[int]) -> dict[int, Any]:
    rows = tx.execute(
        sa.select(Attempt.id, Attempt.public_id, Account.name)
        .join(Account, Account.id == Attempt.candidate_id).where(Attempt.id.in_(ids))
    )  # fmt: skip
    return {row.id: row for row in rows}
