"""What time alone must cause: papers drawn before a sitting, attempts closed after their deadline.

A dead sweeper changes nothing a candidate may do, since every rule looks at instants; the first sweep after a
start does whatever was missed. One bad attempt never stops the others.
"""

from __future__ import annotations

import functools
import logging

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.exam import papers, service
from exam_server.exam.autosave import GroupCommit, Hasty
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two sweeps."""


class Sweeper(Rounds):
    """Several workers may sweep at once: each act is decided by one statement."""

    def __init__(self, db: Database, clock: Clock, autosave: GroupCommit) -> None:
        super().__init__("sweeper", EVERY, self.sweep)
        self._db, self._clock, self._autosave = db, clock, autosave
        self._held = False

    def sweep(self) -> int:
        """Do what is due now; how many attempts were closed."""
        now = self._clock.now()
        for attempt_id in papers.papers_due(self._db, now):
            self._each(functools.partial(papers.ensure_paper, attempt_id=attempt_id, now=now), attempt_id)
        if self._closing_held():
            return 0
        closed = service.due(self._db, now)
        for attempt_id in closed:
            self._each(Hasty(service.close_by_clock, attempt_id=attempt_id, now=now), attempt_id)
        return len(closed)

    def _closing_held(self) -> bool:
        """Compared anew each time; told once when it begins and once when it is over."""
        step = self._clock.step()
        held = self._clock.alarmed
        if held and not self._held:
            log.error("the clock we go by stepped by %s: automatic closing is held", step)
        if self._held and not held:
            log.warning("the clock we go by is back: automatic closing goes on")
        self._held = held
        return held

    def _each(self, act: functools.partial[None], attempt_id: int) -> None:
        try:
            self._autosave.run(act)
        except Exception:
            log.exception("attempt %d could not be swept; the others go on", attempt_id)
