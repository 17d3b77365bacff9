"""Who computes where: the server under test has one core for itself, the generator and PostgreSQL another."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[1 % len(CORES)]


def take_load_core() -> None:
    """This process, and whatever it starts from now on, stays on the generator's core."""
    os.sched_setaffinity(0, {LOAD_CORE})


@contextlib.contextmanager
def on_server_core() -> Iterator[None]:
    """What is started inside this block stays on the server's core."""
    os.sched_setaffinity(0, {SERVER_CORE})
    try:
        yield
    finally:
        take_load_core()


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time that `pid` has used, to the nanosecond (Linux names such a clock by pid)."""
    return time.clock_gettime(~pid << 3 | 2)


def resident_kib(pid: int) -> int:
    """Memory of `pid` that is in RAM, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ProcessLookupError(pid)
