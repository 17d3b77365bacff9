"""After closing: score and receipt, once for each state of the journal, apart from the closing itself.

Closing never waits for a key or for a signature; an attempt that cannot be settled is logged and tried again,
and the others go on. The first round after a start looks at everything that was left.
"""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.clock import Clock
from exam_server.db import Announcement, Database, announce
from exam_server.exam import journal, receipts
from exam_server.exam.autosave import GroupCommit, Hasty
from exam_server.exam.papers import read_paper
from exam_server.models import Activity, Attempt, JournalEntry, Paper, Response, Score
from exam_server.rounds import Rounds
from question_bank.scoring import score

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""

LOOK_ROUND = 60
"""Every so many rounds all attempts are looked at, whatever was announced."""


class Settler(Rounds):
    """Settles what this worker heard of; several workers may settle at once, one statement decides."""

    def __init__(self, db: Database, clock: Clock, autosave: GroupCommit, secret: str) -> None:
        super().__init__("settler", EVERY, self.round)
        self._db, self._clock, self._autosave, self._secret = db, clock, autosave, secret
        self._heard: deque[int] = deque()
        self._rounds = 0
        db.subscribe("closed", self._hear)
        db.subscribe("unsettled", self._hear)

    def _hear(self, row: Announcement) -> None:
        self._heard.append(row["attempt_id"])

    def round(self) -> int:
        """Settle what is due now; how many were."""
        attempts = [self._heard.popleft() for _ in range(len(self._heard))]
        if self._rounds % LOOK_ROUND == 0:
            attempts = unsettled(self._db)
        self._rounds += 1
        return sum(self._each(attempt_id) for attempt_id in attempts)

    def _each(self, attempt_id: int) -> bool:
        act = Hasty(settle, attempt_id=attempt_id, secret=self._secret, now=self._clock.now())
        try:
            return bool(self._autosave.run(act))
        except Exception:
            log.exception("attempt %d could not be settled; the others go on", attempt_id)
            return False


def unsettled(db: Database) -> list[int]:
    """Closed attempts whose journal has grown since they were last scored, or that never were."""
    newest = (
        sa.select(sa.func.max(JournalEntry.number))
        .where(JournalEntry.attempt_id == Attempt.id)
        .correlate(Attempt)
        .scalar_subquery()
    )
    scored = sa.exists().where(Score.attempt_id == Attempt.id, Score.number == newest)
    with db.read() as tx:
        return list(tx.scalars(sa.select(Attempt.id).where(Attempt.finalised_at.is_not(None), ~scored)))


def settle(tx: Session, attempt_id: int, secret: str, now: datetime) -> bool:
    """Score and receipt of a closed attempt as its journal stands; false when there is nothing to do."""
    attempt = tx.scalars(
        sa.select(Attempt).where(Attempt.id == attempt_id).with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()  # fmt: skip
    if attempt is None:  # another transaction holds it just now: the next round tries again
        announce(tx, "unsettled", {"attempt_id": attempt_id})
        return False
    if attempt.finalised_at is None:
        return False
    # a key is corrected under a lock of the whole activity: either it comes first, or it sees this score
    tx.execute(sa.select(Activity.id).where(Activity.id == attempt.activity_id).with_for_update(read=True))
    number, seal = journal.head(tx, attempt_id)
    done = tx.scalar(sa.select(Score.number).where(Score.attempt_id == attempt_id, Score.number == number))
    if done is not None:
        return False
    paper = tx.get_one(Paper, attempt_id)
    answers = list(tx.scalars(
        sa.select(Response).where(Response.attempt_id == attempt_id).order_by(Response.position)
    ))  # fmt: skip
    tx.add(mark(tx, attempt_id, number, paper, answers, now))
    tx.add(receipts.issue(attempt, paper, answers, number, seal, secret, now))
    tx.flush()
    return True


def mark(
    tx: Session, attempt_id: int, number: int, paper: Paper, answers: list[Response], now: datetime
) -> Score:
    """The score of these responses by the newest key of each revision."""
    drawn = read_paper(paper.content)
    versions = bank_keys.newest(tx, [one.id for one in drawn])
    chosen = {one.position - 1: None if one.option is None else one.option - 1 for one in answers}
    found = score(drawn, chosen, bank_keys.keys(tx, versions))
    named: list[Any] = [[one.id, versions[one.id]] for one in drawn]
    return Score(
        attempt_id=attempt_id, number=number, keys=named,
        keys_sha256=hashlib.sha256(journal.canonical(named).encode()).hexdigest(),
        correct=found.correct, wrong=found.wrong, blank=found.blank, out_of=found.out_of, scored_at=now,
    )  # fmt: skip
