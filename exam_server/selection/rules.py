"""Until when a sitting may be entered, and what its card must warn about before it is chosen for good."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FRIDAY = 4
PRAYER_FROM, PRAYER_UNTIL = time(11, 30), time(13, 0)


def last_entry(ends_at: datetime, allowed_seconds: int) -> datetime:
    """The end minus the candidate's own allowance, so nobody who enters is ever truncated."""
    return ends_at - timedelta(seconds=allowed_seconds)


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
