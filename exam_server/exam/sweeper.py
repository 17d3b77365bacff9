"""What time alone must cause: papers drawn before a sitting, attempts closed after their deadline.

A dead sweeper changes nothing a candidate may do, since every rule looks at instants; the first sweep after a
start does whatever was missed. One bad attempt never stops the others.
"""

from __future__ import annotations

import functools
import logging

from exam_server.clock import WIDEST_STEP, Clock
from exam_server.db import Database
from exam_server.exam import papers, service
from exam_server.exam.autosave import GroupCommit
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two sweeps."""


class Sweeper(Rounds):
    """Several workers may sweep at once: each act is decided by one statement."""

    def __init__(self, db: Database, clock: Clock, autosave: GroupCommit) -> None:
        super().__init__("sweeper", EVERY, self.sweep)
        self._db, self._clock, self._autosave = db, clock, autosave

    def sweep(self) -> int:
        """Do what is due now; how many attempts were closed."""
        now = self._clock.now()
        for attempt_id in papers.papers_due(self._db, now):
            self._each(functools.partial(papers.ensure_paper, attempt_id=attempt_id, now=now), attempt_id)
        if abs(self._clock.step()) > WIDEST_STEP:
            log.error("the reference clock stepped by %s: automatic closing is held", self._clock.step())
            return 0
        closed = service.due(self._db, now)
        for attempt_id in closed:
            self._each(functools.partial(service.close_by_clock, attempt_id=attempt_id, now=now), attempt_id)
        return len(closed)

    def _each(self, act: functools.partial[None], attempt_id: int) -> None:
        try:
            self._autosave.run(act)
        except Exception:
            log.exception("attempt %d could not be swept; the others go on", attempt_id)
