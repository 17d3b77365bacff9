"""Servers that a test may kill: PostgreSQL, Redis and the exam server itself, direct children of the test.

Direct children, because a daemon that was killed with -9 stays a zombie here and looks alive; every server
picks a free port, keeps its log in a file, and is ended with the test process at the latest.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import psycopg

from tests.forked import nursery
from tests.processes import ROOT, START_WITHIN, Child, free_port, missing

OWN_SETTINGS = (
    "EXAM_", "DATABASE_URL", "REDIS_URL", "DATA_DIR", "BASE_URL", "PORT", "SECRET_KEY",
    "BANK_KEY", "MAIL_URL",
)  # fmt: skip

SCRIPT = ROOT / "wsgi.py"
SECRET_KEY = "only-for-tests-" + "0" * 32


class Postgres:
    """A throw-away cluster with durable commits (the application refuses any other).

    `env` is added to the environment of the server.
    """

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._programs = _postgres_programs()
        self._env = {**os.environ, **(env or {})}
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="exam-pg-"))
        self._folder.chmod(0o711)
        self._child = Child(self._folder / "server.log")
        self._prefix, self._home = self._initialise()
        self._databases = 0
        self.start()

    def _initialise(self) -> tuple[list[str], Path]:
        """PostgreSQL refuses to run as root: take the first way of being somebody else that works."""
        said = []
        for prefix, owner in _other_users():
            home = Path(tempfile.mkdtemp(dir=self._folder))
            if owner is not None:
                os.chown(home, owner, -1)
            made = subprocess.run(
                [*prefix, str(self._programs / "initdb"), "-D", str(home / "data"), "-U", "exam",
                 "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
                capture_output=True, text=True, check=False, cwd="/",
            )  # fmt: skip
            if made.returncode == 0:
                return prefix, home
            said.append(made.stderr[-400:])
        raise RuntimeError("initdb failed: " + " | ".join(said))

    @property
    def pid(self) -> int:
        """Of the postmaster."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    def start(self) -> None:
        """Serving again, recovered if it was killed; it may first have to wait for old backends to leave."""
        command = [*self._prefix, str(self._programs / "postgres"), "-D", str(self._home / "data"),
                   "-p", str(self.port), "-k", str(self._home), "-c", "listen_addresses=127.0.0.1",
                   "-c", "shared_buffers=32MB", "-c", "max_connections=200"]  # fmt: skip
        end = time.monotonic() + START_WITHIN
        while True:
            self._child.spawn(command, self._env)
            if self._child.until(self._answers):
                return
            if time.monotonic() > end:
                raise RuntimeError(self._child.tail())
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _dsn(self, name: str) -> str:
        return f"postgresql://exam@127.0.0.1:{self.port}/{name}"

    def fresh(self) -> str:
        """The URL of a new, empty database."""
        self._databases += 1
        name = f"exam_{self._databases}"
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://exam@127.0.0.1:{self.port}/{name}"

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT ends it in order (SIGTERM would wait for clients), SIGQUIT at once, SIGKILL is a crash."""
        if number == signal.SIGKILL:
            self._child.kill()
            return
        os.kill(self._child.pid, number)
        self._child.wait()

    def signal(self, number: int) -> None:
        """SIGSTOP and SIGCONT: a database that hangs and comes back."""
        self._child.signal(number)

    def close(self) -> None:
        if self._child.alive:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)


def _postgres_programs() -> Path:
    candidates = [Path(os.environ["PG_BINDIR"])] if "PG_BINDIR" in os.environ else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if os.access(folder / "initdb", os.X_OK):
            return folder
    missing("PostgreSQL (initdb)", "postgresql")


def _other_users() -> list[tuple[list[str], int | None]]:
    """(command prefix, owner of its folder) for every way in which root can be somebody else."""
    if os.geteuid() != 0:
        return [([], None)]
    ways: list[tuple[list[str], int | None]] = []
    with contextlib.suppress(KeyError):
        uid = pwd.getpwnam("postgres").pw_uid
        ways.append((["setpriv", f"--reuid={uid}", f"--regid={uid}", "--init-groups"], uid))
    ways.append((["unshare", "--user", "--map-user=1000", "--map-group=1000"], None))
    ways.append((["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], 65534))
    return ways


class Redis:
    """A throw-away Redis that keeps nothing on disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server") or shutil.which("valkey-server")
        self._program = program or missing("Redis", "redis-server")
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="exam-redis-"))
        self._child = Child(self._folder / "server.log")
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def alive(self) -> bool:
        return self._child.alive

    def start(self) -> None:
        """Serving and empty."""
        self._child.spawn([self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                           "--appendonly", "no", "--dir", str(self._folder)])  # fmt: skip
        if not self._child.until(lambda: _listens(self.port)):
            raise RuntimeError(self._child.tail())

    def stop(self) -> None:
        self._child.kill()

    def hang(self) -> None:
        self._child.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._child.signal(signal.SIGCONT)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


class ExamServer:
    """`wsgi.py` (or a variant of it, `script`) on a free port, over a database that has its schema already.

    `env` is added to a demo's environment (plain HTTP, secrets of its own); without `database_url` the
    database is `exam.db` in `data_dir`.
    """

    def __init__(
        self, data_dir: Path, database_url: str | None = None, *, async_mode: str | None = None,
        env: Mapping[str, str] | None = None, script: Path = SCRIPT, port: int | None = None,
    ) -> None:  # fmt: skip
        data_dir.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url or f"sqlite:///{data_dir / 'exam.db'}"
        self._script = script
        self._child = Child(data_dir / f"server-{self.port}.log")
        self._env = _clean_environment() | {
            "SECRET_KEY": SECRET_KEY, "BANK_KEY": "only-for-tests-" + "1" * 32,
            "EXAM_ENV": "demo", "EXAM_ASYNC": async_mode or os.environ.get("EXAM_ASYNC") or "eventlet",
            "DATA_DIR": str(data_dir), "DATABASE_URL": self.database_url, "BASE_URL": self.url,
            "EXAM_ORIGINS": self.url, "PORT": str(self.port), "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT), **(env or {}),
        }  # fmt: skip
        self.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.alive

    @property
    def environment(self) -> dict[str, str]:
        """For a command that runs beside this server."""
        return dict(self._env)

    @property
    def log(self) -> str:
        """Everything the server has said so far."""
        return self._child.tail(10_000_000)

    def start(self) -> None:
        """Serving: `/healthz` has answered. Raises RuntimeError with the end of its log."""
        self.spawn()
        self.ready()

    def ready(self) -> None:
        """Returns once `/healthz` has answered. Raises RuntimeError with the end of its log."""
        if not self._child.until(self.healthy):
            raise RuntimeError(self._child.tail())

    def spawn(self) -> None:
        """Begin to start, and do not wait; clocks of its own have to be there before its first line."""
        if "LD_PRELOAD" in self._env:
            self._child.spawn([sys.executable, str(self._script)], self._env)
        else:
            self._child.be_born(nursery(self._env["EXAM_ASYNC"], ROOT), self._script, self._env)

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """SIGKILL the whole process group: nothing gets a chance to tidy up."""
        self._child.kill()

    def restart(self) -> None:
        """Up again on the same port, after a kill if it still ran."""
        self.kill()
        self.start()

    def signal(self, number: int) -> None:
        self._child.signal(number)

    def close(self) -> None:
        """Ended in order, or killed when it does not end within a few seconds."""
        if not self.alive:
            return
        self._child.signal(signal.SIGTERM)
        try:
            self._child.wait(5)
        except subprocess.TimeoutExpired:
            self._child.kill()


def _clean_environment() -> dict[str, str]:
    """The caller's environment without anything that would set the server."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
