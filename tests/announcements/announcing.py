"""An announcement on its way: what an office publishes, asked by the one and granted by the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exam_server.announcements import service
from exam_server.announcements.rules import Policy
from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.models import PlaceEvent, ResultAnnouncement
from tests.factories import DAY, add
from tests.ranking.stand import AFTER, Stand

LATER = AFTER + DAY
ACTS = {service.KIND: service.apply}


def ask(
    stand: Stand, policy: Policy | None = None, publish_at: datetime | None = None, at: datetime = AFTER
) -> str:
    """The public id of the question."""
    return service.ask(stand.db, stand.place, policy or Policy(), publish_at, "Rapat pleno", stand.admin, at)


def grant(stand: Stand, asked: str, at: datetime = AFTER) -> None:
    approvals.grant(stand.db, ACTS, asked, stand.second, at)


def publish(
    stand: Stand, policy: Policy | None = None, publish_at: datetime | None = None, at: datetime = AFTER
) -> ResultAnnouncement:
    """Asked and granted at the same instant; the newest announcement."""
    grant(stand, ask(stand, policy, publish_at, at), at)
    return announcements(stand.db)[-1]


def announcements(db: Database) -> list[ResultAnnouncement]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(ResultAnnouncement).order_by(ResultAnnouncement.id)))


def happen(stand: Stand, kind: str, person: int, at: datetime, **more: Any) -> None:
    """A fact about the place of `stand.people[person]`."""
    values = {"reason": "Alasan", "due_at": None, "vacated_by": None, "actor_id": stand.admin} | more
    add(stand.db, PlaceEvent(activity_id=stand.activity_id, attempt_id=stand.people[person].attempt_id,
                             kind=kind, at=at, **values))  # fmt: skip
