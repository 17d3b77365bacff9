"""Late answers count when they lie before the new deadline, and never otherwise; the evidence stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import journal, late, ledger, service
from exam_server.exam.ledger import Grant
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.exam.saves import MOST_KEPT, store
from exam_server.models import LateAnswer, Response
from tests.factories import HOUR, MINUTE, START, Run, Scene, add_official, add_running, add_session, answer

TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
GRACE = timedelta(seconds=10)
DUE = DEADLINE + GRACE + LONGEST_BUFFER_AGE
EXTRA = 600
NEW_UNTIL = DEADLINE + timedelta(seconds=EXTRA) + GRACE


@pytest.fixture
def official(db: Database, scene: Scene) -> int:
    return add_official(db, "proctor", scene.office).id


@pytest.fixture
def closed(db: Database, run: Run) -> Run:
    """Position 1 was answered in time, then the clock closed."""
    save(db, run, START + MINUTE, answer(1, 2, 1))
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, DUE)
    return run


def save(db: Database, run: Run, at: datetime, *answers: Any, lease: int | None = None) -> list[str]:
    with db.write() as tx:
        (stored,) = store(tx, [run.save(*answers, at=at, lease=lease)])
    return [fate for fate, _ in stored.fates.values()]


def grant(db: Database, run: Run, official: int, seconds: int = EXTRA) -> None:
    with db.write() as tx:
        ledger.enter(tx, run.attempt_id, Grant("extra", seconds, "power", "listrik padam", official),
                     DUE + 2 * HOUR)  # fmt: skip


def answers(db: Database, run: Run) -> dict[int, tuple[int, int | None, datetime]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(Response).where(Response.attempt_id == run.attempt_id))
        return {row.position: (row.seq, row.option, row.arrived_at) for row in rows}


def evidence(db: Database, run: Run) -> list[tuple[int, int, str]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(LateAnswer).where(LateAnswer.attempt_id == run.attempt_id)
                          .order_by(LateAnswer.id))  # fmt: skip
        return [(row.position, row.seq, row.reason) for row in rows]


@pytest.mark.parametrize(
    ("arrived_at", "counts"),
    [(DUE, True), (NEW_UNTIL - TICK, True), (NEW_UNTIL, False), (NEW_UNTIL + HOUR, False)],
)
def test_a_late_answer_counts_when_it_lies_before_the_new_deadline_and_grace(
    db: Database, closed: Run, official: int, arrived_at: datetime, counts: bool
) -> None:
    assert save(db, closed, arrived_at, answer(2, 1, 4)) == ["deadline_passed"]
    assert 2 not in answers(db, closed)
    grant(db, closed, official)
    assert answers(db, closed).get(2) == ((1, 4, arrived_at) if counts else None)


def test_without_time_nothing_that_came_late_ever_counts(db: Database, closed: Run) -> None:
    save(db, closed, DUE, answer(1, 9, 3), answer(2, 1, 4))
    with db.write() as tx:
        assert late.count(tx, closed.attempt_id, DUE + HOUR) == 0
    assert answers(db, closed) == {1: (2, 1, START + MINUTE)}


def test_the_newest_of_several_late_answers_counts(db: Database, closed: Run, official: int) -> None:
    for seq, option in ((4, 4), (3, 3), (5, 2)):
        save(db, closed, DUE + seq * MINUTE, answer(1, seq, option))
    grant(db, closed, official)
    assert answers(db, closed) == {1: (5, 2, DUE + 5 * MINUTE)}


def test_an_answer_older_than_the_durable_one_changes_nothing(
    db: Database, closed: Run, official: int
) -> None:
    with db.write() as tx:
        tx.add(LateAnswer(attempt_id=closed.attempt_id, position=1, seq=1, option=4, flagged=False,
                          lease=closed.lease, arrived_at=DUE, reason="deadline_passed"))  # fmt: skip
    grant(db, closed, official)
    assert answers(db, closed) == {1: (2, 1, START + MINUTE)}
    assert counted(db, closed) == []


def test_no_page_fills_the_disk_with_evidence(db: Database, closed: Run, official: int) -> None:
    for seq in range(1, 3 * MOST_KEPT + 1):
        assert save(db, closed, DUE, answer(2, seq, 1), answer(3, 1, 3)) == ["deadline_passed"] * 2
    assert evidence(db, closed) == [
        (2, 1, "deadline_passed"), (3, 1, "deadline_passed"),
        *((2, seq, "deadline_passed") for seq in range(2, MOST_KEPT + 1)),
    ]  # fmt: skip
    grant(db, closed, official)
    assert answers(db, closed)[2] == (MOST_KEPT, 1, DUE)


def test_what_no_lease_vouches_for_stays_evidence(db: Database, closed: Run, official: int) -> None:
    assert save(db, closed, DUE, answer(3, 1, None), lease=0) == ["deadline_passed"]
    grant(db, closed, official)
    assert 3 not in answers(db, closed)


def test_what_an_older_device_sent_stays_evidence(db: Database, run: Run, official: int) -> None:
    other = add_session(db, run.candidate_id)
    with db.write() as tx:
        service.join(tx, run.attempt_id, other.session_id, "Mozilla", True, START + MINUTE)
    assert save(db, run, DEADLINE - MINUTE, answer(1, 1, 1)) == ["taken_over"]
    assert save(db, run, DEADLINE + MINUTE, answer(2, 1, 2)) == ["taken_over"]
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, DUE)
    grant(db, run, official)
    assert answers(db, run) == {}
    assert [reason for _, _, reason in evidence(db, run)] == ["taken_over", "taken_over"]


def test_the_evidence_stays_as_it_is_when_it_counts(db: Database, closed: Run, official: int) -> None:
    save(db, closed, DUE, answer(1, 3, 3), answer(2, 1, 4))
    before = evidence(db, closed)
    grant(db, closed, official)
    assert evidence(db, closed) == before == [(1, 3, "deadline_passed"), (2, 1, "deadline_passed")]


def test_what_counts_is_sealed_with_its_own_instant_once(db: Database, closed: Run, official: int) -> None:
    save(db, closed, DUE, answer(2, 1, 4, flagged=True))
    grant(db, closed, official)
    grant(db, closed, official)
    assert counted(db, closed) == [{"source": "late", "items": [[2, 1, 4, True, micros(DUE)]]}]


def test_more_time_lets_more_late_answers_count(db: Database, closed: Run, official: int) -> None:
    save(db, closed, DUE, answer(2, 1, 4))
    save(db, closed, NEW_UNTIL + MINUTE, answer(3, 1, 2))
    grant(db, closed, official)
    assert sorted(answers(db, closed)) == [1, 2]
    grant(db, closed, official)
    assert sorted(answers(db, closed)) == [1, 2, 3]


def test_the_answers_of_a_neighbour_are_left_alone(
    db: Database, scene: Scene, closed: Run, official: int
) -> None:
    neighbour = add_running(db, scene)
    save(db, neighbour, DUE, answer(1, 1, 1))
    save(db, closed, DUE, answer(2, 1, 4))
    grant(db, closed, official)
    assert answers(db, neighbour) == {}


def counted(db: Database, run: Run) -> list[dict[str, Any]]:
    with db.read() as tx:
        return [json.loads(one.data) for one in journal.entries(tx, run.attempt_id) if one.kind == "counted"]


def micros(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)
