"""F1: the server is killed with -9 while candidates save; no acknowledged answer is missing afterwards."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults import check
from tests.faults.cluster import WORKERS, Cluster
from tests.faults.crowd import FALLBACK, Crowd, let_them_save, seed_said, until
from tests.faults.sizes import size
from tests.servers import ExamServer
from tests.worlds import World

pytestmark = pytest.mark.slow

CANDIDATES = 15
KILLS = size(5, 30)
KILLS_OF_WORKERS = size(2, 10)
DRAINED_WITHIN = size(60.0, 10.0)
"""Seconds from the moment at which the server is back until everybody has saved again."""

TWICE = 0.3
"""Seconds within which a server that gets up is killed again."""

VARIANT = Path(__file__).with_name("variant.py")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def kill(server: ExamServer, twice: bool, dice: random.Random) -> None:
    """Killed, and perhaps once more while it gets up."""
    server.kill()
    if twice:
        server.spawn()
        until(lambda: not server.alive, dice.uniform(0.05, TWICE))
        server.kill()


def everybody_came_back(crowd: Crowd) -> bool:
    """Whoever sat at a socket has lost it and opened another."""
    came_back = [candidate.journal.reconnects for candidate in crowd.candidates]
    return min(back for number, back in enumerate(came_back) if number % FALLBACK) >= 1


@on_sqlite
def test_no_acknowledged_answer_is_missing_after_any_kill(world: World, server: ExamServer) -> None:
    seed = seed_said()
    dice = random.Random(seed)
    people = world.booked(CANDIDATES, world.sitting())
    with Crowd(server.url, people, seed, world=world) as crowd:
        for turn in range(KILLS):
            let_them_save(crowd, dice)
            before = crowd.acks
            kill(server, twice=turn % 3 == 1, dice=dice)
            assert crowd.lost(world) == []
            server.start()
            assert until(lambda: crowd.everybody_saved_since(before), DRAINED_WITHIN), crowd.refusals  # noqa: B023
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(world) == [], DRAINED_WITHIN)
        assert crowd.unknown > 0, "no kill fell between an answer and its reply"
    assert crowd.refusals == []
    assert all(candidate.outbox.entries == [] for candidate in crowd.candidates)
    assert everybody_came_back(crowd)
    assert check.not_the_last_word(world, crowd.sat) == []
    assert check.complaints(world, crowd.sat) == []


def test_no_acknowledged_answer_is_missing_after_any_kill_of_workers(
    wide_world: World, cluster: Cluster
) -> None:
    seed = seed_said()
    dice = random.Random(seed)
    people = wide_world.booked(CANDIDATES, wide_world.sitting())
    with Crowd(cluster.url, people, seed, world=wide_world) as crowd:
        for turn in range(KILLS_OF_WORKERS):
            let_them_save(crowd, dice)
            before = crowd.acks
            cluster.kill(*([] if turn % 2 == 0 else dice.sample(range(WORKERS), dice.randint(1, WORKERS))))
            assert crowd.lost(wide_world) == []
            cluster.heal()
            assert until(lambda: crowd.everybody_saved_since(before), DRAINED_WITHIN), crowd.refusals  # noqa: B023
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(wide_world) == [], DRAINED_WITHIN)
        assert crowd.unknown > 0, "no kill fell between an answer and its reply"
    assert crowd.refusals == []
    assert everybody_came_back(crowd)
    assert check.not_the_last_word(wide_world, crowd.sat) == []
    assert check.complaints(wide_world, crowd.sat) == []


@on_sqlite
def test_control_a_server_that_acknowledges_before_the_commit_loses_answers(
    world: World, tmp_path: Path
) -> None:
    seed = seed_said()
    people = world.booked(CANDIDATES, world.sitting())
    server = ExamServer(tmp_path, script=VARIANT, env={"EXAM_VARIANT": "early_ack"})
    with Crowd(server.url, people, seed, world=world) as crowd:
        let_them_save(crowd, random.Random(seed))
        server.kill()
        assert crowd.lost(world) != []
        crowd.go_home()


@on_sqlite
def test_control_the_check_sees_answers_of_two_people_mixed_up(world: World, server: ExamServer) -> None:
    seed = seed_said()
    people = world.booked(2, world.sitting())
    with Crowd(server.url, people, seed, world=world) as crowd:
        let_them_save(crowd, random.Random(seed), 10, 20)
        crowd.still()
    assert check.complaints(world, crowd.sat) == []
    mistaken = [(people[1], crowd.sat[0][1]), (people[0], crowd.sat[1][1])]
    assert check.complaints(world, mistaken) != []
