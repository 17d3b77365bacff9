"""What a worker knows of the queue between them: whether it hears the others, and who listens where."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from exam_server import workers_queue
from exam_server.workers_queue import WorkersQueue
from tests.processes import until
from tests.servers import Redis

DEAF_WITHIN = 5.0
"""Seconds after which a board must know that it is stale."""

PATIENCE = 30.0


class Worker:
    """One worker's queue, with its listener in a thread, and what it hears."""

    def __init__(self, url: str, rooms: set[str]) -> None:
        self.queue, self._over = WorkersQueue(url), threading.Event()
        self.told: list[bytes] = []
        self.queue.tell(lambda: rooms)
        self._thread = threading.Thread(target=self._listen, name="listener")
        self._thread.start()

    def _listen(self) -> None:
        for message in self.queue._listen():
            self.told.append(message)
            if self._over.is_set():
                return

    def say(self, event: str, data: Any = None) -> None:
        self.queue._publish({"method": "emit", "event": event, "data": data, "host_id": "x"})

    def close(self) -> None:
        """Its listener ends with the next thing it hears."""
        self._over.set()
        until(lambda: (self.say("bye"), not self._thread.is_alive())[1], PATIENCE)


@pytest.fixture
def meet(redis: Redis) -> Iterator[Callable[[set[str]], Worker]]:
    met: list[Worker] = []

    def make(rooms: set[str]) -> Worker:
        met.append(Worker(redis.url, rooms))
        return met[-1]

    yield make
    redis.resume()
    if not redis.alive:
        redis.start()
    for worker in met:
        worker.close()


def test_workers_hear_each_other_and_know_where_somebody_listens(
    meet: Callable[[set[str]], Worker],
) -> None:
    first, second = meet({"board:1"}), meet({"board:2", "board:3"})
    assert not WorkersQueue("redis://127.0.0.1:1/0").heard, "nobody hears before they listened"
    assert until(lambda: first.queue.heard and second.queue.heard, PATIENCE)
    assert until(lambda: first.queue.listening() == {"board:2", "board:3"}, PATIENCE)
    assert until(lambda: second.queue.listening() == {"board:1"}, PATIENCE)


@pytest.mark.parametrize("away", [Redis.hang, Redis.stop], ids=["hung", "dead"])
def test_a_worker_knows_within_five_seconds_that_it_hears_nobody_and_hears_again_afterwards(
    meet: Callable[[set[str]], Worker], redis: Redis, away: Callable[[Redis], None]
) -> None:
    worker = meet(set())
    assert until(lambda: worker.queue.heard, PATIENCE)
    away(redis)
    since = time.monotonic()
    assert until(lambda: not worker.queue.heard, PATIENCE)
    assert time.monotonic() - since < DEAF_WITHIN
    redis.resume() if redis.alive else redis.start()
    assert until(lambda: worker.queue.heard, PATIENCE)


def test_of_a_worker_that_is_gone_nothing_is_known_after_a_while(meet: Callable[[set[str]], Worker]) -> None:
    first, second = meet(set()), meet({"board:2"})
    assert until(lambda: first.queue.listening() == {"board:2"}, PATIENCE)
    second.close()
    assert until(lambda: first.queue.listening() == set(), PATIENCE)


def test_what_is_not_numbered_is_kept_for_the_return_of_the_queue_and_frames_are_not(
    meet: Callable[[set[str]], Worker], redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, workers_queue.log.name)
    first, second = meet(set()), meet(set())
    assert until(lambda: first.queue.heard and second.queue.heard, PATIENCE)
    redis.stop()
    first.say("lost")  # the one with which it notices
    first.say("closed")
    first.say("rows")
    redis.start()
    assert until(lambda: any(b'"closed"' in one for one in second.told), PATIENCE)
    first.say("rows", "after")
    assert until(lambda: any(b'"after"' in one for one in second.told), PATIENCE)
    assert sum(b'"rows"' in one for one in second.told) == 1
