"""The deadline ledger: whoever adds time adds an entry, and that transaction rewrites the deadline.

Time may be added before the start, while it runs, and after the clock closed: then the attempt opens again
and what came too late counts when it lies before the new deadline. What was handed in stays handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.clock import to_ms
from exam_server.db import announce
from exam_server.exam import fixed, journal, late
from exam_server.exam.lookups import MAY_GET_TIME, ledgers
from exam_server.exam.refusals import AlreadySubmitted, ClosedByOfficial, TimeNotPositive
from exam_server.exam.rules import deadline
from exam_server.models import Activity, Attempt, LedgerEntry

LONGEST = 8 * 3600
"""Seconds that a hand may add at most in one entry: more is a slip. An outage was measured, not typed."""


@dataclass(frozen=True)
class Grant:
    """Time for one attempt: what kind, how many seconds, why, by whom, and what shows it."""

    kind: str
    seconds: int
    reason_code: str
    reason: str
    author_id: int
    outage_id: int | None = None
    evidence: dict[str, Any] = default(default_factory=dict)


def enter(tx: Session, attempt_id: int, grant: Grant, now: datetime) -> None:
    """The entry stands, the deadline is its sum, and candidate, board and trail hear of it.

    Raises TimeNotPositive, AlreadySubmitted, ClosedByOfficial, ResultFrozen.
    """
    enter_all(tx, {attempt_id: grant}, now)


def enter_all(tx: Session, grants: Mapping[int, Grant], now: datetime) -> None:
    """The same for many attempts, all or none, in a number of statements that hardly grows with them.

    Raises as `enter` does.
    """
    if any(_too_much(grant) for grant in grants.values()):
        raise TimeNotPositive
    # The rows are held first: a closing or a submission is either seen here or waits.
    attempts = tx.scalars(
        sa.select(Attempt).where(Attempt.id.in_(grants)).order_by(Attempt.id).with_for_update()
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    for attempt in attempts:
        _refuse_closed(attempt)
    fixed.refuse(tx, grants)
    tx.execute(sa.insert(LedgerEntry), [_entry(one, grant, now) for one, grant in sorted(grants.items())])
    untils = _rewrite(tx, attempts)
    journal.append_all(tx, list(_events(attempts, grants, untils, now)))
    for attempt_id in late.kept_for(tx, [one for one, until in untils.items() if until is not None]):
        late.count(tx, attempt_id, now)
    _tell(tx, attempts, grants, untils, now)


def _too_much(grant: Grant) -> bool:
    return grant.seconds <= 0 or (grant.outage_id is None and grant.seconds > LONGEST)


def _refuse_closed(attempt: Attempt) -> None:
    if attempt.how == "submitted":
        raise AlreadySubmitted
    if attempt.how == "official":
        raise ClosedByOfficial


def _entry(attempt_id: int, grant: Grant, now: datetime) -> dict[str, Any]:
    return {
        "attempt_id": attempt_id, "kind": grant.kind, "seconds": grant.seconds,
        "reason_code": grant.reason_code, "reason": grant.reason, "evidence": grant.evidence,
        "outage_id": grant.outage_id, "author_id": grant.author_id, "entered_at": now,
    }  # fmt: skip


_UPDATE = (
    sa.update(Attempt.__table__)  # type: ignore[arg-type]
    .where(Attempt.__table__.c.id == sa.bindparam("attempt"), MAY_GET_TIME)
    .values(deadline_at=sa.bindparam("until"), finalised_at=None, how=None, rev=Attempt.__table__.c.rev + 1)
)  # fmt: skip


def _rewrite(tx: Session, attempts: Sequence[Attempt]) -> dict[int, datetime | None]:
    """The new deadlines, None before the start; attempts that the clock had closed run again."""
    sums = seconds_of(tx, [attempt.id for attempt in attempts])
    untils = {
        attempt.id: deadline(attempt.started_at, 0, [sums[attempt.id]]) if attempt.started_at else None
        for attempt in attempts
    }
    tx.connection().execute(_UPDATE, [{"attempt": one, "until": until} for one, until in untils.items()])
    return untils


def seconds_of(tx: Session, attempt_ids: Sequence[int]) -> dict[int, int]:
    """The sum of every entry, of each attempt that has any."""
    sums = (
        sa.select(LedgerEntry.attempt_id, sa.func.sum(LedgerEntry.seconds))
        .where(LedgerEntry.attempt_id.in_(attempt_ids)).group_by(LedgerEntry.attempt_id)
    )  # fmt: skip
    return {attempt_id: int(seconds) for attempt_id, seconds in tx.execute(sums)}


def _events(
    attempts: Iterable[Attempt], grants: Mapping[int, Grant], untils: Mapping[int, datetime | None],
    now: datetime,
) -> Iterator[journal.Event]:  # fmt: skip
    for attempt in attempts:
        grant, until = grants[attempt.id], to_ms(untils[attempt.id])
        yield journal.Event(attempt.id, "ledger", now, {
            "kind": grant.kind, "seconds": grant.seconds, "reason_code": grant.reason_code,
            "author": grant.author_id, "deadline_at": until,
        })  # fmt: skip
        if attempt.how == "clock":
            yield journal.Event(attempt.id, "reopened", now, {"deadline_at": until})


def _tell(
    tx: Session, attempts: Sequence[Attempt], grants: Mapping[int, Grant],
    untils: Mapping[int, datetime | None], now: datetime,
) -> None:  # fmt: skip
    known, offices = ledgers(tx, list(grants)), _offices(tx, {attempt.activity_id for attempt in attempts})
    announce(tx, "attempts", {"attempt_ids": set(grants)})
    for attempt in attempts:
        entries, grant = known[attempt.id], grants[attempt.id]
        announce(tx, "time", {
            "attempt_id": attempt.id, "deadline_at": to_ms(untils[attempt.id]),
            "allowed_seconds": attempt.allowed_seconds,
            "extra_seconds": sum(entry.seconds for entry in entries if entry.kind != "start"),
            "ledger": told(entries),
        })  # fmt: skip
        audit.record(
            tx, now=now, act="attempt.time_granted", object_kind="attempt", object_id=attempt.id,
            actor_id=grant.author_id, office_id=offices[attempt.activity_id],
            detail={"kind": grant.kind, "seconds": grant.seconds, "reason_code": grant.reason_code,
                    "reason": grant.reason, "reopened": attempt.how == "clock"},
        )  # fmt: skip


def _offices(tx: Session, activity_ids: Iterable[int]) -> dict[int, int]:
    rows = tx.execute(sa.select(Activity.id, Activity.office_id).where(Activity.id.in_(activity_ids)))
    return {row.id: row.office_id for row in rows}


def told(entries: Any) -> list[dict[str, Any]]:
    """The ledger as a page gets it."""
    return [{"kind": entry.kind, "seconds": entry.seconds, "reason": entry.reason, "author": entry.author}
            for entry in entries]  # fmt: skip
