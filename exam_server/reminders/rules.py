"""Which reminder is due: before one's own sitting, and while an accepted candidate has not chosen one.

Every interval is half-open, and no two reminders of one kind of thing are due at the same instant: what was
missed while nobody worked is not made up for when a later one has taken its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from exam_server.selection.rules import may_choose

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Ahead:
    """A reminder of a sitting: due from `lead` before its start on, until `over` before its start."""

    name: str
    lead: timedelta
    over: timedelta


BEFORE_SITTING = (Ahead("day_before", DAY, HOUR), Ahead("hour_before", HOUR, timedelta(0)))

AFTER_ACCEPTANCE = "choose_after_acceptance"
PATIENCE = 3 * DAY
"""How long nobody is reminded of choosing after the letter that told the acceptance."""

BEFORE_END = (("choose_1_day_left", DAY), ("choose_3_days_left", 3 * DAY))
"""Before the choice window ends: the shortest first."""

TO_CHOOSE = (AFTER_ACCEPTANCE, *(name for name, _ in BEFORE_END))


@dataclass(frozen=True)
class Booked:
    """What counts of one booking; `begun` is true once the attempt was started or closed."""

    starts_at: datetime
    chosen_at: datetime
    begun: bool


@dataclass(frozen=True)
class Choice:
    """The choice window of one activity; `offered`: some sitting can still be entered."""

    opens_at: datetime | None
    ends_at: datetime | None
    offered: bool


def of_sitting(booked: Booked, now: datetime) -> Ahead | None:
    """The reminder that is due now; none when the sitting was chosen after its instant."""
    if booked.begun:
        return None
    for kind in BEFORE_SITTING:
        due_at = booked.starts_at - kind.lead
        if due_at <= now < booked.starts_at - kind.over:
            return kind if booked.chosen_at <= due_at else None
    return None


def key(kind: Ahead, starts_at: datetime) -> str:
    """What is sent once: a sitting that was moved in time reminds anew."""
    return f"{kind.name}:{(starts_at - EPOCH) // timedelta(milliseconds=1)}"


def of_choosing(choice: Choice, now: datetime) -> tuple[str, datetime] | None:
    """The reminder that is due now in this activity, for whom was accepted at that instant or before."""
    if not choice.offered or not may_choose(choice.opens_at, choice.ends_at, now):
        return None
    for name, left in BEFORE_END:
        if choice.ends_at is not None and choice.ends_at - left <= now:
            return name, choice.ends_at - left
    return AFTER_ACCEPTANCE, now - PATIENCE
