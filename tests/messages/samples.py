"""Messages to test with."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.messages import service
from exam_server.models import Attempt, MessageTo
from tests.factories import START, Run

TEXT = "Ruang 2 pindah ke lantai bawah. Waktu Anda tetap berjalan."


def add_message(db: Database, run: Run, author_id: int, text: str = TEXT, at: datetime = START) -> str:
    """The public id of a message to this candidate alone."""
    with db.write() as tx:
        activity = tx.scalars(sa.select(Attempt.activity_id).where(Attempt.id == run.attempt_id)).one()
        return service.send(tx, activity, [run.attempt_id], text, author_id, at)


def marks(db: Database, run: Run) -> list[tuple[datetime | None, datetime | None]]:
    """(delivered, seen) of each message to this candidate, in order."""
    return marks_of(db, run.attempt_id)


def marks_of(db: Database, attempt_id: int) -> list[tuple[datetime | None, datetime | None]]:
    """The same by the number of the attempt."""
    with db.read() as tx:
        rows = tx.scalars(
            sa.select(MessageTo).where(MessageTo.attempt_id == attempt_id).order_by(MessageTo.message_id)
        )
        return [(row.delivered_at, row.seen_at) for row in rows]
