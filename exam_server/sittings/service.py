"""Sittings of one selection as its office sees them: how they fill, who watches, and what to mend in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.models import (
    Account,
    Application,
    Approval,
    Attempt,
    Booking,
    DeviceCheck,
    Sitting,
    SittingMove,
)
from exam_server.selection import window
from exam_server.selection.rules import last_entry
from exam_server.sittings import grounds, holidays
from exam_server.sittings.concerns import Concern, of_planned, of_time
from exam_server.sittings.grounds import Ground, Proctor
from exam_server.sittings.rules import Planned, inside, seats_short
from question_bank.blueprint import Blueprint, shortfall


@dataclass(frozen=True)
class Row:
    """One sitting in calendar and list."""

    public_id: str
    label: str
    place: str
    starts_at: datetime
    ends_at: datetime
    last_entry_at: datetime
    capacity: int
    taken: int
    proctors: tuple[Proctor, ...]
    concerns: tuple[Concern, ...]
    inside: bool


@dataclass(frozen=True)
class Moved:
    """One move that was made."""

    from_starts_at: datetime
    to_starts_at: datetime
    reason: str
    moved_at: datetime
    asked_by: str
    granted_by: str


@dataclass(frozen=True)
class Detail:
    """One sitting with its people."""

    row: Row
    allowed_seconds: int
    grace_seconds: int
    bookers: tuple[str, ...]
    checks: dict[str, int]
    """How many bookers' devices were found good, weak or bad when checked last, or not checked."""
    started: int
    moves: tuple[Moved, ...]
    waiting: str | None
    """Public id of the question about a move that waits for a second official."""
    may_watch: tuple[Proctor, ...]
    """Who could be added."""


def rows(db: Database, ground: Ground) -> list[Row]:
    """Every sitting of the selection, by time."""
    with db.read() as tx:
        found = list(
            tx.scalars(
                sa.select(Sitting)
                .where(Sitting.activity_id == ground.activity_id)
                .order_by(Sitting.starts_at, Sitting.id)
            )
        )
        people = grounds.watching(tx, [one.id for one in found])
        days = _holidays(tx, ground, found)
    return [
        _row(one, ground, people.get(one.id, []), of_time(_planned(one), ground.zone, days)) for one in found
    ]


def taken(db: Database, ground: Ground) -> dict[str, int]:
    """Seats taken, by public id."""
    wanted = sa.select(Sitting.public_id, Sitting.taken).where(Sitting.activity_id == ground.activity_id)
    with db.read() as tx:
        return {row.public_id: row.taken for row in tx.execute(wanted)}


def concerns(db: Database, ground: Ground, sittings: list[Row], now: datetime) -> list[Concern]:
    """What to mend before it is too late: seats, bank, sittings outside the announced stage."""
    free = sum(one.capacity - one.taken for one in sittings if now < one.last_entry_at)
    with db.read() as tx:
        waiting = _waiting(tx, ground) - len(window.lapsed(db, ground.activity_id, now))
        small = _bank(tx, ground)
    short = seats_short(waiting, 0, free)
    found = (
        [Concern("seats_short", (("count", short), ("waiting", waiting), ("free", free)))] if short else []
    )
    strays = [Concern("stray", (("label", one.label),)) for one in sittings if not one.inside]
    return found + small + strays


def detail(db: Database, sitting: Sitting, ground: Ground, now: datetime) -> Detail:
    """Who has chosen the sitting, who watches it, and how it was moved."""
    with db.read() as tx:
        people = grounds.watching(tx, [sitting.id]).get(sitting.id, [])
        names = tx.scalars(
            sa.select(Account.name)
            .join(Booking, Booking.candidate_id == Account.id)
            .where(Booking.sitting_id == sitting.id)
            .order_by(Account.name, Account.id)
        ).all()
        shared = of_planned(
            _planned(sitting), sitting.place, frozenset(one.id for one in people),
            grounds.others(tx, ground.office_id, sitting.id), ground.zone, _holidays(tx, ground, [sitting]),
        )  # fmt: skip
        return Detail(
            row=_row(sitting, ground, people, shared), allowed_seconds=sitting.allowed_seconds,
            grace_seconds=sitting.grace_seconds, bookers=tuple(names),
            checks=_checks(tx, sitting.id), started=started(tx, sitting.id),
            moves=_moves(tx, sitting.id), waiting=_open_question(tx, sitting.id, now),
            may_watch=tuple(one for one in grounds.proctors_of(tx, ground.office_id) if one not in people),
        )  # fmt: skip


def may_watch(db: Database, ground: Ground) -> list[Proctor]:
    """Who can be chosen as a proctor."""
    with db.read() as tx:
        return grounds.proctors_of(tx, ground.office_id)


def started(tx: Session, sitting_id: int) -> int:
    """How many have begun to work."""
    begun = sa.select(sa.func.count(Attempt.id)).where(
        Attempt.sitting_id == sitting_id, Attempt.started_at.is_not(None)
    )
    return tx.scalar(begun) or 0


CHECKS = ("unchecked", "good", "weak", "bad")


def _checks(tx: Session, sitting_id: int) -> dict[str, int]:
    newest = (
        sa.select(sa.func.max(DeviceCheck.id))
        .where(DeviceCheck.account_id == Booking.candidate_id)
        .correlate(Booking)
        .scalar_subquery()
    )
    found = tx.execute(
        sa.select(DeviceCheck.outcome, sa.func.count())
        .select_from(Booking)
        .outerjoin(DeviceCheck, DeviceCheck.id == newest)
        .where(Booking.sitting_id == sitting_id)
        .group_by(DeviceCheck.outcome)
    )
    return dict.fromkeys(CHECKS, 0) | {outcome or "unchecked": count for outcome, count in found}


def _row(sitting: Sitting, ground: Ground, people: list[Proctor], known: list[Concern]) -> Row:
    return Row(
        public_id=sitting.public_id, label=sitting.label, place=sitting.place, starts_at=sitting.starts_at,
        ends_at=sitting.ends_at, last_entry_at=last_entry(sitting.ends_at, sitting.allowed_seconds),
        capacity=sitting.capacity, taken=sitting.taken, proctors=tuple(people), concerns=tuple(known),
        inside=inside(_planned(sitting), ground.opens_at, ground.closes_at),
    )  # fmt: skip


def _planned(sitting: Sitting) -> Planned:
    return Planned(sitting.label, sitting.starts_at, sitting.ends_at)


def _holidays(tx: Session, ground: Ground, sittings: list[Sitting]) -> holidays.Days:
    if not sittings:
        return {}
    first = min(one.starts_at for one in sittings).astimezone(ground.zone).date()
    last = max(one.ends_at for one in sittings).astimezone(ground.zone).date()
    return holidays.between(tx, first, last)


def _waiting(tx: Session, ground: Ground) -> int:
    """Accepted people who have not chosen, whether or not they still may."""
    booked = sa.exists().where(
        Booking.candidate_id == Application.candidate_id, Booking.activity_id == Application.activity_id
    )
    wanted = sa.select(sa.func.count(Application.id)).where(
        Application.activity_id == ground.activity_id, Application.kind == "selection", ~booked
    )
    return tx.scalar(wanted) or 0


def _bank(tx: Session, ground: Ground) -> list[Concern]:
    plan = Blueprint.from_list(ground.blueprint)
    if not plan.total:
        return [Concern("no_blueprint")]
    return [
        Concern("bank_small", (("count", count), ("topic", stratum.topic)))
        for stratum, count in shortfall(bank.refs(tx, ground.office_id), plan)
    ]


def _moves(tx: Session, sitting_id: int) -> tuple[Moved, ...]:
    asker, granter = aliased(Account), aliased(Account)
    rows = tx.execute(
        sa.select(SittingMove, asker.name, granter.name)
        .join(Approval, Approval.id == SittingMove.approval_id)
        .join(asker, asker.id == Approval.asked_by)
        .join(granter, granter.id == Approval.decided_by)
        .where(SittingMove.sitting_id == sitting_id)
        .order_by(SittingMove.id)
    )
    return tuple(
        Moved(move.from_starts_at, move.to_starts_at, move.reason, move.moved_at, asked, granted)
        for move, asked, granted in rows
    )


def _open_question(tx: Session, sitting_id: int, now: datetime) -> str | None:
    return tx.scalar(
        sa.select(Approval.public_id).where(
            Approval.kind == "sitting.moved",
            Approval.object_id == sitting_id,
            Approval.decided_at.is_(None),
            Approval.expires_at > now,
        )
    )
