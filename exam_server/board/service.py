"""The board's rows: facts of every booked candidate of an activity, each with the revision it was read at.

One question answers the snapshot and the deltas, so an early snapshot plus deltas equals a late snapshot.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam.lookups import EXTRA, facts_of
from exam_server.exam.rules import CONTACT_LOST_AFTER, status
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    DeviceCheck,
    Office,
    Response,
    Sitting,
    to_micros,
)
from question_bank.blueprint import Blueprint

Row = dict[str, Any]


@dataclass(frozen=True)
class BoardCard:
    """One activity whose board may be opened."""

    id: int
    public_id: str
    name: str
    office: str
    office_id: int
    zone: ZoneInfo
    items: int
    """How many items a paper of this activity has."""


def boards(db: Database) -> list[BoardCard]:
    """Every selection activity, newest year first; the caller keeps those of the viewer's offices."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(Activity, Office).join(Office, Office.id == Activity.office_id)
            .where(Activity.kind == "selection").order_by(Activity.year.desc(), Office.name)
        )  # fmt: skip
        return [_card(*row) for row in rows]


def board(db: Database, public_id: str) -> BoardCard:
    """The board of one activity; raises NotFound."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(Activity, Office).join(Office, Office.id == Activity.office_id)
            .where(Activity.public_id == public_id, Activity.kind == "selection")
        ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    return _card(*row)


def _card(activity: Activity, office: Office) -> BoardCard:
    return BoardCard(
        activity.id, activity.public_id, activity.name, office.name, office.id, ZoneInfo(office.zone),
        Blueprint.from_list(activity.blueprint).total,
    )  # fmt: skip


def snapshot(db: Database, activity_id: int, now: datetime) -> list[Row]:
    """Every row of an activity."""
    with db.read() as tx:
        return [row for _, row in _rows(tx, Attempt.activity_id == activity_id, now)]


def changed(db: Database, attempt_ids: Collection[int], now: datetime) -> list[tuple[int, Row]]:
    """(activity id, whole row) of the attempts named."""
    with db.read() as tx:
        return _rows(tx, Attempt.id.in_(attempt_ids), now)


def turned(db: Database, since: datetime, now: datetime) -> list[int]:
    """Attempts whose phase changed in (since, now] by time alone, without any row being written."""

    def passed(instant: Any) -> sa.ColumnElement[bool]:
        return sa.and_(instant > to_micros(since), instant <= to_micros(now))

    micros = sa.BigInteger
    with db.read() as tx:
        opened = sa.select(Attempt.id).join(Sitting, Sitting.id == Attempt.sitting_id).where(
            Attempt.started_at.is_(None),
            sa.or_(passed(sa.type_coerce(Sitting.starts_at, micros)),
                   passed(sa.type_coerce(Sitting.ends_at, micros) - Attempt.allowed_seconds * 1_000_000)),
        )  # fmt: skip
        deadline = sa.type_coerce(Attempt.deadline_at, micros)
        ended = sa.select(Attempt.id).where(
            Attempt.finalised_at.is_(None),
            sa.or_(passed(deadline), passed(deadline + Attempt.grace_seconds * 1_000_000)),
        )
        return [*tx.scalars(opened), *tx.scalars(ended)]


ANSWERED = (
    sa.select(
        Response.attempt_id,
        sa.func.count(Response.option).label("answered"),
        sa.func.max(Response.arrived_at).label("saved_at"),
    )
    .group_by(Response.attempt_id)
)  # fmt: skip


NEWEST_CHECK = (
    sa.select(sa.func.max(DeviceCheck.id))
    .where(DeviceCheck.account_id == Attempt.candidate_id)
    .correlate(Attempt)
    .scalar_subquery()
)


def _rows(tx: Session, which: sa.ColumnElement[bool], now: datetime) -> list[tuple[int, Row]]:
    answered = ANSWERED.where(Response.attempt_id.in_(sa.select(Attempt.id).where(which))).subquery()
    found = tx.execute(
        sa.select(Attempt, Sitting, Account.name, answered.c.answered, answered.c.saved_at, EXTRA,
                  DeviceCheck.outcome, DeviceCheck.at)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .outerjoin(answered, answered.c.attempt_id == Attempt.id)
        .outerjoin(DeviceCheck, DeviceCheck.id == NEWEST_CHECK)
        .where(which)
    )  # fmt: skip
    return [
        (attempt.activity_id, _row(attempt, sitting, name, count or 0, saved_at, int(extra), now)
         | {"check": check, "checked_at": to_ms(checked_at)})
        for attempt, sitting, name, count, saved_at, extra, check, checked_at in found
    ]  # fmt: skip


def _row(attempt: Attempt, sitting: Sitting, name: str, answered: int, saved_at: datetime | None,
         extra: int, now: datetime) -> Row:  # fmt: skip
    phase, until = status(facts_of(attempt, sitting, extra), now)
    contact = attempt.last_contact_at
    lost_at = contact + CONTACT_LOST_AFTER if contact and phase in ("ready", "running", "grace") else None
    return {
        "id": attempt.public_id, "rev": attempt.rev, "name": name, "sitting": sitting.public_id,
        "sitting_label": sitting.label, "phase": phase, "until": to_ms(until), "answered": answered,
        "saved_at": to_ms(saved_at), "contact_at": to_ms(contact), "contact_lost_at": to_ms(lost_at),
        "started_at": to_ms(attempt.started_at), "deadline_at": to_ms(attempt.deadline_at),
        "finalised_at": to_ms(attempt.finalised_at), "device": _device(attempt.device),
        "extra_seconds": extra, "how": attempt.how,
    }  # fmt: skip


def _device(user_agent: str) -> str:
    """One word that a proctor can use on the telephone."""
    for sign, word in (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
                       ("Macintosh", "Mac"), ("Linux", "Linux")):  # fmt: skip
        if sign in user_agent:
            return word
    return "?" if user_agent else ""
