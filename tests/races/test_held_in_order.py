"""Two workers and an official at the same attempts, each in its own order: they wait, and never in a ring."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.exam import autosave, ledger, service
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.ledger import Grant
from tests.extra_time.samples import Day, entries
from tests.factories import MINUTE, START, Run

NOW = START + 5 * MINUTE
MET = 2.0
"""Seconds in which two who stand side by side have met; who waits for the other never comes."""
WITHIN = 30


@pytest.fixture
def day(db: Database) -> Day:
    return Day(db, running=2)


@pytest.fixture
def workers(db: Database) -> Iterator[list[GroupCommit]]:
    """Not started: what is put stands in one batch."""
    writers = [GroupCommit(db), GroupCommit(db)]
    yield writers
    for writer in writers:
        writer.stop()


def beat(run: Run) -> functools.partial[None]:
    return functools.partial(service.contact, attempt_id=run.attempt_id, session_id=run.session_id, now=NOW)


def meeting(together: threading.Barrier) -> Callable[[Session], None]:
    """Goes on when the other is there too, or when it cannot come."""

    def act(_: Session) -> None:
        meet(together)

    return act


def meet(together: threading.Barrier) -> None:
    try:
        together.wait(MET)
    except threading.BrokenBarrierError:
        return


def two_workers(day: Day, workers: list[GroupCommit]) -> list[Any]:
    """What became of the beats of two batches that name the same attempts the other way round."""
    told: list[Any] = []
    together = threading.Barrier(2)
    for worker, runs in zip(workers, (day.runs, day.runs[::-1]), strict=True):
        for act in (beat(runs[0]), meeting(together), beat(runs[1])):
            worker.put(Act(act, told.append))
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.stop()
    return told


def worker_and_official(day: Day, worker: GroupCommit) -> list[Any]:
    """What became of a batch, and of time for both attempts, granted in the middle of it."""
    told: list[Any] = []
    together = threading.Barrier(2)
    for act in (beat(day.runs[1]), meeting(together), beat(day.runs[0])):
        worker.put(Act(act, told.append))
    first, second = sorted(run.attempt_id for run in day.runs)
    given = Grant("extra", 60, "power", "listrik padam", day.proctor)

    def grant() -> None:
        try:
            with day.db.write() as tx:
                ledger.enter(tx, first, given, NOW)
                meet(together)
                ledger.enter(tx, second, given, NOW)
        except OperationalError as problem:
            told.append(problem)

    official = threading.Thread(target=grant)
    worker.start()
    official.start()
    official.join(WITHIN)
    worker.stop()
    return told


def test_two_workers_with_the_same_attempts_do_not_wait_in_a_ring(
    day: Day, workers: list[GroupCommit]
) -> None:
    assert two_workers(day, workers) == [None] * 6


def test_time_for_many_is_granted_while_their_pages_beat(day: Day, workers: list[GroupCommit]) -> None:
    assert worker_and_official(day, workers[0]) == [None] * 3
    assert [entries(day.db, run)[1:] for run in day.runs] == [[("extra", 60)]] * 2


@pytest.mark.parametrize("play", ["workers", "official"])
def test_control_without_holding_them_first_postgresql_breaks_one_of_the_two_off(
    day: Day, workers: list[GroupCommit], play: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "_hold", lambda _tx, _batch: None)
    told = two_workers(day, workers) if play == "workers" else worker_and_official(day, workers[0])
    broken = any(isinstance(outcome, OperationalError) for outcome in told)
    assert broken is not day.db.sqlite, "SQLite has one writer at a time: there is no ring to break"
