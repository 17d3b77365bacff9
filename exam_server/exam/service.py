"""The acts of one candidate's run: starting once, holding the lease, submitting, being closed by the clock.

All of them take `tx`: they are acts for the group commit (`autosave`). Looking up is `lookups`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, throttle
from exam_server.db import Database, announce
from exam_server.errors import SignInNeeded
from exam_server.exam import journal, pledge
from exam_server.exam.lookups import EXTRA, facts_of
from exam_server.exam.papers import ensure_paper
from exam_server.exam.refusals import (
    Closed,
    NotHeld,
    NotStarted,
    OutsideWindow,
    TakenOver,
)
from exam_server.exam.rules import LONGEST_BUFFER_AGE, deadline, status
from exam_server.models import Activity, Attempt, LedgerEntry, ServerSession, Sitting, to_micros
from exam_server.selection.rules import last_entry

JOINS, JOINS_WITHIN = 60, timedelta(minutes=1)
"""Of one attempt: no network breaks oftener, and each is an entry in a journal that others will read."""


def begin(tx: Session, attempt_id: int, now: datetime) -> None:
    """The pledge is confirmed and the time runs, both or neither. Raises OutsideWindow, PaperMissing."""
    pledge.confirm(tx, attempt_id, now)
    start(tx, attempt_id, now)


def start(tx: Session, attempt_id: int, now: datetime) -> None:
    """The clock of this attempt runs from `now`; a second start changes nothing. Raises OutsideWindow.

    Only stamps: the paper was drawn in the half hour before, or is drawn here at the latest.
    """
    ensure_paper(tx, attempt_id, now)
    # The sitting stays where it is until this start is committed: moving it in time waits, and then sees it.
    attempt, sitting = _attempt(tx, attempt_id, hold_sitting=True)
    if attempt.started_at is not None:
        return
    extra = int(tx.scalar(sa.select(EXTRA).select_from(Attempt).where(Attempt.id == attempt_id)) or 0)
    if not sitting.starts_at <= now < last_entry(sitting.ends_at, attempt.allowed_seconds + extra):
        raise OutsideWindow
    won = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.started_at.is_(None), Attempt.finalised_at.is_(None))
        .values(started_at=now, deadline_at=deadline(now, attempt.allowed_seconds, [extra]),
                last_contact_at=now, rev=Attempt.rev + 1)
        .returning(Attempt.id)
    ).one_or_none()  # fmt: skip
    if won:
        tx.add(LedgerEntry(attempt_id=attempt_id, kind="start", seconds=attempt.allowed_seconds,
                           reason_code="allowance", reason="", evidence={}, entered_at=now))  # fmt: skip
        tx.flush()
        journal.append(tx, attempt_id, "started", now, {
            "allowed_seconds": attempt.allowed_seconds, "grace_seconds": attempt.grace_seconds,
            "extra_seconds": extra,
        })  # fmt: skip
        announce(tx, "attempts", {"attempt_ids": {attempt_id}})
        audit.record(tx, now=now, act="attempt.started", object_kind="attempt", object_id=attempt_id,
                     actor_id=attempt.candidate_id)  # fmt: skip


def join(tx: Session, attempt_id: int, session_id: int, device: str, take_over: bool, now: datetime) -> int:
    """The lease under which this page may save from now on; older pages are fenced off.

    A reload in the same signed-in browser joins freely; another one has to say `take_over`.

    Raises TakenOver, TooMany.
    """
    # Of two devices that sit down at once the second waits here, and then sees that the first is seated.
    tx.execute(sa.select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    attempt, _ = _attempt(tx, attempt_id)
    holder = attempt.lease_session_id
    if holder not in (None, session_id) and not take_over and _alive(tx, holder, now):
        raise TakenOver
    throttle.take(tx, f"join:{attempt_id}", JOINS, JOINS_WITHIN, now)
    lease: int = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(lease=Attempt.lease + 1, lease_session_id=session_id, device=device[:120],
                last_contact_at=now, rev=Attempt.rev + 1)
        .returning(Attempt.lease)
    ).scalar_one()  # fmt: skip
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    announce(tx, "lease", {"attempt_id": attempt_id, "lease": lease})
    journal.append(tx, attempt_id, "joined", now, {
        "lease": lease, "session": session_id, "device": device[:120],
        "took_over": holder not in (None, session_id),
    })  # fmt: skip
    if holder not in (None, session_id):
        audit.record(tx, now=now, act="attempt.taken_over", object_kind="attempt", object_id=attempt_id,
                     actor_id=attempt.candidate_id, detail={"device": device[:120]})  # fmt: skip
    return lease


def _alive(tx: Session, session_id: int | None, now: datetime) -> bool:
    live = sa.select(ServerSession.id).where(
        ServerSession.id == session_id, ServerSession.ended_at.is_(None), ServerSession.expires_at > now
    )
    return tx.scalar(live) is not None


def contact(tx: Session, attempt_id: int, session_id: int, now: datetime) -> None:
    """A sign of life, also from the lobby where nobody holds a lease yet; it changes nothing else."""
    seated = sa.or_(Attempt.lease_session_id == session_id, Attempt.lease_session_id.is_(None))
    tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.finalised_at.is_(None), seated)
        .values(last_contact_at=now, rev=Attempt.rev + 1)
    )
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})


def submit(tx: Session, attempt_id: int, session_id: int, lease: int, now: datetime) -> None:
    """Closed by its candidate, at the deadline at the latest; a repetition changes nothing.

    Raises SignInNeeded, NotStarted, TakenOver, or Closed when the clock was first.
    """
    if not _alive(tx, session_id, now):
        raise SignInNeeded
    attempt, _ = _attempt(tx, attempt_id)
    if attempt.deadline_at is None:
        raise NotStarted
    mine = sa.and_(Attempt.lease == lease, Attempt.lease_session_id == session_id, sa.not_(_is_over(now)))
    won = _finalise(tx, attempt_id, min(now, attempt.deadline_at), "submitted", mine)
    attempt, sitting = _attempt(tx, attempt_id)
    if won or attempt.how == "submitted":
        return
    raise Closed if status(facts_of(attempt, sitting), now)[0] == "closed" else TakenOver


DUE_MARGIN = int(LONGEST_BUFFER_AGE.total_seconds() * 1_000_000)


def due(db: Database, now: datetime) -> list[int]:
    """Attempts whose deadline, grace and longest buffer age have passed and which nobody closed yet."""
    with db.read() as tx:
        return list(
            tx.scalars(sa.select(Attempt.id).where(Attempt.finalised_at.is_(None), _is_over(now, DUE_MARGIN)))
        )


def close_by_clock(tx: Session, attempt_id: int, now: datetime) -> None:
    """Closed as of its deadline, if that is due at `now`; a repetition or an extension changes nothing."""
    # Never waits: sweepers of all workers meet at the same rows, and the next sweep comes in a second.
    free = sa.select(Attempt.id).where(Attempt.id == attempt_id).with_for_update(skip_locked=True)
    if tx.scalar(free) is None:
        return
    attempt, _ = _attempt(tx, attempt_id)
    if attempt.deadline_at is not None:
        unmoved = sa.and_(Attempt.deadline_at == attempt.deadline_at, _is_over(now, DUE_MARGIN))
        _finalise(tx, attempt_id, attempt.deadline_at, "clock", unmoved)


def close_by_official(
    tx: Session, attempt_id: int, actor_id: int, reason: str, now: datetime
) -> None:  # fmt: skip
    """Closed at once, at the deadline at the latest, and for good; answers that are saved count.

    Raises NotStarted, or Closed when the candidate, the clock or another official was first.
    """
    tx.execute(sa.select(Attempt.id).where(Attempt.id == attempt_id).with_for_update())
    attempt, _ = _attempt(tx, attempt_id)
    if attempt.deadline_at is None:
        raise NotStarted
    running = sa.not_(_is_over(now))
    if not _finalise(tx, attempt_id, min(now, attempt.deadline_at), "official", running, actor_id, reason):
        raise Closed


def release(tx: Session, attempt_id: int, actor_id: int, reason: str, now: datetime) -> None:
    """No device holds the attempt any more: its page freezes, and any browser of the candidate may sit down.

    Raises NotStarted, NotHeld, or Closed when it has ended.
    """
    attempt, sitting = _attempt(tx, attempt_id)
    if attempt.started_at is None:
        raise NotStarted
    if status(facts_of(attempt, sitting), now)[0] not in ("running", "grace"):
        raise Closed
    lease = tx.scalar(
        sa.update(Attempt)
        .where(
            Attempt.id == attempt_id, Attempt.finalised_at.is_(None), Attempt.lease_session_id.is_not(None)
        )
        .values(lease=Attempt.lease + 1, lease_session_id=None, rev=Attempt.rev + 1)
        .returning(Attempt.lease)
    )  # fmt: skip
    if lease is None:
        raise NotHeld
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    announce(tx, "lease", {"attempt_id": attempt_id, "lease": lease, "released": True})
    journal.append(tx, attempt_id, "released", now, {"lease": lease, "author": actor_id})
    audit.record(tx, now=now, act="attempt.released", object_kind="attempt", object_id=attempt_id,
                 actor_id=actor_id, office_id=_office(tx, attempt), detail={"reason": reason})  # fmt: skip


def _office(tx: Session, attempt: Any) -> int | None:
    return tx.scalar(sa.select(Activity.office_id).where(Activity.id == attempt.activity_id))


def _is_over(now: datetime, margin: int = 0) -> sa.ColumnElement[bool]:
    """Deadline + grace (+ margin, in microseconds) have passed."""
    wall = sa.type_coerce(Attempt.deadline_at, sa.BigInteger) + Attempt.grace_seconds * 1_000_000 + margin
    return sa.and_(Attempt.started_at.is_not(None), wall <= to_micros(now))


def _finalise(
    tx: Session, attempt_id: int, at: datetime, how: str, also: sa.ColumnElement[bool],
    official_id: int | None = None, reason: str = "",
) -> bool:  # fmt: skip
    """One statement decides who closes; true when it was this one."""
    won = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.finalised_at.is_(None), also)
        .values(finalised_at=at, how=how, rev=Attempt.rev + 1)
        .returning(Attempt.candidate_id, Attempt.activity_id)
    ).one_or_none()
    if won is None:
        return False
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    announce(tx, "closed", {"attempt_id": attempt_id, "how": how})
    journal.append(tx, attempt_id, "closed", at, {"how": how})
    audit.record(tx, now=at, act="attempt.closed", object_kind="attempt", object_id=attempt_id,
                 actor_id=won.candidate_id if how == "submitted" else official_id,
                 office_id=_office(tx, won) if how == "official" else None,
                 detail={"how": how} | ({"reason": reason} if reason else {}))  # fmt: skip
    return True


def _attempt(tx: Session, attempt_id: int, hold_sitting: bool = False) -> tuple[Attempt, Sitting]:
    wanted = (
        sa.select(Attempt, Sitting)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.id == attempt_id)
        .execution_options(populate_existing=True)
    )
    row = tx.execute(wanted.with_for_update(read=True, of=Sitting) if hold_sitting else wanted).one()
    return row[0], row[1]
