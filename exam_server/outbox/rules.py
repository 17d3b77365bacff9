"""How long a letter that could not leave waits for its next try, and when it is given up."""

from __future__ import annotations

from datetime import timedelta

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 20
"""With these pauses the last try comes about three days after the first."""


def pause(tries: int) -> timedelta:
    """How long to wait after that try (the first is 1): 1, 2, 4 ... minutes, at most 6 hours."""
    doublings = min(tries - 1, 20)  # beyond the longest pause it does not matter, and numbers stay small
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def hopeless(tries: int) -> bool:
    """True when that many tries were enough."""
    return tries >= MOST_TRIES
