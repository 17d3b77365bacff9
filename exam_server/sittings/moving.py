"""A sitting moves in time only: later, as a whole, before anybody has begun, and by two officials.

Bookings are not touched; who was absent by the old clock waits again by the new one, because an attempt's
window is read from its sitting.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.clock import from_ms, to_ms
from exam_server.db import Database, announce
from exam_server.models import Approval, Attempt, Booking, Sitting, SittingMove
from exam_server.offices.service import publish_notice
from exam_server.selection.rules import last_entry
from exam_server.sittings import grounds, holidays, letters, service
from exam_server.sittings.concerns import of_planned
from exam_server.sittings.grounds import Ground
from exam_server.sittings.refusals import (
    AlreadyStarted,
    MoveNotLater,
    MoveOutsideStage,
    MoveShortens,
    MoveTooLong,
    SittingMoved,
    TimePassed,
)
from exam_server.sittings.rules import Planned, inside

KIND = "sitting.moved"
LONGEST = timedelta(days=1)


def ask(
    db: Database, sitting_id: int, starts_at: datetime, length: timedelta, reason: str, actor_id: int,
    now: datetime,
) -> str:  # fmt: skip
    """The public id of the question that now waits for a second official.

    Raises AlreadyStarted, MoveNotLater, MoveShortens, MoveTooLong, MoveOutsideStage, ReasonMissing,
    AlreadyAsked.
    """
    with db.write() as tx:
        sitting = tx.get_one(Sitting, sitting_id)
        ground = grounds.of_activity(tx, sitting.activity_id)
        ends_at = starts_at + length
        if starts_at <= max(now, sitting.starts_at):
            raise MoveNotLater
        _check(tx, sitting, ground, starts_at, ends_at)
        payload = {
            "sitting": sitting.public_id, "from_starts_at": to_ms(sitting.starts_at),
            "from_ends_at": to_ms(sitting.ends_at), "starts_at": to_ms(starts_at), "ends_at": to_ms(ends_at),
        }  # fmt: skip
        evidence = _evidence(tx, sitting, ground, starts_at, ends_at)
        question = Question(KIND, ground.office_id, "sitting", sitting.id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """The move as it was asked for, its letters, its notice and its row in the trail.

    Raises SittingMoved, AlreadyStarted, TimePassed, MoveOutsideStage.
    """
    # Held from here on: a start that was a moment earlier is seen below, a later one reads the new time.
    sitting = tx.scalars(
        sa.select(Sitting)
        .where(Sitting.id == approval.object_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    wanted, old_starts_at, old_ends_at = approval.payload, sitting.starts_at, sitting.ends_at
    starts_at, ends_at = from_ms(wanted["starts_at"]), from_ms(wanted["ends_at"])
    if (to_ms(old_starts_at), to_ms(old_ends_at)) != (wanted["from_starts_at"], wanted["from_ends_at"]):
        raise SittingMoved
    if starts_at <= now:
        raise TimePassed
    ground = grounds.of_activity(tx, sitting.activity_id)
    _check(tx, sitting, ground, starts_at, ends_at)
    _move(tx, sitting, starts_at, ends_at)
    tx.add(
        SittingMove(
            sitting_id=sitting.id, approval_id=approval.id, from_starts_at=old_starts_at,
            from_ends_at=old_ends_at, to_starts_at=starts_at, to_ends_at=ends_at, reason=approval.reason,
            moved_at=now,
        )
    )  # fmt: skip
    move = letters.Move(
        ground.office, ground.zone, sitting.label, sitting.place, old_starts_at, starts_at, ends_at,
        last_entry(ends_at, sitting.allowed_seconds), approval.reason,
    )  # fmt: skip
    _tell(tx, sitting, ground, move, approval, now)


def _check(tx: Session, sitting: Sitting, ground: Ground, starts_at: datetime, ends_at: datetime) -> None:
    if service.started(tx, sitting.id):
        raise AlreadyStarted
    length = sitting.ends_at - sitting.starts_at
    if ends_at - starts_at < length:
        raise MoveShortens(minutes=length // timedelta(minutes=1))
    if ends_at - starts_at > max(LONGEST, length):
        raise MoveTooLong(minutes=LONGEST // timedelta(minutes=1))
    if not inside(Planned(sitting.label, starts_at, ends_at), ground.opens_at, ground.closes_at):
        raise MoveOutsideStage


def _move(tx: Session, sitting: Sitting, starts_at: datetime, ends_at: datetime) -> None:
    """One statement decides, whatever was read before."""
    begun = sa.exists().where(Attempt.sitting_id == sitting.id, Attempt.started_at.is_not(None))
    moved = tx.execute(
        sa.update(Sitting)
        .where(Sitting.id == sitting.id, Sitting.starts_at == sitting.starts_at, ~begun)
        .values(starts_at=starts_at, ends_at=ends_at)
        .returning(Sitting.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if moved is None:
        raise SittingMoved


def _tell(
    tx: Session, sitting: Sitting, ground: Ground, move: letters.Move, approval: Approval, now: datetime
) -> None:
    bookers = tx.scalars(sa.select(Booking.candidate_id).where(Booking.sitting_id == sitting.id)).all()
    for candidate_id in bookers:
        person = mail.reader(tx, candidate_id)
        mail.write_to(tx, person, letters.moved(person, move), now)
    if ground.published_at is not None and ground.published_at <= now:
        publish_notice(tx, ground.recruitment_id, letters.notice(move), approval.decided_by, now)
    audit.record(
        tx, now=now, act=KIND, object_kind="sitting", object_id=sitting.id, actor_id=approval.decided_by,
        office_id=ground.office_id,
        detail=approval.payload | {"approval": approval.public_id, "asked_by": approval.asked_by,
                                   "letters": len(bookers), "reason": approval.reason},
    )  # fmt: skip
    attempts = set(tx.scalars(sa.select(Attempt.id).where(Attempt.sitting_id == sitting.id)))
    announce(tx, "attempts", {"attempt_ids": attempts})


def _evidence(
    tx: Session, sitting: Sitting, ground: Ground, starts_at: datetime, ends_at: datetime
) -> dict[str, object]:
    """What the second official is shown besides, as it stood when it was asked."""
    planned = Planned(sitting.label, starts_at, ends_at)
    watch = frozenset(one.id for one in grounds.watching(tx, [sitting.id]).get(sitting.id, []))
    days = holidays.between(
        tx, starts_at.astimezone(ground.zone).date(), ends_at.astimezone(ground.zone).date()
    )
    known = of_planned(
        planned, sitting.place, watch, grounds.others(tx, ground.office_id, sitting.id), ground.zone, days
    )
    return {
        "label": sitting.label, "place": sitting.place, "zone": ground.zone.key, "bookings": sitting.taken,
        "last_entry_at": to_ms(last_entry(ends_at, sitting.allowed_seconds)),
        "concerns": [[one.code, dict(one.params)] for one in known],
    }  # fmt: skip
