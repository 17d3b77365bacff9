"""Attempts that were closed and settled under the secret of the application under test."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import ledger, service, settling
from exam_server.exam.saves import store
from exam_server.models import Receipt
from tests.factories import HOUR, MINUTE, START, Run, answer

SECRET = "s" * 40
HANDED_IN = START + 20 * MINUTE
DEADLINE = START + HOUR
LATE = DEADLINE + MINUTE
EVENING = START + 9 * HOUR


def hand_in(db: Database, run: Run, at: datetime = HANDED_IN) -> None:
    """Three answers, one of them cleared again, and submitted."""
    with db.write() as tx:
        store(tx, [run.save(answer(1, 1, 2), answer(2, 3, 4), answer(3, 2, None), at=START + MINUTE)])
        service.submit(tx, run.attempt_id, run.session_id, run.lease, at)


def close_by_clock(db: Database, run: Run, now: datetime = EVENING) -> None:
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, now)


def settle(db: Database, run: Run, now: datetime = HANDED_IN + MINUTE, secret: str = SECRET) -> Receipt:
    """Settled; the receipt that this made."""
    with db.write() as tx:
        assert settling.settle(tx, run.attempt_id, secret, now)
    return receipts(db, run)[-1]


def receipts(db: Database, run: Run) -> list[Receipt]:
    """Oldest first."""
    wanted = sa.select(Receipt).where(Receipt.attempt_id == run.attempt_id).order_by(Receipt.number)
    with db.read() as tx:
        return list(tx.scalars(wanted))


def grant(db: Database, run: Run, official_id: int, now: datetime, seconds: int = 600) -> None:
    with db.write() as tx:
        ledger.enter(
            tx, run.attempt_id, ledger.Grant("extra", seconds, "power", "listrik padam", official_id), now
        )
