"""Signing out reaches every worker: sockets of sessions that ended are dropped within a second or so.

Each worker asks the database, so nothing depends on a message between workers, and a missed round is made up
for by the overlap of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from exam_server.accounts import service
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.rounds import Rounds

EVERY = 1.0
"""Seconds between two rounds."""

OVERLAP = timedelta(seconds=10)
"""How far each round looks back, for commits that took their time and clocks that differ a little."""


class SessionWatch(Rounds):
    """The watch of one worker over its own sockets."""

    def __init__(self, db: Database, clock: Clock, drop: Callable[[Mapping[int, datetime]], None]) -> None:
        super().__init__("session-watch", EVERY, self.round)
        self._db, self._clock, self._drop = db, clock, drop

    def round(self) -> None:
        """Drop the sockets of every session that ended, changed, or ran out since the last round."""
        now = self._clock.now()
        ran_out = service.expired_since(self._db, now - OVERLAP, now)
        self._drop(ran_out | service.changed_since(self._db, now - OVERLAP))
