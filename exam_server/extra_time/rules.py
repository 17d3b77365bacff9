"""What one official may grant alone, what an accommodation adds, and when granted time still helps; pure.

For a whole sitting one official gives back what the server itself measured, and no second of it twice:
whatever was given to the whole sitting by one official counts as given back already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from exam_server.exam.rules import Facts
from exam_server.selection.rules import last_entry

REASONS = ("power", "network", "device", "server", "room", "health", "accommodation", "other")
"""Why time is added, by code; words stand in `words`."""

ACCOMMODATION_PERCENT = 30

LARGEST_FILE = 64 * 1024
"""Bytes of a rescue file."""


@dataclass(frozen=True)
class Lost:
    """What outages took from one attempt, by outage, and what was given back for each (None: nothing yet)."""

    gaps: Mapping[int, int]
    given: Mapping[int, int | None]
    beyond: int = 0
    """Seconds that one official gave to the whole sitting besides."""

    @property
    def measured(self) -> int:
        """Seconds, all outages together."""
        return sum(self.gaps.values())

    @property
    def returned(self) -> int:
        """Seconds that came back on one official's word."""
        return self.beyond + sum(seconds or 0 for seconds in self.given.values())

    @property
    def due(self) -> dict[int, int]:
        """Seconds still to be given back, for each outage without an entry of its own; none that is 0."""
        left, owed = self.measured - self.returned, {}
        for outage_id, gap in self.gaps.items():
            if self.given.get(outage_id) is None and (seconds := min(gap, left)) > 0:
                owed[outage_id] = seconds
                left -= seconds
        return owed


def alone(everybody: Mapping[int, Lost]) -> int:
    """Seconds that one official may give to a whole sitting: measured for the hardest hit, not given yet."""
    measured = max((lost.measured for lost in everybody.values()), default=0)
    returned = max((lost.returned for lost in everybody.values()), default=0)
    return max(0, measured - returned)


def accommodation(allowed_seconds: int) -> int:
    """Seconds that the preset adds, rounded up."""
    return -(-allowed_seconds * ACCOMMODATION_PERCENT // 100)


def entry_after(facts: Facts, seconds: int) -> datetime:
    """The last entry of somebody who has not begun, if `seconds` more were theirs."""
    return last_entry(facts.ends_at, facts.allowed_seconds + facts.extra_seconds + seconds)


def may_still_enter(facts: Facts, seconds: int, now: datetime) -> bool:
    """False when so much time would shut the door: who has more time must begin earlier."""
    return entry_after(facts, seconds) > max(now, facts.starts_at)


def rescued_at(deadline_at: datetime, now: datetime) -> datetime:
    """The instant with which an answer of a rescue file is stored: never behind the deadline."""
    return min(now, deadline_at)


def in_time(chosen_at: datetime | None, facts: Facts) -> bool:
    """False for an answer that its own file places behind deadline and grace."""
    if chosen_at is None or facts.deadline_at is None:
        return True
    return chosen_at < facts.deadline_at + timedelta(seconds=facts.grace_seconds)
