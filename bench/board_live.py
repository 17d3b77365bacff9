"""The real publisher in service, over rows that change all the time; both can be switched by an event.

Nobody sits at the changed attempts: what is measured is the board alone, without the sockets of candidates.
"""

from bench.floors import host  # isort: skip  # first, because it patches

import itertools
import os
from typing import Any

import sqlalchemy as sa

from config import load
from exam_server import create_app
from exam_server.board.publisher import Publisher
from exam_server.clock import Clock
from exam_server.db import Database, announce
from exam_server.models import Attempt, to_micros
from exam_server.rounds import Rounds

EVERY = 0.05
"""Seconds between two transactions, each with its share of the changes."""


class Changes(Rounds):
    """`per_second` rows get a newer revision, evenly over all attempts, all the time."""

    def __init__(self, db: Database, clock: Clock) -> None:
        super().__init__("changes", EVERY, self.change)
        self._db, self._clock, self.per_second = db, clock, 0
        with db.read() as tx:
            self._turn = itertools.cycle(tx.scalars(sa.select(Attempt.id)).all())
        self._last, self._owed = clock.now(), 0.0

    def change(self) -> None:
        now = self._clock.now()
        self._owed += self.per_second * (now - self._last).total_seconds()
        self._last = now
        ids = list(itertools.islice(self._turn, int(self._owed)))
        self._owed -= len(ids)
        if ids:
            with self._db.write() as tx:
                tx.execute(
                    sa.text("UPDATE attempt SET last_contact_at = :now, rev = rev + 1 WHERE id = :id"),
                    [{"now": to_micros(now), "id": one} for one in ids],
                )
                announce(tx, "attempts", {"attempt_ids": set(ids)})


def main() -> None:
    settings = load(os.environ)
    db, clock = Database(settings.database_url), Clock()
    app = create_app(settings, db, clock)
    live, changes = app.extensions["live"], Changes(db, clock)
    publisher = next(one for one in app.extensions["workers"] if isinstance(one, Publisher))
    tick = publisher._act

    def switch(sid: str, data: dict[str, Any]) -> dict[str, bool]:
        changes.per_second = data["changes"]
        publisher._act = tick if data["told"] else publisher._take_changed
        return {"ok": True}

    live.server.on("switch", switch)
    for worker in (live.herald, publisher, changes):
        worker.start()
    host.serve(app)


if __name__ == "__main__":
    main()
