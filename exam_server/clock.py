"""The one clock: monotonic since its anchor, so a step of the wall clock never moves a deadline.

A restart does not forget: the last heartbeat says how wall and boot time stood to each other, so a wall clock
that was set wrong while the server was down is a step too, not a new truth.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import overload

Seconds = Callable[[], float]
WALL: Seconds = time.time

WIDEST_STEP = timedelta(seconds=2)
"""A reference clock that moved further than this against ours is an alarm and holds automatic closing."""

FIRST_READINGS = 3
"""The anchor is taken from the quickest of so many: a slow answer says least about when it was true."""


@dataclass(frozen=True)
class Reading:
    """The reference beside boot time, in seconds; the answer was true within `doubt` of `elapsed`."""

    reference: float
    elapsed: float
    doubt: float


@dataclass(frozen=True)
class Heartbeat:
    """What a process last knew of time: the boot it lived in, its anchor and its now, in seconds."""

    boot_id: str
    anchor: float
    at: float


def anchor(wall: float, elapsed: float, boot_id: str, last: Heartbeat | None) -> float:
    """Which wall time belongs to boot second 0, given what the last process knew.

    Within one boot a wall clock that ran away from boot time is a step, so the former anchor stays; after
    another boot the wall is trusted when it is not behind the last heartbeat.
    """
    fresh = wall - elapsed
    if last is None:
        return fresh
    if last.boot_id == boot_id:
        return fresh if abs(fresh - last.anchor) <= WIDEST_STEP.total_seconds() else last.anchor
    return fresh if wall >= last.at else last.at - elapsed


def _boot_seconds() -> float:
    """Seconds since boot, counting sleep, untouched by any setting of the wall clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Clock:
    """A worker's now: anchored once to a reference (wall clock or database), then carried by boot time."""

    last_step = timedelta(0)
    """What the newest comparison said: for pages and metrics, which must not wait for a database."""

    def __init__(
        self, reference: Seconds = WALL, elapsed: Seconds = _boot_seconds, boot_id: str = "",
        last: Heartbeat | None = None,
    ) -> None:  # fmt: skip
        """`last`: the heartbeat of the process before, when there was one."""
        self._reference = reference
        self._elapsed = elapsed
        self._boot_id = boot_id
        best = min((self._read() for _ in range(FIRST_READINGS)), key=lambda reading: reading.doubt)
        self._anchor = anchor(best.reference, best.elapsed, boot_id, last)

    def now(self) -> datetime:
        """The present instant, aware, UTC; it never goes back while the process lives."""
        return datetime.fromtimestamp(self._anchor + self._elapsed(), UTC)

    def step(self) -> timedelta:
        """How far the reference has moved away from us since the anchor, compared now.

        It is the smallest step that explains the answer: a database that hung for a while is no step.
        """
        reading = self._read()
        moved = reading.reference - (self._anchor + reading.elapsed)
        certain = math.copysign(max(0.0, abs(moved) - reading.doubt), moved)
        self.last_step = timedelta(seconds=certain)
        return self.last_step

    @property
    def alarmed(self) -> bool:
        """True while the newest comparison found a step that holds automatic closing."""
        return abs(self.last_step) > WIDEST_STEP

    def _read(self) -> Reading:
        before = self._elapsed()
        reference = self._reference()
        after = self._elapsed()
        return Reading(reference, (before + after) / 2, (after - before) / 2)

    def heartbeat(self) -> Heartbeat:
        """What the next process should know."""
        return Heartbeat(self._boot_id, self._anchor, self._anchor + self._elapsed())


@overload
def to_ms(instant: datetime) -> int: ...
@overload
def to_ms(instant: datetime | None) -> int | None: ...
def to_ms(instant: datetime | None) -> int | None:
    """An instant as it goes over the wire: whole milliseconds since 1970, UTC."""
    return None if instant is None else int(instant.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The instant that `to_ms` wrote."""
    return datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
