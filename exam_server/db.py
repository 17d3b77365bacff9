"""The one commit: every transaction begins and ends here, and the world hears of it only afterwards.

Errors never carry the values of a statement: they end in the log, where answers and names do not belong.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

log = logging.getLogger(__name__)

Announcement = dict[str, Any]
Subscriber = Callable[[Announcement], None]

SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "mmap_size": 0}
"""What every SQLite connection must read back; 2 is FULL: NORMAL loses acked answers at a power cut."""

POSTGRES_ON = ("fsync", "synchronous_commit", "full_page_writes")


class UnsafeDatabase(Exception):
    """The database is not set so that a returned commit is on disk; its text says what to change."""


class Database:
    """One database of one process: `write()` and `read()` are the only ways in."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite")
        self.engine = _sqlite_engine(url) if self.sqlite else _postgres_engine(url)
        writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self._writers = sessionmaker(writing, expire_on_commit=False)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._looking = _without_transactions(self.engine)
        # SQLite allows one writer; waiting on our own lock is fair and never "database is locked".
        self._turn: contextlib.AbstractContextManager[Any] = (
            threading.Lock() if self.sqlite else contextlib.nullcontext()
        )
        self._subscribers: dict[str, list[Subscriber]] = {}

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction, committed when the block ends well, else rolled back; then the outbox leaves."""
        with self._turn, self._writers() as tx, tx.begin():
            yield tx
            for act in tx.info.pop("last", []):
                act(tx)
        self._deliver(tx.info.get("outbox", []))

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A look at one consistent state; whatever is changed inside is thrown away."""
        with self._readers() as tx:
            yield tx

    @contextlib.contextmanager
    def look(self) -> Iterator[sa.Connection]:
        """Single SELECTs, each of its own moment, without a session: for what every request asks."""
        with self._looking.connect() as connection:
            yield connection

    def subscribe(self, topic: str, hear: Subscriber) -> None:
        """`hear(row)` is called after each commit that announced `topic`, in this process."""
        self._subscribers.setdefault(topic, []).append(hear)

    def _deliver(self, outbox: list[tuple[str, Announcement]]) -> None:
        for topic, row in outbox:
            for hear in self._subscribers.get(topic, []):
                try:
                    hear(row)
                except Exception:  # a listener's fault must not look like a failed commit
                    log.exception("a subscriber of %s failed", topic)

    def check(self) -> None:
        """Promise: returns only when commits are durable; raises UnsafeDatabase otherwise."""
        with self.engine.connect() as connection:
            if self.sqlite:
                _check_sqlite(connection)
            else:
                _check_postgres(connection)

    def seconds(self) -> float:
        """The database server's own clock (seconds since 1970, UTC)."""
        with self.engine.connect() as connection:
            return float(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0)

    def close(self) -> None:
        self.engine.dispose()


def announce(tx: Session, topic: str, row: Announcement) -> None:
    """Tell the world about `row`, after and only if this transaction commits."""
    tx.info.setdefault("outbox", []).append((topic, row))


def at_the_end(tx: Session, act: Callable[[Session], None]) -> None:
    """Do `act(tx)` last before the commit: who holds the lock that everybody wants must wait for nothing."""
    tx.info.setdefault("last", []).append(act)


@contextlib.contextmanager
def savepoint(tx: Session) -> Iterator[None]:
    """A part that may fail alone; what it announced or left for the end is undone with it."""
    promised = {name: len(tx.info.get(name, [])) for name in ("outbox", "last")}
    try:
        with tx.begin_nested():
            yield
    except BaseException:
        for name, length in promised.items():
            del tx.info.get(name, [])[length:]
        raise


FOREIGN_WRITER_PATIENCE = 10.0
"""Seconds to wait for another process that writes to the same SQLite file."""


def _sqlite_engine(url: str) -> sa.Engine:
    # SQLite's own waiting would hold up the whole process, so it is kept to a blink; see _begin_sqlite
    engine = sa.create_engine(
        url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 0.05}
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Python's sqlite3 would open transactions by itself; we say BEGIN, so that writers say IMMEDIATE.
        connection.isolation_level = None
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        _begin_sqlite(connection.connection, str(connection.get_execution_options().get("begin", "BEGIN")))

    return engine


def _begin_sqlite(connection: Any, statement: str) -> None:
    """Begin, waiting so that others go on meanwhile; raises sqlite3.OperationalError in the end."""
    end = time.monotonic() + FOREIGN_WRITER_PATIENCE
    while True:
        try:
            connection.execute(statement)
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(0.02)


def only_reading(engine: sa.Engine) -> None:
    """From here on PostgreSQL itself refuses every change that comes by this engine."""

    @sa.event.listens_for(engine, "connect")
    def only_read(connection: Any, _record: Any) -> None:
        connection.execute("SET default_transaction_read_only = on")
        connection.commit()


def _postgres_engine(url: str) -> sa.Engine:
    # A worker that stands still inside a transaction would hold its attempts until it moves again: PostgreSQL
    # ends such a transaction; its answers were not acknowledged, and their pages bring them to another one.
    limits = "-c statement_timeout=15000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=5000"
    patience = {"connect_timeout": 3, "options": limits, "tcp_user_timeout": 10000}
    engine = sa.create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, pool_timeout=5,
                              hide_parameters=True, connect_args=patience)  # fmt: skip

    @sa.event.listens_for(engine, "handle_error")
    def keep_values_out(context: sa.engine.ExceptionContext) -> None:
        # PostgreSQL names the row in the lines after the first: Key (nik)=(...) already exists
        told = context.sqlalchemy_exception
        for problem in (context.original_exception, told) if told else ():
            if problem.args:
                problem.args = (str(problem.args[0]).partition("\n")[0],)

    return engine


def _without_transactions(engine: sa.Engine) -> sa.Engine:
    """The same connections, on which every statement stands alone: no BEGIN before it, no ROLLBACK after."""
    if engine.dialect.name == "sqlite":
        return sa.create_engine(engine.url, pool=engine.pool, hide_parameters=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _check_sqlite(connection: sa.Connection) -> None:
    for name, wanted in SQLITE_PRAGMAS.items():
        got = connection.exec_driver_sql(f"PRAGMA {name}").scalar()
        if str(got) != str(wanted):
            raise UnsafeDatabase(f"SQLite answers {name}={got}, but {wanted} is needed for durable answers.")


def _check_postgres(connection: sa.Connection) -> None:
    for name in POSTGRES_ON:
        got = connection.exec_driver_sql(f"SHOW {name}").scalar()
        if got != "on":
            raise UnsafeDatabase(f"PostgreSQL has {name}={got}; it must be on, else a crash loses answers.")
