"""A place that was left is offered to the next reserve of its quota, once, and only after the announcement.

What is due follows from the list, the events and now. Whoever comes first makes the offers: the act by which
a place was left, a page of the office, or the worker that watches the clock.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.models import Attempt, PlaceEvent, ResultAnnouncement
from exam_server.placings import letters, rows
from exam_server.placings.published import InForce, in_force
from exam_server.ranking import ground
from exam_server.ranking.chain import Offer, offers_due
from exam_server.ranking.ground import Ground


def make_due(tx: Session, place: Ground, force: InForce, now: datetime) -> int:
    """Offers that are due are made, with a letter each; how many. The caller holds the activity."""
    if force.announcement is None:
        return 0
    return sum(_make(tx, place, force, one, now) for one in due(tx, place.activity_id, force, now))


def due(tx: Session, activity_id: int, force: InForce, now: datetime) -> tuple[Offer, ...]:
    """Places that were left and not offered since, each with who is next."""
    happened = rows.stored(tx, activity_id)
    placed = rows.moving(tx, force.frozen.id, happened)
    return offers_due(placed, [rows.event_of(one) for one in happened], now)


def catch_up(db: Database, activity_id: int, now: datetime) -> int:
    """Offers that are due in one activity are made; who finds nothing takes no writer's turn."""
    with db.read() as tx:
        force = in_force(tx, activity_id, now)
        if force.announcement is None or not due(tx, activity_id, force, now):
            return 0
    with db.write() as tx:
        ground.hold(tx, activity_id)
        return make_due(tx, ground.of_activity(tx, activity_id), in_force(tx, activity_id, now), now)


def watched(db: Database, now: datetime) -> list[int]:
    """Activities whose result is public and where something happened to a place."""
    public = sa.exists().where(
        ResultAnnouncement.activity_id == PlaceEvent.activity_id, ResultAnnouncement.publish_at <= now
    )
    with db.read() as tx:
        return list(tx.scalars(sa.select(PlaceEvent.activity_id).where(public).distinct()))


def _make(tx: Session, place: Ground, force: InForce, offer: Offer, now: datetime) -> bool:
    due_at = now + force.offer_lasts
    if not rows.store(tx, place.activity_id, offer.attempt, "offered", now, due_at=due_at,
                      vacated_by=offer.vacated_by):  # fmt: skip
        return False
    next_one, left = (tx.get_one(Attempt, one) for one in (offer.attempt, offer.vacated_by))
    reader = mail.reader(tx, next_one.candidate_id)
    mail.write_to(tx, reader, letters.offered(reader, place, due_at), now)
    audit.record(
        tx, now=now, act="place.offered", object_kind="attempt", object_id=offer.attempt,
        office_id=place.office_id, detail={"until": to_ms(due_at), "left_by": left.public_id},
    )  # fmt: skip
    return True
