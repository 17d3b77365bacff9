"""What a card of a sitting must warn about before anybody chooses it for good."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Warning_ = Literal["friday_prayer"]

FRIDAY = 4
PRAYER_FROM, PRAYER_UNTIL = time(11, 30), time(13, 0)


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
