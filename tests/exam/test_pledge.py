"""The pledge comes before the start: without it nothing begins, and it never stands alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.exam import journal, pledge, service
from exam_server.exam.refusals import OutsideWindow, PaperMissing
from exam_server.models import Attempt, AuditEntry, JournalEntry, Pledge
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE, START, Run, Scene, add_booked, add_scene


@pytest.fixture
def booked(db: Database, scene: Scene) -> Run:
    return add_booked(db, scene)


@pytest.fixture
def candidate(app: Flask, booked: Run) -> Client:
    client = Client(app)
    client.set_cookie("exam", booked.token)
    return client


def pledged(db: Database, run: Run) -> Pledge | None:
    with db.read() as tx:
        return tx.get(Pledge, run.attempt_id)


def kinds(db: Database, run: Run) -> list[str]:
    with db.read() as tx:
        return [entry.kind for entry in journal.entries(tx, run.attempt_id)]


def started_at(db: Database, run: Run) -> datetime | None:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id).started_at


@pytest.mark.parametrize("form", [{}, {"pledge": ""}, {"pledge": "no"}, {"pledge": "YES"}])
def test_without_the_pledge_nothing_starts(
    candidate: Client, db: Database, booked: Run, form: dict[str, str]
) -> None:
    answer = candidate.post("/exam/start", **form)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "pledge_missing")
    assert answer.get_json()["sentence"]
    assert pledged(db, booked) is None
    assert started_at(db, booked) is None
    assert kinds(db, booked) == []


def test_with_the_pledge_it_is_kept_and_the_time_runs(candidate: Client, db: Database, booked: Run) -> None:
    assert candidate.post("/exam/start", pledge="yes").status_code == 303
    kept = pledged(db, booked)
    assert kept is not None
    assert (kept.confirmed_at, kept.wording) == (START, "\n".join(pledge.WORDING))
    assert started_at(db, booked) == START
    assert kinds(db, booked) == ["pledged", "drawn", "started"]


def test_the_lobby_shows_every_sentence_that_is_kept(candidate: Client) -> None:
    page = candidate.get("/exam").get_data(as_text=True)
    assert 'name="pledge"' in page
    assert [sentence for sentence in pledge.WORDING if sentence not in page] == []


def test_a_start_again_needs_no_pledge_and_adds_none(
    candidate: Client, db: Database, booked: Run, clock: SetClock
) -> None:
    candidate.post("/exam/start", pledge="yes")
    before = kinds(db, booked)
    clock.pass_by(minutes=1)
    for form in ({}, {"pledge": "yes"}):
        assert candidate.post("/exam/start", **form).status_code == 303
    assert kinds(db, booked) == before
    kept = pledged(db, booked)
    assert kept is not None
    assert kept.confirmed_at == START


@pytest.mark.parametrize("now", [START - MINUTE, START + HOUR])
def test_outside_the_window_no_pledge_is_left(
    candidate: Client, db: Database, booked: Run, clock: SetClock, now: datetime
) -> None:
    clock.at = now
    answer = candidate.post("/exam/start", pledge="yes")
    assert answer.get_json()["code"] == "outside_window"
    assert pledged(db, booked) is None
    assert everything_of(db, booked) == []


@pytest.mark.parametrize("refusal", [OutsideWindow, PaperMissing])
def test_pledge_and_start_are_one_transaction(db: Database, refusal: type[Exception]) -> None:
    run = add_booked(db, add_scene(db, items=3 if refusal is PaperMissing else 8))
    with pytest.raises(refusal), db.write() as tx:
        service.begin(tx, run.attempt_id, START if refusal is PaperMissing else START - MINUTE)
    assert pledged(db, run) is None
    assert everything_of(db, run) == []


def everything_of(db: Database, run: Run) -> list[Any]:
    """What journal and trail know of this attempt's pledge and start."""
    with db.read() as tx:
        acts = sa.select(AuditEntry.act).where(AuditEntry.act.in_(["attempt.pledged", "attempt.started"]))
        entries = sa.select(JournalEntry.kind).where(JournalEntry.kind.in_(["pledged", "started"]))
        return [*tx.scalars(acts), *tx.scalars(entries)]


def test_confirming_twice_is_one_pledge(db: Database, booked: Run) -> None:
    for minute in (0, 1):
        with db.write() as tx:
            pledge.confirm(tx, booked.attempt_id, START + minute * MINUTE)
    kept = pledged(db, booked)
    assert kept is not None
    assert kept.confirmed_at == START
    assert everything_of(db, booked) == ["attempt.pledged", "pledged"]


def test_the_trail_says_whose_pledge_it_is(db: Database, booked: Run) -> None:
    with db.write() as tx:
        pledge.confirm(tx, booked.attempt_id, START)
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "attempt.pledged")).one()
    assert (row.actor_id, row.object_id) == (booked.candidate_id, booked.attempt_id)
