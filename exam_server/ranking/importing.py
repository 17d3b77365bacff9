"""Marks from a file: all of them or none, and before that every row that is wrong, by its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.models import Account, Attempt, Booking, Receipt
from exam_server.ranking import ground, marks
from exam_server.ranking.contents import MARK
from exam_server.ranking.ground import Ground
from exam_server.ranking.mark_files import Row
from exam_server.ranking.marks import Candidate, Given
from exam_server.ranking.refusals import (
    MarkForWhoDidNotSit,
    MarksFileWrong,
    NumberDoubled,
    NumberUnknown,
    UnknownComponent,
)
from exam_server.selection.numbers import number_of

LONGEST_SOURCE = 120


@dataclass(frozen=True)
class Wrong:
    """A row that cannot be taken in: its cell, what was typed there, and why."""

    cell: str
    problem: Refusal


@dataclass(frozen=True)
class Taken:
    """A row that can."""

    row: Row
    candidate: Candidate
    value: int

    @property
    def other_name(self) -> bool:
        """The file calls this person otherwise: worth a look, no fault."""
        return bool(self.row.name) and self.row.name.casefold() != self.candidate.name.casefold()


@dataclass(frozen=True)
class DryRun:
    """What taking in the file would do; rows without a value are left out and counted."""

    label: str
    most: int
    taken: tuple[Taken, ...]
    wrong: tuple[Wrong, ...]
    empty: int


def dry_run(db: Database, place: Ground, component: str, rows: Sequence[Row], now: datetime) -> DryRun:
    """Changes nothing; raises DecisionOutsidePhase, SelectionFrozen, CriteriaMissing, UnknownComponent."""
    ground.require_phase(place, now)
    with db.read() as tx:
        return _look(tx, place, component, rows)


def take_in(
    db: Database, place: Ground, component: str, rows: Sequence[Row], source: str, actor_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """How many marks are new; raises MarksFileWrong when a single row is wrong, and what `dry_run` does."""
    ground.require_phase(place, now)
    name = source[:LONGEST_SOURCE]
    with db.write() as tx:
        found = _look(tx, place, component, rows)
        if found.wrong:
            raise MarksFileWrong(count=len(found.wrong))
        given = [Given(one.candidate, one.value, marks.cleaned(one.row.note)) for one in found.taken]
        kept = marks.keep(tx, place, component, given, name, actor_id, now)
        if kept:
            audit.record(tx, now=now, act="marks.imported", object_kind="activity", actor_id=actor_id,
                         object_id=place.activity_id, office_id=place.office_id,
                         detail={"component": component, "label": found.label, "count": kept,
                                 "file": name})  # fmt: skip
        return kept


def _look(tx: Session, place: Ground, component: str, rows: Sequence[Row]) -> DryRun:
    part = marks.part_of(marks.criteria(tx, place), component)
    if not part.key.startswith(MARK):
        raise UnknownComponent(key=component)
    known, seen = _candidates(tx, place), dict[str, int]()
    taken, wrong, empty = [], [], 0
    for row in rows:
        if not row.value:
            empty += 1
            continue
        try:
            who = _whom(known, seen, row)
        except Refusal as problem:
            wrong.append(Wrong(_cell(row, "number"), problem))
            continue
        try:
            marks.cleaned(row.note)
            taken.append(Taken(row, who, marks.thousandths(row.value, part.most)))
        except Refusal as problem:
            wrong.append(Wrong(_cell(row, "note" if problem.code == "note_too_long" else "value"), problem))
    return DryRun(part.label, part.most, tuple(taken), tuple(wrong), empty)


def _cell(row: Row, name: str) -> str:
    """Where it stood; its line, when rows that came back with a form do not say."""
    return row.cells.get(name, str(row.line))


def _whom(known: dict[str, Candidate], seen: dict[str, int], row: Row) -> Candidate:
    number = row.number.upper()
    if number in seen:
        raise NumberDoubled(number=number, line=seen[number])
    who = known.get(number)
    if who is None:
        raise NumberUnknown(number=row.number[:40])
    seen[number] = row.line
    if who.receipt is None:
        raise MarkForWhoDidNotSit(number=number)
    return who


def _candidates(tx: Session, place: Ground) -> dict[str, Candidate]:
    """By number; two with the same number can only be marked one by one, on their own pages."""
    newest = (
        sa.select(Receipt.attempt_id, sa.func.max(Receipt.number).label("number"))
        .group_by(Receipt.attempt_id)
        .subquery()
    )
    rows = tx.execute(
        sa.select(Attempt.id, Attempt.activity_id, Attempt.public_id, Booking.public_id, Account.name,
                  newest.c.number)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .outerjoin(newest, newest.c.attempt_id == Attempt.id)
        .where(Attempt.activity_id == place.activity_id)
    )  # fmt: skip
    found: dict[str, list[Candidate]] = {}
    for attempt_id, activity_id, public_id, booking, name, receipt in rows:
        one = Candidate(attempt_id, activity_id, public_id, number_of(booking), name, receipt)
        found.setdefault(one.number, []).append(one)
    return {number: same[0] for number, same in found.items() if len(same) == 1}
