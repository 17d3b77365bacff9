"""The real server with one protection taken away: what a negative control runs instead of `wsgi.py`.

Which one is named by the environment: EXAM_VARIANT is the name of one of the functions in VARIANTS.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi  # isort: skip - first: it patches for the async mode

import sqlalchemy as sa

from exam_server import workers_queue
from exam_server.clock import WALL, Clock
from exam_server.exam import outages
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.saves import STORE, Save, Stored
from exam_server.exam.sweeper import Sweeper
from exam_server.extra_time import noticing
from exam_server.live import Live

LINGER = 0.25
"""Seconds for which the early acknowledger keeps answers in memory, as a write-behind cache would."""


def early_ack() -> None:
    """Says saved when an answer arrives, and commits a little later."""
    put, commit, never = GroupCommit.put, GroupCommit._commit, threading.Event()

    def promise_then_put(self: GroupCommit, act: Act) -> None:
        if not isinstance(act.what, Save):
            put(self, act)
            return
        act.done(Stored({item.position: ("saved", item.seq) for item in act.what.items}))
        put(self, Act(act.what, lambda outcome: None))

    def commit_later(self: GroupCommit, batch: list[Act]) -> None:
        if any(isinstance(act.what, Save) for act in batch):
            never.wait(LINGER)
        commit(self, batch)

    GroupCommit.put, GroupCommit._commit = promise_then_put, commit_later  # type: ignore[method-assign]


def never_sweeps() -> None:
    def rest(self: Any) -> int:
        return 0

    Sweeper.sweep = rest  # type: ignore[method-assign]


def one_sweep() -> None:
    """Only the first sweep after the start does anything."""
    sweep = Sweeper.sweep
    swept = threading.Event()

    def first(self: Sweeper) -> int:
        if swept.is_set():
            return 0
        swept.set()
        return sweep(self)

    Sweeper.sweep = first  # type: ignore[method-assign]


def wall_clock() -> None:
    """Believes whatever the wall clock says."""
    Clock.now = lambda self: datetime.fromtimestamp(WALL(), UTC)  # type: ignore[method-assign]
    Clock.step = lambda self: timedelta(0)  # type: ignore[method-assign]


def waits_for_the_queue() -> None:
    """A fact leaves for the queue of the workers before the reply does, and whatever that takes."""
    Live.emit = Live._tell  # type: ignore[method-assign]
    workers_queue.PATIENCE = 10.0


def ignores_leases() -> None:
    """Stores whatever comes, from whichever device."""
    fence = "AND a.lease = s.lease AND a.lease_session_id = s.session_id"
    for dialect, statement in STORE.items():
        assert fence in str(statement)
        STORE[dialect] = sa.text(str(statement).replace(fence, ""))


def quick_rounds() -> None:
    """Nothing is taken away: it only beats and looks more often, for tests whose clock runs fast."""
    outages.EVERY = noticing.EVERY = 0.25


def never_notices() -> None:
    """As above, but what many lost at once is never put together."""
    quick_rounds()
    noticing.Noticing.look = lambda self: 0  # type: ignore[method-assign]


ACTS = (
    early_ack, ignores_leases, never_notices, never_sweeps, one_sweep, quick_rounds, waits_for_the_queue,
    wall_clock,
)  # fmt: skip
VARIANTS = {act.__name__: act for act in ACTS}

if __name__ == "__main__":
    VARIANTS[os.environ["EXAM_VARIANT"]]()
    sys.exit(wsgi.main())
