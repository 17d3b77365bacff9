"""Answers that the storage refused are remembered, and written down when nobody waits: answers go first."""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from exam_server.db import Database
from exam_server.errors import StorageUnavailable
from exam_server.exam.autosave import Act, GroupCommit
from exam_server.exam.trouble import AT_ONCE, QUIET, Troubles, write_down
from exam_server.models import SaveTrouble
from tests.factories import MINUTE, START, Run, Scene, add_running, answer

SECOND = timedelta(seconds=1)
AT = START + MINUTE
LATER = AT + QUIET + SECOND


@pytest.fixture
def writer(db: Database) -> Iterator[GroupCommit]:
    """Not started: what is put waits, so that a test decides what stands in one batch."""
    writer = GroupCommit(db)
    yield writer
    writer.stop()


class FullDisk:
    """While it is full, no commit of this database ends well."""

    def __init__(self, db: Database) -> None:
        self.full = False
        self.statements: list[str] = []
        sa.event.listen(db.engine, "commit", self._commit)
        sa.event.listen(db.engine, "before_cursor_execute", self._hear)

    def _commit(self, _connection: Any) -> None:
        if self.full:
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    def _hear(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        for table in ("INTO response ", "INTO save_trouble "):
            if table in statement:
                self.statements.append(table.split()[1])


@pytest.fixture
def disk(db: Database, caplog: pytest.LogCaptureFixture) -> FullDisk:
    caplog.set_level(logging.CRITICAL)
    return FullDisk(db)


def rows(db: Database) -> list[tuple[int, datetime, datetime, int]]:
    with db.read() as tx:
        found = tx.scalars(sa.select(SaveTrouble).order_by(SaveTrouble.id))
        return [(one.attempt_id, one.began_at, one.ended_at, one.saves) for one in found]


def save(writer: GroupCommit, run: Run, at: datetime, seq: int = 1) -> str:
    try:
        return str(writer.run(run.save(answer(1, seq), at=at)).fates[1][0])
    except StorageUnavailable:
        return "unavailable"


def test_refused_answers_are_written_down_after_a_later_commit(
    db: Database, scene: Scene, run: Run, writer: GroupCommit, disk: FullDisk
) -> None:
    other = add_running(db, scene)
    writer.start()
    disk.full = True
    assert [save(writer, run, AT + turn * SECOND) for turn in range(3)] == ["unavailable"] * 3
    disk.full = False
    assert save(writer, other, AT + 4 * SECOND) == "saved"
    assert rows(db) == [], "the page may be trying still: it is one trouble"
    assert save(writer, other, LATER + 2 * SECOND, seq=2) == "saved"
    writer.stop()
    assert rows(db) == [(run.attempt_id, AT, AT + 2 * SECOND, 3)]


def test_answers_that_wait_are_stored_and_told_before_any_trouble_is_written_down(
    db: Database, scene: Scene, run: Run, writer: GroupCommit, disk: FullDisk
) -> None:
    other = add_running(db, scene)
    told: list[str] = []

    def hear(outcome: Any) -> None:
        told.append("unavailable" if isinstance(outcome, Exception) else outcome.fates[1][0])
        disk.full = False
        if len(told) < 3:  # while one batch is told, the next answer has come
            writer.put(Act(other.save(answer(1, len(told)), at=LATER + len(told) * SECOND), hear))
        disk.statements.append("told")

    disk.full = True
    writer.put(Act(run.save(answer(), at=AT), hear))
    writer.start()
    writer.stop()
    assert told == ["unavailable", "saved", "saved"]
    assert disk.statements == ["response", "told", "response", "told", "response", "told", "save_trouble"]
    assert len(rows(db)) == 1


def test_an_act_that_carries_its_now_is_a_later_commit_too(
    db: Database, run: Run, writer: GroupCommit, disk: FullDisk
) -> None:
    writer.start()
    disk.full = True
    save(writer, run, AT)
    disk.full = False
    writer.run(functools.partial(lambda tx, now: None, now=LATER))
    writer.stop()
    assert [row[0] for row in rows(db)] == [run.attempt_id]


def test_what_cannot_be_written_down_yet_is_kept_and_no_answer_is_harmed(
    db: Database, scene: Scene, run: Run, writer: GroupCommit, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, failing = add_running(db, scene), [True]

    def fail_once(tx: Any, troubles: Any) -> None:
        if failing and failing.pop():
            raise OperationalError("INSERT", {}, Exception("disk full"))
        write_down(tx, troubles)

    monkeypatch.setattr("exam_server.exam.autosave.write_down", fail_once)
    writer.start()
    disk.full = True
    save(writer, run, AT)
    disk.full = False
    assert save(writer, other, LATER) == "saved"
    assert save(writer, other, LATER + 2 * SECOND, seq=2) == "saved"
    writer.stop()
    assert len(rows(db)) == 1


def test_the_end_of_a_worker_writes_down_what_it_still_remembers(
    db: Database, run: Run, writer: GroupCommit, disk: FullDisk
) -> None:
    writer.start()
    disk.full = True
    save(writer, run, AT)
    disk.full = False
    writer.stop()
    assert rows(db) == [(run.attempt_id, AT, AT, 1)]


def test_without_trouble_nothing_is_written_besides_answers(
    db: Database, run: Run, writer: GroupCommit, disk: FullDisk
) -> None:
    writer.start()
    assert save(writer, run, AT) == "saved"
    writer.stop()
    assert disk.statements == ["response"]


def test_two_troubles_far_from_each_other_are_two(run: Run) -> None:
    troubles = Troubles()
    for at in (AT, AT + QUIET, LATER + QUIET + SECOND):
        troubles.note([run.save(answer(), at=at)])
    found = [(one.began_at, one.ended_at, one.saves) for _, one in troubles.due(None)]
    assert found == [(AT, AT + QUIET, 2), (LATER + QUIET + SECOND, LATER + QUIET + SECOND, 1)]


def test_memory_is_bounded_and_rows_are_written_a_few_at_a_time(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exam_server.exam.trouble.MOST", AT_ONCE + 5)
    troubles = Troubles()
    for attempt_id in range(1000):
        troubles.note([Run(0, attempt_id, "", 0, "").save(answer(), at=AT)])
    first = troubles.due(None)
    assert len(first) == AT_ONCE
    troubles.forget(len(first))
    assert len(troubles.due(None)) == 5
    troubles.forget(5)
    assert not troubles
