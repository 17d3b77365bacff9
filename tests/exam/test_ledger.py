"""Time added to an attempt: before, while and after it ran; the deadline is always the sum; each refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.exam import journal, ledger, lookups, service
from exam_server.exam.ledger import LONGEST, Grant
from exam_server.exam.refusals import (
    AlreadySubmitted,
    ClosedByOfficial,
    OutsideWindow,
    TimeNotPositive,
)
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.exam.saves import store
from exam_server.models import Attempt, AuditEntry, LedgerEntry, Outage, Response, new_public_id
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add,
    add_booked,
    add_official,
    add_running,
    answer,
)

TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
DUE = DEADLINE + timedelta(seconds=10) + LONGEST_BUFFER_AGE


@pytest.fixture
def official(db: Database, scene: Scene) -> int:
    return add_official(db, "proctor", scene.office).id


@pytest.fixture
def booked(db: Database, scene: Scene) -> Run:
    return add_booked(db, scene)


def enter(db: Database, run: Run, official: int, seconds: int, now: datetime, **changed: Any) -> None:
    grant = {"kind": "extra", "reason_code": "power", "reason": "listrik padam"} | changed
    with db.write() as tx:
        ledger.enter(tx, run.attempt_id, Grant(seconds=seconds, author_id=official, **grant), now)


def act(db: Database, what: Callable[..., Any], *args: Any) -> Any:
    with db.write() as tx:
        return what(tx, *args)


def attempt(db: Database, run: Run) -> Attempt:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id)


def deadline_is_the_sum(db: Database, run: Run) -> bool:
    now = attempt(db, run)
    seconds = sa.select(sa.func.sum(LedgerEntry.seconds)).where(LedgerEntry.attempt_id == run.attempt_id)
    with db.read() as tx:
        total = int(tx.scalar(seconds) or 0)
    return now.started_at is not None and now.deadline_at == now.started_at + timedelta(seconds=total)


def said(db: Database, run: Run) -> list[tuple[str, dict[str, Any]]]:
    with db.read() as tx:
        return [(entry.kind, json.loads(entry.data)) for entry in journal.entries(tx, run.attempt_id)]


def answers(db: Database, run: Run) -> dict[int, tuple[int, int | None]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(Response).where(Response.attempt_id == run.attempt_id))
        return {row.position: (row.seq, row.option) for row in rows}


def test_time_added_before_the_start_counts_from_the_start(db: Database, booked: Run, official: int) -> None:
    enter(db, booked, official, 300, START - HOUR)
    assert attempt(db, booked).deadline_at is None
    act(db, service.start, booked.attempt_id, START + MINUTE)
    assert attempt(db, booked).deadline_at == START + 66 * MINUTE
    assert deadline_is_the_sum(db, booked)


def test_who_got_more_time_must_begin_so_much_earlier(db: Database, booked: Run, official: int) -> None:
    before = lookups.own_attempt(db, booked.candidate_id).facts.last_entry_at
    enter(db, booked, official, 1080, START - HOUR, kind="accommodation", reason_code="disability")
    after = lookups.own_attempt(db, booked.candidate_id).facts.last_entry_at
    assert (before, after) == (START + HOUR, START + HOUR - timedelta(seconds=1080))
    with pytest.raises(OutsideWindow):
        act(db, service.start, booked.attempt_id, after)
    act(db, service.start, booked.attempt_id, after - TICK)
    assert attempt(db, booked).deadline_at == START + 2 * HOUR - TICK


def test_time_added_while_it_runs_moves_the_deadline_and_is_told_at_once(
    db: Database, run: Run, official: int
) -> None:
    heard: list[dict[str, Any]] = []
    db.subscribe("time", heard.append)
    before = attempt(db, run).rev
    enter(db, run, official, 600, START + 30 * MINUTE)
    now = attempt(db, run)
    assert (now.deadline_at, now.rev) == (DEADLINE + 10 * MINUTE, before + 1)
    assert deadline_is_the_sum(db, run)
    assert heard == [{
        "attempt_id": run.attempt_id, "deadline_at": int((DEADLINE + 10 * MINUTE).timestamp() * 1000),
        "allowed_seconds": 3600, "extra_seconds": 600,
        "ledger": [{"kind": "start", "seconds": 3600, "reason": "", "author": ""},
                   {"kind": "extra", "seconds": 600, "reason": "listrik padam", "author": "Petugas proctor"}],
    }]  # fmt: skip
    assert [entry.kind for entry in lookups.own_attempt(db, run.candidate_id).ledger] == ["start", "extra"]


def test_an_entry_is_sealed_and_stands_in_the_trail_with_its_author(
    db: Database, scene: Scene, run: Run, official: int
) -> None:
    enter(db, run, official, 600, START + MINUTE, evidence={"file": "foto"})
    kind, data = said(db, run)[-1]
    assert kind == "ledger"
    assert (data["kind"], data["seconds"], data["author"]) == ("extra", 600, official)
    assert data["deadline_at"] == int((DEADLINE + 10 * MINUTE).timestamp() * 1000)
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "attempt.time_granted")).one()
        stored = tx.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "extra")).one()
    assert (row.actor_id, row.object_id, row.office_id) == (official, run.attempt_id, scene.office.id)
    assert (stored.author_id, stored.reason, stored.evidence) == (official, "listrik padam", {"file": "foto"})


def closed_with_a_late_answer(db: Database, run: Run) -> None:
    """Saved in time, closed by the clock, then two answers that came too late: one of them far too late."""
    act(db, store, [run.save(answer(1, 1, 1), at=START + MINUTE)])
    act(db, service.close_by_clock, run.attempt_id, DUE)
    act(db, store, [run.save(answer(1, 2, 3), answer(2, 1, 4), at=DUE + MINUTE)])
    act(db, store, [run.save(answer(3, 1, 2), at=DUE + 20 * MINUTE)])


def test_an_attempt_that_the_clock_closed_runs_again_and_its_late_answers_count(
    db: Database, run: Run, official: int
) -> None:
    closed_with_a_late_answer(db, run)
    assert answers(db, run) == {1: (1, 1)}
    heard: list[dict[str, Any]] = []
    db.subscribe("unsettled", heard.append)
    enter(db, run, official, 900, DUE + 25 * MINUTE)
    now = attempt(db, run)
    assert (now.finalised_at, now.how, now.deadline_at) == (None, None, DEADLINE + 15 * MINUTE)
    assert answers(db, run) == {1: (2, 3), 2: (1, 4)}
    assert [kind for kind, _ in said(db, run)[-3:]] == ["ledger", "reopened", "counted"]
    assert heard == [{"attempt_id": run.attempt_id}]
    act(db, service.close_by_clock, run.attempt_id, DUE + 25 * MINUTE)
    assert attempt(db, run).finalised_at == DEADLINE + 15 * MINUTE


def test_it_opens_again_also_when_nothing_came_too_late(db: Database, run: Run, official: int) -> None:
    act(db, service.close_by_clock, run.attempt_id, DUE)
    enter(db, run, official, 3600, DUE + MINUTE)
    assert attempt(db, run).finalised_at is None
    act(db, store, [run.save(answer(), at=DUE + 2 * MINUTE)])
    assert answers(db, run) == {1: (1, 1)}


def test_time_granted_after_the_deadline_but_before_the_closing_counts_what_came_between(
    db: Database, run: Run, official: int
) -> None:
    late = DEADLINE + timedelta(seconds=11)
    act(db, store, [run.save(answer(1, 1, 2), at=late)])
    assert answers(db, run) == {}
    enter(db, run, official, 60, late + timedelta(seconds=1))
    assert answers(db, run) == {1: (1, 2)}
    assert "reopened" not in [kind for kind, _ in said(db, run)]


def test_what_was_handed_in_stays_handed_in(db: Database, run: Run, official: int) -> None:
    act(db, service.submit, run.attempt_id, run.session_id, run.lease, START + MINUTE)
    refused(db, run, official, AlreadySubmitted)


def test_what_an_official_closed_stays_closed(db: Database, run: Run, official: int) -> None:
    act(db, lambda tx: tx.execute(
        sa.update(Attempt).where(Attempt.id == run.attempt_id)
        .values(finalised_at=START + MINUTE, how="official")
    ))  # fmt: skip
    refused(db, run, official, ClosedByOfficial)


@pytest.mark.parametrize("seconds", [0, -1, -600, LONGEST + 1])
def test_no_or_less_or_immoderate_time_is_refused(
    db: Database, run: Run, official: int, seconds: int
) -> None:
    refused(db, run, official, TimeNotPositive, seconds)


@pytest.mark.parametrize("seconds", [1, LONGEST])
def test_the_least_and_the_most_are_entered(db: Database, run: Run, official: int, seconds: int) -> None:
    enter(db, run, official, seconds, START + MINUTE)
    assert attempt(db, run).deadline_at == DEADLINE + timedelta(seconds=seconds)


def refused(db: Database, run: Run, official: int, why: type[Refusal], seconds: int = 60) -> None:
    """Refused for that reason; ledger, journal, trail and attempt are as before."""

    def everything() -> list[Any]:
        with db.read() as tx:
            counts = [tx.scalar(sa.select(sa.func.count()).select_from(kind))
                      for kind in (LedgerEntry, AuditEntry)]  # fmt: skip
        now = attempt(db, run)
        return [*counts, said(db, run), now.deadline_at, now.finalised_at, now.how, now.rev]

    heard: list[dict[str, Any]] = []
    db.subscribe("time", heard.append)
    before = everything()
    with pytest.raises(why):
        enter(db, run, official, seconds, DUE)
    assert everything() == before
    assert heard == []


def test_time_for_many_is_entered_for_each_of_them(
    db: Database, scene: Scene, run: Run, booked: Run, official: int
) -> None:
    other = add_running(db, scene, START + MINUTE)
    grants = {one.attempt_id: Grant("extra", 60 * turn, "power", "listrik padam", official)
              for turn, one in enumerate((run, booked, other), 1)}  # fmt: skip
    act(db, ledger.enter_all, grants, START + 2 * MINUTE)
    assert [attempt(db, one).deadline_at for one in (run, booked, other)] == [
        DEADLINE + MINUTE, None, DEADLINE + 4 * MINUTE,
    ]  # fmt: skip
    assert deadline_is_the_sum(db, run)
    assert deadline_is_the_sum(db, other)
    assert [said(db, one)[-1][1]["seconds"] for one in (run, booked, other)] == [60, 120, 180]


def test_when_one_of_many_cannot_have_it_nobody_has(
    db: Database, scene: Scene, run: Run, official: int
) -> None:
    done = add_running(db, scene)
    act(db, service.submit, done.attempt_id, done.session_id, done.lease, START + MINUTE)
    grant = Grant("extra", 60, "power", "listrik padam", official)
    before = said(db, run)
    with pytest.raises(AlreadySubmitted):
        act(db, ledger.enter_all, {run.attempt_id: grant, done.attempt_id: grant}, START + 2 * MINUTE)
    assert (attempt(db, run).deadline_at, said(db, run)) == (DEADLINE, before)


def test_one_outage_is_given_back_once(db: Database, run: Run, official: int) -> None:
    outage = add(db, Outage(public_id=new_public_id(), began_at=START + MINUTE, ended_at=START + 3 * MINUTE))
    enter(db, run, official, 120, START + 4 * MINUTE, kind="outage", outage_id=outage.id)
    with pytest.raises(DatabaseError):
        enter(db, run, official, 120, START + 5 * MINUTE, kind="outage", outage_id=outage.id)
    assert attempt(db, run).deadline_at == DEADLINE + 2 * MINUTE
    assert deadline_is_the_sum(db, run)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "gift"},
        {"kind": "start"},
        {"kind": "outage"},
        {"outage_id": 1},
    ],
    ids=["unknown kind", "a second start", "an outage that is not named", "an outage that is none"],
)
def test_the_schema_refuses_an_entry_that_cannot_be(
    db: Database, run: Run, official: int, wrong: dict[str, Any]
) -> None:
    add(db, Outage(public_id=new_public_id(), began_at=START, ended_at=START + MINUTE))
    with pytest.raises(DatabaseError):
        enter(db, run, official, 60, START + MINUTE, **wrong)
    assert attempt(db, run).deadline_at == DEADLINE


GRANTS = st.lists(st.tuples(st.integers(1, 600), st.integers(-10, 90)), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=GRANTS)
def test_whatever_is_granted_whenever_the_deadline_is_the_sum(
    db: Database, scene: Scene, official: int, grants: list[tuple[int, int]]
) -> None:
    """Entries before, while and after; `start` somewhere among them, the sweeper between all of them."""
    run = add_booked(db, scene)
    total = 3600
    for seconds, minute in sorted(grants, key=lambda one: one[1]):
        now = START + minute * MINUTE
        if minute >= 0 and attempt(db, run).started_at is None:
            act(db, service.start, run.attempt_id, START)
        act(db, service.close_by_clock, run.attempt_id, now)
        enter(db, run, official, seconds, now)
        total += seconds
    act(db, service.start, run.attempt_id, START)
    assert attempt(db, run).deadline_at == START + timedelta(seconds=total)
    assert deadline_is_the_sum(db, run)


def test_the_state_of_a_page_tells_the_sum_and_why(db: Database, run: Run, official: int) -> None:
    assert [one.kind for one in lookups.own_attempt(db, run.candidate_id).ledger] == ["start"]
    enter(db, run, official, 60, START + MINUTE)
    enter(db, run, official, 30, START + 2 * MINUTE, reason="gempa")
    own = lookups.own_attempt(db, run.candidate_id)
    assert own.extra_seconds == 90
    assert ledger.told(own.ledger) == [
        {"kind": "start", "seconds": 3600, "reason": "", "author": ""},
        {"kind": "extra", "seconds": 60, "reason": "listrik padam", "author": "Petugas proctor"},
        {"kind": "extra", "seconds": 30, "reason": "gempa", "author": "Petugas proctor"},
    ]
