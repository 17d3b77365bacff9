"""What time alone must cause, also when the server was down at that moment, and never under a wrong clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.clock import WIDEST_STEP
from exam_server.db import Database
from exam_server.exam import lookups, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.rules import DRAW_AHEAD, LONGEST_BUFFER_AGE
from exam_server.exam.sweeper import Sweeper
from exam_server.models import Attempt, Paper
from tests.conftest import SetClock
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_other_scene,
    add_running,
    add_scene,
)

TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
DUE = DEADLINE + timedelta(seconds=10) + LONGEST_BUFFER_AGE


@pytest.fixture
def sweeper(db: Database, clock: SetClock, writer: GroupCommit) -> Sweeper:
    return Sweeper(db, clock, writer)


def how(db: Database, run: Run) -> str | None:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id).how


def has_paper(db: Database, run: Run) -> bool:
    with db.read() as tx:
        return tx.get(Paper, run.attempt_id) is not None


def test_nothing_is_closed_before_it_is_due(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper
) -> None:
    run = add_running(db, scene)
    clock.at = DUE - TICK
    assert sweeper.sweep() == 0
    assert how(db, run) is None


def test_what_is_due_is_closed_as_of_its_deadline(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper
) -> None:
    run, later = add_running(db, scene), add_running(db, scene, START + MINUTE)
    clock.at = DUE
    assert sweeper.sweep() == 1
    assert (how(db, run), how(db, later)) == ("clock", None)
    assert sweeper.sweep() == 0


def test_the_first_sweep_after_a_start_closes_what_was_missed(
    db: Database, scene: Scene, clock: SetClock, writer: GroupCommit
) -> None:
    """The server was down when the time was over; it comes back hours later."""
    run = add_running(db, scene)
    clock.at = DUE + 7 * HOUR
    sweeper = Sweeper(db, clock, writer)
    sweeper.start()
    sweeper.stop()
    assert how(db, run) == "clock"
    assert lookups.own_attempt(db, run.candidate_id).facts.finalised_at == DEADLINE


def test_one_bad_attempt_does_not_stop_the_others(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [add_running(db, scene) for _ in range(3)]
    close = service.close_by_clock

    def fail_for_the_first(tx: Any, attempt_id: int, **named: Any) -> None:
        close(tx, attempt_id, **named)
        if attempt_id == runs[0].attempt_id:
            raise RuntimeError("a row that nobody foresaw")

    monkeypatch.setattr(service, "close_by_clock", fail_for_the_first)
    clock.at = DUE
    sweeper.sweep()
    assert [how(db, run) for run in runs] == [None, "clock", "clock"]


def test_a_bank_that_is_too_small_does_not_stop_the_others(
    db: Database, clock: SetClock, sweeper: Sweeper
) -> None:
    poor = add_booked(db, add_scene(db, items=3))
    rich = add_booked(db, add_other_scene(db))
    clock.at = START - MINUTE
    sweeper.sweep()
    assert (has_paper(db, poor), has_paper(db, rich)) == (False, True)


def test_papers_are_drawn_from_half_an_hour_before(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper
) -> None:
    run = add_booked(db, scene)
    clock.at = START - DRAW_AHEAD - TICK
    sweeper.sweep()
    assert not has_paper(db, run)
    clock.at = START - DRAW_AHEAD
    sweeper.sweep()
    assert has_paper(db, run)


@pytest.mark.parametrize("direction", [1, -1])
def test_a_step_of_the_clock_holds_closing_until_it_is_gone(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper, direction: int
) -> None:
    run = add_running(db, scene)
    clock.at = DUE
    clock.stepped = direction * (WIDEST_STEP + TICK)
    assert sweeper.sweep() == 0
    assert how(db, run) is None
    clock.stepped = direction * WIDEST_STEP
    assert sweeper.sweep() == 1
    assert how(db, run) == "clock"


def test_a_step_that_lasts_is_told_once_and_its_end_once(
    scene: Scene, clock: SetClock, sweeper: Sweeper, caplog: pytest.LogCaptureFixture
) -> None:
    for stepped in (HOUR, HOUR, -HOUR, timedelta(0), timedelta(0)):
        clock.stepped = stepped
        sweeper.sweep()
    said = [record.message for record in caplog.records]
    assert ["held" in one for one in said] == [True, False]
    assert "goes on" in said[1]


def test_a_step_of_the_clock_does_not_hold_papers(
    db: Database, scene: Scene, clock: SetClock, sweeper: Sweeper
) -> None:
    run = add_booked(db, scene)
    clock.at, clock.stepped = START, HOUR
    sweeper.sweep()
    assert has_paper(db, run)


def test_a_dead_sweeper_changes_nothing_a_candidate_may_do(db: Database, scene: Scene) -> None:
    run = add_running(db, scene)
    assert lookups.own_attempt(db, run.candidate_id).phase(DUE + HOUR) == ("closed", None)
    with db.read() as tx:
        assert tx.scalars(sa.select(Attempt.finalised_at)).all() == [None]
