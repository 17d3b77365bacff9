"""How fast one connection may speak: a burst, then a steady rate; who hurries waits, and nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable

FRAMES_A_SECOND, FRAMES_AT_ONCE = 100.0, 200.0
"""What one WebSocket may send; a candidate's page sends a few frames a second at most."""


class Pace:
    """A bucket of `burst` turns that refills at `rate` turns a second."""

    def __init__(
        self, rate: float = FRAMES_A_SECOND, burst: float = FRAMES_AT_ONCE,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._rate, self._burst, self._elapsed = rate, burst, elapsed
        self._left, self._seen = burst, elapsed()

    def take(self) -> float:
        """Take one turn; the seconds to wait before using it (0 while the bucket holds turns)."""
        now = self._elapsed()
        self._left = min(self._burst, self._left + (now - self._seen) * self._rate) - 1
        self._seen = now
        return max(0.0, -self._left / self._rate)
