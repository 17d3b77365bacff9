"""The real server, which kills itself with -9 inside the transaction that brings an import into the bank.

The file that EXAM_KILL_AT names says where, and while it is not there nothing happens: before the statement
of that number, at `commit`, at `committed` (before anybody hears of it), or, as a control, between the
`halves` of an import that comes in two transactions.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import wsgi  # isort: skip - first: it patches for the async mode

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.imports import importing

BEGINS = "DELETE FROM import_draft"
"""The statement with which the transaction takes the draft away."""

INSIDE = "statements of the import"


def asked() -> str:
    """Where the server is to die; empty for nowhere."""
    order = Path(os.environ["EXAM_KILL_AT"])
    return order.read_text() if order.exists() else ""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def _count(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith(BEGINS) and "RETURNING" in statement and "made_at" not in statement:
        connection.info[INSIDE] = 0
    if INSIDE in connection.info:
        connection.info[INSIDE] += 1
        Path(os.environ["EXAM_KILL_AT"] + ".counted").write_text(str(connection.info[INSIDE]))
        if asked() == str(connection.info[INSIDE]):
            die()


@sa.event.listens_for(sa.Engine, "commit")
def _at_commit(connection: sa.Connection) -> None:
    if connection.info.pop(INSIDE, None) is not None and asked() == "commit":
        die()


@sa.event.listens_for(sa.Engine, "rollback")
def _forget(connection: sa.Connection) -> None:
    connection.info.pop(INSIDE, None)


def _committed(*given: Any, finish: Any = importing._finish) -> bank.Imported:
    done: bank.Imported = finish(*given)
    if asked() == "committed":
        die()
    return done


def _halves(tx: Session, office_id: int, ready: Any, *given: Any, **named: Any) -> bank.Imported:
    """What no import may do: the first half is there before the second one begins."""
    if asked() != "halves":
        return _whole(tx, office_id, ready, *given, **named)
    _whole(tx, office_id, ready[: len(ready) // 2], *given, **named)
    tx.commit()
    die()
    raise AssertionError("nobody survives that")


_whole = bank.bring_in
bank.bring_in = _halves
importing._finish = _committed

if __name__ == "__main__":
    sys.exit(wsgi.main())
