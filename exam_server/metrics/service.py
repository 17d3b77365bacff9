"""What the metrics count in the database."""

from __future__ import annotations

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Attempt

_RUNNING = (
    sa.select(sa.func.count())
    .select_from(Attempt)
    .where(Attempt.started_at.is_not(None), Attempt.finalised_at.is_(None))
)


def attempts_running(db: Database) -> int:
    """Attempts that were started and that nobody has closed yet, in all offices."""
    with db.look() as connection:
        return int(connection.scalar(_RUNNING) or 0)
