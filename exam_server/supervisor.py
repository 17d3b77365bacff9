"""Several workers behind one listening socket: started together, replaced when one dies, ended together."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

log = logging.getLogger(__name__)

LISTENER = "EXAM_LISTEN_FD"
PAUSE = 0.5
"""Seconds between two looks at the workers; also the least time between a death and the next start."""


def supervise(listener_fd: int, workers: int, program: Path) -> int:
    """Keep `workers` processes of `program` on the socket until this process is told to end."""
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _frame: stopping.append(got))
    running = [_start(listener_fd, program) for _ in range(workers)]
    while not stopping:
        time.sleep(PAUSE)
        for place, worker in enumerate(running):
            if worker.poll() is not None and not stopping:
                log.error("worker %d ended with %s; another takes its place", worker.pid, worker.returncode)
                running[place] = _start(listener_fd, program)
    for worker in running:
        worker.terminate()
    for worker in running:
        worker.wait()
    return 0


def _start(listener_fd: int, program: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {LISTENER: str(listener_fd)}
    return subprocess.Popen([sys.executable, str(program)], env=environment, pass_fds=[listener_fd])
