"""Facts cross from one worker to the sockets of the others through Redis, which may die or hang any time.

Nothing waits for it longer than a blink. What could not be told is kept in order and told when it is back,
but not before the other workers listen again; this worker's own rooms hear everything at once in any case.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio.pubsub_manager import PubSubManager

log = logging.getLogger(__name__)

CHANNEL = "exam-workers"
PATIENCE = 0.5
"""Seconds until a queue without an answer counts as away."""

AGAIN_AFTER = 1.0
"""Seconds between two tries while it is away."""

EARS_UP_AFTER = 2.0
"""Seconds from its return until every worker has noticed it and listens again."""

MOST_UNTOLD = 10_000
"""Facts kept while it is away; beyond that the oldest is forgotten: pages ask for the state themselves."""

AWAY = (redis.RedisError, OSError)
KEEP_ALIVE = {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}


class WorkersQueue(PubSubManager):  # type: ignore[misc]
    """What `create_app` gives to Socket.IO where several workers serve; `url` names the Redis."""

    name = "workers"

    def __init__(self, url: str) -> None:
        super().__init__(channel=CHANNEL)
        # No tries of its own: the thread that tells would stand still for all of them.
        self._redis = redis.Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0),
            socket_keepalive=True, socket_keepalive_options=KEEP_ALIVE,
        )  # fmt: skip
        self._untold: deque[str] = deque(maxlen=MOST_UNTOLD)
        self._turn = threading.Lock()
        self._away, self._not_before = False, 0.0

    def _publish(self, data: dict[str, Any]) -> None:
        """Told now, or as soon as the queue is back."""
        with self._turn:
            self._untold.append(json.dumps(data))
            self._tell()

    def _tell(self) -> None:
        """What is untold, in order, as far as the queue takes it; the caller holds the turn."""
        while self._untold and time.monotonic() >= self._not_before:
            try:
                if self._away:
                    self._redis.ping()
                    self._away, self._not_before = False, time.monotonic() + EARS_UP_AFTER
                else:
                    self._redis.publish(self.channel, self._untold[0])
                    self._untold.popleft()
            except AWAY as problem:
                log.error("the queue between the workers does not answer: %s", type(problem).__name__)
                self._away, self._not_before = True, time.monotonic() + AGAIN_AFTER

    def _listen(self) -> Iterator[bytes]:
        """What the other workers tell, for ever."""
        while True:
            try:
                yield from self._hear()
            except AWAY as problem:
                log.error("the queue between the workers cannot be heard: %s", type(problem).__name__)
            time.sleep(AGAIN_AFTER)

    def _hear(self) -> Iterator[bytes]:
        with self._redis.pubsub(ignore_subscribe_messages=True) as ear:  # type: ignore[no-untyped-call]
            ear.subscribe(self.channel)
            while True:
                # Asked with a time limit: a listener with the patience above would take silence for death.
                message = ear.get_message(timeout=AGAIN_AFTER)
                if message is not None:
                    yield message["data"]
                with self._turn:
                    self._tell()
