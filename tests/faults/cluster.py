"""The smallest real installation of several workers: PostgreSQL, Redis, three workers, nginx."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from tests.faults.nginx import Change, Nginx
from tests.faults.proxy import origin
from tests.processes import ROOT, free_port
from tests.servers import ExamServer

WORKERS = 3


class Cluster:
    """`with Cluster(...) as cluster:` all serves at `url`; `workers` may be killed, stopped, brought back."""

    def __init__(
        self, folder: Path, database_url: str, redis_url: str, *, workers: int = WORKERS,
        script: Path = ROOT / "wsgi.py", env: Mapping[str, str] | None = None,
        change: Change = lambda text: text,
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        ports = [free_port() for _ in range(workers)]
        self.nginx = Nginx(folder, ports, change)
        self.url = self.nginx.url
        # A test may also go to one worker directly, to know which one it speaks to.
        self.spare_port = free_port()
        """Of a proxy that a test may put in front; its origin is known here."""
        origins = ",".join(map(origin, [self.nginx.port, self.spare_port, *ports]))
        own = {"REDIS_URL": redis_url, "BASE_URL": self.url, "EXAM_ORIGINS": origins,
               "EXAM_TRUSTED_PROXIES": "1", **(env or {})}  # fmt: skip

        def begin(port: int) -> ExamServer:
            return ExamServer(folder, database_url, env=own, script=script, port=port)

        with ThreadPoolExecutor(workers) as together:
            self.workers = list(together.map(begin, ports))

    def __enter__(self) -> Cluster:
        self.nginx.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.nginx.close()
        for worker in self._living():
            worker.signal(signal.SIGCONT)
            worker.signal(signal.SIGTERM)  # all of them first, so that they end beside each other
        for worker in self.workers:
            worker.close()

    def kill(self, *which: int) -> None:
        """SIGKILL these workers, or all of them."""
        for number in which or range(len(self.workers)):
            self.workers[number].kill()

    def stop(self, number: int) -> None:
        """SIGSTOP: it keeps its connections, takes new ones and says nothing."""
        self.workers[number].signal(signal.SIGSTOP)

    def resume(self, number: int) -> None:
        self.workers[number].signal(signal.SIGCONT)

    def begin_anew(self) -> None:
        """Every worker serves, and nginx has forgotten which of them once failed."""
        self.nginx.close()
        self.heal()
        self.nginx.start()

    def heal(self) -> None:
        """Every worker serves, whatever was done to it."""
        for worker in self._living():
            worker.signal(signal.SIGCONT)
        dead = [worker for worker in self.workers if not worker.alive]
        for worker in dead:
            worker.spawn()
        for worker in dead:
            worker.ready()

    def _living(self) -> list[ExamServer]:
        return [worker for worker in self.workers if worker.alive]
