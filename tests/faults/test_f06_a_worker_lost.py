"""F6: of three workers behind nginx one is killed and another stands still; the third serves everybody."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.rehearsal.candidate import VirtualCandidate
from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.nginx import Nginx
from tests.faults.sizes import size
from tests.faults.test_f05_redis import all_heard
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

CANDIDATES, PAUSE = 12, 0.1
STANDS_FOR = size(10.0, 30.0)
ELSEWHERE_WITHIN = size(60.0, 10.0)
"""Seconds from a worker's loss until everybody has been told by another that an answer is saved."""

PATIENCE = 5.0
"""Seconds, as a candidate's page has them."""

HELD_AT_MOST = 7.0
"""Seconds; PostgreSQL ends what stands still within a transaction after 5, and a lock is waited for 10 s."""

HANDED_OVER_AFTER = 2.0
"""Seconds; nginx itself waits 4 s before it gives a save to another worker."""

LEFT_OUT = "a board was left without its rows"
RETRIES = "error timeout non_idempotent"


def test_everybody_goes_on_elsewhere_when_one_worker_dies_and_another_hangs(
    wide_world: World, cluster: Cluster
) -> None:
    people = wide_world.booked(CANDIDATES, wide_world.sitting())
    token = wide_world.token(wide_world.official("proctor"))
    with Crowd(cluster.url, people, seed_said(), PAUSE, world=wide_world, patience=PATIENCE) as crowd:
        watchers = [crowd.watch(cluster.url, token, wide_world.board) for _ in cluster.workers]
        let_them_save(crowd, random.Random(1))
        assert all_heard(wide_world, people, watchers, ELSEWHERE_WITHIN)

        before = crowd.acks
        cluster.kill(0)
        assert until(lambda: crowd.everybody_saved_since(before), ELSEWHERE_WITHIN), crowd.refusals
        assert all_heard(wide_world, people, watchers, ELSEWHERE_WITHIN), LEFT_OUT
        assert crowd.lost(wide_world) == []

        stopped_at, behind = time.monotonic(), crowd.acks
        cluster.stop(1)
        try:
            assert until(lambda: crowd.everybody_saved_since(behind), ELSEWHERE_WITHIN), crowd.refusals
            assert all_heard(wide_world, people, watchers, ELSEWHERE_WITHIN), LEFT_OUT
            until(lambda: time.monotonic() - stopped_at >= STANDS_FOR, STANDS_FOR)
        finally:
            cluster.resume(1)  # what it still held is now old: fenced off by newer leases and numbers
        let_them_save(crowd, random.Random(2))
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(wide_world) == [], ELSEWHERE_WITHIN)
    assert crowd.refusals == []
    assert sum(candidate.journal.reconnects for candidate in crowd.candidates) > 0, "nobody sat there"
    assert check.not_the_last_word(wide_world, crowd.sat) == []
    assert check.complaints(wide_world, crowd.sat) == []


def stops_with_something(cluster: Cluster, crowd: Crowd) -> bool:
    """Whether the stopped worker has somebody's save in its hands; else it goes on and may be asked again.

    nginx leaves a worker alone for some seconds that was lost a moment ago, and then it holds nothing.
    """
    cluster.stop(0)
    stuck = crowd.acks
    if not until(lambda: crowd.everybody_saved_since(stuck), HANDED_OVER_AFTER):
        return True
    cluster.resume(0)
    return False


def without_a_reply(url: str, cluster: Cluster, world: World) -> int:
    """How many saves over HTTP were left without a reply, when a worker dies with some in its hands."""
    people = world.booked(4, world.sitting())
    with Crowd(url, people, seed_said(), pause=0, world=world, transport="http") as crowd:
        let_them_save(crowd, random.Random(1), 40, 40)
        assert until(lambda: stops_with_something(cluster, crowd), ELSEWHERE_WITHIN), "it held nothing"
        cluster.kill(0)
        before = crowd.acks
        assert until(lambda: crowd.everybody_saved_since(before), ELSEWHERE_WITHIN), crowd.refusals
        return crowd.unknown


def test_a_save_that_a_dying_worker_held_is_given_to_another(wide_world: World, cluster: Cluster) -> None:
    assert without_a_reply(cluster.url, cluster, wide_world) == 0


def test_control_without_the_second_try_such_a_save_is_left_without_a_reply(
    wide_world: World, cluster: Cluster, tmp_path: Path
) -> None:
    ports = [worker.port for worker in cluster.workers]
    nginx = Nginx(tmp_path, ports, lambda text: text.replace(RETRIES, "error timeout"))
    assert RETRIES not in nginx.settings
    nginx.start()
    try:
        assert without_a_reply(nginx.url, cluster, wide_world) > 0
    finally:
        nginx.close()


@pytest.fixture
def person(wide_world: World) -> Somebody:
    return wide_world.booked(1, wide_world.sitting())[0]


def saved_while_held(cluster: Cluster, world: World, person: Somebody, holder: sa.Engine) -> bool:
    """Whether an answer is saved within HELD_AT_MOST, when a standing transaction holds the attempt."""

    async def story() -> bool:
        one = VirtualCandidate(cluster.url, person.email, PASSWORD, patience=HELD_AT_MOST)
        try:
            await one.adopt(world.token(person))
            await one.start()
            await one.join()
            with holder.connect() as connection:
                hold = "SELECT id FROM attempt WHERE candidate_id = :id FOR UPDATE"
                connection.execute(sa.text(hold), {"id": person.id})
                one.answer(1, 1)
                saved = await one.deliver(HELD_AT_MOST)
                connection.invalidate()
            return saved
        finally:
            await one.close()

    return asyncio.run(story())


def test_an_attempt_that_a_standing_worker_holds_is_free_again_before_long(
    wide_world: World, cluster: Cluster, person: Somebody
) -> None:
    standing = Database(wide_world.url)
    try:
        assert saved_while_held(cluster, wide_world, person, standing.engine)
    finally:
        standing.close()


def test_control_who_may_stand_still_within_a_transaction_stops_the_others(
    wide_world: World, cluster: Cluster, person: Somebody
) -> None:
    standing = sa.create_engine(wide_world.db.engine.url)
    try:
        assert not saved_while_held(cluster, wide_world, person, standing)
    finally:
        standing.dispose()
