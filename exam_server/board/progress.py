"""The progress picture: starts, saves and submissions of each minute, since the last long quiet.

Saves are counted once: what lies far enough back that no transaction can still add to it is kept.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Attempt, ResponseJournal

MINUTE = 60_000_000
MINUTE_MS = 60_000
LONGEST = 12 * 60
"""Minutes that a picture shows at most, the newest ones."""

QUIET = 2 * 60
"""Minutes in which nothing happened, after which a picture begins anew: yesterday would make today narrow."""

UNSETTLED = 10_000
"""The newest versions of answers, which are counted anew: a transaction may still add some before them."""

AT_ONCE = 20_000
"""Versions counted in one go: whoever saves an answer meanwhile waits for these few milliseconds at most."""

By = Counter[tuple[int, int]]
"""(sitting id, minute since 1970) -> how many"""


class Progress(NamedTuple):
    """For each minute (its beginning in ms): how many began, how many answers were saved, how many ended."""

    minutes: list[int]
    starts: list[int]
    saves: list[int]
    submissions: list[int]


def progress(
    db: Database, saves: Saves, activity_id: int, sittings: Collection[int], now: datetime
) -> Progress:
    """What happened in these sittings (ids) of the activity."""
    counted = saves.count(db, now)
    here = Attempt.activity_id == activity_id
    with db.look() as connection:
        starts = _attempts(connection, Attempt.started_at, here)
        ended = _attempts(connection, Attempt.finalised_at, here, Attempt.how == "submitted")
    return picture(*(_of(one, sittings) for one in (starts, counted, ended)))


def picture(starts: Mapping[int, int], saves: Mapping[int, int], ended: Mapping[int, int]) -> Progress:
    """Every minute from the first since a QUIET to the last, also those with nothing; at most LONGEST."""
    some = sorted({*starts, *saves, *ended}, reverse=True)
    if not some:
        return Progress([], [], [], [])
    last = some[0]
    first = next((after for after, before in pairwise(some) if after - before > QUIET), some[-1])
    minutes = range(max(first, last - LONGEST + 1), last + 1)
    told = [[one.get(minute, 0) for minute in minutes] for one in (starts, saves, ended)]
    return Progress([minute * MINUTE_MS for minute in minutes], *told)


class Saves:
    """What one worker has counted of all saves so far; asked again within `STAYS` it tells from memory."""

    STAYS = timedelta(seconds=5)

    def __init__(self) -> None:
        self._settled: By = Counter()
        self._up_to = 0
        self._told: tuple[datetime, By] | None = None

    def count(self, db: Database, now: datetime) -> By:
        """All saves, a few seconds old at most."""
        if self._told is None or not timedelta(0) <= now - self._told[0] < self.STAYS:
            self._told = now, self._count(db)
        return self._told[1]

    def _count(self, db: Database) -> By:
        with db.look() as connection:
            newest = connection.scalar(sa.select(sa.func.max(ResponseJournal.id))) or 0
        while newest - self._up_to > UNSETTLED + AT_ONCE:
            up_to = self._up_to + AT_ONCE
            part = _saved(db, self._up_to, up_to)
            if self._up_to == up_to - AT_ONCE:  # another request may have counted it meanwhile
                self._settled, self._up_to = self._settled + part, up_to
            time.sleep(0)
        return self._settled + _saved(db, self._up_to, newest)


def _saved(db: Database, after: int, up_to: int) -> By:
    wanted = (
        _per_minute(ResponseJournal.arrived_at)
        .join(Attempt, Attempt.id == ResponseJournal.attempt_id)
        .where(ResponseJournal.id > after, ResponseJournal.id <= up_to)
    )
    with db.look() as connection:
        return _counted(connection.execute(wanted))


def _attempts(connection: sa.Connection, instant: Any, *which: sa.ColumnElement[bool]) -> By:
    return _counted(connection.execute(_per_minute(instant).where(instant.is_not(None), *which)))


def _per_minute(instant: Any) -> sa.Select[int, int, int]:
    minute = (sa.type_coerce(instant, sa.BigInteger) // MINUTE).label("minute")
    return sa.select(Attempt.sitting_id, minute, sa.func.count()).group_by(Attempt.sitting_id, minute)


def _counted(found: sa.Result[int, int, int]) -> By:
    return Counter({(sitting, minute): many for sitting, minute, many in found})


def _of(counted: By, sittings: Collection[int]) -> Counter[int]:
    wanted, found = set(sittings), Counter[int]()
    for (sitting, minute), many in counted.items():
        if sitting in wanted:
            found[minute] += many
    return found
