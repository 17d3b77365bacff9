"""Practice runs: one open at a time, deadline and lease decided by the statement, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.errors import SignInNeeded
from exam_server.exam import service as exam
from exam_server.exam.rules import Item as Answer
from exam_server.models import LateAnswer, PracticeRun, Response
from exam_server.practice import service
from exam_server.practice.refusals import ExamRuns, NoPractice, PracticeClosed, PracticeTakenOver
from exam_server.practice.saves import store
from exam_server.throttle import TooMany
from tests.factories import (
    MINUTE,
    START,
    add_account,
    add_booked,
    add_running,
    add_scene,
    add_session,
    answer,
)
from tests.practice.samples import Practising, add_practising, runs
from tests.together import AT_ONCE, outcomes

SECOND = timedelta(seconds=1)
DEADLINE = START + service.LASTS
OVER = DEADLINE + service.GRACE
TICK = timedelta(microseconds=1)


@pytest.fixture
def one(db: Database) -> Practising:
    return add_practising(db)


def saved(db: Database, one: Practising, *answers: Answer, **how: object) -> dict[int, tuple[str, int]]:
    with db.write() as tx:
        return dict(store(tx, one.save(*answers, **how)).fates)  # type: ignore[arg-type]


def stored(db: Database, one: Practising) -> list[tuple[int, int, int | None]]:
    return [(row["position"], row["seq"], row["option"]) for row in service.responses(db, one.run_id)]


def hand_in(db: Database, one: Practising, at: object = START + MINUTE, lease: int | None = None) -> None:
    with db.write() as tx:
        service.submit(tx, one.run_id, one.signed_in.session_id, lease or one.lease, at)  # type: ignore[arg-type]


def test_a_practice_runs_for_ten_minutes_from_its_start(db: Database) -> None:
    account = add_account(db)
    service.start(db, account.id, START)
    run = service.own_run(db, account.id)
    assert run.phase(START) == ("running", DEADLINE)
    assert run.phase(DEADLINE) == ("grace", OVER)
    assert run.phase(OVER) == ("closed", None)


def test_a_second_start_goes_on_with_the_first(db: Database, one: Practising) -> None:
    service.start(db, one.account_id, START + MINUTE)
    assert [run.public_id for run in runs(db, one.account_id)] == [one.public_id]


def test_after_the_deadline_a_start_is_a_new_practice_and_stamps_the_old_one(
    db: Database, one: Practising
) -> None:
    service.start(db, one.account_id, OVER - TICK)
    assert len(runs(db, one.account_id)) == 1
    service.start(db, one.account_id, OVER)
    first, second = runs(db, one.account_id)
    assert (first.finalised_at, second.finalised_at) == (DEADLINE, None)
    assert service.own_run(db, one.account_id).public_id == second.public_id


def test_after_handing_in_one_may_practise_again(db: Database, one: Practising) -> None:
    hand_in(db, one)
    service.start(db, one.account_id, START + 2 * MINUTE)
    assert len(runs(db, one.account_id)) == 2


def test_presses_at_the_same_instant_are_one_practice(db: Database) -> None:
    account = add_account(db).id

    def press(db: Database, together: threading.Barrier) -> None:
        together.wait()
        service.start(db, account, START)

    assert outcomes(db, press) == Counter({"ok": AT_ONCE})
    assert len(runs(db, account)) == 1


def test_the_schema_itself_refuses_a_second_open_practice(db: Database, one: Practising) -> None:
    """What the presses above would come to without the lock: the control of that race."""
    with pytest.raises(IntegrityError), db.write() as tx:
        tx.add(PracticeRun(account_id=one.account_id, started_at=START, deadline_at=DEADLINE))


def test_a_program_cannot_fill_the_disk_with_practices(db: Database) -> None:
    account = add_account(db).id
    for _ in range(service.MOST_STARTS):
        service.start(db, account, START)
    with pytest.raises(TooMany):
        service.start(db, account, START)
    service.start(db, account, START + service.WINDOW)
    assert len(runs(db, account)) == 2


def test_no_practice_begins_while_the_exam_runs(db: Database) -> None:
    run = add_running(db, add_scene(db))
    with pytest.raises(ExamRuns):
        service.start(db, run.candidate_id, START + MINUTE)
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, START + MINUTE)
    service.start(db, run.candidate_id, START + MINUTE)
    assert len(runs(db, run.candidate_id)) == 1


def test_before_and_on_the_day_a_booked_candidate_may_practise(db: Database) -> None:
    run = add_booked(db, add_scene(db))
    for at in (START - 2000 * MINUTE, START - MINUTE):
        service.start(db, run.candidate_id, at)
    assert len(runs(db, run.candidate_id)) == 2


def test_who_never_practised_has_no_practice(db: Database) -> None:
    with pytest.raises(NoPractice):
        service.own_run(db, add_account(db).id)


def test_a_save_is_stored_and_a_newer_one_replaces_it(db: Database, one: Practising) -> None:
    assert saved(db, one, answer(1, 1, 2), answer(2, 1, None), at=START) == {1: ("saved", 1), 2: ("saved", 1)}
    assert saved(db, one, answer(1, 3, 4), at=START) == {1: ("saved", 3)}
    assert saved(db, one, answer(1, 2, 1), at=START) == {1: ("stale", 3)}
    assert stored(db, one) == [(1, 3, 4), (2, 1, None)]


def test_a_practice_leaves_nothing_among_the_answers_of_exams(db: Database, one: Practising) -> None:
    saved(db, one, answer(), at=START)
    saved(db, one, answer(2), at=OVER)
    with db.read() as tx:
        assert [
            tx.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Response, LateAnswer)
        ] == [
            0,
            0,
        ]


def test_what_arrives_within_grace_is_stored_and_later_not(db: Database, one: Practising) -> None:
    assert saved(db, one, answer(1), at=OVER - TICK) == {1: ("saved", 1)}
    assert saved(db, one, answer(2), at=OVER) == {2: ("deadline_passed", 0)}
    assert saved(db, one, answer(1), at=OVER) == {1: ("stale", 1)}
    assert stored(db, one) == [(1, 1, 1)]


def test_a_save_after_handing_in_is_refused(db: Database, one: Practising) -> None:
    hand_in(db, one)
    assert saved(db, one, answer(), at=START + 2 * MINUTE) == {1: ("closed", 0)}
    assert stored(db, one) == []


def test_a_save_under_an_older_lease_is_refused(db: Database, one: Practising) -> None:
    with db.write() as tx:
        assert service.join(tx, one.run_id, one.signed_in.session_id, False, START) == one.lease + 1
    assert saved(db, one, answer(), at=START) == {1: ("taken_over", 0)}
    assert saved(db, one, answer(), at=START, lease=one.lease + 1) == {1: ("saved", 1)}


def test_who_joined_after_the_end_hears_that_time_is_up(db: Database, one: Practising) -> None:
    assert saved(db, one, answer(), at=START, lease=0) == {1: ("taken_over", 0)}
    assert saved(db, one, answer(), at=OVER, lease=0) == {1: ("deadline_passed", 0)}


def test_a_save_of_who_was_signed_out_is_refused(db: Database, one: Practising) -> None:
    accounts.end_session(db, one.signed_in.session_id, START)
    assert saved(db, one, answer(), at=START) == {1: ("signed_out", 0)}
    assert stored(db, one) == []


def test_another_browser_joins_only_when_it_says_so(db: Database, one: Practising) -> None:
    other = add_session(db, one.account_id)
    with pytest.raises(PracticeTakenOver), db.write() as tx:
        service.join(tx, one.run_id, other.session_id, False, START)
    with db.write() as tx:
        assert service.join(tx, one.run_id, other.session_id, True, START) == one.lease + 1
    assert saved(db, one, answer(), at=START) == {1: ("taken_over", 0)}


def test_a_browser_that_was_signed_out_gives_way(db: Database, one: Practising) -> None:
    accounts.end_session(db, one.signed_in.session_id, START)
    other = add_session(db, one.account_id)
    with db.write() as tx:
        assert service.join(tx, one.run_id, other.session_id, False, START) == one.lease + 1


def test_handing_in_closes_once(db: Database, one: Practising) -> None:
    hand_in(db, one, START + MINUTE)
    hand_in(db, one, START + 2 * MINUTE)
    assert [run.finalised_at for run in runs(db, one.account_id)] == [START + MINUTE]
    assert service.own_run(db, one.account_id).phase(START + 2 * MINUTE) == ("submitted", None)


def test_handing_in_within_grace_closes_as_of_the_deadline(db: Database, one: Practising) -> None:
    hand_in(db, one, OVER - TICK)
    assert [run.finalised_at for run in runs(db, one.account_id)] == [DEADLINE]


def test_handing_in_after_the_end_is_refused(db: Database, one: Practising) -> None:
    with pytest.raises(PracticeClosed):
        hand_in(db, one, OVER)
    assert [run.finalised_at for run in runs(db, one.account_id)] == [None]


def test_handing_in_under_an_older_lease_is_refused(db: Database, one: Practising) -> None:
    with db.write() as tx:
        service.join(tx, one.run_id, one.signed_in.session_id, False, START)
    with pytest.raises(PracticeTakenOver):
        hand_in(db, one)
    assert [run.finalised_at for run in runs(db, one.account_id)] == [None]


def test_handing_in_by_who_was_signed_out_is_refused(db: Database, one: Practising) -> None:
    accounts.end_session(db, one.signed_in.session_id, START)
    with pytest.raises(SignInNeeded):
        hand_in(db, one)


def test_a_stored_answer_never_goes_back_to_an_older_one(db: Database, one: Practising) -> None:
    saved(db, one, answer(1, 5), at=START)
    with pytest.raises(IntegrityError), db.write() as tx:
        tx.execute(sa.text("UPDATE practice_response SET seq = 4"))
