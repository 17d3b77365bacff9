"""The log stays readable in a disturbance: the same trouble is written a few times, then counted.

A full disk fails every save of every candidate; a line for each would fill what is left of the disk and bury
what matters.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

AT_MOST = 5
"""Records of one kind per PERIOD."""

PERIOD = 10.0
"""Seconds."""

MOST_KINDS = 1000


@dataclass
class _Count:
    """Of one kind of record: when its period began (seconds), and how many came in it."""

    began: float
    came: int = 0


class Repeats(logging.Filter):
    """For a handler: lets AT_MOST records of one kind pass in PERIOD, and says how many it held back.

    A kind is a logger, a message before its values are put in, and the class of the error with it.
    """

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._seconds, self._lock = seconds, threading.Lock()
        self._kinds: dict[tuple[str, str, str], _Count] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this record is written; the first one after a busy period tells of those that were not."""
        with self._lock:
            held_back, passes = self._take(_kind(record))
        if held_back:
            record.msg = f"{record.msg} [and {held_back} more of this kind meanwhile]"
        return passes

    def _take(self, kind: tuple[str, str, str]) -> tuple[int, bool]:
        now, held_back = self._seconds(), 0
        count = self._kinds.get(kind)
        if count is None or now - count.began >= PERIOD:
            held_back = max(0, count.came - AT_MOST) if count else 0
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
            count = self._kinds[kind] = _Count(now)
        count.came += 1
        return held_back, count.came <= AT_MOST


def _kind(record: logging.LogRecord) -> tuple[str, str, str]:
    problem = record.exc_info[0] if record.exc_info else None
    return record.name, str(record.msg), problem.__name__ if problem else ""
