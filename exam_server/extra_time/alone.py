"""How much one official may give a single attempt without a second one, over the whole of it; pure.

Counted is everything that was given to it singly on one official's word: by whomever, from whichever page,
and however long ago, since slices that lie far apart add up to the same. Not counted is what a second
official granted, what was given to the whole sitting or measured as an outage, and an accommodation's preset.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PART_OF_ALLOWED = 2
"""One official gives at most one part of so many of the time that the test allows: 30 of 60 minutes."""

AT_LEAST = 600
"""Seconds: a power cut is no shorter in a short test."""


@dataclass(frozen=True)
class Given:
    """One entry of a ledger: kind, seconds, and whether it was given to the whole sitting, or by two."""

    kind: str
    seconds: int
    to_all: bool = False
    by_two: bool = False

    @property
    def singly(self) -> bool:
        """It counts."""
        return self.kind == "extra" and not self.to_all and not self.by_two


def most(allowed_seconds: int) -> int:
    """Seconds that one official may give one attempt, all acts together."""
    return max(AT_LEAST, allowed_seconds // PART_OF_ALLOWED)


def spent(entries: Iterable[Given]) -> int:
    """Seconds that were given singly already."""
    return sum(entry.seconds for entry in entries if entry.singly)


def left(allowed_seconds: int, spent_seconds: int) -> int:
    """Seconds that one official may still give; what is more needs a second one."""
    return max(0, most(allowed_seconds) - spent_seconds)
