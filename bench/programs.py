"""The servers of a run: floors and the real one, each a child process on the server's core."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.cores import on_server_core
from tests.processes import Child, free_port
from tests.servers import ExamServer

SECRETS = {
    "SECRET_KEY": "only-for-the-benchmark-" + "0" * 32,
    "BANK_KEY": "only-for-the-benchmark-" + "1" * 32,
}


class Floor:
    """One program of `bench/floors` (or another module that serves on PORT), running."""

    def __init__(self, folder: Path, mode: str, module: str, env: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        folder.mkdir(parents=True, exist_ok=True)
        self._child = Child(folder / f"{module.rpartition('.')[2]}-{self.port}.log")
        wanted = {**os.environ, "EXAM_ASYNC": mode, "PORT": str(self.port), "BASE_URL": self.url,
                  "EXAM_ORIGINS": self.url, **(env or {})}  # fmt: skip
        with on_server_core():
            self._child.spawn([sys.executable, "-m", module], wanted)
        if not self._child.until(self._listens):
            raise RuntimeError(self._child.tail())

    @property
    def pid(self) -> int:
        return self._child.pid

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        self._child.kill()


def exam_server(folder: Path, mode: str, url: str, env: Mapping[str, str] | None = None) -> ExamServer:
    """The real server over a database that is filled already."""
    with on_server_core():
        return ExamServer(folder, url, async_mode=mode, env={**SECRETS, **(env or {})})
