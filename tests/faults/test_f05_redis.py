"""F5: the queue between the workers dies, or hangs: no answer waits for it, the boards say so, and heal."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.board.stand import named, snapshot
from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.sizes import size
from tests.faults.watcher import Watcher
from tests.servers import ExamServer, Redis
from tests.worlds import Somebody, World, wall

pytestmark = pytest.mark.slow

CANDIDATES = 9
AWAY = size(5.0, 60.0)
"""Seconds."""

USUAL = size(120, 300)
"""Answers saved before anything happens."""

HEALED_WITHIN = size(60.0, 10.0)
STALE_WITHIN = size(30.0, 5.0)
"""Seconds from the loss until every board says of itself that its data may be old."""

SLOWER, MARGIN = size(3.0, 2.0), size(2.0, 0.1)
"""How many times its usual 99th percentile a save may take while the queue is away, and seconds besides.

A slice shares the machine: it only tells a save that waited for the queue, ten seconds long, from others."""

BEARABLE = 2.0
"""Seconds without an answer saved, beyond which the queue stands in the way; a hung one costs ten."""

VARIANT = Path(__file__).with_name("variant.py")


@pytest.fixture
def redis_again(redis: Redis) -> Iterator[None]:
    """Whatever happens here, the next test finds a queue that answers."""
    yield
    redis.resume()
    if not redis.alive:
        redis.start()


def revisions(world: World, people: Sequence[Somebody]) -> dict[str, int]:
    """How often each of these attempts has changed so far."""
    attempts = [world.attempt(person) for person in people]
    return {attempt.public_id: attempt.rev for attempt in attempts}


def has_heard(watcher: Watcher, wanted: dict[str, int]) -> bool:
    """Every one of these rows came as a delta at this revision, or a newer one."""
    return all(watcher.heard.get(attempt, {"rev": -1})["rev"] >= rev for attempt, rev in wanted.items())


@pytest.mark.usefixtures("redis_again")
@pytest.mark.parametrize(
    ("take_away", "bring_back"), [(Redis.stop, Redis.start), (Redis.hang, Redis.resume)], ids=["dead", "hung"]
)
def test_answers_are_saved_without_the_queue_and_boards_heal_when_it_is_back(
    wide_world: World, cluster: Cluster, redis: Redis, take_away: Callable[[Redis], None],
    bring_back: Callable[[Redis], None],
) -> None:  # fmt: skip
    latecomer, *people = wide_world.booked(CANDIDATES, wide_world.sitting())
    token = wide_world.token(wide_world.official("proctor"))
    with Crowd(cluster.url, people, seed_said(), world=wide_world) as crowd:
        watchers = [crowd.watch(worker.url, token, wide_world.board) for worker in cluster.workers]
        at_first = crowd.replies
        let_them_save(crowd, random.Random(1), USUAL, USUAL)
        usual = crowd.slowest_since(at_first)
        assert all_heard(wide_world, people, watchers, HEALED_WITHIN)

        assert not any(watcher.stale for watcher in watchers)
        take_away(redis)
        away_since = time.monotonic()
        crowd.join(latecomer)  # a fact that every worker should hear
        before = crowd.replies
        assert not all_heard(wide_world, people, watchers, AWAY), "control: they hear of it without the queue"
        assert until(lambda: all(one.stale for one in watchers), STALE_WITHIN - since(away_since))
        until(lambda: since(away_since) >= AWAY, AWAY)
        assert all(one.stale for one in watchers), "a board took itself for fresh"
        assert all_shown(wide_world, people, watchers, HEALED_WITHIN), "control: nobody polls meanwhile"
        assert crowd.slowest_since(before) < SLOWER * usual + MARGIN
        assert crowd.unknown == 0
        assert crowd.lost(wide_world) == []

        bring_back(redis)
        back_since = time.monotonic()
        everybody = [*people, latecomer]
        assert until(lambda: not any(one.stale for one in watchers), HEALED_WITHIN)
        assert all_shown(wide_world, everybody, watchers, HEALED_WITHIN - since(back_since))
        assert all_heard(wide_world, everybody, watchers, HEALED_WITHIN)
        crowd.hand_in()
        assert until(lambda: all(equals(wide_world, one) for one in watchers), HEALED_WITHIN)
        assert until(lambda: check.not_scored_once(wide_world) == [], HEALED_WITHIN)
    assert crowd.refusals == []
    assert check.complaints(wide_world, crowd.sat) == []


def all_heard(world: World, people: Sequence[Somebody], watchers: Sequence[Watcher], within: float) -> bool:
    """Whether every board hears of everybody's present state, while everybody goes on."""
    now = revisions(world, people)
    return until(lambda: all(has_heard(watcher, now) for watcher in watchers), within)


def since(instant: float) -> float:
    """Seconds."""
    return time.monotonic() - instant


def all_shown(world: World, people: Sequence[Somebody], watchers: Sequence[Watcher], within: float) -> bool:
    """Whether every board shows everybody's present state, from wherever it has it."""
    wanted = revisions(world, people)

    def shows(watcher: Watcher) -> bool:
        rows = watcher.rows
        return all(attempt in rows and rows[attempt]["rev"] >= rev for attempt, rev in wanted.items())

    return until(lambda: all(map(shows, watchers)), within)


def equals(world: World, watcher: Watcher) -> bool:
    """Whether a board shows of each of its rows, column for column, what the database says now."""
    rows = [named(row) for row in snapshot(world.db, world.selection_id, wall())]
    shown = watcher.rows
    return {row["id"]: row for row in rows if row["id"] in shown} == shown


def test_the_boards_of_a_killed_worker_come_back_elsewhere_and_equal_the_database(
    wide_world: World, cluster: Cluster
) -> None:
    people = wide_world.booked(CANDIDATES, wide_world.sitting())
    token = wide_world.token(wide_world.official("proctor"))
    with Crowd(cluster.url, people, seed_said(), world=wide_world) as crowd:
        watchers = [crowd.watch(cluster.url, token, wide_world.board) for _ in range(6)]
        let_them_save(crowd, random.Random(1))
        assert all_heard(wide_world, people, watchers, HEALED_WITHIN)
        lines = sum(watcher.lines for watcher in watchers)
        cluster.kill(0)
        killed_at = time.monotonic()
        before = crowd.acks
        assert until(lambda: crowd.everybody_saved_since(before), HEALED_WITHIN), crowd.refusals
        assert all_shown(wide_world, people, watchers, HEALED_WITHIN - since(killed_at))
        assert until(lambda: not any(one.stale for one in watchers), HEALED_WITHIN)
        assert sum(watcher.lines for watcher in watchers) > lines, "no board was on that worker"
        crowd.hand_in()
        assert until(lambda: all(equals(wide_world, one) for one in watchers), HEALED_WITHIN)


def saved_by_everybody(server: ExamServer, world: World, redis: Redis) -> bool:
    """Whether everybody goes on within BEARABLE although the queue hangs and somebody sits down again."""
    people = world.booked(4, world.sitting())
    with Crowd(server.url, people, seed_said(), world=world) as crowd:
        let_them_save(crowd, random.Random(1), 10, 10)
        redis.hang()
        try:
            came_back = crowd.candidates[1].journal.reconnects
            crowd.candidates[1].drop()
            # so long that the new seat was told of, or is still waiting to be
            until(lambda: crowd.candidates[1].journal.reconnects > came_back, 0.3)
            before = crowd.acks
            return until(lambda: crowd.everybody_saved_since(before), BEARABLE)
        finally:
            redis.resume()


@pytest.mark.usefixtures("redis_again")
@pytest.mark.parametrize(("variant", "goes_on"), [(None, True), ("waits_for_the_queue", False)])
def test_control_a_fact_told_before_the_reply_makes_everybody_wait_for_a_hung_queue(
    other_world: World, redis: Redis, tmp_path: Path, variant: str | None, goes_on: bool
) -> None:
    url = other_world.url
    env = {"REDIS_URL": redis.url}
    if variant:
        server = ExamServer(tmp_path, url, env=env | {"EXAM_VARIANT": variant}, script=VARIANT)
    else:
        server = ExamServer(tmp_path, url, env=env)
    try:
        assert saved_by_everybody(server, other_world, redis) is goes_on
    finally:
        server.close()
