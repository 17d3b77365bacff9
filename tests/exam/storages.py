"""Where a machine keeps its database, and how it is cut off in the middle: as a file, or on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from exam_server.db import Database

Unfinished = Callable[[Database, Callable[[], None]], None]
"""Runs a transaction on a database and calls back before its commit."""


class Storage(Protocol):
    """One copy of a database that was prepared."""

    def open(self) -> Database: ...

    def crash(self, db: Database, unfinished: Unfinished | None) -> Database:
        """The database as it is found after a crash, in the middle of `unfinished` if there is one."""

    def drop(self) -> None: ...


class InFile:
    """SQLite: what is found after a crash is the file and its log as they lay there."""

    def __init__(self, template: Path) -> None:
        self._path = template
        self._move()

    def open(self) -> Database:
        return Database(f"sqlite:///{self._path}")

    def crash(self, db: Database, unfinished: Unfinished | None) -> Database:
        before = self._path
        unfinished(db, self._move) if unfinished else self._move()
        db.close()
        self._remove(before)
        return self.open()

    def drop(self) -> None:
        self._remove(self._path)

    def _move(self) -> None:
        """From now on a copy; the index of the log is no part of it, as after a power cut."""
        former, self._path = self._path, self._path.with_name(f"run_{uuid.uuid4().hex}.db")
        shutil.copy(former, self._path)
        log = former.with_name(former.name + "-wal")
        if log.exists():
            shutil.copy(log, self._path.with_name(self._path.name + "-wal"))

    @staticmethod
    def _remove(path: Path) -> None:
        for rest in path.parent.glob(path.name + "*"):
            rest.unlink()


class Abandoned(Exception):
    """The connection broke before the commit."""


class OnPostgres:
    """PostgreSQL: a crash is ours alone; what was not committed is rolled back."""

    def __init__(self, template: sa.URL) -> None:
        name = f"run_{uuid.uuid4().hex}"
        self._admin = template.set(drivername="postgresql", database="postgres").render_as_string(False)
        self._url = template.set(database=name)
        self._command(f"CREATE DATABASE {name} TEMPLATE {template.database}")

    def open(self) -> Database:
        db = Database(self._url.render_as_string(False))
        sa.event.listen(db.engine, "connect", _patient)
        return db

    def crash(self, db: Database, unfinished: Unfinished | None) -> Database:
        def abandon() -> None:
            raise Abandoned

        if unfinished:
            with contextlib.suppress(Abandoned):
                unfinished(db, abandon)
        db.close()
        return self.open()

    def drop(self) -> None:
        self._command(f"DROP DATABASE {self._url.database} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        with psycopg.connect(self._admin, autocommit=True) as connection:
            connection.execute(statement.encode())


def _patient(connection: Any, _record: Any) -> None:
    """A machine that was busy elsewhere for some seconds is no accident that a storage plays."""
    connection.execute("SET idle_in_transaction_session_timeout = 0")
    connection.commit()
