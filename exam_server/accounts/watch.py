"""Signing out reaches every worker: sockets of sessions that ended are dropped within a second or so.

Each worker asks the database, so nothing depends on a message between workers, and a missed round is made up
for by the overlap of the next.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from exam_server.accounts import service
from exam_server.clock import Clock
from exam_server.db import Database

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""

OVERLAP = timedelta(seconds=10)
"""How far each round looks back, for commits that took their time and clocks that differ a little."""


class SessionWatch:
    """One thread of one worker."""

    def __init__(self, db: Database, clock: Clock, drop: Callable[[Mapping[int, datetime]], None]) -> None:
        self._db, self._clock, self._drop = db, clock, drop
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="session-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY):
            try:
                self.round()
            except Exception:
                log.exception("a round of the session watch failed; the next one makes up for it")

    def round(self) -> None:
        """Drop the sockets of every session that ended or changed since the last round."""
        self._drop(service.changed_since(self._db, self._clock.now() - OVERLAP))
