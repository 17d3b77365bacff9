"""Letters on their way: claimed by one statement, so no two workers send one letter at the same time.

A claim is a loan. Whoever claims and dies gives the letter back by not coming back in time, so a letter may
arrive twice (under the same Message-ID) and is never lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Mail
from exam_server.outbox import rules

NEWEST = 300
"""Letters on the page of the outbox."""


@dataclass(frozen=True)
class Claimed:
    """A letter that this worker alone may send until its loan ends; `tries` counts this one."""

    id: int
    public_id: str
    recipient: str
    subject: str
    body: str
    tries: int


@dataclass(frozen=True)
class Kept:
    """A letter as the outbox shows it; the body of a letter that was sent is empty."""

    public_id: str
    recipient: str
    subject: str
    body: str
    written_at: datetime
    next_at: datetime
    sent_at: datetime | None
    given_up_at: datetime | None
    tries: int
    problem: str | None

    @property
    def state(self) -> str:
        """A name from the table of states."""
        if self.sent_at:
            return "sent"
        return "given_up" if self.given_up_at else "on_its_way"


_ON_ITS_WAY = (Mail.sent_at.is_(None), Mail.given_up_at.is_(None))


def claim(db: Database, most: int, now: datetime, loan: timedelta) -> list[Claimed]:
    """At most `most` letters that are due, oldest first; nobody else is given them while the loan lasts."""
    due = sa.select(Mail.id).where(*_ON_ITS_WAY, Mail.next_at <= now).order_by(Mail.next_at, Mail.id)
    with db.look() as connection:  # an idle worker takes no writer's turn
        if connection.execute(due.limit(1)).first() is None:
            return []
    # SQLite has one writer and skips nothing; there the clause falls away
    chosen = due.limit(most).with_for_update(skip_locked=True).cte("due")
    claimed = (
        sa.update(Mail)
        .where(Mail.id.in_(sa.select(chosen.c.id)))
        .values(next_at=now + loan, tries=Mail.tries + 1)
        .returning(Mail.id, Mail.public_id, Mail.recipient, Mail.subject, Mail.body, Mail.tries)
    )
    with db.write() as tx:
        rows = tx.connection().execute(claimed).all()
    return [Claimed(*row) for row in sorted(rows, key=lambda row: int(row.id))]


def sent(db: Database, letter: Claimed, now: datetime) -> None:
    """The mail server took it; its body goes, because links in it open doors."""
    with db.write() as tx:
        _settle(tx, sa.update(Mail).where(Mail.id == letter.id, *_ON_ITS_WAY), sent_at=now, body="",
                problem=None)  # fmt: skip


def give_up(db: Database, letter: Claimed, problem: str, now: datetime) -> None:
    """It will never leave; `problem` says why, without personal data."""
    with db.write() as tx:
        _settle(tx, _still_claimed(letter), given_up_at=now, problem=problem)


def put_off(db: Database, letters: Sequence[Claimed], problem: str, now: datetime) -> None:
    """Each is due again after its pause; whose tries are used up is given up."""
    with db.write() as tx:
        for letter in letters:
            over = {"given_up_at": now} if rules.hopeless(letter.tries) else {}
            _settle(tx, _still_claimed(letter), next_at=now + rules.pause(letter.tries), problem=problem,
                    **over)  # fmt: skip


def hand_back(db: Database, letters: Sequence[Claimed], now: datetime) -> None:
    """They were not tried: due at once, for any worker."""
    with db.write() as tx:
        for letter in letters:
            _settle(tx, _still_claimed(letter), next_at=now, tries=letter.tries - 1)


def _still_claimed(letter: Claimed) -> sa.Update:
    """Nothing happens when the loan ran out and somebody else has claimed the letter since."""
    return sa.update(Mail).where(Mail.id == letter.id, Mail.tries == letter.tries, *_ON_ITS_WAY)


def _settle(tx: Session, which: sa.Update, **values: Any) -> None:
    tx.connection().execute(which.values(values))


def newest(db: Database) -> list[Kept]:
    """The newest letters, newest first."""
    with db.read() as tx:
        rows = tx.execute(_kept().order_by(Mail.id.desc()).limit(NEWEST))
        return [Kept(*row) for row in rows]


def one(db: Database, public_id: str) -> Kept:
    """One letter; raises NotFound."""
    with db.read() as tx:
        row = tx.execute(_kept().where(Mail.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return Kept(*row)


def _kept() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(Mail.public_id, Mail.recipient, Mail.subject, Mail.body, Mail.written_at, Mail.next_at,
                     Mail.sent_at, Mail.given_up_at, Mail.tries, Mail.problem)  # fmt: skip
