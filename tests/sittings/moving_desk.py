"""A sitting that was chosen, and the officials who may move it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.models import AuditEntry, Sitting
from exam_server.sittings import moving
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Scene,
    add_booked,
    add_official,
    add_scene,
)

ACTS = {moving.KIND: moving.apply}
LATER = START + 2 * DAY
NOW = START - DAY
TWO_HOURS = 2 * HOUR


class Desk:
    """One office with two admins, and its first sitting."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene: Scene = add_scene(db, sitting={"capacity": 40})
        self.asker = add_official(db, "admin", self.scene.office).id
        self.other = add_official(db, "admin", self.scene.office).id

    def ask(
        self, starts_at: datetime = LATER, length: timedelta = TWO_HOURS, reason: str = "listrik padam",
        now: datetime = NOW,
    ) -> str:  # fmt: skip
        return moving.ask(self.db, self.scene.sitting.id, starts_at, length, reason, self.asker, now)

    def grant(self, public_id: str, actor: int | None = None, now: datetime = NOW + MINUTE) -> None:
        approvals.grant(self.db, ACTS, public_id, actor or self.other, now)

    def sitting(self) -> Sitting:
        with self.db.read() as tx:
            return tx.get_one(Sitting, self.scene.sitting.id)

    def all(self, table: type[Any]) -> list[Any]:
        with self.db.read() as tx:
            return tx.execute(sa.select(*table.__table__.c).order_by(*table.__table__.primary_key)).all()

    def trail(self) -> list[AuditEntry]:
        with self.db.read() as tx:
            wanted = AuditEntry.object_kind.in_(("sitting", "notice"))
            return list(tx.scalars(sa.select(AuditEntry).where(wanted).order_by(AuditEntry.id)))


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def run_a_start(desk: Desk) -> None:
    run = add_booked(desk.db, desk.scene)
    with desk.db.write() as tx:
        exam.start(tx, run.attempt_id, START)
