"""nginx as the offices run it: the file in deploy/ with its names filled in, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.processes import ROOT, Child, free_port, missing

TEMPLATE = ROOT / "deploy" / "nginx.conf"
WORKER = "server 127.0.0.1:{port} max_fails=2 fail_timeout=8s; server 127.0.0.1:{port} max_fails=0 backup;"

Change = Callable[[str], str]
"""What a negative control does to the file before nginx reads it."""


class Nginx:
    """Listening at `url` in front of the workers on `ports`."""

    def __init__(self, folder: Path, ports: Sequence[int], change: Change = lambda text: text) -> None:
        # Debian keeps the program where users have no path
        found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self._program = found or missing("nginx", "nginx")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._run = folder / "nginx"
        self._run.mkdir()
        self.settings = change(self._filled(ports))
        self._file = self._run / "nginx.conf"
        self._file.write_text(self.settings)
        self._child = Child(folder / "nginx.log")

    def _filled(self, ports: Sequence[int]) -> str:
        names = {
            "EXAM_LISTEN": f"127.0.0.1:{self.port}", "EXAM_RUN": str(self._run),
            "EXAM_WORKERS": " ".join(WORKER.format(port=port) for port in ports),
        }  # fmt: skip
        text = TEMPLATE.read_text()
        for name, value in names.items():
            text = text.replace(f"${{{name}}}", value)
        return text

    def start(self) -> None:
        """Listening; raises RuntimeError with the end of its log."""
        mine = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        self._child.spawn([self._program, "-e", "stderr", "-p", str(self._run), "-c", str(self._file),
                           "-g", mine])  # fmt: skip
        if not self._child.until(self._listens):
            raise RuntimeError(self._child.tail())

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.5).close()
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Ended with its workers: after SIGKILL one may still take a connection and close it unheard."""
        if self._child.alive:
            self._child.signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait()
        self._child.kill()
