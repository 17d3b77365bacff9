"""Sittings that may be moved, questions about them, and a series as its form sends it."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Sitting
from exam_server.sittings import moving
from tests.factories import DAY, HOUR, START, Scene, add_official, add_sitting

numbers = itertools.count(1)

SERIES_FORM: dict[str, Any] = {
    "first": "2026-11-05", "last": "2026-11-05", "weekday": list("0123456"),
    "slot_starts": ["07:30"], "slot_ends": ["09:30"], "capacity": "30", "allowed": "60", "grace": "10",
    "place": "Daring",
}  # fmt: skip


def add_empty_sitting(db: Database, scene: Scene, **changed: Any) -> Sitting:
    """One that nobody has chosen, three days after the scene's."""
    label = f"Sesi tambahan {next(numbers)}"
    times = {"label": label, "starts_at": START + 3 * DAY, "ends_at": START + 3 * DAY + 2 * HOUR}
    return add_sitting(db, scene.selection.id, **(times | changed))


def count_sittings(db: Database, scene: Scene) -> int:
    with db.read() as tx:
        wanted = sa.select(sa.func.count(Sitting.id)).where(Sitting.activity_id == scene.selection.id)
        return tx.scalar(wanted) or 0


def add_question(
    db: Database, scene: Scene, asker: int | None = None, sitting: Sitting | None = None,
    starts_at: datetime = START + 5 * DAY, length: timedelta = 2 * HOUR, now: datetime = START,
) -> str:  # fmt: skip
    """The public id of a question about moving a sitting, by somebody who is not in the cast."""
    wanted = sitting or add_empty_sitting(db, scene)
    official = asker or add_official(db, "admin", scene.office).id
    return moving.ask(db, wanted.id, starts_at, length, "listrik padam", official, now)
