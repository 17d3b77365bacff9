"""The one clock: monotonic since its anchor, so a step of the wall clock never moves a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import overload

Seconds = Callable[[], float]


def _boot_seconds() -> float:
    """Seconds since boot, counting sleep, untouched by any setting of the wall clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Clock:
    """A worker's now: anchored once to a reference (wall clock or database), then carried by boot time."""

    def __init__(self, reference: Seconds = time.time, elapsed: Seconds = _boot_seconds) -> None:
        self._reference = reference
        self._elapsed = elapsed
        self._anchor = reference() - elapsed()

    def now(self) -> datetime:
        """The present instant, aware, UTC; it never goes back while the process lives."""
        return datetime.fromtimestamp(self._anchor + self._elapsed(), UTC)

    def step(self) -> timedelta:
        """How far the reference has moved away from us since the anchor; a few seconds mean an alarm."""
        return timedelta(seconds=self._reference() - (self._anchor + self._elapsed()))


@overload
def to_ms(instant: datetime) -> int: ...
@overload
def to_ms(instant: datetime | None) -> int | None: ...
def to_ms(instant: datetime | None) -> int | None:
    """An instant as it goes over the wire: whole milliseconds since 1970, UTC."""
    return None if instant is None else int(instant.timestamp() * 1000)
