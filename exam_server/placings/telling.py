"""The story of places, read: of a whole activity, of one person, and who would be next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.models import Account, PlaceEvent, Placing
from exam_server.placings import persons, published, rows
from exam_server.placings.lines import Holder, Noted
from exam_server.placings.refusals import NotOnTheList
from exam_server.placings.story import Story, share_of, waiting_of
from exam_server.ranking.chain import offers_due, standings
from exam_server.ranking.ground import Ground


def of_activity(db: Database, place: Ground, now: datetime) -> Story:
    """Raises NotFrozen."""
    with db.read() as tx:
        force = published.in_force(tx, place.activity_id, now)
        newest = published.newest(tx, place.activity_id)
        holders, due = _holders(tx, place.activity_id, force.frozen.id, now)
        wanted = published.quotas(tx, force.frozen)
        return Story(
            force.frozen.number, force.frozen.frozen_at,
            force.announcement.publish_at if force.announcement else None,
            published.awaited(tx, place.activity_id, now),
            newest is not None and newest.id != force.frozen.id,
            tuple(share_of(one, holders.get(index, {}), due) for index, one in enumerate(wanted)),
        )  # fmt: skip


def of_person(db: Database, place: Ground, attempt: str, now: datetime) -> Holder:
    """Raises NotFound, NotFrozen, NotOnTheList."""
    with db.read() as tx:
        person = persons.person(tx, place.activity_id, attempt)
        force = published.in_force(tx, place.activity_id, now)
        placing = tx.get(Placing, (force.frozen.id, person.attempt_id))
        if placing is None:
            raise NotOnTheList
        happened = rows.stored(tx, place.activity_id, person.attempt_id)
        noted = _noted(tx, happened)[person.attempt_id]
        return Holder(person, rows.placed_of(placing), rows.standing(placing, happened, now), tuple(noted))


def next_of(db: Database, place: Ground, holder: Holder, now: datetime) -> Holder | None:
    """The reserve of the same quota who comes next, whatever happens to this holder."""
    with db.read() as tx:
        force = published.in_force(tx, place.activity_id, now)
        holders, _ = _holders(tx, place.activity_id, force.frozen.id, now)
    waiting = waiting_of(holders.get(holder.placed.quota, {}))
    return next((one for one in waiting if one.person != holder.person), None)


def _holders(
    tx: Session, activity_id: int, list_id: int, now: datetime
) -> tuple[dict[int | None, dict[int, Holder]], list[int]]:
    """By quota and attempt; and by whose names places are due to be offered."""
    happened = rows.stored(tx, activity_id)
    touched = {one.attempt_id for one in happened}
    placings = tx.scalars(
        sa.select(Placing).where(
            Placing.list_id == list_id,
            sa.or_(Placing.outcome.in_(("accepted", "reserve")), Placing.attempt_id.in_(touched)),
        )
    )
    placed = [rows.placed_of(row) for row in placings]
    events = [rows.event_of(one) for one in happened]
    where, noted = standings(placed, events, now), _noted(tx, happened)
    named = persons.people(tx, [one.attempt for one in placed])
    found: dict[int | None, dict[int, Holder]] = defaultdict(dict)
    for one in sorted(placed, key=lambda one: (one.rank is None, one.rank or 0)):
        found[one.quota][one.attempt] = Holder(named[one.attempt], one, where[one.attempt],
                                               tuple(noted.get(one.attempt, ())))  # fmt: skip
    return found, [one.vacated_by for one in offers_due(placed, events, now)]


def _noted(tx: Session, happened: Sequence[PlaceEvent]) -> dict[int, list[Noted]]:
    actors = {one.actor_id for one in happened if one.actor_id is not None}
    names = {row.id: row.name for row in tx.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(actors)))}  # fmt: skip
    found: dict[int, list[Noted]] = defaultdict(list)
    for one in happened:
        by = names.get(one.actor_id, "") if one.actor_id is not None else ""
        found[one.attempt_id].append(Noted(one.kind, one.at, by, one.reason, one.due_at, one.vacated_by))
    return found
