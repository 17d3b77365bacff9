"""One candidate's run: entering, starting once, holding the lease, submitting, being closed by the clock.

Functions that take `tx` are acts for the group commit (`autosave`); the others look something up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database, announce
from exam_server.errors import SignInNeeded
from exam_server.exam.papers import ensure_paper, read_paper
from exam_server.exam.refusals import Closed, NoAttempt, NotStarted, OutsideWindow, TakenOver
from exam_server.exam.rules import (
    LONGEST_BUFFER_AGE,
    Facts,
    Phase,
    deadline,
    status,
)
from exam_server.models import (
    Activity,
    Attempt,
    ExtraTime,
    Office,
    Paper,
    Response,
    ServerSession,
    Sitting,
    to_micros,
)
from exam_server.selection.rules import last_entry
from question_bank.blueprint import Drawn


@dataclass(frozen=True)
class OwnAttempt:
    """Everything the server itself needs to know of a candidate's attempt."""

    id: int
    public_id: str
    candidate_id: int
    activity_id: int
    facts: Facts
    extra_seconds: int
    lease: int
    lease_session_id: int | None
    sitting_label: str
    place: str
    office: str
    zone: ZoneInfo
    paper: tuple[Drawn, ...] | None
    paper_sha256: str

    @property
    def options(self) -> tuple[int, ...]:
        """How many options each position of the paper has."""
        return tuple(len(one.order) for one in self.paper or ())

    def phase(self, now: datetime) -> tuple[Phase, datetime | None]:
        return status(self.facts, now)


EXTRA = (
    sa.select(sa.func.coalesce(sa.func.sum(ExtraTime.seconds), 0))
    .where(sa.or_(ExtraTime.attempt_id == Attempt.id, ExtraTime.sitting_id == Attempt.sitting_id))
    .correlate(Attempt)
    .scalar_subquery()
)


# Put together once: the stampede at the start of a sitting asks these, once per candidate.
_OWN_ATTEMPT = (
    sa.select(
        Attempt.id, Attempt.public_id, Attempt.candidate_id, Attempt.activity_id, Attempt.lease,
        Attempt.lease_session_id, Attempt.allowed_seconds, Attempt.grace_seconds, Attempt.started_at,
        Attempt.deadline_at, Attempt.finalised_at, Attempt.how, Sitting.starts_at, Sitting.ends_at,
        Sitting.label, Sitting.place, Office.name.label("office"), Office.zone, Paper.content, Paper.sha256,
        EXTRA.label("extra"),
    )
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .join(Activity, Activity.id == Attempt.activity_id)
    .join(Office, Office.id == Activity.office_id)
    .outerjoin(Paper, Paper.attempt_id == Attempt.id)
    .where(Attempt.candidate_id == sa.bindparam("candidate_id"))
    .order_by(Sitting.starts_at.desc())
    .limit(1)
)  # fmt: skip
_RESPONSES = (
    sa.select(Response.position, Response.seq, Response.option, Response.flagged)
    .where(Response.attempt_id == sa.bindparam("attempt_id"))
    .order_by(Response.position)
)


def own_attempt(db: Database, candidate_id: int) -> OwnAttempt:
    """The candidate's newest attempt; raises NoAttempt."""
    with db.look() as connection:
        return _own_attempt(connection, candidate_id)


def own_answers(db: Database, candidate_id: int) -> tuple[OwnAttempt, list[dict[str, Any]]]:
    """The candidate's newest attempt and what is durable of it, in one look; raises NoAttempt."""
    with db.look() as connection:
        own = _own_attempt(connection, candidate_id)
        return own, _responses(connection, own.id)


def responses(db: Database, attempt_id: int) -> list[dict[str, Any]]:
    """What is durable, per position: {position, seq, option, flagged}."""
    with db.look() as connection:
        return _responses(connection, attempt_id)


def _own_attempt(connection: sa.Connection, candidate_id: int) -> OwnAttempt:
    row = connection.execute(_OWN_ATTEMPT, {"candidate_id": candidate_id}).one_or_none()
    if row is None:
        raise NoAttempt
    return OwnAttempt(
        id=row.id, public_id=row.public_id, candidate_id=row.candidate_id, activity_id=row.activity_id,
        facts=facts_of(row, row), extra_seconds=int(row.extra), lease=row.lease,
        lease_session_id=row.lease_session_id, sitting_label=row.label, place=row.place, office=row.office,
        zone=ZoneInfo(row.zone), paper=tuple(read_paper(row.content)) if row.content else None,
        paper_sha256=row.sha256 or "",
    )  # fmt: skip


def _responses(connection: sa.Connection, attempt_id: int) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(_RESPONSES, {"attempt_id": attempt_id})]


def facts_of(attempt: Any, sitting: Any) -> Facts:
    """The facts of rows (or of one row) that have these columns."""
    return Facts(
        starts_at=sitting.starts_at, ends_at=sitting.ends_at, allowed_seconds=attempt.allowed_seconds,
        grace_seconds=attempt.grace_seconds, started_at=attempt.started_at, deadline_at=attempt.deadline_at,
        finalised_at=attempt.finalised_at, how=attempt.how,
    )  # fmt: skip


def start(tx: Session, attempt_id: int, now: datetime) -> None:
    """The clock of this attempt runs from `now`; a second start changes nothing. Raises OutsideWindow.

    Only stamps: the paper was drawn in the half hour before, or is drawn here at the latest.
    """
    ensure_paper(tx, attempt_id, now)
    # The sitting stays where it is until this start is committed: moving it in time waits, and then sees it.
    attempt, sitting = _attempt(tx, attempt_id, hold_sitting=True)
    if attempt.started_at is not None:
        return
    if not sitting.starts_at <= now < last_entry(sitting.ends_at, attempt.allowed_seconds):
        raise OutsideWindow
    extra = tx.scalar(sa.select(EXTRA).select_from(Attempt).where(Attempt.id == attempt_id)) or 0
    won = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.started_at.is_(None), Attempt.finalised_at.is_(None))
        .values(started_at=now, deadline_at=deadline(now, attempt.allowed_seconds, [int(extra)]),
                last_contact_at=now, rev=Attempt.rev + 1)
        .returning(Attempt.id)
    ).one_or_none()  # fmt: skip
    if won:
        announce(tx, "attempts", {"attempt_ids": {attempt_id}})
        audit.record(tx, now=now, act="attempt.started", object_kind="attempt", object_id=attempt_id,
                     actor_id=attempt.candidate_id)  # fmt: skip


def join(tx: Session, attempt_id: int, session_id: int, device: str, take_over: bool, now: datetime) -> int:
    """The lease under which this page may save from now on; older pages are fenced off.

    A reload in the same signed-in browser joins freely; another one has to say `take_over`. Raises TakenOver.
    """
    attempt, _ = _attempt(tx, attempt_id)
    holder = attempt.lease_session_id
    if holder not in (None, session_id) and not take_over and _alive(tx, holder, now):
        raise TakenOver
    lease: int = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(lease=Attempt.lease + 1, lease_session_id=session_id, device=device[:120],
                last_contact_at=now, rev=Attempt.rev + 1)
        .returning(Attempt.lease)
    ).scalar_one()  # fmt: skip
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    announce(tx, "lease", {"attempt_id": attempt_id, "lease": lease})
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


def _is_over(now: datetime, margin: int = 0) -> sa.ColumnElement[bool]:
    """Deadline + grace (+ margin, in microseconds) have passed."""
    wall = sa.type_coerce(Attempt.deadline_at, sa.BigInteger) + Attempt.grace_seconds * 1_000_000 + margin
    return sa.and_(Attempt.started_at.is_not(None), wall <= to_micros(now))


def _finalise(tx: Session, attempt_id: int, at: datetime, how: str, also: sa.ColumnElement[bool]) -> bool:
    """One statement decides who closes; true when it was this one."""
    won = tx.execute(
        sa.update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.finalised_at.is_(None), also)
        .values(finalised_at=at, how=how, rev=Attempt.rev + 1)
        .returning(Attempt.candidate_id)
    ).one_or_none()
    if won is None:
        return False
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    announce(tx, "closed", {"attempt_id": attempt_id, "how": how})
    audit.record(tx, now=at, act="attempt.closed", object_kind="attempt", object_id=attempt_id,
                 actor_id=won.candidate_id if how == "submitted" else None, detail={"how": how})  # fmt: skip
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
