"""The offering of one worker, every half minute, and a letter to whoever let an offer run out.

When nobody does it, offers are made by the next act, and letters by the next round.
"""

from __future__ import annotations

import logging

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.placings import lapses, offers
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two rounds."""


class Offering(Rounds):
    """Several workers may offer at once: each place is offered by one statement."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("offering", EVERY, self.round)
        self._db, self._clock = db, clock

    def round(self) -> int:
        """Make the offers that lapses and announcements left due; how many."""
        now = self._clock.now()
        made = sum(self._each(activity_id) for activity_id in offers.watched(self._db, now))
        lapses.tell(self._db, now)
        return made

    def _each(self, activity_id: int) -> int:
        try:
            return offers.catch_up(self._db, activity_id, self._clock.now())
        except Exception:
            log.exception("offers of activity %d could not be made; the others go on", activity_id)
            return 0
