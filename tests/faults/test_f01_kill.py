"""F1: the server is killed with -9 while candidates save; no acknowledged answer is missing afterwards."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.crowd import FALLBACK, Crowd, seed_said
from tests.servers import ExamServer
from tests.worlds import World

pytestmark = pytest.mark.slow

CANDIDATES = 15
KILLS = {"sqlite": 10, "postgresql": 3}
RESUMED_WITHIN = 20.0
VARIANT = Path(__file__).with_name("variant.py")


def until(true: Callable[[], bool], within: float) -> bool:
    """Wait for something that others bring about; false when it did not happen in time."""
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def let_them_save(crowd: Crowd, dice: random.Random) -> None:
    """A random number of acknowledged answers, so that the kill falls anywhere between two commits."""
    goal = sum(crowd.acks) + dice.randint(20, 120)
    assert until(lambda: sum(crowd.acks) >= goal, RESUMED_WITHIN), crowd.refusals


def kill_and_bring_back(server: ExamServer, dice: random.Random) -> None:
    """Killed; now and then killed once more while it gets up."""
    server.kill()
    if dice.random() < 0.3:
        server.spawn()
        until(lambda: not server.alive, dice.uniform(0.05, 0.3))
        server.kill()
    server.start()


def test_no_acknowledged_answer_is_missing_after_any_kill(world: World, server: ExamServer) -> None:
    seed = seed_said()
    dice = random.Random(seed)
    people = world.booked(CANDIDATES, world.sitting())
    kills = KILLS["sqlite" if world.db.sqlite else "postgresql"]
    with Crowd(server.url, people, seed) as crowd:
        for _ in range(kills):
            let_them_save(crowd, dice)
            before = crowd.acks
            server.kill()
            assert crowd.lost(world) == []
            kill_and_bring_back(server, dice)
            assert until(lambda: crowd.everybody_saved_since(before), RESUMED_WITHIN), crowd.refusals  # noqa: B023
    assert crowd.refusals == []
    assert crowd.lost(world) == []
    assert all(candidate.outbox.entries == [] for candidate in crowd.candidates)
    came_back = [candidate.journal.reconnects for candidate in crowd.candidates]
    assert min(back for number, back in enumerate(came_back) if number % FALLBACK) >= 1
    assert sum(candidate.journal.unknown for candidate in crowd.candidates) > 0
    assert damage(world) == []


def damage(world: World) -> list[str]:
    """What the database itself and its journal have to complain about."""
    said = []
    if world.db.sqlite and world.scalar("PRAGMA integrity_check") != "ok":
        said.append("integrity_check")
    newest = (
        "SELECT count(*) FROM response r WHERE NOT EXISTS (SELECT 1 FROM response_journal j WHERE "
        "j.attempt_id = r.attempt_id AND j.position = r.position AND j.seq = r.seq)"
    )
    if world.scalar(newest):
        said.append("a response without its journal entry")
    return said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_a_server_that_acknowledges_before_the_commit_loses_answers(
    world: World, tmp_path: Path
) -> None:
    seed = seed_said()
    people = world.booked(CANDIDATES, world.sitting())
    server = ExamServer(tmp_path, script=VARIANT, env={"EXAM_VARIANT": "early_ack"})
    with Crowd(server.url, people, seed) as crowd:
        let_them_save(crowd, random.Random(seed))
        server.kill()
        assert crowd.lost(world) != []
        server.restart()  # so that everybody can go home
