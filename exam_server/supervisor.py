"""Several workers behind one listening socket: started together, replaced when one dies, ended together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

LISTENER = "EXAM_LISTEN_FD"
LONGEST_FAREWELL = 20
PAUSE = 0.2
"""Seconds between two looks at the workers; also the least time between a death and the next start."""


def until_told_to_end(look: Callable[[], None] = lambda: None) -> None:
    """Return after SIGTERM or SIGINT, looking round every PAUSE.

    A handler that only notes the signal works alike under eventlet, gevent and threads; one that raises may
    raise inside their hub and be swallowed there.
    """
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: told.append(got))
    while True:
        time.sleep(PAUSE)
        if told:
            return
        look()


def supervise(listener_fd: int, workers: int, program: Path) -> int:
    """Keep `workers` processes of `program` on the socket until this process is told to end."""
    running = [_start(listener_fd, program) for _ in range(workers)]

    def replace_the_dead() -> None:
        for place, worker in enumerate(running):
            if worker.poll() is not None:
                log.error("worker %d ended with %s; another takes its place", worker.pid, worker.returncode)
                running[place] = _start(listener_fd, program)

    until_told_to_end(replace_the_dead)
    for worker in running:
        worker.terminate()
    for worker in running:
        worker.wait(LONGEST_FAREWELL)
    return 0


def _start(listener_fd: int, program: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {LISTENER: str(listener_fd)}
    return subprocess.Popen([sys.executable, str(program)], env=environment, pass_fds=[listener_fd])
