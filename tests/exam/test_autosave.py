"""Group commit: in order, each act by itself, and nobody hears of anything before it is on disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from exam_server.db import Database, announce
from exam_server.errors import NotFound, StorageUnavailable
from exam_server.exam.autosave import LARGEST_BATCH, Act, GroupCommit
from exam_server.exam.saves import Stored
from exam_server.models import Office, Response
from tests.factories import MINUTE, START, add_running, add_scene, answer, make_office

AT = START + MINUTE


@pytest.fixture
def writer(db: Database) -> Iterator[GroupCommit]:
    """Not started: what is put waits, so that a test decides what stands in one batch."""
    writer = GroupCommit(db)
    yield writer
    writer.stop()


class Told:
    """What the senders heard, in order, with the offices that were durable at that moment."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.heard: list[tuple[str, Any, int]] = []

    def by(self, name: str) -> Callable[[Any], None]:
        return lambda outcome: self.heard.append((name, outcome, offices(self._db)))


def offices(db: Database) -> int:
    with db.read() as tx:
        return tx.execute(sa.select(sa.func.count(Office.id))).scalar_one()


def add_office(code: str) -> Callable[[Session], str]:
    def act(tx: Session) -> str:
        tx.add(make_office(code=code, slug=code))
        tx.flush()
        announce(tx, "office", {"code": code})
        return code

    return act


def refuse(tx: Session) -> None:
    tx.add(make_office(code="refused", slug="refused"))
    tx.flush()
    announce(tx, "office", {"code": "refused"})
    raise NotFound


def break_down(tx: Session) -> None:
    raise RuntimeError("a fault of ours")


def codes(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Office.code).order_by(Office.id)))


def run_all(writer: GroupCommit, *acts: Act) -> None:
    """Everything in one batch, and the writer ended afterwards."""
    for act in acts:
        writer.put(act)
    writer.start()
    writer.stop()


def test_an_outcome_is_told_after_the_commit(db: Database, writer: GroupCommit) -> None:
    told = Told(db)
    run_all(writer, Act(add_office("a"), told.by("first")), Act(add_office("b"), told.by("second")))
    assert told.heard == [("first", "a", 2), ("second", "b", 2)]


def test_acts_run_in_the_order_of_their_arrival(db: Database, writer: GroupCommit) -> None:
    told = Told(db)
    run_all(writer, *(Act(add_office(f"{number:03d}"), told.by(str(number))) for number in range(50)))
    assert codes(db) == [f"{number:03d}" for number in range(50)]
    assert [name for name, _, _ in told.heard] == [str(number) for number in range(50)]


def test_saves_and_acts_keep_their_order(db: Database, writer: GroupCommit) -> None:
    run = add_running(db, add_scene(db))
    told = Told(db)

    def answered(tx: Session) -> int:
        return tx.execute(sa.select(sa.func.count(Response.position))).scalar_one()

    run_all(writer, Act(answered, told.by("before")), Act(run.save(answer(1), at=AT), told.by("save")),
            Act(run.save(answer(2), at=AT), told.by("save")), Act(answered, told.by("after")))  # fmt: skip
    outcomes = [outcome for _, outcome, _ in told.heard]
    assert outcomes == [0, Stored({1: ("saved", 1)}), Stored({2: ("saved", 1)}), 2]


@pytest.mark.parametrize(("fault", "kind"), [(refuse, NotFound), (break_down, RuntimeError)])
def test_one_act_that_fails_takes_no_other_with_it(
    db: Database, writer: GroupCommit, fault: Callable[[Session], None], kind: type[Exception]
) -> None:
    told = Told(db)
    heard: list[str] = []
    db.subscribe("office", lambda row: heard.append(row["code"]))
    run_all(writer, Act(add_office("a"), told.by("first")), Act(fault, told.by("bad")),
            Act(add_office("b"), told.by("last")))  # fmt: skip
    assert [type(outcome) for _, outcome, _ in told.heard] == [str, kind, str]
    assert codes(db) == ["a", "b"]
    assert heard == ["a", "b"], "the world must not hear what was rolled back"


def test_when_the_storage_fails_nothing_is_acknowledged(
    db: Database, writer: GroupCommit, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(db)
    heard: list[Any] = []
    db.subscribe("office", heard.append)
    commits = {"left": 0}

    @sa.event.listens_for(db.engine, "commit")
    def full(_: Any) -> None:
        if not commits["left"]:
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    with caplog.at_level(logging.CRITICAL):
        run_all(writer, Act(add_office("a"), told.by("first")), Act(refuse, told.by("second")))
    sa.event.remove(db.engine, "commit", full)
    assert [(name, type(outcome), durable) for name, outcome, durable in told.heard] == [
        ("first", StorageUnavailable, 0), ("second", StorageUnavailable, 0),
    ]  # fmt: skip
    assert heard == []


def test_after_a_failure_of_the_storage_the_next_batch_is_committed(
    db: Database, writer: GroupCommit
) -> None:
    failing = [True]

    @sa.event.listens_for(db.engine, "commit")
    def full(_: Any) -> None:
        if failing and failing.pop():
            raise OperationalError("COMMIT", {}, Exception("disk full"))

    writer.start()
    with pytest.raises(StorageUnavailable):
        writer.run(add_office("a"))
    assert writer.run(add_office("a")) == "a"
    assert codes(db) == ["a"]


def test_a_caller_waits_for_the_commit_and_hears_its_own_refusal(db: Database, writer: GroupCommit) -> None:
    writer.start()
    assert writer.run(add_office("a")) == "a"
    assert offices(db) == 1
    with pytest.raises(NotFound):
        writer.run(refuse)


def test_telling_one_sender_may_fail_without_harm(db: Database, writer: GroupCommit) -> None:
    told = Told(db)

    def gone(outcome: Any) -> None:
        raise ConnectionResetError

    run_all(writer, Act(add_office("a"), gone), Act(add_office("b"), told.by("second")))
    assert told.heard == [("second", "b", 2)]


def test_more_than_one_batch_is_committed_before_the_end(db: Database, writer: GroupCommit) -> None:
    run = add_running(db, add_scene(db))
    told = Told(db)
    count = LARGEST_BATCH + 20
    run_all(writer, *(Act(run.save(answer(1, seq), at=AT), told.by("save")) for seq in range(1, count + 1)))
    assert len(told.heard) == count
    with db.read() as tx:
        assert tx.scalars(sa.select(Response.seq)).one() == count
