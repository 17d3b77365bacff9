"""Whoever lets an offer run out is told so by a letter, once.

That an offer lapsed follows from its instants and is stored nowhere. The row of the letter is: inserting it
decides who writes it, so several workers send each one once, and a server that was off makes up for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from exam_server import mail
from exam_server.db import Database
from exam_server.models import Attempt, PlaceEvent, Placing, Reminder
from exam_server.placings import letters, rows
from exam_server.placings.published import in_force
from exam_server.ranking import ground

KIND = "offer_lapsed"
"""Of the letter's row; its object is the attempt, which is offered a place at most once."""

MEMORY = timedelta(days=30)
"""An offer that ran out longer ago is not news any more."""


def tell(db: Database, now: datetime) -> int:
    """Letters about offers that ran out by `now` are written; how many. Who finds nothing holds nothing."""
    with db.read() as tx:
        found = [each for each in _untold(tx, now) if _over(tx, *each, now)]
    return sum(_tell(db, activity_id, attempt_id, now) for activity_id, attempt_id in found)


def was_told(tx: Session, attempt_id: int) -> bool:
    """Whether this candidate has been told that the offer is over."""
    return tx.get(Reminder, (KIND, attempt_id)) is not None


def _untold(tx: Session, now: datetime) -> list[tuple[int, int]]:
    """(activity, attempt) of offers that ended without an answer or a departure, and without a letter."""
    other = aliased(PlaceEvent)
    ended = sa.exists().where(other.attempt_id == PlaceEvent.attempt_id, other.kind != "offered")
    told = sa.exists().where(Reminder.kind == KIND, Reminder.object_id == PlaceEvent.attempt_id)
    wanted = (
        sa.select(PlaceEvent.activity_id, PlaceEvent.attempt_id)
        .where(PlaceEvent.kind == "offered", PlaceEvent.due_at <= now, PlaceEvent.due_at > now - MEMORY,
               ~ended, ~told)
        .order_by(PlaceEvent.id)
    )  # fmt: skip
    return [(row.activity_id, row.attempt_id) for row in tx.execute(wanted)]


def _over(tx: Session, activity_id: int, attempt_id: int, now: datetime) -> datetime | None:
    """When the offer ran out; None for who took it after all, or whom a further list gives a place."""
    placing = tx.get(Placing, (in_force(tx, activity_id, now).frozen.id, attempt_id))
    if placing is None:
        return None
    stands = rows.standing(placing, rows.stored(tx, activity_id, attempt_id), now)
    return stands.until if stands.where == "lapsed" else None


def _tell(db: Database, activity_id: int, attempt_id: int, now: datetime) -> bool:
    """Holds the activity, as answers do, so that nobody takes what a letter says is over."""
    with db.write() as tx:
        ground.hold(tx, activity_id)
        over_at = _over(tx, activity_id, attempt_id, now)
        if over_at is None or not _claim(tx, attempt_id, now):
            return False
        reader = mail.reader(tx, tx.get_one(Attempt, attempt_id).candidate_id)
        mail.write_to(tx, reader, letters.lapsed(reader, ground.of_activity(tx, activity_id), over_at), now)
    return True


def _claim(tx: Session, attempt_id: int, now: datetime) -> bool:
    """False when it was written before; one statement decides."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    won = dialect.insert(Reminder).values(kind=KIND, object_id=attempt_id, sent_at=now)
    return tx.scalar(won.on_conflict_do_nothing().returning(Reminder.object_id)) is not None
