"""A child process that a test may kill, and what to do when the program for it is not there."""

from __future__ import annotations

import atexit
import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tests.forked import Forked, Nursery

ROOT = Path(__file__).resolve().parents[1]
START_WITHIN = 90.0
"""Seconds; a start takes under 2 on an idle machine."""


def missing(what: str, package: str) -> NoReturn:
    """Skip with the line that installs it; where CI promises everything, fail."""
    said = f"{what} was not found: apt-get install -y {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


def chromium() -> str:
    """The program; first the one without windows: the same engine, and a quarter less to run."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, names)), None) or missing("Chromium", "chromium")


def free_port() -> int:
    """A port of the loopback address that was free a moment ago.

    Below the range from which the kernel takes the ports of outgoing connections: a client that tries to
    reconnect to a server that was killed must neither take its port nor connect to itself.
    """
    while True:
        port = random.SystemRandom().randint(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def until(seen: Callable[[], bool], within: float) -> bool:
    """True as soon as `seen`; looks again and again for that many seconds, because others bring it about."""
    end = time.monotonic() + within
    while not seen():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


class Child:
    """One server process in its own process group, with its output in a log file."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | Forked | None = None
        atexit.register(self.kill)

    @property
    def pid(self) -> int:
        """The process id; raises RuntimeError when nothing was started."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def spawn(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, cwd=ROOT,
                start_new_session=True,
            )  # fmt: skip

    def be_born(self, nursery: Nursery, script: Path, env: Mapping[str, str]) -> None:
        """As `spawn` with this script of the server, and quicker."""
        self._process = nursery.bring_up(script, env, self.log)

    def signal(self, number: int) -> None:
        """Send one signal to the whole group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def wait(self, timeout: float = 15.0) -> None:
        if self._process is not None:
            self._process.wait(timeout)

    def kill(self) -> None:
        """SIGKILL to the group, and reaped."""
        if self.alive:
            self.signal(signal.SIGKILL)
            self.wait()

    def until(self, ready: Callable[[], bool], within: float = START_WITHIN) -> bool:
        """True once `ready`; False when the process ended before; raises TimeoutError with the log's end."""
        end = time.monotonic() + within
        while not ready():
            if not self.alive:
                return False
            if time.monotonic() > end:
                raise TimeoutError(self.tail())
            time.sleep(0.03)
        return True

    def tail(self, characters: int = 3000) -> str:
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""
