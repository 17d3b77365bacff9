"""The versions of an activity's results: how each came to be, and every score as that version has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.corrections import standing
from exam_server.errors import NotFound
from exam_server.models import (
    Account,
    Approval,
    Attempt,
    BankItem,
    Booking,
    ItemRevision,
    ResultVersion,
    Score,
)
from exam_server.scores import service as scores
from exam_server.selection.numbers import number_of, stored_number

PAGE = 50


@dataclass(frozen=True)
class Version:
    """One corrected key; version 1 is none of these."""

    number: int
    code: str
    kind: str
    reason: str
    note: dict[str, Any]
    effect: dict[str, Any]
    asked_by: str
    granted_by: str
    applied_at: datetime


@dataclass(frozen=True)
class Person:
    """One score of a version; `number` is the participant's."""

    number: str
    name: str
    correct: int
    wrong: int
    blank: int
    out_of: int


@dataclass(frozen=True)
class Page:
    """Some of the scores, by the participants' numbers; pages count from 1."""

    people: list[Person]
    page: int
    pages: int
    count: int


@dataclass(frozen=True)
class Waiting:
    """A correction that waits for a second official."""

    public_id: str
    code: str
    kind: str
    asked_by: str
    asked_at: datetime


def versions(tx: Session, activity_id: int) -> list[Version]:
    """The newest first."""
    asker, granter = aliased(Account), aliased(Account)
    rows = tx.execute(
        sa.select(ResultVersion.number, BankItem.code, ResultVersion.kind, ResultVersion.reason,
                  ResultVersion.note, ResultVersion.effect, asker.name, granter.name,
                  ResultVersion.applied_at)
        .join(ItemRevision, ItemRevision.id == ResultVersion.revision_id)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .join(asker, asker.id == ResultVersion.asked_by)
        .join(granter, granter.id == ResultVersion.granted_by)
        .where(ResultVersion.activity_id == activity_id)
        .order_by(ResultVersion.number.desc())
    )  # fmt: skip
    return [Version(*row) for row in rows]


def waiting(tx: Session, public_id: str, office_id: int, kind: str, now: datetime) -> list[Waiting]:
    """Corrections of the activity with that name that nobody decided yet."""
    rows = tx.execute(
        sa.select(Approval, Account.name)
        .join(Account, Account.id == Approval.asked_by)
        .where(Approval.kind == kind, Approval.office_id == office_id, Approval.decided_at.is_(None),
               Approval.expires_at > now)
        .order_by(Approval.id)
    )  # fmt: skip
    return [Waiting(one.public_id, one.evidence["code"], one.payload["correction"], name, one.asked_at)
            for one, name in rows if one.payload["activity"] == public_id]  # fmt: skip


def scored(tx: Session, activity_id: int) -> int:
    """How many have a score."""
    return tx.scalar(
        sa.select(sa.func.count(sa.distinct(Score.attempt_id)))
        .join(Attempt, Attempt.id == Score.attempt_id).where(Attempt.activity_id == activity_id)
    ) or 0  # fmt: skip


def page_of(tx: Session, activity_id: int, version: int, page: int) -> Page | None:
    """Raises NotFound for a version that is not there; None while officials may not see scores."""
    if not scores.FIRST <= version <= scores.version_now(tx, activity_id):
        raise NotFound
    if not standing.opened(tx, activity_id):
        return None
    count = scored(tx, activity_id)
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    rows = tx.execute(
        sa.select(Attempt.id, Booking.public_id, Account.name)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Attempt.activity_id == activity_id, sa.exists().where(Score.attempt_id == Attempt.id))
        .order_by(stored_number(), Attempt.id)
        .limit(PAGE).offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    found = scores.in_force(tx, activity_id, version, [row[0] for row in rows])
    people = [Person(number_of(booking), name, one.correct, one.wrong, one.blank, one.out_of)
              for attempt, booking, name in rows if (one := found.get(attempt))]  # fmt: skip
    return Page(people, page, pages, count)


def names(tx: Session, attempts: list[int]) -> dict[int, str]:
    """Whose attempts these are."""
    rows = tx.execute(
        sa.select(Attempt.id, Account.name)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Attempt.id.in_(attempts))
    )
    return {row.id: row.name for row in rows}
