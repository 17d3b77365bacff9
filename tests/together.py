"""The same act by several threads at the same instant, and what it came to."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from exam_server.db import Database

AT_ONCE = 12


def outcomes(db: Database, act: Callable[[Database, threading.Barrier], object]) -> Counter[str]:
    """What AT_ONCE simultaneous acts came to: `ok`, or the name of what was raised."""
    together, told = threading.Barrier(AT_ONCE), []

    def one() -> None:
        try:
            act(db, together)
            told.append("ok")
        except Exception as problem:
            told.append(type(problem).__name__)

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return Counter(told)
