"""The message queue between workers hangs: whoever sits down or answers must not feel it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.floors import slowest
from tests.servers import ExamServer, Redis
from tests.sockets.conftest import Party, meet
from tests.worlds import World

BEARABLE = 2.0
"""Seconds, and five times what a save takes before; a fact told from inside the commit would wait ten."""


@pytest.fixture
def server(world: World, tmp_path: Path, redis: Redis) -> Iterator[ExamServer]:
    url = world.db.engine.url.render_as_string(False)
    serving = ExamServer(tmp_path, url, env={"REDIS_URL": redis.url})
    yield serving
    serving.close()


@pytest.mark.slow
def test_a_hung_queue_delays_no_answer(world: World, server: ExamServer, redis: Redis) -> None:
    first, second = world.booked(2, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(first)
        one.answer(3, 2)
        floor = await slowest(one.save, 1)
        redis.hang()
        try:
            other = await party.candidate(second)  # taking a seat is a fact that every worker should hear
            began = time.monotonic()
            one.answer(1, 2)
            assert (await one.save())["ok"]
            assert (await other.submit())["ok"]
            one.answer(2, 2)
            assert (await one.save())["ok"]
            assert time.monotonic() - began < BEARABLE + 5 * floor
        finally:
            redis.resume()

    meet(server, story)
