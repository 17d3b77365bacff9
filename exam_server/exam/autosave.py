"""Group commit: what queued while the last commit ran becomes the next transaction; no timer, no lingering.

Whoever puts an act gets its outcome called back after the commit, never before. Acts run in the order of
their arrival; each has its own savepoint, so one that fails takes no other with it. Saves that stand next to
each other in the queue are stored by one statement (`saves.store`). The attempts of a batch are held before
its first act, by id, as everybody holds them: two workers, or a worker and an official, wait in one order.
Whose answers a failing storage refused is written down afterwards, whenever no answer waits (`trouble`).
"""

from __future__ import annotations

import functools
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database, savepoint
from exam_server.errors import Refusal, StorageUnavailable
from exam_server.exam.saves import Save, store
from exam_server.exam.trouble import Troubles, write_down
from exam_server.models import Attempt

log = logging.getLogger(__name__)

Outcome = Any
Done = Callable[[Outcome], None]
LARGEST_BATCH = 500
PATIENCE = 15.0
"""Seconds that a caller waits for its commit; longer means the storage is in trouble."""


@dataclass
class Act:
    """One thing to do inside the next transaction; `done` hears its result or the Exception it raised."""

    what: Save | Callable[[Session], Outcome]
    done: Done


class Hasty(functools.partial[Any]):
    """An act that never waits for its attempt: when somebody else holds it, it does nothing."""


@dataclass
class _Waiting:
    """A caller who waits for the outcome of its act."""

    ready: threading.Event = field(default_factory=threading.Event)
    outcome: Outcome = None

    def set(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.ready.set()


class GroupCommit:
    """The writer of one worker: a queue and one thread (a green one under eventlet and gevent)."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._queue: deque[Act] = deque()
        self._something = threading.Condition()
        self._stopping = False
        self._troubles = Troubles()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Commit what is queued, then end."""
        with self._something:
            self._stopping = True
            self._something.notify()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def put(self, act: Act) -> None:
        with self._something:
            self._queue.append(act)
            self._something.notify()

    def run(self, what: Save | Callable[[Session], Outcome]) -> Outcome:
        """Wait until `what` is committed and return its outcome; raises what it raised."""
        waiting = _Waiting()
        self.put(Act(what, waiting.set))
        if not waiting.ready.wait(PATIENCE):
            raise StorageUnavailable
        if isinstance(waiting.outcome, Exception):
            raise waiting.outcome
        return waiting.outcome

    def _run(self) -> None:
        while batch := self._next():
            if self._commit(batch) and self._troubles and not self._queue and (latest := _latest(batch)):
                self._write_down(latest)
        while self._write_down(None):
            pass

    def _next(self) -> list[Act]:
        """What queued meanwhile, at most LARGEST_BATCH; an empty list says to end."""
        with self._something:
            while not self._queue and not self._stopping:
                self._something.wait()
            return [self._queue.popleft() for _ in range(min(LARGEST_BATCH, len(self._queue)))]

    def _commit(self, batch: list[Act]) -> bool:
        """True when the batch is durable; every sender has heard its outcome either way."""
        durable = True
        try:
            with self._db.write() as tx:
                outcomes = _perform(tx, batch)
        except Exception:  # disk full, database away: nothing of this batch was acknowledged
            log.exception("a batch of %d acts could not be committed", len(batch))
            outcomes, durable = [StorageUnavailable()] * len(batch), False
            self._troubles.note(act.what for act in batch if isinstance(act.what, Save))
        for act, outcome in zip(batch, outcomes, strict=True):
            try:
                act.done(outcome)
            except Exception:
                log.exception("telling an outcome failed")
        return durable

    def _write_down(self, now: datetime | None) -> bool:
        """Troubles that are over at `now` (None: all) become rows, a few of them; true when some did.

        What fails is tried again after a later batch.
        """
        due = self._troubles.due(now)
        if not due:
            return False
        try:
            with self._db.write() as tx:
                write_down(tx, due)
        except Exception:
            log.warning("%d refusals of answers could not be written down yet", len(due))
            return False
        self._troubles.forget(len(due))
        return True


def _latest(batch: list[Act]) -> datetime | None:
    """The last instant that this batch speaks of: when an answer arrived, which `now` an act was given."""
    return max(filter(None, (_instant_of(act.what) for act in batch)), default=None)


def _instant_of(what: Save | Callable[[Session], Outcome]) -> datetime | None:
    if isinstance(what, Save):
        return what.arrived_at
    return what.keywords.get("now") if isinstance(what, functools.partial) else None


def _perform(tx: Session, batch: list[Act]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    _hold(tx, batch)
    for together, acts in itertools.groupby(batch, key=lambda act: isinstance(act.what, Save)):
        if together:
            outcomes.extend(store(tx, [act.what for act in acts if isinstance(act.what, Save)]))
        else:
            outcomes.extend(_perform_one(tx, act) for act in acts)
    return outcomes


def _hold(tx: Session, batch: list[Act]) -> None:
    """Saves alone hold theirs in order by themselves, and SQLite has one writer at a time."""
    if tx.get_bind().dialect.name == "sqlite" or all(isinstance(act.what, Save) for act in batch):
        return
    ids = {_attempt_of(act.what) for act in batch} - {None}
    held = sa.select(Attempt.id).where(Attempt.id.in_(ids)).order_by(Attempt.id)
    tx.execute(held.with_for_update(key_share=True))


def _attempt_of(what: Save | Callable[[Session], Outcome]) -> int | None:
    """The attempt that an act will wait for: an act about one attempt names it `attempt_id`."""
    if isinstance(what, Save):
        return what.attempt_id
    if isinstance(what, functools.partial) and not isinstance(what, Hasty):
        return what.keywords.get("attempt_id")
    return None


def _perform_one(tx: Session, act: Act) -> Outcome:
    try:
        with savepoint(tx):
            return act.what(tx)  # type: ignore[operator]
    except Exception as problem:
        if not isinstance(problem, Refusal):
            log.exception("one act of a batch failed")
        return problem
