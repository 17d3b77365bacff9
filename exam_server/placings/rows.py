"""Placings and events as the chain's rules want them; and the one statement that stores an event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exam_server.models import PlaceEvent, Placing
from exam_server.ranking import listing
from exam_server.ranking.chain import Event, EventKind, Standing, standings
from exam_server.ranking.rules import Placed

PLACED = ("attempt_id", "outcome", "rank", "quota", "reserve", "detail")


def placed_of(row: Placing) -> Placed:
    """What a frozen list says of one candidate."""
    return listing.placed_of({name: getattr(row, name) for name in PLACED})


def event_of(row: PlaceEvent) -> Event:
    return Event(cast(EventKind, row.kind), row.attempt_id, row.at, row.due_at, row.vacated_by)


def stored(tx: Session, activity_id: int, attempt_id: int | None = None) -> list[PlaceEvent]:
    """Everything that happened to places of the activity (or to one person's), in order."""
    wanted = sa.select(PlaceEvent).where(PlaceEvent.activity_id == activity_id)
    if attempt_id is not None:
        wanted = wanted.where(PlaceEvent.attempt_id == attempt_id)
    return list(tx.scalars(wanted.order_by(PlaceEvent.at, PlaceEvent.id)))


def moving(tx: Session, list_id: int, happened: Iterable[PlaceEvent]) -> list[Placed]:
    """The part of a list in which places can move: reserves, and whom something happened to."""
    touched = {one.attempt_id for one in happened}
    rows = tx.scalars(
        sa.select(Placing)
        .where(Placing.list_id == list_id,
               sa.or_(Placing.outcome == "reserve", Placing.attempt_id.in_(touched)))
    )  # fmt: skip
    return [placed_of(row) for row in rows]


def standing(placing: Placing, happened: Iterable[PlaceEvent], now: datetime) -> Standing:
    """Where one candidate stands, from the own placing and the own events alone."""
    events = [event_of(one) for one in happened if one.attempt_id == placing.attempt_id]
    return standings([placed_of(placing)], events, now)[placing.attempt_id]


def store(
    tx: Session, activity_id: int, attempt_id: int, kind: EventKind, now: datetime, **more: Any
) -> bool:
    """False when it was there already, or when that place was offered already: one statement decides."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    values = {"actor_id": None, "reason": "", "due_at": None, "vacated_by": None} | more
    won = tx.execute(
        dialect.insert(PlaceEvent)
        .values(activity_id=activity_id, attempt_id=attempt_id, kind=kind, at=now, **values)
        .on_conflict_do_nothing()
        .returning(PlaceEvent.id)
    )
    return won.one_or_none() is not None


def passed_on(tx: Session, attempt_id: int) -> bool:
    """Whether the place that this candidate had, or was offered, was offered to somebody else since."""
    wanted = sa.select(sa.exists().where(PlaceEvent.vacated_by == attempt_id))
    return bool(tx.scalar(wanted))
