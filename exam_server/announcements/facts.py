"""What an announcement is made of, read in a handful of statements however long the list is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import (
    Account,
    Activity,
    Application,
    Attempt,
    Criteria,
    Office,
    OfficeDetail,
    Placing,
    Quota,
    Recruitment,
    Requirement,
    ResultVersion,
    SelectionList,
)
from exam_server.placings import rows as places
from exam_server.ranking.chain import Event
from exam_server.ranking.rules import Placed


@dataclass(frozen=True)
class Letterhead:
    """Whose announcement it is, and who signs it."""

    office: str
    address: str
    phone: str
    email: str
    zone: ZoneInfo
    place: str
    activity: str
    public_id: str
    year: int
    title: dict[str, Any]
    signatories: list[Any]


@dataclass(frozen=True)
class Basis:
    """The frozen list and what made it; `gates` are {position, text}, `corrections` {number, note}."""

    list_id: int
    number: int
    sha256: str
    frozen_at: datetime
    result: int
    criteria: dict[str, Any]
    quotas: list[Any]
    reserves: int
    gates: list[dict[str, Any]]
    corrections: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list; `total` is millionths of a point."""

    placed: Placed
    number: str
    name: str
    kecamatan: str
    total: int


@dataclass(frozen=True)
class Facts:
    """Everything at one moment; `counts` has sat, absent, unchosen, not_eligible."""

    letterhead: Letterhead
    basis: Basis
    people: list[Person]
    events: list[Event]
    counts: dict[str, int]


def gather(tx: Session, list_id: int, until: datetime) -> Facts:
    """Of this frozen list, with what happened to its places up to and including `until`."""
    frozen = tx.get_one(SelectionList, list_id)
    letterhead, recruitment_id = _letterhead(tx, frozen.activity_id)
    people = _people(tx, list_id)
    return Facts(letterhead, _basis(tx, frozen, recruitment_id), people,
                 _events(tx, frozen.activity_id, until), _counts(tx, frozen.activity_id, people))  # fmt: skip


def _letterhead(tx: Session, activity_id: int) -> tuple[Letterhead, int]:
    activity, office, recruitment, detail = tx.execute(
        sa.select(Activity, Office, Recruitment, OfficeDetail)
        .join(Office, Office.id == Activity.office_id)
        .join(Recruitment, Recruitment.id == Activity.recruitment_id)
        .outerjoin(OfficeDetail, OfficeDetail.office_id == Office.id)
        .where(Activity.id == activity_id)
    ).one()
    address, phone, email = (detail.address, detail.phone, detail.email) if detail else ("", "", "")
    return Letterhead(
        office.name, address, phone, email, ZoneInfo(office.zone), recruitment.place, activity.name,
        activity.public_id, recruitment.year, recruitment.title, recruitment.signatories,
    ), recruitment.id  # fmt: skip


def _basis(tx: Session, frozen: SelectionList, recruitment_id: int) -> Basis:
    criteria = tx.get_one(Criteria, frozen.criteria_id).content
    quota = tx.get_one(Quota, frozen.quota_id)
    texts = tx.execute(
        sa.select(Requirement.position, Requirement.text).where(Requirement.recruitment_id == recruitment_id)
    )
    known: dict[int, Any] = {row.position: row.text for row in texts}
    notes = tx.execute(
        sa.select(ResultVersion.number, ResultVersion.note)
        .where(ResultVersion.activity_id == frozen.activity_id, ResultVersion.number <= frozen.result_number)
        .order_by(ResultVersion.number)
    )
    return Basis(
        frozen.id, frozen.number, frozen.sha256, frozen.frozen_at, frozen.result_number, criteria,
        list(quota.content), quota.reserves,
        [{"position": one, "text": known.get(one, {})} for one in criteria["gates"]],
        [{"number": number, "note": note} for number, note in notes],
    )  # fmt: skip


def _people(tx: Session, list_id: int) -> list[Person]:
    """Names are read beside the list, which has none."""
    rows = tx.execute(
        sa.select(Placing.attempt_id, Placing.outcome, Placing.rank, Placing.quota, Placing.reserve,
                  Placing.total, Placing.detail, Account.name)
        .join(Attempt, Attempt.id == Placing.attempt_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(Placing.list_id == list_id)
        .order_by(Placing.attempt_id)
    )  # fmt: skip
    return [
        Person(Placed(attempt_id, outcome, total, rank, quota, reserve), detail["number"], name,
               detail["kecamatan"], total)
        for attempt_id, outcome, rank, quota, reserve, total, detail, name in rows
    ]  # fmt: skip


def _events(tx: Session, activity_id: int, until: datetime) -> list[Event]:
    return [places.event_of(one) for one in places.stored(tx, activity_id) if one.at <= until]


def _counts(tx: Session, activity_id: int, people: list[Person]) -> dict[str, int]:
    """Who chose no sitting, and who chose one and did not come, are out and on no list."""
    booked = sa.exists().where(
        Attempt.activity_id == Application.activity_id, Attempt.candidate_id == Application.candidate_id
    )
    accepted = sa.select(sa.func.count(Application.id)).where(Application.activity_id == activity_id)
    absent = sa.select(sa.func.count(Attempt.id)).where(
        Attempt.activity_id == activity_id, Attempt.started_at.is_(None)
    )
    return {
        "sat": len(people), "absent": tx.scalar(absent) or 0,
        "unchosen": tx.scalar(accepted.where(~booked)) or 0,
        "not_eligible": sum(one.placed.outcome == "not_eligible" for one in people),
    }  # fmt: skip
