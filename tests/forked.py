"""Servers that the nursery brought up: processes that somebody else is the parent of."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

PROGRAM = Path(__file__).with_name("nursery.py")


class Forked:
    """What `subprocess.Popen` tells of a child, as far as it can be told of somebody else's: not its code."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended = False
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._ended = True

    def poll(self) -> int | None:
        """0 once it has ended, however that was."""
        return 0 if self._over(0.0) else None

    def wait(self, timeout: float) -> int:
        """Raises subprocess.TimeoutExpired."""
        if not self._over(timeout):
            raise subprocess.TimeoutExpired(f"the server {self.pid}", timeout)
        return 0

    def _over(self, within: float) -> bool:
        if not self._ended and select.select([self._handle], [], [], within)[0]:
            self._ended = True
            os.close(self._handle)
        return self._ended


class Nursery:
    """One process that has the server of one async mode ready."""

    def __init__(self, async_mode: str, env: Mapping[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder,
            stderr=subprocess.DEVNULL, env={**env, "EXAM_ASYNC": async_mode}, bufsize=0,
        )  # fmt: skip
        self._turn = threading.Lock()
        atexit.register(self.close)

    def bring_up(self, script: Path, env: Mapping[str, str], log: Path) -> Forked:
        """A server (`wsgi.py` or a variant) with this environment that writes to this log."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"script": str(script), "env": dict(env), "log": str(log)}
        with self._turn:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            answer = self._process.stdout.readline()
        assert answer, f"the nursery ended with {self._process.wait()}: its wsgi.py may not import"
        return Forked(int(answer))

    def close(self) -> None:
        """Nobody new comes; who is there stays."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()


_opened: dict[str, Nursery] = {}
_turn = threading.Lock()


def nursery(async_mode: str, folder: Path) -> Nursery:
    """The one of this session and that mode."""
    with _turn:
        if async_mode not in _opened:
            _opened[async_mode] = _open(async_mode, folder)
        return _opened[async_mode]


def _open(async_mode: str, folder: Path) -> Nursery:
    env = {name: value for name, value in os.environ.items() if not name.startswith("EXAM_")}
    return Nursery(async_mode, env | {"PYTHONPATH": str(folder), "PYTHONUNBUFFERED": "1"}, folder)
