"""The postman of one worker: takes due letters and sends them, at least once each.

What one mailbox refuses stops no other letter; when the mail server is away, everything waits politely.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from config import Settings
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.outbox import service
from exam_server.outbox.carrier import Carrier, Refused, Route, Unreachable, route
from exam_server.outbox.message import Unwritable, compose
from exam_server.outbox.service import Claimed
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""

BATCH = 50
"""Letters of one round."""

LOAN = timedelta(minutes=10)
"""How long a claimed letter is nobody else's."""

LONGEST_ROUND = timedelta(minutes=4)
"""No letter is begun later than this, so that even a slow mail server ends with it inside the loan."""

REST = timedelta(seconds=30)
"""How long this worker leaves a mail server in peace that could not be reached."""

UNWRITABLE = N_("Alamat atau perihal surat ini tidak dapat dipakai.")


class Postman(Rounds):
    """Without MAIL_URL it sends nothing, and letters stay in the outbox."""

    def __init__(self, db: Database, clock: Clock, settings: Settings) -> None:
        super().__init__("postman", EVERY, self.round)
        self._db, self._clock, self._base_url = db, clock, settings.base_url
        self._way = route(settings.mail_url, settings.base_url) if settings.mail_url else None
        self._resting_until: datetime | None = None

    def round(self) -> int:
        """One batch; how many letters left."""
        now = self._clock.now()
        if self._way is None or (self._resting_until and now < self._resting_until):
            return 0
        waiting = service.claim(self._db, BATCH, now, LOAN)
        return self._deliver(self._way, waiting, now + LONGEST_ROUND) if waiting else 0

    def _deliver(self, way: Route, waiting: list[Claimed], end: datetime) -> int:
        """Letters that were not tried go back; `waiting` is used up from its front."""
        left = 0
        with Carrier(way) as carrier:
            try:
                while waiting and self._clock.now() < end and not self._stopping.is_set():
                    left += self._carried(carrier, way, waiting[0])
                    del waiting[0]
            except Unreachable as problem:
                log.warning("the mail server cannot be used: %s", problem.cause)
                self._resting_until = self._clock.now() + REST
                service.put_off(self._db, waiting, problem.problem, self._clock.now())
                return left
        if waiting:
            service.hand_back(self._db, waiting, self._clock.now())
        return left

    def _carried(self, carrier: Carrier, way: Route, letter: Claimed) -> bool:
        """True when the mail server has it; raises Unreachable."""
        now = self._clock.now()
        try:
            carrier.carry(compose(letter, way.sender, self._base_url, now), letter.recipient)
        except Unwritable:
            log.warning("letter %s cannot be written as a message", letter.public_id)
            service.give_up(self._db, letter, UNWRITABLE, now)
            return False
        except Refused as refused:
            log.warning("letter %s was not taken: %d", letter.public_id, refused.code)
            if refused.for_good:
                service.give_up(self._db, letter, refused.problem, now)
            else:
                service.put_off(self._db, [letter], refused.problem, now)
            return False
        service.sent(self._db, letter, self._clock.now())
        return True
