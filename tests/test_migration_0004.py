"""From 0003 to 0004: attempts in every state stay as they are, told by ledger and journal alike."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import journal, lookups, service, settling
from exam_server.exam.ledger import Grant, enter
from exam_server.exam.papers import read_paper
from exam_server.exam.replay import Entry, Replayed, replay
from exam_server.exam.saves import store
from exam_server.language import DEFAULT
from exam_server.models import Attempt, LedgerEntry, Paper, Receipt, Response, to_micros
from exam_server.schema import upgrade
from exam_server.verify import service as verification
from tests.catalogue import describe
from tests.conftest import BOTH
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_official,
    add_scene,
    add_sitting,
    answer,
)

SECRET = "s" * 40
GRANTED = START - HOUR
OWN, ALL = 300, 120
"""Seconds that some got for themselves, and that everybody of the first sitting got."""

STATES = ("waiting", "drawn", "running", "granted", "submitted", "clock", "official", "elsewhere")
PAPER = """
INSERT INTO paper (attempt_id, content, sha256, seed, drawn_at)
VALUES (:attempt_id, :content, :sha256, 's', :at)
"""
RUN = """
UPDATE attempt SET started_at = :started_at, deadline_at = :deadline_at, finalised_at = :finalised_at,
  how = :how, lease = 1, lease_session_id = :session_id
WHERE id = :attempt_id
"""
ANSWER = """
INSERT INTO response (attempt_id, position, seq, option, flagged, arrived_at)
VALUES (:attempt_id, :position, :seq, :option, :flagged, :at)
"""
EXTRA = """
INSERT INTO extra_time (attempt_id, sitting_id, seconds, reason, granted_by, granted_at)
VALUES (:attempt_id, :sitting_id, :seconds, 'listrik padam', :by, :at)
"""


class Old:
    """A database as the release before left it; `runs` has one attempt per state."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene: Scene = add_scene(db)
        self.official = add_official(db, "proctor", self.scene.office).id
        self.runs = {state: self._booked(state) for state in STATES}
        with db.write() as tx:
            revisions = list(tx.execute(sa.text("SELECT id FROM item_revision ORDER BY id")).scalars())
        for state in STATES[1:]:
            self._draw(self.runs[state], revisions)
        for state in ("granted", "drawn"):
            self._extra(OWN, attempt_id=self.runs[state].attempt_id)
        self._extra(ALL, sitting_id=self.scene.sitting.id)
        for state, (finalised_at, how) in {
            "running": (None, None), "granted": (None, None), "elsewhere": (None, None),
            "submitted": (START + 20 * MINUTE, "submitted"), "official": (START + 30 * MINUTE, "official"),
            "clock": (START + HOUR + timedelta(seconds=ALL), "clock"),
        }.items():  # fmt: skip
            self._run(state, finalised_at, how)

    def _booked(self, state: str) -> Run:
        if state != "elsewhere":
            return add_booked(self.db, self.scene)
        other = add_sitting(self.db, self.scene.selection.id, label="Sesi 2")
        return add_booked(self.db, Scene(self.scene.office, self.scene.recruitment, self.scene.registration,
                                         self.scene.selection, other))  # fmt: skip

    def _draw(self, run: Run, revisions: list[int]) -> None:
        content = json.dumps([[one, [3, 1, 0, 2]] for one in revisions[:4]])
        self._write(PAPER, attempt_id=run.attempt_id, content=content, at=to_micros(START - MINUTE),
                    sha256=hashlib.sha256(content.encode()).hexdigest())  # fmt: skip

    def _extra(self, seconds: int, attempt_id: int | None = None, sitting_id: int | None = None) -> None:
        self._write(EXTRA, attempt_id=attempt_id, sitting_id=sitting_id, seconds=seconds, by=self.official,
                    at=to_micros(GRANTED))  # fmt: skip

    def _run(self, state: str, finalised_at: datetime | None, how: str | None) -> None:
        run = self.runs[state]
        self._write(RUN, attempt_id=run.attempt_id, started_at=to_micros(START), how=how,
                    deadline_at=to_micros(START + HOUR + timedelta(seconds=seconds_before(state))),
                    finalised_at=to_micros(finalised_at) if finalised_at else None,
                    session_id=run.session_id)  # fmt: skip
        for position, seq, option, flagged in ((1, 3, 2, True), (3, 1, None, False)):
            self._write(ANSWER, attempt_id=run.attempt_id, position=position, seq=seq, option=option,
                        flagged=flagged, at=to_micros(START + position * MINUTE))  # fmt: skip

    def _write(self, statement: str, **names: Any) -> None:
        with self.db.write() as tx:
            tx.execute(sa.text(statement), names)


def seconds_before(state: str) -> int:
    """What an attempt in that state had been granted before."""
    return (OWN if state in ("granted", "drawn") else 0) + (ALL if state != "elsewhere" else 0)


@pytest.fixture(params=BOTH)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'old.db'}" if sqlite else request.getfixturevalue("postgres").fresh()
    db = Database(url)
    upgrade(db, "0003")
    yield Old(db)
    db.close()


@pytest.fixture
def new(old: Old) -> Old:
    upgrade(old.db)
    return old


def told(new: Old, state: str) -> Replayed:
    attempt_id = new.runs[state].attempt_id
    with new.db.read() as tx:
        found = [Entry(one.number, to_micros(one.at), one.kind, one.data, one.seal)
                 for one in journal.entries(tx, attempt_id)]  # fmt: skip
    return replay(attempt_id, found)


def test_attempts_papers_and_answers_are_as_they_were(old: Old) -> None:
    def everything() -> list[Any]:
        with old.db.read() as tx:
            return [tx.execute(sa.select(table).order_by(*table.primary_key)).all()
                    for table in (Attempt.__table__, Paper.__table__, Response.__table__)]  # fmt: skip

    before = everything()
    assert all(before)
    upgrade(old.db)
    assert everything() == before


def test_every_deadline_is_its_start_and_its_ledger(new: Old) -> None:
    for state, run in new.runs.items():
        with new.db.read() as tx:
            attempt = tx.get_one(Attempt, run.attempt_id)
            wanted = sa.select(LedgerEntry).where(LedgerEntry.attempt_id == run.attempt_id)
            entries = list(tx.scalars(wanted))
        granted = [one for one in entries if one.kind != "start"]
        assert sum(one.seconds for one in granted) == seconds_before(state), state
        assert {(one.kind, one.author_id, one.reason, one.entered_at) for one in granted} <= {
            ("extra", new.official, "listrik padam", GRANTED)
        }
        if attempt.started_at is None:
            assert entries == granted, state
        else:
            total = timedelta(seconds=sum(one.seconds for one in entries))
            assert attempt.deadline_at == attempt.started_at + total, state


def test_every_journal_tells_the_attempt_as_it_is_stored(new: Old) -> None:
    for state, run in new.runs.items():
        said = told(new, state)
        with new.db.read() as tx:
            attempt = tx.get_one(Attempt, run.attempt_id)
        assert said.contradictions == [], state
        assert said.seconds == seconds_before(state) + (3600 if attempt.started_at else 0), state
        assert (said.started_at, said.deadline_at, said.finalised_at, said.how) == (
            micros(attempt.started_at), micros(attempt.deadline_at), micros(attempt.finalised_at),
            attempt.how,
        ), state  # fmt: skip
        assert sorted(said.responses) == ([1, 3] if attempt.started_at else []), state


def micros(instant: datetime | None) -> int | None:
    return to_micros(instant) if instant else None


def problems(new: Old, folder: Path) -> list[str]:
    report = verification.look(new.db, folder, SECRET)
    return [verification.told(problem, DEFAULT) for problem in report.problems]


def test_everything_agrees_after_the_step(new: Old, tmp_path: Path) -> None:
    assert problems(new, tmp_path) == []


def test_attempts_go_on_as_if_nothing_had_happened(new: Old, tmp_path: Path) -> None:
    """Who waited starts with the time that was granted; who ran saves, gets more time and is closed."""
    db, waiting, running = new.db, new.runs["drawn"], new.runs["running"]
    with db.write() as tx:
        service.begin(tx, waiting.attempt_id, START)
        store(tx, [running.save(answer(1, 4, 1), at=START + 40 * MINUTE, lease=1)])
        enter(tx, running.attempt_id, Grant("extra", 60, "power", "lagi", new.official), START + 41 * MINUTE)
        service.submit(tx, running.attempt_id, running.session_id, 1, START + 45 * MINUTE)
    assert lookups.own_attempt(db, waiting.candidate_id).extra_seconds == OWN + ALL
    for attempt_id in settling.unsettled(db):
        with db.write() as tx:
            assert settling.settle(tx, attempt_id, SECRET, START + 3 * HOUR)
    with db.read() as tx:
        vouched = set(tx.scalars(sa.select(Receipt.attempt_id)))
    assert vouched == {new.runs[state].attempt_id for state in ("running", "submitted", "clock", "official")}
    assert told(new, "running").contradictions == told(new, "drawn").contradictions == []
    assert problems(new, tmp_path) == []


def test_data_on_the_way_leaves_the_same_schema_as_an_empty_database(
    new: Old, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"sqlite:///{tmp_path / 'empty.db'}" if new.db.sqlite else request.getfixturevalue("postgres").fresh()
    )
    empty = Database(url)
    upgrade(empty)
    assert describe(new.db.engine) == describe(empty.engine)
    empty.close()


def test_papers_stay_readable(new: Old) -> None:
    with new.db.read() as tx:
        papers = list(tx.scalars(sa.select(Paper)))
    assert {len(read_paper(paper.content)) for paper in papers} == {4}
