"""Work that repeats: a thread that does one round after another, whatever becomes of a single round."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Rounds:
    """One thread of one worker (a green one under eventlet and gevent); the first round is done at once."""

    def __init__(self, name: str, every: float, act: Callable[[], object]) -> None:
        """`every`: seconds between two rounds of `act`."""
        self._name, self._every, self._act = name, every, act
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                self._act()
            except Exception:
                log.exception("a round of %s failed; the next one makes up for it", self._name)
            if self._stopping.wait(self._every):
                return
