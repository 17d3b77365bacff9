"""What was written to whom: the reminders as the database holds them."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import (
    Mail,
)
from tests.factories import (
    DAY,
    START,
)

TICK = timedelta(microseconds=1)
WITHIN = 30
TEST_STAGE_ENDS = START + 14 * DAY
"""Of the scene: `tests.factories.make_phase`."""


def reminders(db: Database, candidate_id: int | None = None) -> list[str]:
    """Subjects of the reminders that were written, in order."""
    rows = sa.select(Mail.subject).where(Mail.subject.startswith("Pengingat")).order_by(Mail.id)
    if candidate_id is not None:
        rows = rows.where(Mail.account_id == candidate_id)
    with db.read() as tx:
        return list(tx.scalars(rows))


def letter(db: Database, candidate_id: int) -> Mail:
    """The newest one to this candidate."""
    rows = sa.select(Mail).where(Mail.account_id == candidate_id).order_by(Mail.id.desc()).limit(1)
    with db.read() as tx:
        return tx.scalars(rows).one()
