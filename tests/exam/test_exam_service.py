"""Entering, starting once, holding the lease, submitting, being closed: each success and each refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.errors import SignInNeeded
from exam_server.exam import journal, lookups, service
from exam_server.exam.refusals import Closed, NoAttempt, NotStarted, OutsideWindow, PaperMissing, TakenOver
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.exam.saves import store
from exam_server.models import Attempt, AuditEntry
from exam_server.throttle import TooMany
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_accepted,
    add_booked,
    add_extra_time,
    add_official,
    add_other_scene,
    add_running,
    add_scene,
    add_session,
    answer,
)

TICK = timedelta(microseconds=1)
LAST_ENTRY = START + HOUR
DEADLINE = START + HOUR
GRACE_ENDS = DEADLINE + timedelta(seconds=10)
DUE = GRACE_ENDS + LONGEST_BUFFER_AGE


@pytest.fixture
def booked(db: Database, scene: Scene) -> Run:
    return add_booked(db, scene)


def act(db: Database, what: Callable[..., Any], *args: Any) -> Any:
    with db.write() as tx:
        return what(tx, *args)


def attempt(db: Database, run: Run) -> Attempt:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id)


def attempt_journal(db: Database, run: Run) -> int:
    """How many entries the journal of the attempt has."""
    with db.read() as tx:
        return journal.head(tx, run.attempt_id)[0]


def acts(db: Database, run: Run) -> list[str]:
    with db.read() as tx:
        found = sa.select(AuditEntry.act).where(
            AuditEntry.object_kind == "attempt", AuditEntry.object_id == run.attempt_id
        )
        return list(tx.scalars(found.order_by(AuditEntry.id)))


def test_a_start_stamps_the_instant_and_the_deadline(db: Database, booked: Run) -> None:
    act(db, service.start, booked.attempt_id, START + 5 * MINUTE)
    now = attempt(db, booked)
    assert (now.started_at, now.deadline_at) == (START + 5 * MINUTE, START + HOUR + 5 * MINUTE)
    assert acts(db, booked) == ["attempt.started"]


def test_a_second_start_changes_nothing(db: Database, run: Run) -> None:
    before = attempt(db, run)
    act(db, service.start, run.attempt_id, START + 30 * MINUTE)
    after = attempt(db, run)
    assert (after.started_at, after.deadline_at, after.rev) == (
        before.started_at,
        before.deadline_at,
        before.rev,
    )
    assert acts(db, run) == ["attempt.started"]


@pytest.mark.parametrize("now", [START, LAST_ENTRY - TICK])
def test_the_window_admits_its_first_and_last_instant(db: Database, booked: Run, now: datetime) -> None:
    act(db, service.start, booked.attempt_id, now)
    assert attempt(db, booked).started_at == now


@pytest.mark.parametrize("now", [START - TICK, LAST_ENTRY, START + 5 * HOUR])
def test_outside_the_window_nothing_starts(db: Database, booked: Run, now: datetime) -> None:
    with pytest.raises(OutsideWindow):
        act(db, service.start, booked.attempt_id, now)
    assert attempt(db, booked).started_at is None


def test_without_a_bank_nothing_starts(db: Database) -> None:
    booked = add_booked(db, add_scene(db, items=3))
    with pytest.raises(PaperMissing):
        act(db, service.start, booked.attempt_id, START)
    assert attempt(db, booked).started_at is None


def test_time_granted_before_the_start_counts(db: Database, scene: Scene, booked: Run) -> None:
    official = add_official(db, "admin", scene.office)
    add_extra_time(db, 300, official.id, attempt_id=booked.attempt_id)
    add_extra_time(db, 60, official.id, attempt_id=booked.attempt_id)
    act(db, service.start, booked.attempt_id, START)
    assert attempt(db, booked).deadline_at == START + HOUR + timedelta(seconds=360)
    assert lookups.own_attempt(db, booked.candidate_id).extra_seconds == 360


def test_time_granted_to_somebody_else_does_not_count(db: Database, scene: Scene, booked: Run) -> None:
    official, neighbour = add_official(db, "admin", scene.office), add_booked(db, scene)
    add_extra_time(db, 300, official.id, attempt_id=neighbour.attempt_id)
    act(db, service.start, booked.attempt_id, START)
    assert attempt(db, booked).deadline_at == START + HOUR


def test_one_s_own_attempt_is_found_with_everything_the_server_needs(
    db: Database, scene: Scene, run: Run
) -> None:
    add_running(db, scene)
    own = lookups.own_attempt(db, run.candidate_id)
    assert (own.id, own.public_id, own.sitting_label, own.zone.key) == (
        run.attempt_id, run.public_id, scene.sitting.label, "Asia/Jakarta",
    )  # fmt: skip
    assert own.options == (4, 4, 4, 4)
    assert own.phase(START) == ("running", DEADLINE)


def test_who_chose_nothing_has_no_attempt(db: Database, scene: Scene) -> None:
    with pytest.raises(NoAttempt):
        lookups.own_attempt(db, add_accepted(db, scene).id)


def test_durable_answers_are_listed_by_position(db: Database, run: Run) -> None:
    act(db, store, [run.save(answer(3, 2, None, True), answer(1, 1, 4), at=START + MINUTE)])
    assert lookups.responses(db, run.attempt_id) == [
        {"position": 1, "seq": 1, "option": 4, "flagged": False},
        {"position": 3, "seq": 2, "option": None, "flagged": True},
    ]


def test_a_page_that_reloads_without_end_is_held_up_and_leaves_no_entries(db: Database, run: Run) -> None:
    def join(at: datetime) -> int:
        return int(act(db, service.join, run.attempt_id, run.session_id, "Mozilla", False, at))

    began = START + MINUTE
    for _ in range(service.JOINS):
        join(began)
    entries = attempt_journal(db, run)
    with pytest.raises(TooMany):
        join(began + service.JOINS_WITHIN - TICK)
    assert attempt_journal(db, run) == entries
    assert attempt(db, run).lease == run.lease + service.JOINS
    assert join(began + service.JOINS_WITHIN) == run.lease + service.JOINS + 1


def test_a_reload_joins_freely_and_fences_the_older_page_off(db: Database, run: Run) -> None:
    heard: list[dict[str, Any]] = []
    db.subscribe("lease", heard.append)
    assert (
        act(db, service.join, run.attempt_id, run.session_id, "Mozilla", False, START + MINUTE)
        == run.lease + 1
    )
    assert heard == [{"attempt_id": run.attempt_id, "lease": run.lease + 1}]
    assert "attempt.taken_over" not in acts(db, run)


def test_another_browser_has_to_say_that_it_takes_over(db: Database, run: Run) -> None:
    other = add_session(db, run.candidate_id)
    with pytest.raises(TakenOver):
        act(db, service.join, run.attempt_id, other.session_id, "Mozilla", False, START + MINUTE)
    assert attempt(db, run).lease == run.lease
    assert (
        act(db, service.join, run.attempt_id, other.session_id, "Mozilla", True, START + MINUTE)
        == run.lease + 1
    )
    assert attempt(db, run).lease_session_id == other.session_id
    assert acts(db, run)[-1] == "attempt.taken_over"


def test_a_browser_whose_session_ended_need_not_be_asked(db: Database, run: Run) -> None:
    other = add_session(db, run.candidate_id)
    accounts.end_session(db, run.session_id, START)
    assert (
        act(db, service.join, run.attempt_id, other.session_id, "Mozilla", False, START + MINUTE)
        == run.lease + 1
    )


def test_a_sign_of_life_shows_and_only_from_the_page_that_holds_the_lease(db: Database, run: Run) -> None:
    other = add_session(db, run.candidate_id)
    act(db, service.contact, run.attempt_id, run.session_id, START + 2 * MINUTE)
    act(db, service.contact, run.attempt_id, other.session_id, START + 3 * MINUTE)
    assert attempt(db, run).last_contact_at == START + 2 * MINUTE


def submit(db: Database, run: Run, now: datetime, **changed: int) -> None:
    names = {"session_id": run.session_id, "lease": run.lease} | changed
    with db.write() as tx:
        service.submit(tx, run.attempt_id, now=now, **names)


def test_a_submission_closes(db: Database, run: Run) -> None:
    heard: list[dict[str, Any]] = []
    db.subscribe("closed", heard.append)
    submit(db, run, START + 30 * MINUTE)
    now = attempt(db, run)
    assert (now.finalised_at, now.how) == (START + 30 * MINUTE, "submitted")
    assert heard == [{"attempt_id": run.attempt_id, "how": "submitted"}]
    assert acts(db, run)[-1] == "attempt.closed"


def test_a_second_submission_changes_nothing(db: Database, run: Run) -> None:
    submit(db, run, START + 30 * MINUTE)
    submit(db, run, START + 40 * MINUTE)
    assert attempt(db, run).finalised_at == START + 30 * MINUTE
    assert acts(db, run).count("attempt.closed") == 1


def test_a_submission_within_the_grace_counts_as_of_the_deadline(db: Database, run: Run) -> None:
    submit(db, run, GRACE_ENDS - TICK)
    now = attempt(db, run)
    assert (now.finalised_at, now.how) == (DEADLINE, "submitted")


def test_a_submission_after_the_grace_is_refused_although_nobody_closed_yet(db: Database, run: Run) -> None:
    with pytest.raises(Closed):
        submit(db, run, GRACE_ENDS)
    assert attempt(db, run).finalised_at is None


def test_a_submission_after_the_clock_closed_is_refused(db: Database, run: Run) -> None:
    act(db, service.close_by_clock, run.attempt_id, DUE)
    with pytest.raises(Closed):
        submit(db, run, DUE)
    assert attempt(db, run).how == "clock"


def test_nothing_is_submitted_before_the_start(db: Database, booked: Run) -> None:
    with pytest.raises(NotStarted):
        submit(db, booked, START)


def test_an_older_page_cannot_submit(db: Database, run: Run) -> None:
    act(db, service.join, run.attempt_id, run.session_id, "Mozilla", False, START + MINUTE)
    with pytest.raises(TakenOver):
        submit(db, run, START + 2 * MINUTE)
    assert attempt(db, run).finalised_at is None


def test_another_browser_cannot_submit_under_a_borrowed_lease(db: Database, run: Run) -> None:
    other = add_session(db, run.candidate_id)
    with pytest.raises(TakenOver):
        submit(db, run, START + 2 * MINUTE, session_id=other.session_id)
    assert attempt(db, run).finalised_at is None


def test_who_was_signed_out_cannot_submit_and_the_attempt_goes_on(db: Database, run: Run) -> None:
    accounts.end_session(db, run.session_id, START + MINUTE)
    with pytest.raises(SignInNeeded):
        submit(db, run, START + 2 * MINUTE)
    assert attempt(db, run).finalised_at is None


def test_an_attempt_is_due_when_grace_and_buffers_have_passed(db: Database, scene: Scene, run: Run) -> None:
    add_booked(db, scene)
    assert service.due(db, DUE - TICK) == []
    assert service.due(db, DUE) == [run.attempt_id]


def test_what_is_closed_already_is_not_due(db: Database, run: Run) -> None:
    submit(db, run, START + MINUTE)
    assert service.due(db, DUE) == []


def test_the_clock_closes_as_of_the_deadline_whenever_it_comes(db: Database, run: Run) -> None:
    act(db, service.close_by_clock, run.attempt_id, DUE + 5 * HOUR)
    now = attempt(db, run)
    assert (now.finalised_at, now.how) == (DEADLINE, "clock")
    act(db, service.close_by_clock, run.attempt_id, DUE + 6 * HOUR)
    assert acts(db, run).count("attempt.closed") == 1


def test_the_clock_closes_neither_too_early_nor_what_never_began(db: Database, run: Run, booked: Run) -> None:
    act(db, service.close_by_clock, run.attempt_id, DUE - TICK)
    act(db, service.close_by_clock, booked.attempt_id, DUE + HOUR)
    assert attempt(db, run).finalised_at is None
    assert attempt(db, booked).finalised_at is None


def test_time_granted_between_looking_and_closing_holds_the_closing(db: Database, run: Run) -> None:
    """The sweeper saw it due; before its turn came an official moved the deadline."""
    assert service.due(db, DUE) == [run.attempt_id]
    act(db, move_deadline, run, DUE + 5 * MINUTE)
    act(db, service.close_by_clock, run.attempt_id, DUE)
    assert attempt(db, run).finalised_at is None


def move_deadline(tx: Session, run: Run, to: datetime) -> None:
    tx.execute(sa.update(Attempt).where(Attempt.id == run.attempt_id).values(deadline_at=to))


def test_two_offices_share_an_installation_and_nothing_else(db: Database, run: Run) -> None:
    elsewhere = add_running(db, add_other_scene(db))
    submit(db, elsewhere, START + MINUTE)
    assert attempt(db, run).finalised_at is None
    with pytest.raises(TakenOver):
        submit(db, run, START + MINUTE, session_id=elsewhere.session_id)
