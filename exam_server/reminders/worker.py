"""The reminding of one worker, once a minute; when nobody does it, nothing else changes."""

from __future__ import annotations

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.reminders import service
from exam_server.rounds import Rounds

EVERY = 60.0
"""Seconds between two rounds."""

MOST_BATCHES = 50
"""Of one round: 10,000 letters a minute are enough, and a round must end."""


class Reminding(Rounds):
    """Several workers may remind at once: each letter is claimed by one statement."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("reminding", EVERY, self.round)
        self._db, self._clock = db, clock

    def round(self) -> int:
        """Write what is due now; how many letters."""
        written = 0
        for _ in range(MOST_BATCHES):
            done = service.send_due(self._db, self._clock.now())
            written += done.sent
            if done.found < service.BATCH or self._stopping.is_set():
                break
        return written
