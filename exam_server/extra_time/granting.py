"""Time for one attempt: what it would do, told before it is done; and the preset for who needs more.

One after another is no way to give it to a whole sitting (`slices` says when it is one), nor to give one
attempt more than one official may: then a second one is asked (`alone`, `beyond`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.exam import fixed, late, ledger
from exam_server.exam.ledger import Grant
from exam_server.extra_time import admission, alone, attempts, beyond, rules, singly, slices
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.refusals import AccommodatedAlready
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Attempt, LedgerEntry


@dataclass(frozen=True)
class Effect:
    """What so much time would do: the new deadline (None: not begun), late answers that would count, whether
    it runs again, until when somebody who has not begun may enter, and whether one official may give it.
    """

    seconds: int
    until: datetime | None
    late: int
    reopens: bool
    enter_until: datetime
    alone: bool = True
    spent: int = 0
    """Seconds that were given singly before."""


def effect(db: Database, attempt_id: int, seconds: int, now: datetime, preset: bool = False) -> Effect:
    """What granting would do at `now`. Raises AlreadySubmitted, ClosedByOfficial, EntryWouldClose,
    WholeSitting, WholeSittingWaits, ResultFrozen.
    """
    with db.read() as tx:
        attempt = attempts.one(tx, Attempt.id == attempt_id)
        admission.check(attempt, seconds, now)
        fixed.refuse(tx, [attempt_id])
        _refuse_slices(tx, attempt, now, preset)
        facts = attempt.facts
        until = facts.deadline_at + timedelta(seconds=seconds) if facts.deadline_at else None
        counted = late.would_count(tx, attempt_id, until) if until else 0
        spent = 0 if preset else _spent(tx, attempt_id)
    reopens = attempt.phase(now)[0] == "closed" and until is not None and now < until
    suffices = preset or seconds <= alone.left(facts.allowed_seconds, spent)
    return Effect(seconds, until, counted, reopens, rules.entry_after(facts, seconds), suffices, spent)


def grant(db: Database, attempt_id: int, wanted: Wanted, actor_id: int, now: datetime) -> str | None:
    """None when the time is theirs; else the public id of the question that now waits for a second official.

    Raises TimeNotPositive, AlreadyAsked and what `effect` raises.
    """
    with db.write() as tx:
        attempt = _held(tx, attempt_id)
        admission.check(attempt, wanted.seconds, now)
        _refuse_slices(tx, attempt, now)
        spent = _spent(tx, attempt_id)
        if wanted.seconds > alone.left(attempt.facts.allowed_seconds, spent):
            fixed.refuse(tx, [attempt_id])
            return beyond.ask(tx, attempt, wanted, spent, actor_id, now)
        given = Grant("extra", wanted.seconds, wanted.reason_code, wanted.reason, actor_id)
        ledger.enter(tx, attempt_id, given, now)
        return None


def accommodate(db: Database, attempt_id: int, reason: str, actor_id: int, now: datetime) -> None:
    """The preset is theirs, once. Raises AccommodatedAlready and what `grant` raises."""
    with db.write() as tx:
        attempt = _held(tx, attempt_id)
        if _accommodated(tx, attempt_id):
            raise AccommodatedAlready
        seconds = rules.accommodation(attempt.facts.allowed_seconds)
        admission.check(attempt, seconds, now)
        _refuse_slices(tx, attempt, now, preset=True)
        given = Grant("accommodation", seconds, "accommodation", reason, actor_id,
                      evidence={"percent": rules.ACCOMMODATION_PERCENT})  # fmt: skip
        ledger.enter(tx, attempt_id, given, now)


def _held(tx: Session, attempt_id: int) -> OneAttempt:
    """With all of its sitting, so that of two who give at once the second sees what the first one gave."""
    slices.hold(tx, attempts.one(tx, Attempt.id == attempt_id).place.sitting_id, [attempt_id])
    return attempts.one(tx, Attempt.id == attempt_id)


def _refuse_slices(tx: Session, attempt: OneAttempt, now: datetime, preset: bool = False) -> None:
    """What a preset adds before the start is foreseen, and no slice of anything."""
    if not preset or attempt.facts.started_at is not None:
        slices.refuse(tx, {attempt.place.sitting_id: {attempt.id}}, now)


def _spent(tx: Session, attempt_id: int) -> int:
    return singly.spent(tx, [attempt_id]).get(attempt_id, 0)


def _accommodated(tx: Session, attempt_id: int) -> bool:
    held = sa.select(LedgerEntry.id).where(
        LedgerEntry.attempt_id == attempt_id, LedgerEntry.kind == "accommodation"
    )
    return tx.scalar(held.limit(1)) is not None
