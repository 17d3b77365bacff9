"""A set-up that many tests share is made once on each database: an empty one is then filled by copying.

What was made is kept as it was at that moment, so that no test sees what another did to it. A database that
already holds something is filled anew every time.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, Office
from tests import rows

T = TypeVar("T")

_kept: dict[tuple[str, bool, str], tuple[Any, bytes]] = {}
"""By set-up, database and schema."""


def once(db: Database, key: str, make: Callable[[], T]) -> T:
    """What `make()` made of an empty database the first time that `key` was asked for in this process."""
    if not _is_empty(db):
        return make()
    known = key, db.sqlite, _schema(db)
    content_of, fill = (_content, _fill) if db.sqlite else (rows.content, rows.fill)
    if known not in _kept:
        made = make()
        _kept[known] = (content_of(db), _packed(made, db))
        return made
    content, packed = _kept[known]
    fill(db, content)
    unpickler = pickle.Unpickler(io.BytesIO(packed))  # noqa: S301, packed above
    unpickler.persistent_load = lambda _: db  # type: ignore[method-assign]
    found: T = unpickler.load()
    return found


def _schema(db: Database) -> str:
    with db.read() as tx:
        return str(tx.scalar(sa.text("SELECT version_num FROM alembic_version")))


def _is_empty(db: Database) -> bool:
    with db.read() as tx:
        return not any(tx.scalar(sa.select(sa.exists().select_from(one))) for one in (Office, Account))


def _path(db: Database) -> str:
    assert db.engine.url.database is not None
    return db.engine.url.database


def _content(db: Database) -> bytes:
    connection = sqlite3.connect(_path(db))
    try:
        said = connection.serialize()
    finally:
        connection.close()
    # a database in memory knows no write-ahead log, and two bytes of its head say that it has one
    return said[:18] + bytes((1, 1)) + said[20:]


def _fill(db: Database, content: bytes) -> None:
    memory, file = sqlite3.connect(":memory:"), sqlite3.connect(_path(db), timeout=10)
    try:
        memory.deserialize(content)
        memory.backup(file)
    finally:
        memory.close()
        file.close()


class _Pickler(pickle.Pickler):
    """Leaves the database itself out: it is another one the next time."""

    def persistent_id(self, obj: Any) -> str | None:
        return "db" if isinstance(obj, Database) else None


def _packed(made: Any, db: Database) -> bytes:
    file = io.BytesIO()
    _Pickler(file).dump(made)
    return file.getvalue()
