"""The real server, which kills itself with -9 in the middle of one transaction, at an exact place.

EXAM_DIES is a folder. `mark` in it is a pattern: the transaction in which a statement fits it is the one.
`at` says before which of its writes, counted from that statement on: 1 is the statement itself, one more than
there are is the commit, and two more is the moment after it, before anybody hears of it. 0 undoes the
transaction instead and says in `count` how many writes there were; nothing at all lets it be. Whoever dies
leaves `last`: what was about to be done.

EXAM_SHIFT, in seconds, is how far its clock is from the machine's. EXAM_SPLIT takes a protection away: what a
correction has written so far is committed in the middle.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi  # isort: skip - first: it patches for the async mode

import sqlalchemy as sa

from exam_server.clock import Clock
from exam_server.corrections import correcting
from exam_server.db import Database

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
COUNTED = "writes of the one transaction"


class Undone(Exception):
    """Instead of a commit."""


class Dying:
    """Counts the writes of the one transaction, and ends the process at the one that is named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._committed = 0

    def _said(self, name: str) -> str:
        path = self._folder / name
        return path.read_text() if path.exists() else ""

    def _come_to(self, number: int, what: str) -> None:
        if self._said("at") == str(number):
            (self._folder / "last").write_text(what)
            os.kill(os.getpid(), signal.SIGKILL)

    def write(self, connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        """Before each statement."""
        info = connection.info
        mark = self._said("mark")
        if COUNTED not in info and not (mark and re.search(mark, statement)):
            return
        if WRITES.match(statement):
            info[COUNTED] = info.get(COUNTED, 0) + 1
            self._come_to(info[COUNTED], statement)

    def commit(self, connection: sa.Connection) -> None:
        """Before each commit."""
        count = connection.info.pop(COUNTED, 0)
        if count and self._said("at") == "0":
            (self._folder / "count").write_text(str(count))
            raise Undone
        if count:
            self._come_to(count + 1, "commit")
            self._committed = count

    def rollback(self, connection: sa.Connection) -> None:
        connection.info.pop(COUNTED, None)

    def deliver(self) -> None:
        """After the commit, before the world hears of it."""
        count, self._committed = self._committed, 0
        if count:
            self._come_to(count + 2, "done")


def listen(folder: Path) -> None:
    """Every engine of this process."""
    dying = Dying(folder)
    deliver = Database._deliver

    def die_or_deliver(self: Database, outbox: Any) -> None:
        dying.deliver()
        deliver(self, outbox)

    sa.event.listen(sa.Engine, "before_cursor_execute", dying.write)
    sa.event.listen(sa.Engine, "commit", dying.commit)
    sa.event.listen(sa.Engine, "rollback", dying.rollback)
    Database._deliver = die_or_deliver  # type: ignore[method-assign]


def shift(seconds: float) -> None:
    now = Clock.now
    Clock.now = lambda self: now(self) + timedelta(seconds=seconds)  # type: ignore[method-assign]


def split() -> None:
    """A correction whose key is there before its scores are."""
    write = correcting._write

    def write_and_commit(tx: Any, *told: Any) -> None:
        write(tx, *told)
        tx.flush()
        connection = tx.connection().connection.driver_connection
        if tx.get_bind().dialect.name == "sqlite":
            connection.execute("COMMIT")
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.commit()

    correcting._write = write_and_commit


if __name__ == "__main__":
    listen(Path(os.environ["EXAM_DIES"]))
    shift(float(os.environ["EXAM_SHIFT"]))
    if "EXAM_SPLIT" in os.environ:
        split()
    sys.exit(wsgi.main())
