"""What the pictures of results show: Jepara a day after its announcement, and a place that changed hands."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from exam_server.announcements import service as announcing
from exam_server.announcements.rules import Policy
from exam_server.apart import Act
from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.demo.selecting import CRITERIA
from exam_server.models import BankItem, ItemRevision, Placing
from exam_server.placings import answering
from exam_server.placings import service as places
from exam_server.ranking import freezing, ground, service
from exam_server.ranking.rules import Quota
from tests.journeys import two_offices
from tests.journeys.two_offices import House, Person
from tests.worlds import wall

AGO = timedelta(days=16)
"""Since the day on which Jepara decided; its announced date lies between then and now."""

SEEN, LEFT, TOOK = timedelta(hours=3), timedelta(hours=2), timedelta(hours=1)


@dataclass(frozen=True)
class Announced:
    """An office whose result is public; `took` moved up, `item` has a key that is probably wrong."""

    db: Database
    house: House
    took: Person
    item: int

    @property
    def path(self) -> str:
        return f"/results/{self.house.public_id}"


def announced(folder: Path) -> Announced:
    """Decided by two officials, announced on its date, left by one and taken by the first reserve."""
    now = wall()
    db, houses = two_offices.build(folder, now - AGO, sits=0)
    house, at = houses["jepara"], now - AGO + SEEN
    with db.read() as tx:
        place = ground.of_activity(tx, house.activity_id)
        wrong = sa.select(ItemRevision.id).join(BankItem, BankItem.id == ItemRevision.item_id)
        item = tx.scalars(
            wrong.where(BankItem.code == two_offices.WRONG, BankItem.office_id == place.office_id)
        ).one()
    service.record_criteria(db, place, CRITERIA, house.admin, at)
    service.record_quota(db, place, (Quota(4),), 3, "", house.admin, at)
    service.open_scores(db, place, house.admin, at)
    asked = freezing.ask(db, place, "Rapat pleno", house.admin, at, functools.partial(_here, db))
    approvals.grant(db, {freezing.KIND: freezing.Freezing().apply}, asked, house.second, at)
    with db.read() as tx:
        on = announcing.window(tx, place).announced_at
    asked = announcing.ask(db, place, Policy(), on, "Rapat pleno", house.admin, at)
    approvals.grant(db, {announcing.KIND: announcing.apply}, asked, house.second, at)
    left, took = (_first(db, house, outcome) for outcome in ("accepted", "reserve"))
    places.withdraw(db, left.id, now - LEFT)
    answering.take(db, took.id, now - TOOK)
    return Announced(db, house, took, item)


def _here(db: Database, act: Act, asked: dict[str, Any]) -> Any:
    """What a long list would have made apart, made at once."""
    return act(db, asked, lambda *_: None)


def _first(db: Database, house: House, outcome: str) -> Person:
    with db.read() as tx:
        attempt_id = tx.scalars(
            sa.select(Placing.attempt_id).where(
                Placing.outcome == outcome, Placing.attempt_id.in_([one.attempt_id for one in house.people])
            ).order_by(Placing.rank).limit(1)
        ).one()  # fmt: skip
    return next(one for one in house.people if one.attempt_id == attempt_id)
