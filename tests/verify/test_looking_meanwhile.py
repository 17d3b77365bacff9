"""Looking at every attempt beside a server that works: in batches, each of one moment."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.verify import attempts, records
from exam_server.verify import service as verification
from tests.factories import START, add_running, answer
from tests.verify.lived import (
    SECRET,
    Lived,
    save,
)


def test_every_batch_is_looked_at(lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BATCH", 3)
    assert verification.look(lived.db, tmp_path, SECRET).checked["attempts"] == 4
    assert [one.attempt.id for one in records.records(lived.db)] == sorted(
        run.attempt_id for run in (lived.run, *lived.others)
    )


def test_a_batch_costs_the_same_few_statements_however_many_attempts(lived: Lived) -> None:
    def statements() -> int:
        asked: list[str] = []
        listen = ("before_cursor_execute", lambda *said: asked.append(said[2]))
        sa.event.listen(lived.db.engine, *listen)
        count, _ = attempts.look(lived.db, SECRET)
        sa.event.remove(lived.db.engine, *listen)
        assert count >= 4
        return len(asked)

    before = statements()
    for _ in range(6):
        save(lived.db, add_running(lived.db, lived.scene), START, answer())
    assert statements() == before < 20


def answering_meanwhile(db: Database, run: Any) -> Iterator[None]:
    """Whenever the look has read a table, another thread changes an answer before it reads the next."""
    seqs = iter(range(100, 1000))

    def change(*_: Any) -> None:
        if threading.current_thread() is looking:
            other = threading.Thread(target=save, args=(db, run, START, answer(1, next(seqs), 1)))
            other.start()
            other.join()

    looking = threading.current_thread()
    sa.event.listen(db.engine, "after_cursor_execute", change)
    yield
    sa.event.remove(db.engine, "after_cursor_execute", change)


def test_answers_that_come_while_it_looks_are_no_disagreement(lived: Lived) -> None:
    with contextlib.contextmanager(answering_meanwhile)(lived.db, lived.others[1]):
        count, problems = attempts.look(lived.db, SECRET)
    assert (count, problems) == (4, [])


def test_control_a_look_that_is_not_one_moment_sees_disagreements(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moments:
        """Every statement in a moment of its own."""

        def execute(self, statement: Any) -> list[Any]:
            with lived.db.read() as tx:
                return list(tx.execute(statement))

    @contextlib.contextmanager
    def torn(db: Database) -> Iterator[Session]:
        yield Moments()  # type: ignore[misc]

    monkeypatch.setattr(records, "snapshot", torn)
    with contextlib.contextmanager(answering_meanwhile)(lived.db, lived.others[1]):
        _, problems = attempts.look(lived.db, SECRET)
    assert problems
