"""When a result comes out, everybody on its list is written to, once for each announcement.

What is out follows from the clock; inserting the row of the letter decides who writes it, so several workers
send each one once, and a server that was off makes up for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exam_server import mail
from exam_server.announcements import letters
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.mail import Reader
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    Office,
    Placing,
    Preference,
    Reminder,
    ResultAnnouncement,
)
from exam_server.rounds import Rounds

EVERY = 30.0
"""Seconds between two rounds."""

BATCH, MOST_BATCHES = 200, 50
MEMORY = timedelta(days=30)
"""An announcement that is older is not news any more."""


class Telling(Rounds):
    """Several workers may tell at once."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("telling results", EVERY, self.round)
        self._db, self._clock = db, clock

    def round(self) -> int:
        """Write what is due now; how many letters."""
        written = 0
        for _ in range(MOST_BATCHES):
            found, sent = send_due(self._db, self._clock.now())
            written += sent
            if found < BATCH or self._stopping.is_set():
                break
        return written


def send_due(db: Database, now: datetime) -> tuple[int, int]:
    """(found, written) of one batch; who finds nothing takes no writer's turn."""
    with db.read() as tx:
        found = [row for one in _out(tx, now) for row in _untold(tx, one)][:BATCH]
    if not found:
        return 0, 0
    with db.write() as tx:
        own = _claim(tx, [(_kind(row.announcement), row.attempt_id) for row in found], now)
        mail.write_to_each(
            tx, [(reader := _reader(row), letters.out(reader, row.office, row.slug, row.number))
                 for row in found if (_kind(row.announcement), row.attempt_id) in own], now,
        )  # fmt: skip
    return len(found), len(own)


def _kind(announcement_id: int) -> str:
    return f"result:{announcement_id}"


def _out(tx: Session, now: datetime) -> list[Any]:
    """Announcements that are public and news, each with what its letters say."""
    table = ResultAnnouncement
    return list(tx.execute(
        sa.select(table.id, table.list_id, table.number, Office.name, Office.slug)
        .join(Activity, Activity.id == table.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .where(table.publish_at <= now, sa.or_(table.publish_at > now - MEMORY, table.made_at > now - MEMORY))
        .order_by(table.id)
    ))  # fmt: skip


def _untold(tx: Session, one: Any) -> list[Any]:
    told = sa.exists().where(Reminder.kind == _kind(one.id), Reminder.object_id == Placing.attempt_id)
    return list(tx.execute(
        sa.select(
            sa.literal(one.id).label("announcement"), sa.literal(one.number).label("number"),
            sa.literal(one.name).label("office"), sa.literal(one.slug).label("slug"), Placing.attempt_id,
            Account.id.label("account_id"), Account.name.label("name"), Account.email, Preference.language,
        )
        .join(Attempt, Attempt.id == Placing.attempt_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .outerjoin(Preference, Preference.account_id == Account.id)
        .where(Placing.list_id == one.list_id, Account.disabled_at.is_(None), ~told)
        .order_by(Placing.attempt_id).limit(BATCH)
    ))  # fmt: skip


def _claim(tx: Session, keys: list[tuple[str, int]], now: datetime) -> set[tuple[str, int]]:
    """Those of the keys that nobody has claimed before, now claimed; one statement decides."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    rows = [{"kind": kind, "object_id": number, "sent_at": now} for kind, number in sorted(keys)]
    won = dialect.insert(Reminder).values(rows).on_conflict_do_nothing()
    return {(row.kind, row.object_id) for row in tx.execute(won.returning(Reminder.kind, Reminder.object_id))}


def _reader(row: Any) -> Reader:
    return Reader(row.account_id, row.name, row.email, row.language or DEFAULT)
