"""Who may still choose: the choice window of an activity, and whom it left behind by the clock alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.models import Account, Activity, Application, Booking, Phase, Sitting
from exam_server.selection.rules import choice_ends_at, has_lapsed, last_entry, may_choose


@dataclass(frozen=True)
class Window:
    """When a sitting of one activity may be chosen; an end that is None is not known yet."""

    opens_at: datetime | None
    ends_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return may_choose(self.opens_at, self.ends_at, now)


@dataclass(frozen=True)
class OwnChoice:
    """Where one candidate stands with the choice; `window` is empty when no test stage was announced."""

    accepted: bool = False
    booked: bool = False
    window: Window | None = None
    lapsed: bool = False


@dataclass(frozen=True)
class Lapsed:
    """An accepted candidate who never chose: *gugur (tidak memilih sesi)*."""

    candidate_id: int
    name: str


def window_of(tx: Session, activity_id: int) -> Window | None:
    """The choice window of a selection activity; None when its office announced no test stage."""
    phase = tx.scalar(
        sa.select(Phase)
        .join(Activity, Activity.recruitment_id == Phase.recruitment_id)
        .where(Activity.id == activity_id, Phase.kind == "test")
    )
    if phase is None:
        return None
    entries: list[datetime] = []
    if phase.closes_at is None:
        rows = sa.select(Sitting.ends_at, Sitting.allowed_seconds).where(Sitting.activity_id == activity_id)
        entries = [last_entry(row.ends_at, row.allowed_seconds) for row in tx.execute(rows)]
    return Window(phase.opens_at, choice_ends_at(phase.closes_at, entries))


def accepted_into(tx: Session, candidate_id: int) -> Activity | None:
    """The newest selection activity that the candidate was accepted into."""
    return tx.scalar(
        sa.select(Activity)
        .join(Application, Application.activity_id == Activity.id)
        .where(Application.candidate_id == candidate_id, Application.kind == "selection")
        .order_by(Activity.year.desc())
        .limit(1)
    )


def own_choice(db: Database, candidate_id: int, now: datetime) -> OwnChoice:
    """The candidate's newest choice: accepted, booked, until when, lapsed."""
    with db.read() as tx:
        activity = accepted_into(tx, candidate_id)
        if activity is None:
            return OwnChoice()
        mine = sa.select(Booking.id).where(
            Booking.candidate_id == candidate_id, Booking.activity_id == activity.id
        )
        booked, window = tx.scalar(mine) is not None, window_of(tx, activity.id)
        entry = sa.select(Application.applied_at).where(
            Application.candidate_id == candidate_id, Application.activity_id == activity.id
        )
        accepted_at = tx.scalars(entry).one()  # the entry opened when screening accepted
    lapsed = not booked and window is not None and has_lapsed(accepted_at, window.ends_at, now)
    return OwnChoice(True, booked, window, lapsed)


def lapsed(db: Database, activity_id: int, now: datetime) -> list[Lapsed]:
    """Everybody of a selection activity who is *gugur (tidak memilih sesi)* at `now`, by name."""
    booked = sa.exists().where(
        Booking.candidate_id == Application.candidate_id, Booking.activity_id == activity_id
    )
    with db.read() as tx:
        window = window_of(tx, activity_id)
        if window is None or window.ends_at is None or now < window.ends_at:
            return []
        rows = tx.execute(
            sa.select(Account.id, Account.name)
            .join(Application, Application.candidate_id == Account.id)
            .where(
                Application.activity_id == activity_id,
                Application.kind == "selection",
                ~booked,
                Application.applied_at < window.ends_at,
            )
            .order_by(Account.name, Account.id)
        )
        return [Lapsed(row.id, row.name) for row in rows]
