"""Facts cross from one worker to the sockets of the others through Redis, which may die or hang any time.

Nothing waits for it longer than a blink. What could not be told is kept in order and told when it is back,
but not before the other workers listen again; this worker's own rooms hear everything at once in any case.
Once a second each worker says in which rooms somebody listens there; its own words coming back prove that
it hears.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from socketio.pubsub_manager import PubSubManager

log = logging.getLogger(__name__)

CHANNEL = "exam-workers"
SIGNS = "exam-workers-signs"
PATIENCE = 0.5
"""Seconds until a queue without an answer counts as away."""

AGAIN_AFTER = 1.0
"""Seconds between two tries while it is away."""

EARS_UP_AFTER = 2.0
"""Seconds from its return until every worker has noticed it and listens again."""

MOST_UNTOLD = 10_000
"""Facts kept while it is away; beyond that the oldest is forgotten: pages ask for the state themselves."""

SIGN_EVERY = 1.0
"""Seconds between two signs of life of one worker."""

DEAF_AFTER = 2.5
"""Seconds without its own sign after which a worker knows that it does not hear the others."""

FORGOTTEN_AFTER = 5.0
"""Seconds without a sign after which another worker is taken for gone."""

NUMBERED = ("rows",)
"""Events whose frames are counted: who missed one asks for the state, so none is kept while it is away."""

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
        self._signed_at = self._heard_at = float("-inf")
        self._rooms: Callable[[], Iterable[str]] = tuple
        self._others: dict[str, tuple[float, set[str]]] = {}

    @property
    def heard(self) -> bool:
        """False while this worker cannot hear what the others tell."""
        return time.monotonic() - self._heard_at < DEAF_AFTER

    def listening(self) -> set[str]:
        """Rooms in which somebody listens at another worker, as of a few seconds ago."""
        now = time.monotonic()
        fresh = [rooms for at, rooms in list(self._others.values()) if now - at < FORGOTTEN_AFTER]
        return set().union(*fresh)

    def tell(self, rooms: Callable[[], Iterable[str]]) -> None:
        """`rooms()` names the rooms in which somebody listens here."""
        self._rooms = rooms

    def emit(
        self, event: str, data: Any, namespace: str | None = None, room: str | None = None, **_: Any
    ) -> None:  # fmt: skip
        """To everybody in `room`, here at once; as of the base class, without looking for bytes in it."""
        message = {"method": "emit", "event": event, "data": [data], "binary": False, "room": room,
                   "namespace": namespace or "/", "skip_sid": None, "callback": None,
                   "host_id": self.host_id}  # fmt: skip
        self._handle_emit(message)
        self._publish(message)

    def _publish(self, data: dict[str, Any]) -> None:
        """Told now, or as soon as the queue is back."""
        with self._turn:
            if not (self._away and data.get("event") in NUMBERED):
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
                self._heard_at = float("-inf")
                log.error("the queue between the workers cannot be heard: %s", type(problem).__name__)
            time.sleep(AGAIN_AFTER)

    def _hear(self) -> Iterator[bytes]:
        with self._redis.pubsub(ignore_subscribe_messages=True) as ear:  # type: ignore[no-untyped-call]
            ear.subscribe(self.channel, SIGNS)
            while True:
                # Asked with a time limit: a listener with the patience above would take silence for death.
                message = ear.get_message(timeout=SIGN_EVERY / 2)
                if message is not None and message["channel"] == SIGNS.encode():
                    self._take_sign(json.loads(message["data"]))
                elif message is not None:
                    yield message["data"]
                self._give_sign()
                with self._turn:
                    self._tell()

    def _give_sign(self) -> None:
        """Over the same queue and line as everything else, so what comes back proves all of it."""
        if time.monotonic() - self._signed_at >= SIGN_EVERY:
            self._signed_at = time.monotonic()
            sign = {"worker": self.host_id, "rooms": sorted(self._rooms())}
            self._redis.publish(SIGNS, json.dumps(sign))

    def _take_sign(self, sign: dict[str, Any]) -> None:
        now = time.monotonic()
        if sign["worker"] == self.host_id:
            self._heard_at = now
            self._others = {
                one: kept for one, kept in self._others.items() if now - kept[0] < FORGOTTEN_AFTER
            }
        else:
            self._others[sign["worker"]] = now, set(sign["rooms"])
