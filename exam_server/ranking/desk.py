"""What the pages of a final selection show: where it stands, the list by pages, and who is to be marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.models import (
    Account,
    Approval,
    Attempt,
    Booking,
    Desa,
    Mark,
    Profile,
    Requirement,
    ResultAnnouncement,
    Score,
    Sitting,
)
from exam_server.ranking import current, lists
from exam_server.ranking.contents import MARK
from exam_server.ranking.field import newest_marks
from exam_server.ranking.freezing import KIND
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line, RunBlocking
from exam_server.ranking.lists import Frozen
from exam_server.ranking.plan import Plan, plan
from exam_server.selection.numbers import number_of, stored_number

PAGE = 50


@dataclass(frozen=True)
class Where:
    """Where one final selection stands; `asked` is the open question to freeze it."""

    place: Ground
    plan: Plan
    frozen: Frozen | None
    asked: str | None
    announced: bool
    sat: int
    absent: int
    last_sitting: datetime | None
    missing: dict[str, int]
    """Label of a mark -> how many who sat are without it."""

    def next_step(self, now: datetime) -> str:
        """criteria, quotas, opening, sittings, marks, freezing, granting, announcing, or done."""
        steps = (
            ("criteria", self.plan.criteria is None), ("quotas", self.plan.quota is None),
            ("opening", self.plan.opening is None),
            ("sittings", self.frozen is None and (self.last_sitting is None or now < self.last_sitting)),
            ("marks", self.frozen is None and bool(self.missing)),
            ("granting", self.frozen is None and self.asked is not None),
            ("freezing", self.frozen is None), ("announcing", not self.announced),
        )  # fmt: skip
        return next((step for step, waits in steps if waits), "done")


@dataclass(frozen=True)
class Shown:
    """One line with what belongs to a person."""

    line: Line
    attempt: str
    name: str

    @property
    def total(self) -> Fraction:
        return Fraction(self.line["detail"]["total"])


@dataclass(frozen=True)
class Page:
    """A part of the list; `counts` are of the whole, `kecamatan` those that occur in it."""

    lines: tuple[Shown, ...]
    number: int
    pages: int
    found: int
    counts: dict[str, int]
    kecamatan: tuple[str, ...]
    frozen: Frozen | None


@dataclass(frozen=True)
class Worklist:
    """Who sat, with their newest marks in thousandths; no score."""

    people: tuple[dict[str, Any], ...]
    number: int
    pages: int
    found: int


@dataclass(frozen=True)
class Filter:
    """What of the list is wanted; empty words mean any."""

    kecamatan: str = ""
    outcome: str = ""
    page: int = 1


def where(db: Database, place: Ground, now: datetime) -> Where:
    """As one look at the database tells it."""
    with db.read() as tx:
        recorded, activity_id = plan(tx, place.activity_id), place.activity_id
        asked = tx.scalar(
            sa.select(Approval.public_id).where(
                Approval.kind == KIND, Approval.object_id == activity_id, Approval.decided_at.is_(None),
                Approval.expires_at > now,
            )
        )  # fmt: skip
        out = sa.select(ResultAnnouncement.id).where(ResultAnnouncement.activity_id == activity_id)
        last = sa.select(sa.func.max(Sitting.ends_at)).where(Sitting.activity_id == activity_id)
        sat = _sat(tx, activity_id)
        return Where(place, recorded, lists.newest_list(tx, activity_id), asked,
                     tx.scalars(out).first() is not None, sat, lists.absent(tx, activity_id),
                     tx.scalar(last), _missing(tx, activity_id, recorded, sat))  # fmt: skip


def _sat(tx: Session, activity_id: int) -> int:
    counted = sa.select(sa.func.count(sa.distinct(Score.attempt_id))).join(
        Attempt, Attempt.id == Score.attempt_id
    )
    return tx.scalar(counted.where(Attempt.activity_id == activity_id)) or 0


def _missing(tx: Session, activity_id: int, recorded: Plan, sat: int) -> dict[str, int]:
    parts = recorded.criteria.criteria.components if recorded.criteria else ()
    rows = tx.execute(
        sa.select(Mark.component, sa.func.count(sa.distinct(Mark.attempt_id)))
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.activity_id == activity_id)
        .group_by(Mark.component)
    )
    has = {one[0]: one[1] for one in rows}
    left = {one.label: sat - has.get(one.key, 0) for one in parts if one.key.startswith(MARK)}
    return {label: count for label, count in left.items() if count}


def page(db: Database, run_blocking: RunBlocking, place: Ground, wanted: Filter) -> Page:
    """Of the frozen list, else of the list as it would be now; raises ScoresNotOpened, QuotaMissing."""
    frozen, lines = current.whole(db, run_blocking, place)
    chosen = [
        one for one in lines
        if (not wanted.kecamatan or one["detail"]["kecamatan"] == wanted.kecamatan)
        and (not wanted.outcome or one["outcome"] == wanted.outcome)
    ]  # fmt: skip
    pages = max(1, -(-len(chosen) // PAGE))
    number = min(max(1, wanted.page), pages)
    part = chosen[(number - 1) * PAGE : number * PAGE]
    with db.read() as tx:
        people = named(tx, [one["attempt_id"] for one in part])
    known = sorted({one["detail"]["kecamatan"] for one in lines} - {""})
    return Page(tuple(Shown(one, *people[one["attempt_id"]]) for one in part), number, pages, len(chosen),
                dict(Counter(one["outcome"] for one in lines)), tuple(known), frozen)  # fmt: skip


def named(tx: Session, attempts: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Attempt -> its public id and the candidate's name."""
    rows = tx.execute(
        sa.select(Attempt.id, Attempt.public_id, Account.name)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Attempt.id.in_(attempts))
    )
    return {attempt_id: (public_id, name) for attempt_id, public_id, name in rows}


def worklist(db: Database, place: Ground, number: int, sought: str) -> Worklist:
    """Who sat, by name, `PAGE` at a time; `sought` is a part of a name or of a participant's number."""
    sat = sa.exists().where(Score.attempt_id == Attempt.id)
    wanted = (
        sa.select(Attempt.id, Attempt.public_id, Booking.public_id.label("booking"), Account.name,
                  Profile.kecamatan)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .outerjoin(Profile, Profile.account_id == Attempt.candidate_id)
        .where(Attempt.activity_id == place.activity_id, sat)
    )  # fmt: skip
    if sought:
        wanted = wanted.where(sa.or_(Account.name.icontains(sought, autoescape=True),
                                     stored_number().istartswith(sought, autoescape=True)))  # fmt: skip
    with db.read() as tx:
        found = tx.scalar(sa.select(sa.func.count()).select_from(wanted.subquery())) or 0
        pages = max(1, -(-found // PAGE))
        number = min(max(1, number), pages)
        rows = tx.execute(
            wanted.order_by(Account.name, Attempt.id).limit(PAGE).offset((number - 1) * PAGE)
        ).all()
        marks = newest_marks(tx, [Attempt.id.in_([row.id for row in rows])])
        people = tuple(
            {"attempt": row.public_id, "number": number_of(row.booking), "name": row.name,
             "kecamatan": row.kecamatan or "", "marks": marks.get(row.id, {})} for row in rows
        )  # fmt: skip
    return Worklist(people, number, pages, found)


def requirements(db: Database, place: Ground) -> list[Requirement]:
    """As they were announced, in their order."""
    with db.read() as tx:
        return list(tx.scalars(
            sa.select(Requirement).where(Requirement.recruitment_id == place.recruitment_id)
            .order_by(Requirement.position)
        ))  # fmt: skip


def desa(db: Database, place: Ground) -> dict[str, list[str]]:
    """Kecamatan -> its desa, of the office's own lists; a kecamatan without any is there too."""
    found: dict[str, list[str]] = {one: [] for one in place.kecamatan}
    with db.read() as tx:
        rows = tx.execute(sa.select(Desa.kecamatan, Desa.name).where(Desa.office_id == place.office_id)
                          .order_by(Desa.kecamatan, Desa.name))  # fmt: skip
        for kecamatan, name in rows:
            found.setdefault(kecamatan, []).append(name)
    return found
