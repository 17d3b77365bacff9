"""What one official may grant alone, what an accommodation adds, and when granted time still helps; pure.

For a whole sitting one official gives back what the server itself measured, and no second of it twice:
whatever was given to the whole sitting by one official counts as given back already.

Time for single people, in one act or one after another, is a whole sitting's as soon as it reaches most of
it: then it is given where two decide. It does not matter who gave which slice of it, nor from which page.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from exam_server.exam.rules import Facts
from exam_server.selection.rules import last_entry

REASONS = ("power", "network", "device", "server", "room", "health", "accommodation", "other")
"""Why time is added, by code; words stand in `words`."""

ACCOMMODATION_PERCENT = 30

FEWEST = 3
"""People to whom time together is a sitting's, not theirs."""

COUNTS_FOR = timedelta(minutes=30)
"""Grants to single people within so long count together: a sitting in slices is a sitting."""

LARGEST_FILE = 64 * 1024
"""Bytes of a rescue file."""


@dataclass(frozen=True)
class Lost:
    """What outages took from one attempt, by outage, and what was given back for each (None: nothing yet)."""

    gaps: Mapping[int, int]
    given: Mapping[int, int | None]
    beyond: int = 0
    """Seconds that one official gave to the whole sitting besides."""
    only_some: frozenset[int] = frozenset()
    """Those of the outages that struck some of the sitting and not others."""

    @property
    def measured(self) -> int:
        """Seconds, all outages together."""
        return sum(self.gaps.values())

    @property
    def returned(self) -> int:
        """Seconds that came back on one official's word."""
        return self.beyond + sum(seconds or 0 for seconds in self.given.values())

    @property
    def measured_for_all(self) -> int:
        """Seconds of outages that struck whoever ran."""
        return sum(seconds for outage_id, seconds in self.gaps.items() if outage_id not in self.only_some)

    @property
    def returned_to_all(self) -> int:
        """Seconds that came back for those, on one official's word."""
        return self.beyond + sum(seconds or 0 for outage_id, seconds in self.given.items()
                                 if outage_id not in self.only_some)  # fmt: skip

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
    """Seconds that one official may give to a whole sitting: measured for the hardest hit, not given yet.

    What struck only some is given back to exactly those; to all others it would be more than was measured.
    """
    measured = max((lost.measured_for_all for lost in everybody.values()), default=0)
    returned = max((lost.returned_to_all for lost in everybody.values()), default=0)
    return max(0, measured - returned)


def whole_sittings(
    named: Mapping[int, Set[int]], group: Mapping[int, Set[int]], lately: Mapping[int, Set[int]]
) -> set[int]:
    """Sittings of which more than half of a group, and at least FEWEST of it, would get time.

    All are ids of attempts by sitting: who is to get it, the group, and who got some within COUNTS_FOR.
    """
    found = set()
    for sitting_id, ids in named.items():
        there = group.get(sitting_id, set())
        reached = (ids | lately.get(sitting_id, set())) & there
        if ids & there and len(reached) >= FEWEST and 2 * len(reached) > len(there):
            found.add(sitting_id)
    return found


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
