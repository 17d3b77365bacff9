"""Page events and the policy that allows them: nothing follows from them by itself, ever.

No row of the policy means off. Whoever had begun before it was switched on is not watched: their waiting room
did not say so (`exam.lookups.WATCHED`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, throttle
from exam_server.attention.refusals import NotWatched
from exam_server.db import Database, announce
from exam_server.errors import NotFound
from exam_server.exam.lookups import WATCHED
from exam_server.models import Account, Activity, Attempt, Office, PageEvent, WatchPolicy

KINDS = ("left", "back")
MOST, WITHIN = 60, timedelta(minutes=10)
"""Events of one attempt: who changes the page oftener is known to do so by then."""


@dataclass(frozen=True)
class Policy:
    """One activity and what its pages may tell; `changed_at` and `changed_by` are empty before the first."""

    activity_id: int
    public_id: str
    activity: str
    office_id: int
    office: str
    zone: str
    page_events: bool
    changed_at: datetime | None
    changed_by: str


def policy(db: Database, public_id: str) -> Policy:
    """What that selection activity lets pages tell; raises NotFound."""
    with db.read() as tx:
        return _policy(tx, Activity.public_id == public_id)


def switch(db: Database, activity_id: int, on: bool, actor_id: int, now: datetime) -> bool:
    """The policy is as wanted; true when that was a change, which the trail keeps. Raises NotFound.

    Pages that have not begun hear of it, so that their waiting room says so; when it ends, running ones too.
    """
    with db.write() as tx:
        tx.execute(sa.select(Activity.id).where(Activity.id == activity_id).with_for_update())
        before = _policy(tx, Activity.id == activity_id)
        if before.page_events is on:
            return False
        tx.merge(WatchPolicy(activity_id=activity_id, page_events=on, changed_at=now, changed_by=actor_id))
        for attempt_id in _concerned(tx, activity_id, on):
            announce(tx, "attention", {"attempt_id": attempt_id, "on": on})
        audit.record(tx, now=now, act="attention.on" if on else "attention.off", object_kind="activity",
                     object_id=activity_id, actor_id=actor_id, office_id=before.office_id)  # fmt: skip
        return True


def keep(tx: Session, attempt_id: int, kind: str, now: datetime) -> bool:
    """True when the event was kept: it was news of a running attempt. Raises NotWatched, TooMany."""
    held = tx.execute(
        sa.select(WATCHED.label("watched"), Attempt.started_at, Attempt.finalised_at)
        .where(Attempt.id == attempt_id)
        .with_for_update(of=Attempt)
    ).one()
    if not held.watched:
        raise NotWatched
    newest = tx.scalar(
        sa.select(PageEvent.kind).where(PageEvent.attempt_id == attempt_id)
        .order_by(PageEvent.id.desc()).limit(1)
    )  # fmt: skip
    if held.started_at is None or held.finalised_at is not None or kind == (newest or "back"):
        return False
    throttle.take(tx, f"attention:{attempt_id}", MOST, WITHIN, now)
    tx.add(PageEvent(attempt_id=attempt_id, kind=kind, at=now))
    tx.execute(sa.update(Attempt).where(Attempt.id == attempt_id).values(rev=Attempt.rev + 1))
    announce(tx, "attempts", {"attempt_ids": {attempt_id}})
    return True


def _concerned(tx: Session, activity_id: int, on: bool) -> list[int]:
    wanted = sa.select(Attempt.id).where(Attempt.activity_id == activity_id, Attempt.finalised_at.is_(None))
    if on:
        wanted = wanted.where(Attempt.started_at.is_(None))
    return list(tx.scalars(wanted.order_by(Attempt.id)))


def _policy(tx: Session, which: sa.ColumnElement[bool]) -> Policy:
    row: Any = tx.execute(
        sa.select(Activity, Office, WatchPolicy, Account.name)
        .join(Office, Office.id == Activity.office_id)
        .outerjoin(WatchPolicy, WatchPolicy.activity_id == Activity.id)
        .outerjoin(Account, Account.id == WatchPolicy.changed_by)
        .where(which, Activity.kind == "selection")
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    kept = row.WatchPolicy
    return Policy(row.Activity.id, row.Activity.public_id, row.Activity.name, row.Office.id, row.Office.name,
                  row.Office.zone, bool(kept and kept.page_events), kept and kept.changed_at,
                  row.name or "")  # fmt: skip
