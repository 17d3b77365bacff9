"""Files that nobody imported do not stay: a bank is no place to forget one in."""

from __future__ import annotations

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.imports import service
from exam_server.rounds import Rounds

EVERY = 3600.0
"""Seconds between two rounds."""


class Tidying(Rounds):
    """Several workers may tidy at once."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("import drafts", EVERY, self.round)
        self._db, self._clock = db, clock

    def round(self) -> int:
        """Remove what is too old now; how many drafts."""
        with self._db.write() as tx:
            return service.remove_old(tx, self._clock.now())
