"""A practice to test with: the run that somebody signed in holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam.rules import Item as Answer
from exam_server.exam.saves import Save
from exam_server.models import PracticeRun
from exam_server.practice import service
from tests.factories import START, SignedIn, add_account, add_session


@dataclass(frozen=True)
class Practising:
    """One person in front of their practice, holding the first lease."""

    account_id: int
    run_id: int
    public_id: str
    signed_in: SignedIn
    lease: int

    def save(self, *answers: Answer, at: datetime, lease: int | None = None) -> Save:
        return Save(
            self.run_id, self.signed_in.session_id, self.lease if lease is None else lease, answers, at
        )


def add_practising(
    db: Database, account_id: int | None = None, signed_in: SignedIn | None = None, at: datetime = START
) -> Practising:
    """A practice that runs since `at`; of a candidate who has chosen nothing yet, unless one is named."""
    account_id = account_id or add_account(db).id
    signed_in = signed_in or add_session(db, account_id, at)
    with db.write() as tx:
        run = PracticeRun(account_id=account_id, started_at=at, deadline_at=at + service.LASTS)
        tx.add(run)
        tx.flush()
        lease = service.join(tx, run.id, signed_in.session_id, False, at)
    return Practising(account_id, run.id, run.public_id, signed_in, lease)


def runs(db: Database, account_id: int) -> list[PracticeRun]:
    """Every practice of one person, oldest first."""
    wanted = sa.select(PracticeRun).where(PracticeRun.account_id == account_id).order_by(PracticeRun.id)
    with db.read() as tx:
        return list(tx.scalars(wanted))


FACTS = {
    "features": True, "link": "socket", "latency_ms": 80, "offset_ms": 1200, "store": "database",
    "room_mb": 900, "worker": True, "width": 360, "battery": 80, "charging": False,
}  # fmt: skip
"""What the page of a good device reports."""
