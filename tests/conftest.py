"""What every test stands on: guards around each test, a real database with real commits, a clock to set."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy.engine import make_url

from config import Settings
from exam_server import create_app
from exam_server.accounts import passwords
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.schema import upgrade
from tests import kept
from tests.client import Client
from tests.factories import START
from tests.recycled import Recycled
from tests.servers import Postgres

BOTH = ("sqlite", "postgresql")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ROOM_NEEDED = 2_000_000_000
"""Bytes."""
NOT_OURS = ("waitpid-", "asyncio_", "pydevd")
"""Threads with which the standard library watches over child processes."""

kept.keep()

borrowed: Counter[str] = Counter()
"""Connections that left a pool and have not come back."""


@sa.event.listens_for(sa.pool.Pool, "checkout")
def _lent(*_: Any) -> None:
    borrowed["out"] += 1


@sa.event.listens_for(sa.pool.Pool, "checkin")
def _returned(*_: Any) -> None:
    borrowed["out"] -= 1


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: who collects garbage need neither look at it nor come often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves this machine: a name that has to be asked for, or a foreign address, is an error."""
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            _must_be_here(address[0])
        connect(self, address)

    def looked_up(host: Any, *rest: Any, **named: Any) -> Any:
        _must_be_here(host)
        return lookup(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)


def _must_be_here(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in ("localhost", "0.0.0.0", "::"):
        return
    try:
        here = ip_address(name).is_loopback
    except ValueError:
        here = False
    if not here:
        raise OSError(f"a test wanted to reach {name}")


@pytest.fixture(autouse=True)
def no_leaked_thread() -> Iterator[None]:
    """Whoever starts a thread ends it."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith(NOT_OURS):
            thread.join(2)
            assert not thread.is_alive(), f"the thread {thread.name} outlived its test"


@pytest.fixture(autouse=True)
def no_open_transaction() -> Iterator[None]:
    """Every connection is back in its pool when a test ends."""
    before = borrowed["out"]
    yield
    assert borrowed["out"] == before, "a test left a connection, and so a transaction, open"


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 is slow on purpose; what a password means does not depend on how slow."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    monkeypatch.setattr(passwords, "NOBODY", CHEAP.hash("no account has this password"))


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """In memory where there is room: databases keep all their settings, only the medium is faster."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_NEEDED
    folder = Path(tempfile.mkdtemp(prefix="exam-", dir=memory if roomy else None))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(quick_folder: Path) -> Iterator[Postgres]:
    usual, tempfile.tempdir = tempfile.tempdir, str(quick_folder)
    try:
        server = Postgres()
    finally:
        tempfile.tempdir = usual
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_template(quick_folder: Path) -> Path:
    """A migrated file that every test copies."""
    path = quick_folder / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> sa.URL:
    """A migrated database that every test copies."""
    url = postgres.fresh()
    database = Database(url)
    upgrade(database)
    database.close()
    return make_url(url)


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    path = sqlite_template.with_name(f"t_{uuid.uuid4().hex}.db")
    shutil.copy(sqlite_template, path)
    yield f"sqlite:///{path}"
    for rest in path.parent.glob(path.name + "*"):
        rest.unlink()


@pytest.fixture(scope="session")
def recycled(postgres_template: sa.URL) -> Iterator[Recycled]:
    """Copies of the migrated database, wiped between tests."""
    databases = Recycled(postgres_template)
    yield databases
    databases.close()


@pytest.fixture
def postgres_url(postgres_template: sa.URL, recycled: Recycled) -> Iterator[str]:
    lent = recycled.lend()
    yield postgres_template.set(database=lent.name).render_as_string(False)
    recycled.take_back(lent)


@pytest.fixture(params=BOTH)
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of its own with the newest schema, once on SQLite and once on PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    database = Database(request.getfixturevalue(name))
    yield database
    database.close()


class SetClock(Clock):
    """Stands still until it is moved; its reference agrees with it until a test says otherwise."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.stepped = timedelta(0)

    def now(self) -> datetime:
        return self.at

    def step(self) -> timedelta:
        self.last_step = self.stepped
        return self.stepped

    def pass_by(self, **duration: float) -> None:
        """`pass_by(minutes=61)`"""
        self.at += timedelta(**duration)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(START)


def make_settings(tmp_path: Path, database_url: str, **changed: Any) -> Settings:
    values: dict[str, Any] = {
        "env": "demo", "secret_key": "s" * 40, "bank_key": "b" * 40, "database_url": database_url,
        "redis_url": None, "data_dir": tmp_path, "base_url": "http://localhost", "async_mode": "threading",
        "origins": ("http://localhost",), "trusted_proxies": 0, "workers": 1,
    }  # fmt: skip
    return Settings(**(values | changed))


MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(db: Database, clock: SetClock, tmp_path: Path) -> Iterator[MakeApp]:
    """Builds an application with its group commit running; sweeper and board are driven by the test."""
    started = []

    def make(**changed: Any) -> Flask:
        settings = make_settings(tmp_path, db.engine.url.render_as_string(False), **changed)
        app = create_app(settings, db, clock)
        app.extensions["autosave"].start()
        started.append(app.extensions["autosave"])
        return app

    yield make
    for worker in started:
        worker.stop()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """As `make demo` serves it: plain HTTP on this machine."""
    return make_app()


@pytest.fixture
def secure_app(make_app: MakeApp) -> Flask:
    """As an office serves it: production, behind TLS."""
    address = "https://ujian.example.go.id"
    return make_app(env="production", base_url=address, origins=(address,))


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)


@pytest.fixture
def secure_client(secure_app: Flask) -> Client:
    return Client(secure_app)
