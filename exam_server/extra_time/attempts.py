"""One attempt as the officials of its office find it: whose it is, where it belongs, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam.lookups import EXTRA, facts_of
from exam_server.exam.papers import read_paper
from exam_server.exam.rules import CONTACT_LOST_AFTER, Facts, Phase, status
from exam_server.models import Account, Activity, Attempt, Office, Paper, Sitting
from exam_server.sittings.watching import Official, reach


@dataclass(frozen=True)
class Place:
    """Where an attempt or a sitting belongs."""

    office_id: int
    sitting_id: int
    office: str
    zone: ZoneInfo
    activity: str
    board: str
    sitting: str
    label: str
    room: str


@dataclass(frozen=True)
class OneAttempt:
    """The attempt itself."""

    id: int
    public_id: str
    candidate: str
    place: Place
    facts: Facts
    lease: int
    items: int
    options: tuple[int, ...]
    paper: str
    device: str
    contact_at: datetime | None

    def phase(self, now: datetime) -> tuple[Phase, datetime | None]:
        """As everywhere: from stored instants and now."""
        return status(self.facts, now)

    def standing(self, now: datetime) -> Phase | str:
        """As the board says it: a page that is not heard of is lost, whatever its clock does."""
        phase = self.phase(now)[0]
        silent = self.contact_at is not None and now >= self.contact_at + CONTACT_LOST_AFTER
        return "lost" if silent and phase in ("running", "grace") else phase


def own(db: Database, public_id: str, person: Official, now: datetime) -> OneAttempt:
    """The attempt, if this official watches its sitting; anybody else leaves a row in the trail and finds
    nothing (NotFound).
    """
    with db.read() as tx:
        found = one(tx, Attempt.public_id == public_id)
        watched = reach(tx, person).covers(found.place.office_id, found.place.sitting_id)
    if not watched:
        audit.refuse_foreign(db, person.id, "attempt", found.id, now)
    return found


def one(tx: Session, which: sa.ColumnElement[bool], hold: bool = False) -> OneAttempt:
    """The attempt, held until the end of the transaction when asked; raises NotFound."""
    wanted = (
        sa.select(Attempt, Sitting, Activity, Office, Account.name, EXTRA.label("extra"))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(which)
    )
    if hold:
        lock = sa.select(Attempt.id).where(which).with_for_update()
        tx.execute(lock)
    row = tx.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    paper = tx.get(Paper, row.Attempt.id)
    drawn = read_paper(paper.content) if paper else []
    return OneAttempt(
        id=row.Attempt.id, public_id=row.Attempt.public_id, candidate=row.name, place=place_of(row),
        facts=facts_of(row.Attempt, row.Sitting, int(row.extra)), lease=row.Attempt.lease, items=len(drawn),
        options=tuple(len(item.order) for item in drawn), paper=paper.sha256 if paper else "",
        device=row.Attempt.device, contact_at=row.Attempt.last_contact_at,
    )  # fmt: skip


def place_of(row: Any) -> Place:
    """Of a row that has Sitting, Activity and Office."""
    return Place(row.Office.id, row.Sitting.id, row.Office.name, ZoneInfo(row.Office.zone), row.Activity.name,
                 row.Activity.public_id, row.Sitting.public_id, row.Sitting.label,
                 row.Sitting.place)  # fmt: skip


def of_person(db: Database, account: str, person: Official) -> list[tuple[str, str]]:
    """(public id, sitting) of those of this account's attempts that the official watches, newest first."""
    wanted = (
        sa.select(Attempt.public_id, Sitting.label)
        .join(Account, Account.id == Attempt.candidate_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .where(Account.public_id == account)
        .order_by(Sitting.starts_at.desc())
    )
    with db.read() as tx:
        wanted = wanted.where(reach(tx, person).of_attempts())
        return [(row.public_id, row.label) for row in tx.execute(wanted)]
