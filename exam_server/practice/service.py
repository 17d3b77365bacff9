"""Practice runs: one open at a time, under lease and deadline like the exam, apart from it and never scored.

The state of a run is derived by the exam's own rule from its instants. A run that nobody handed in is stamped
when the next one begins; until then, and after, it is closed because its deadline and grace have passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import throttle
from exam_server.accounts import service as accounts
from exam_server.db import Database, announce
from exam_server.errors import SignInNeeded
from exam_server.exam.rules import Facts, Phase, status
from exam_server.models import Attempt, PracticeResponse, PracticeRun, ServerSession
from exam_server.practice.refusals import ExamRuns, NoPractice, PracticeClosed, PracticeTakenOver

LASTS = timedelta(minutes=10)
GRACE = timedelta(seconds=10)
MOST_STARTS, WINDOW = 60, timedelta(hours=1)
"""More than a person who practises, fewer than a program that fills a disk."""


@dataclass(frozen=True)
class OwnRun:
    """The newest run of one person."""

    id: int
    public_id: str
    facts: Facts
    lease: int
    lease_session_id: int | None

    def phase(self, now: datetime) -> tuple[Phase, datetime | None]:
        return status(self.facts, now)


def start(db: Database, account_id: int, now: datetime) -> None:
    """A practice runs from `now`, or the one that runs already goes on; raises TooMany, ExamRuns."""
    with db.write() as tx:
        throttle.take(tx, f"practice:{account_id}", MOST_STARTS, WINDOW, now)
    with db.write() as tx:
        accounts.hold_account(tx, account_id)  # a double press: the second waits here and finds the first
        if _exam_runs(tx, account_id, now):
            raise ExamRuns
        tx.execute(
            sa.update(PracticeRun)
            .where(PracticeRun.account_id == account_id, PracticeRun.finalised_at.is_(None),
                   PracticeRun.deadline_at <= now - GRACE)
            .values(finalised_at=PracticeRun.deadline_at)
        )  # fmt: skip
        opened = sa.select(PracticeRun.id).where(
            PracticeRun.account_id == account_id, PracticeRun.finalised_at.is_(None)
        )
        if tx.scalar(opened) is None:
            tx.add(PracticeRun(account_id=account_id, started_at=now, deadline_at=now + LASTS))


def _exam_runs(tx: Session, account_id: int, now: datetime) -> bool:
    running = sa.select(Attempt.id).where(
        Attempt.candidate_id == account_id, Attempt.started_at.is_not(None),
        Attempt.finalised_at.is_(None), Attempt.deadline_at > now,
    )  # fmt: skip
    return tx.scalar(running) is not None


def own_run(db: Database, account_id: int) -> OwnRun:
    """The newest practice of this person; raises NoPractice."""
    newest = (
        sa.select(PracticeRun).where(PracticeRun.account_id == account_id).order_by(PracticeRun.id.desc())
    )
    with db.read() as tx:
        run = tx.scalars(newest.limit(1)).one_or_none()
        if run is None:
            raise NoPractice
        return OwnRun(run.id, run.public_id, _facts(run), run.lease, run.lease_session_id)


def responses(db: Database, run_id: int) -> list[dict[str, Any]]:
    """What is stored, per position: {position, seq, option, flagged}."""
    one = PracticeResponse
    wanted = sa.select(one.position, one.seq, one.option, one.flagged).where(one.run_id == run_id)
    with db.read() as tx:
        return [dict(row._mapping) for row in tx.execute(wanted.order_by(one.position))]


def join(tx: Session, run_id: int, session_id: int, take_over: bool, now: datetime) -> int:
    """The lease under which this page may save from now on; raises PracticeTakenOver.

    Another signed-in browser that holds the run gives way only to who says `take_over`.
    """
    alive = sa.exists().where(
        ServerSession.id == PracticeRun.lease_session_id, ServerSession.ended_at.is_(None),
        ServerSession.expires_at > now,
    )  # fmt: skip
    free = sa.or_(PracticeRun.lease_session_id.is_(None), PracticeRun.lease_session_id == session_id, ~alive)
    lease: int | None = tx.execute(
        sa.update(PracticeRun)
        .where(PracticeRun.id == run_id, sa.true() if take_over else free)
        .values(lease=PracticeRun.lease + 1, lease_session_id=session_id)
        .returning(PracticeRun.lease)
    ).scalar_one_or_none()
    if lease is None:
        raise PracticeTakenOver
    announce(tx, "practice_lease", {"run_id": run_id, "lease": lease})
    return lease


def submit(tx: Session, run_id: int, session_id: int, lease: int, now: datetime) -> None:
    """Handed in by its candidate, at the deadline at the latest; a repetition changes nothing.

    Raises SignInNeeded, PracticeTakenOver, or PracticeClosed when the clock was first.
    """
    run = tx.scalars(sa.select(PracticeRun).where(PracticeRun.id == run_id).with_for_update()).one()
    live = sa.exists().where(
        ServerSession.id == session_id, ServerSession.account_id == run.account_id,
        ServerSession.ended_at.is_(None), ServerSession.expires_at > now,
    )  # fmt: skip
    won = tx.execute(
        sa.update(PracticeRun)
        .where(PracticeRun.id == run_id, PracticeRun.finalised_at.is_(None),
               PracticeRun.deadline_at > now - GRACE, PracticeRun.lease == lease,
               PracticeRun.lease_session_id == session_id, live)
        .values(finalised_at=min(now, run.deadline_at))
        .returning(PracticeRun.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()  # fmt: skip
    if won is not None:
        return announce(tx, "practice_closed", {"run_id": run_id})
    if not tx.scalar(sa.select(live)):
        raise SignInNeeded
    phase, _ = status(_facts(run), now)
    if phase != "submitted":
        raise PracticeClosed if phase == "closed" else PracticeTakenOver


def _facts(run: PracticeRun) -> Facts:
    """A practice as the exam's rule of phases reads it; who handed in did so before the deadline."""
    early = run.finalised_at is not None and run.finalised_at < run.deadline_at
    return Facts(
        starts_at=run.started_at, ends_at=run.deadline_at, allowed_seconds=int(LASTS.total_seconds()),
        grace_seconds=int(GRACE.total_seconds()), started_at=run.started_at, deadline_at=run.deadline_at,
        finalised_at=run.finalised_at, how=("submitted" if early else "clock") if run.finalised_at else None,
    )  # fmt: skip
