"""Until when a sitting may be entered or chosen, and what its card must warn about before it is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FRIDAY = 4
PRAYER_FROM, PRAYER_UNTIL = time(11, 30), time(13, 0)


def last_entry(ends_at: datetime, allowed_seconds: int) -> datetime:
    """The end minus the candidate's own allowance, so nobody who enters is ever truncated."""
    return ends_at - timedelta(seconds=allowed_seconds)


def choice_ends_at(test_closes_at: datetime | None, last_entries: Iterable[datetime]) -> datetime | None:
    """When the choice window ends: with a dated test stage, else with the latest last entry of the sittings.

    None while neither is known: an undated stage without sittings stays open, because its sittings are its
    dates. A sitting that the office adds later opens an undated window again.
    """
    return test_closes_at or max(last_entries, default=None)


def may_choose(opens_at: datetime | None, ends_at: datetime | None, now: datetime) -> bool:
    """Half-open; an end that is not known yet shuts nobody out."""
    return (opens_at is None or opens_at <= now) and (ends_at is None or now < ends_at)


def has_lapsed(accepted_at: datetime, ends_at: datetime | None, now: datetime) -> bool:
    """Of an accepted candidate without a booking: *gugur (tidak memilih sesi)*, from that instant on.

    Whoever was accepted only after the window had ended never had a choice and has not lapsed: the office
    owes them a sitting.
    """
    return ends_at is not None and accepted_at < ends_at <= now


def overlaps_friday_prayer(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """True when a sitting touches Friday 11.30-13.00 of its own zone."""
    day = starts_at.astimezone(zone).date()
    while day <= ends_at.astimezone(zone).date():
        begins = datetime.combine(day, PRAYER_FROM, zone)
        finishes = datetime.combine(day, PRAYER_UNTIL, zone)
        if day.weekday() == FRIDAY and starts_at < finishes and ends_at > begins:
            return True
        day += timedelta(days=1)
    return False
