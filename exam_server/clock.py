"""The one clock: monotonic since its anchor, so a step of the wall clock never moves a deadline.

A restart does not forget: the last heartbeat says how wall and boot time stood to each other, so a wall clock
that was set wrong while the server was down is a step too, not a new truth.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import overload

Seconds = Callable[[], float]

WIDEST_STEP = timedelta(seconds=5)
"""A reference clock that moved further than this against ours is an alarm and holds automatic closing."""


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

    def __init__(
        self, reference: Seconds = time.time, elapsed: Seconds = _boot_seconds, boot_id: str = "",
        last: Heartbeat | None = None,
    ) -> None:  # fmt: skip
        """`last`: the heartbeat of the process before, when there was one."""
        self._reference = reference
        self._elapsed = elapsed
        self._boot_id = boot_id
        self._anchor = anchor(reference(), elapsed(), boot_id, last)

    def now(self) -> datetime:
        """The present instant, aware, UTC; it never goes back while the process lives."""
        return datetime.fromtimestamp(self._anchor + self._elapsed(), UTC)

    def step(self) -> timedelta:
        """How far the reference has moved away from us since the anchor; a few seconds mean an alarm."""
        return timedelta(seconds=self._reference() - (self._anchor + self._elapsed()))

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
