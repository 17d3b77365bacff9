"""Facts leave for the sockets in their order, from a thread of their own.

With several workers every fact also goes to a message queue; when that hangs, no answer may wait for it.
What could not be told is no loss: pages ask for the state themselves, and the next row says all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from exam_server.rounds import Rounds

EVERY = 0.05
"""Seconds between two looks at what is to be told."""

MOST_WAITING = 10_000
"""Facts kept while the queue hangs; beyond that the oldest is forgotten."""


class Herald(Rounds):
    """`tell(event, data, room)` is called for each fact in turn, and may take its time."""

    def __init__(self, tell: Callable[[str, Any, str], None]) -> None:
        super().__init__("herald", EVERY, self.round)
        self._tell = tell
        self._waiting: deque[tuple[str, Any, str]] = deque(maxlen=MOST_WAITING)

    def put(self, event: str, data: Any, room: str) -> None:
        """Tell it soon; returns at once."""
        self._waiting.append((event, data, room))

    def round(self) -> None:
        """Tell what is waiting now."""
        while self._waiting and not self._stopping.is_set():
            self._tell(*self._waiting.popleft())
