"""Deltas: what changed since the last tick leaves as numbered frames, whole rows with their revisions.

Rows are read again at the tick, so a frame may be repeated or reordered without harm; one that is lost is
missed by its number. Who saves an answer never waits for any of this: a commit only leaves a name here.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Collection

from exam_server.board import rows
from exam_server.board.audience import Audience, sitting_room, whole_room
from exam_server.board.turning import turned
from exam_server.clock import Clock, to_ms
from exam_server.db import Announcement, Database
from exam_server.live import Live
from exam_server.rounds import Rounds

EVERY = 0.5
"""Seconds between two ticks: everything in between is coalesced."""

CHECK_EVERY = 2.0
"""Seconds between two looks at who may still hear what they hear."""


class Publisher(Rounds):
    """Speaks for the changes that this worker committed."""

    def __init__(self, db: Database, clock: Clock, live: Live, audience: Audience) -> None:
        super().__init__("board", EVERY, self.tick)
        self._db, self._clock, self._live, self._audience = db, clock, live, audience
        self._changed: set[int] = set()
        self._lock = threading.Lock()  # whoever commits tells us from a thread of its own
        self._last_tick = clock.now()
        self._checked_at = time.monotonic()
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
        """Send what changed, and what time alone has turned, since the last tick; and pulses for the rest."""
        self._check()
        self._audience.listen()
        now = self._clock.now()
        changed = self._take_changed()
        try:
            changed |= set(turned(self._db, self._last_tick, now))
            for part in rows.changed(self._db, changed, now):
                self._tell(part, to_ms(now))
        except Exception:
            self._remember(changed)  # nothing is forgotten because the database was away for a moment
            raise
        self._last_tick = now
        for room in self._audience.streams.quiet(time.monotonic()):
            self._send(room, [], to_ms(now))

    def _check(self) -> None:
        if time.monotonic() - self._checked_at >= CHECK_EVERY:
            self._checked_at = time.monotonic()
            self._audience.check()

    def _tell(self, part: list[rows.Told], now: int) -> None:
        frames: dict[str, list[rows.Row]] = defaultdict(list)
        for activity_id, sitting_id, row in part:
            for room in (whole_room(activity_id), sitting_room(activity_id, sitting_id)):
                if self._audience.streams.is_open(room):
                    frames[room].append(row)
        for room, frame in frames.items():
            self._send(room, frame, now)

    def _send(self, room: str, frame: list[rows.Row], now: int) -> None:
        stream, n = self._audience.streams.next(room, time.monotonic())
        self._live.emit("rows", {"now": now, "worker": stream, "n": n, "rows": frame}, room)
