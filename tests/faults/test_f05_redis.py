"""F5: the queue between the workers dies, or hangs: no answer waits for it, and the boards heal."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.sizes import size
from tests.faults.watcher import Watcher
from tests.servers import ExamServer, Redis
from tests.worlds import Somebody, World

pytestmark = pytest.mark.slow

CANDIDATES = 9
AWAY = size(2.5, 60.0)
"""Seconds."""

HEALED_WITHIN = size(60.0, 10.0)
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
        let_them_save(crowd, random.Random(1), 300, 300)
        usual = crowd.slowest_since(at_first)
        assert all_heard(wide_world, people, watchers, HEALED_WITHIN)

        take_away(redis)
        away_since = time.monotonic()
        crowd.join(latecomer)  # a fact that every worker should hear
        before = crowd.replies
        assert not all_heard(wide_world, people, watchers, AWAY), "control: they hear of it without the queue"
        until(lambda: time.monotonic() - away_since >= AWAY, AWAY)
        assert crowd.slowest_since(before) < 3 * usual + 0.3
        assert crowd.unknown == 0
        assert crowd.lost(wide_world) == []

        bring_back(redis)
        assert all_heard(wide_world, people, watchers, HEALED_WITHIN)
        assert all_heard(wide_world, [latecomer], watchers, HEALED_WITHIN)
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(wide_world) == [], HEALED_WITHIN)
    assert crowd.refusals == []
    assert check.complaints(wide_world, crowd.sat) == []


def all_heard(world: World, people: Sequence[Somebody], watchers: Sequence[Watcher], within: float) -> bool:
    """Whether every board hears of everybody's present state, while everybody goes on."""
    now = revisions(world, people)
    return until(lambda: all(has_heard(watcher, now) for watcher in watchers), within)


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
