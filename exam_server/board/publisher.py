"""Deltas: what changed since the last tick leaves as one frame per board, whole rows with their revisions.

Rows are read again at the tick, so a delta may be lost, repeated or reordered without harm.
"""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any

from exam_server.board import service
from exam_server.clock import Clock, to_ms
from exam_server.db import Announcement, Database
from exam_server.live import Live
from exam_server.rounds import Rounds

EVERY = 0.5
"""Seconds between two ticks: everything in between is coalesced."""


def room(activity_id: int) -> str:
    return f"board:{activity_id}"


class Publisher(Rounds):
    """Speaks for the changes that this worker committed."""

    def __init__(self, db: Database, clock: Clock, live: Live) -> None:
        super().__init__("board", EVERY, self.tick)
        self._db, self._clock, self._live = db, clock, live
        self._changed: set[int] = set()
        self._lock = threading.Lock()  # whoever commits tells us from a thread of its own
        self._last_tick = clock.now()
        db.subscribe("attempts", self.hear)

    def hear(self, row: Announcement) -> None:
        self._remember(row["attempt_ids"])

    def _remember(self, attempt_ids: Collection[int]) -> None:
        with self._lock:
            self._changed.update(attempt_ids)

    def _take_changed(self) -> set[int]:
        with self._lock:
            changed, self._changed = self._changed, set()
            return changed

    def tick(self) -> None:
        """Send what changed, and what time alone has turned, since the last tick."""
        now = self._clock.now()
        changed = self._take_changed()
        try:
            changed |= set(service.turned(self._db, self._last_tick, now))
            rows = service.changed(self._db, changed, now) if changed else []
        except Exception:
            self._remember(changed)  # nothing is forgotten because the database was away for a moment
            raise
        self._last_tick = now
        for activity_id, frame in _frames(rows).items():
            self._live.emit("rows", {"now": to_ms(now), "rows": frame}, room(activity_id))


def _frames(rows: list[tuple[int, service.Row]]) -> dict[int, list[Any]]:
    frames: dict[int, list[Any]] = {}
    for activity_id, row in rows:
        frames.setdefault(activity_id, []).append(row)
    return frames
