"""A candidate's file: everything that ever happened to one person, for officials of an office they turned to.

Opening it is an act of its own, and so is the try of whom it does not concern.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.documents import service as documents
from exam_server.documents.service import Held
from exam_server.errors import NotFound
from exam_server.models import Account, Activity, Application, Mail, Office, Screening, ScreeningEvent
from exam_server.profile import service as profile
from exam_server.profile.nik import masked
from exam_server.profile.rules import Facts
from exam_server.selection import participant_card
from exam_server.selection.participant_card import Participant
from exam_server.trail import service
from exam_server.trail.service import Reader, Row

MAY_OPEN = ("admin", "screener")
SCREENED = {"application.sent", "application.corrected", "application.accepted", "screening.correction",
            "screening.rejected"}  # fmt: skip
"""Acts that screening's own history tells with its reasons."""

Roles = frozenset[tuple[str, int | None]]


@dataclass(frozen=True)
class Entry:
    """One application; `public_id` leads to its screening, where there is one."""

    activity: str
    office_id: int
    office: str
    zone: ZoneInfo
    applied_at: datetime
    accepted_at: datetime | None
    public_id: str | None


@dataclass(frozen=True)
class Letter:
    """A letter to the person; never its body."""

    subject: str
    state: str


@dataclass(frozen=True)
class Decision:
    """What screening recorded; `asked` are (field, note)."""

    kind: str
    version: int
    actor: str
    reason_code: str | None
    text: str | None
    asked: tuple[tuple[str, str], ...]
    due_at: datetime | None


@dataclass(frozen=True)
class Moment:
    """One thing that happened."""

    at: datetime
    what: Row | Letter | Decision


@dataclass(frozen=True)
class File:
    """One person; the NIK stands in `nik` only, masked, and `facts` are without it."""

    public_id: str
    name: str
    email: str
    created_at: datetime
    activated_at: datetime | None
    disabled_at: datetime | None
    facts: Facts
    nik: str
    documents: dict[str, Held]
    entries: tuple[Entry, ...]
    booking: Participant | None
    moments: tuple[Moment, ...]
    zone: ZoneInfo


def open_file(db: Database, reader: Reader, roles: Roles, public_id: str, now: datetime) -> File:
    """The whole file; the opening is kept in the trail. Raises NotFound, also when it is not theirs."""
    with db.read() as tx:
        account = tx.scalar(sa.select(Account).where(Account.public_id == public_id))
        if account is None:
            raise NotFound
        entries = _entries(tx, account.id)
    seat = _seat(roles, entries)
    if seat is None:
        audit.refuse_foreign(db, reader.account_id, "account", account.id, now)
    with db.write() as tx:
        audit.record(tx, now=now, act="person.opened", object_kind="account", object_id=account.id,
                     actor_id=reader.account_id, office_id=seat[1], detail={"role": seat[0]})  # fmt: skip
    return _read(db, reader, account, entries, own=seat[0] in MAY_OPEN)


def _seat(roles: Roles, entries: Iterable[Entry]) -> tuple[str, int | None] | None:
    """The role in which this official may open the file of somebody with these entries."""
    for entry in entries:
        for role in MAY_OPEN:
            if (role, entry.office_id) in roles:
                return role, entry.office_id
    return ("superadmin", None) if ("superadmin", None) in roles else None


def _read(db: Database, reader: Reader, account: Account, entries: tuple[Entry, ...], own: bool) -> File:
    booking = participant_card.of_candidate(db, account.id)
    with db.read() as tx:
        facts = profile.facts(tx, account.id)
        rows = service.of_person(tx, reader, account.id)
        decided = _decisions(tx, account.id, reader)
        # at one instant: what was done, what was decided, and the letter that told it
        moments = [*_without(rows, decided), *decided, *_letters(tx, account.id)]
        held = documents.newest(tx, account.id)
    return File(
        account.public_id, account.name, account.email, account.created_at, account.activated_at,
        account.disabled_at, replace(facts, nik=None), masked(facts.nik, 4 if own else 0), held, entries,
        booking, tuple(sorted(moments, key=lambda one: one.at)),
        entries[0].zone if entries else reader.zone,
    )  # fmt: skip


def _without(rows: Iterable[Row], decided: Iterable[Moment]) -> Iterable[Moment]:
    """Rows of the trail; what screening told in its own words at that instant is not told twice."""
    told = {moment.at for moment in decided}
    return (Moment(row.at, row) for row in rows if not (row.act in SCREENED and row.at in told))


def _entries(tx: Session, account_id: int) -> tuple[Entry, ...]:
    rows = tx.execute(
        sa.select(Application, Activity.name, Office, Screening.public_id)
        .join_from(Application, Activity, Activity.id == Application.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(Application.candidate_id == account_id)
        .order_by(Application.year.desc(), Application.id)
    )
    return tuple(
        Entry(activity, office.id, office.name, ZoneInfo(office.zone), application.applied_at,
              application.accepted_at, public_id)
        for application, activity, office, public_id in rows
    )  # fmt: skip


def _decisions(tx: Session, account_id: int, reader: Reader) -> list[Moment]:
    rows = (
        sa.select(ScreeningEvent, Account.name)
        .join_from(ScreeningEvent, Application, Application.id == ScreeningEvent.application_id)
        .join(Activity, Activity.id == Application.activity_id)
        .join(Account, Account.id == ScreeningEvent.actor_id)
        .where(Application.candidate_id == account_id)
        .order_by(ScreeningEvent.id)
    )
    if reader.offices is not None:
        rows = rows.where(Activity.office_id.in_(reader.offices))
    return [Moment(event.at, _decision(event, actor)) for event, actor in tx.execute(rows)]


def _decision(event: ScreeningEvent, actor: str) -> Decision:
    asked: list[Any] = event.fields or []
    return Decision(event.kind, event.version, actor, event.reason_code, event.text,
                    tuple((one["field"], one["note"]) for one in asked), event.due_at)  # fmt: skip


def _letters(tx: Session, account_id: int) -> list[Moment]:
    rows = tx.execute(
        sa.select(Mail.subject, Mail.written_at, Mail.sent_at, Mail.given_up_at)
        .where(Mail.account_id == account_id)
        .order_by(Mail.id)
    )
    return [Moment(row.written_at, Letter(row.subject, _state(row))) for row in rows]


def _state(row: Any) -> str:
    """A name from the table of states."""
    if row.sent_at:
        return "sent"
    return "given_up" if row.given_up_at else "on_its_way"
