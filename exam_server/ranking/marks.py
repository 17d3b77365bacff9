"""Marks besides the test, an official's word on a preference, and must-haves that are not met.

Each hangs on a receipt, so only who sat can have one; nothing is overwritten, the newest word counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, Activity, Attempt, Booking, GateCheck, Mark, Receipt
from exam_server.ranking import ground
from exam_server.ranking.checking import spoken
from exam_server.ranking.contents import MARK, PREFERENCE, THOUSANDTHS
from exam_server.ranking.ground import Ground
from exam_server.ranking.plan import plan, require_unfrozen
from exam_server.ranking.refusals import (
    CriteriaMissing,
    MarkForWhoDidNotSit,
    NotANumber,
    NoteMissing,
    NoteTooLong,
    OutOfRange,
    UnknownComponent,
    UnknownRequirement,
)
from exam_server.ranking.rules import Component, Criteria
from exam_server.selection.numbers import number_of
from exam_server.unseen import without_unseen

LONGEST_NOTE = 500
TYPED = "typed"
"""The source of a mark that came from no file."""

NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Candidate:
    """Whom a mark is about; `receipt` is the number of the newest receipt, None for who did not sit."""

    attempt_id: int
    activity_id: int
    public_id: str
    number: str
    name: str
    receipt: int | None


@dataclass(frozen=True)
class Given:
    """A mark of somebody who sat, in thousandths."""

    who: Candidate
    value: int
    note: str


@dataclass(frozen=True)
class Said:
    """One word of an official, newest first in a history; `met` is for must-haves only."""

    component: str
    value: Fraction | None
    met: bool | None
    note: str
    source: str
    author: str
    at: datetime


def candidate(tx: Session, place: Ground, attempt: str) -> Candidate:
    """Raises NotFound, also for an attempt of another activity."""
    newest = sa.select(sa.func.max(Receipt.number)).where(Receipt.attempt_id == Attempt.id).scalar_subquery()
    row = tx.execute(
        sa.select(Attempt.id, Attempt.activity_id, Attempt.public_id, Booking.public_id, Account.name, newest)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Attempt.public_id == attempt, Attempt.activity_id == place.activity_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    attempt_id, activity_id, public_id, booking, name, receipt = row
    return Candidate(attempt_id, activity_id, public_id, number_of(booking), name, receipt)


def give(
    db: Database, place: Ground, attempt: str, component: str, typed: str, note: str, actor_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a mark, or an official's word on a preference (0 or 1); the same again changes nothing.

    Raises DecisionOutsidePhase, SelectionFrozen, CriteriaMissing, UnknownComponent, MarkForWhoDidNotSit,
    NotANumber, OutOfRange, NoteMissing (a preference needs one), NoteTooLong, NotFound.
    """
    ground.require_phase(place, now)
    said = cleaned(note)
    with db.write() as tx:
        part = part_of(criteria(tx, place), component)
        value = thousandths(typed, part.most)
        if part.key.startswith(PREFERENCE) and value % THOUSANDTHS:
            raise OutOfRange(typed=typed, most=1)
        if part.key.startswith(PREFERENCE) and not said:
            raise NoteMissing
        who = candidate(tx, place, attempt)
        if who.receipt is None:
            raise MarkForWhoDidNotSit(number=who.number)
        if keep(tx, place, component, [Given(who, value, said)], TYPED, actor_id, now):
            audit.record(tx, now=now, act="mark.given", object_kind="attempt", object_id=who.attempt_id,
                         actor_id=actor_id, office_id=place.office_id,
                         detail={"component": component, "label": part.label or component,
                                 "value": spoken(Fraction(value, THOUSANDTHS)), "reason": said})  # fmt: skip


def check_gate(
    db: Database, place: Ground, attempt: str, position: int, met: bool, note: str, actor_id: int,
    now: datetime,
) -> None:  # fmt: skip
    """Keep whether a must-have is met; `not met` needs a note. The same again changes nothing.

    Raises DecisionOutsidePhase, SelectionFrozen, CriteriaMissing, UnknownRequirement, MarkForWhoDidNotSit,
    NoteMissing, NoteTooLong, NotFound.
    """
    ground.require_phase(place, now)
    said = cleaned(note)
    with db.write() as tx:
        if position not in criteria(tx, place).gates:
            raise UnknownRequirement(position=position)
        who = candidate(tx, place, attempt)
        if who.receipt is None:
            raise MarkForWhoDidNotSit(number=who.number)
        if not met and not said:
            raise NoteMissing
        newest = tx.execute(
            sa.select(GateCheck.met, GateCheck.note, GateCheck.author_id)
            .where(GateCheck.attempt_id == who.attempt_id, GateCheck.requirement == position)
            .order_by(GateCheck.id.desc())
        ).first()
        if newest is not None and tuple(newest) == (met, said, actor_id):
            return
        tx.add(GateCheck(attempt_id=who.attempt_id, receipt_number=who.receipt, requirement=position, met=met,
                         note=said, author_id=actor_id, given_at=now))  # fmt: skip
        audit.record(tx, now=now, act="gate.checked", object_kind="attempt", object_id=who.attempt_id,
                     actor_id=actor_id, office_id=place.office_id,
                     detail={"requirement": position, "met": met, "reason": said})  # fmt: skip


def criteria(tx: Session, place: Ground) -> Criteria:
    """Held unfrozen until this transaction ends; raises SelectionFrozen, CriteriaMissing."""
    held = sa.select(Activity.id).where(Activity.id == place.activity_id)
    tx.execute(held.with_for_update(read=True))
    require_unfrozen(tx, place.activity_id)
    recorded = plan(tx, place.activity_id).criteria
    if recorded is None:
        raise CriteriaMissing
    return recorded.criteria


def part_of(wanted: Criteria, component: str) -> Component:
    """The part that officials may give a value to; raises UnknownComponent."""
    for one in wanted.components:
        if one.key == component and one.key.startswith((MARK, PREFERENCE)):
            return one
    raise UnknownComponent(key=component)


def keep(
    tx: Session, place: Ground, component: str, given: Sequence[Given], source: str, actor_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """How many marks are new; where the newest is the same word of the same author nothing is kept.

    However many they are, it takes two statements.
    """
    rows = tx.execute(
        sa.select(Mark.attempt_id, Mark.value, Mark.note, Mark.author_id)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.activity_id == place.activity_id, Mark.component == component)
        .order_by(Mark.id)
    )
    newest = {attempt_id: (value, note, author_id) for attempt_id, value, note, author_id in rows}
    fresh = [
        {"attempt_id": one.who.attempt_id, "receipt_number": one.who.receipt, "component": component,
         "value": one.value, "note": one.note, "source": source, "author_id": actor_id, "given_at": now}
        for one in given if newest.get(one.who.attempt_id) != (one.value, one.note, actor_id)
    ]  # fmt: skip
    if fresh:
        tx.execute(sa.insert(Mark), fresh)
    return len(fresh)


def thousandths(typed: str, most: int) -> int:
    """Of a mark as somebody typed it; raises NotANumber, OutOfRange."""
    text = "".join(typed.split())
    if not NUMBER.fullmatch(text):
        if re.fullmatch(r"-\d[\d.,]*|\d{7,}(?:[.,]\d+)?", text, re.ASCII):
            raise OutOfRange(typed=text[:20], most=most)
        raise NotANumber(typed=typed.strip()[:40])
    value = Fraction(text.replace(",", ".")) * THOUSANDTHS
    if value > most * THOUSANDTHS:
        raise OutOfRange(typed=text, most=most)
    return int(value)


def cleaned(note: str) -> str:
    """Raises NoteTooLong."""
    said = " ".join(without_unseen(note).split())
    if len(said) > LONGEST_NOTE:
        raise NoteTooLong(most=LONGEST_NOTE)
    return said


def history(tx: Session, attempt_id: int) -> list[Said]:
    """Everything officials ever said of this candidate, the newest first."""
    marks = tx.execute(
        sa.select(Mark.component, Mark.value, Mark.note, Mark.source, Account.name, Mark.given_at)
        .join(Account, Account.id == Mark.author_id)
        .where(Mark.attempt_id == attempt_id)
        .order_by(Mark.id.desc())
    )
    gates = tx.execute(
        sa.select(GateCheck.requirement, GateCheck.met, GateCheck.note, Account.name, GateCheck.given_at)
        .join(Account, Account.id == GateCheck.author_id)
        .where(GateCheck.attempt_id == attempt_id)
        .order_by(GateCheck.id.desc())
    )
    said = [Said(key, Fraction(value, THOUSANDTHS), None, note, source, by, at)
            for key, value, note, source, by, at in marks]  # fmt: skip
    said += [Said(f"gate:{position}", None, met, note, TYPED, by, at)
             for position, met, note, by, at in gates]  # fmt: skip
    return sorted(said, key=lambda one: one.at, reverse=True)
