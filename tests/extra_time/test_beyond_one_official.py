"""Time for one attempt, slice after slice: beyond what one official may give alone a second one decides."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.approvals.service import AlreadyAsked, ApprovalOver, SamePerson
from exam_server.db import Database
from exam_server.exam import ledger
from exam_server.exam.ledger import Grant
from exam_server.exam.refusals import AlreadySubmitted
from exam_server.extra_time import attempts, beyond, giving, granting, rules, singly
from exam_server.extra_time.refusals import EntryWouldClose
from exam_server.extra_time.wanted import Wanted
from exam_server.extra_time.words import told_attempt_time
from exam_server.models import Approval, LedgerEntry
from tests.client import Client
from tests.conftest import SetClock
from tests.extra_time.samples import (
    DEADLINE,
    TIME_FORM,
    Day,
    a_day,
    add_outage,
    entries,
    grant_question,
    own,
    submit,
    trail,
)
from tests.factories import HOUR, MINUTE, START, add_booked
from tests.together import AT_ONCE, outcomes

NOW = START + 5 * MINUTE
APART = rules.COUNTS_FOR + MINUTE


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


def minutes(number: int) -> Wanted:
    return Wanted(60 * number, "power", "listrik padam di ruang 2")


def give(day: Day, number: int, at: datetime = NOW, by: int = 0) -> str | None:
    """What waits for a second official; None: given."""
    return granting.grant(day.db, day.run.attempt_id, minutes(number), by or day.proctor, at)


def approval(day: Day) -> Approval:
    with day.db.read() as tx:
        return tx.scalars(sa.select(Approval)).one()


def test_up_to_half_of_the_test_one_official_gives_alone(day: Day) -> None:
    assert give(day, 30) is None
    assert own(day.db, day.run).facts.deadline_at == DEADLINE + 30 * MINUTE


def test_one_minute_more_waits_for_a_second_official_and_changes_nothing(day: Day) -> None:
    effect = granting.effect(day.db, day.run.attempt_id, 31 * 60, NOW)
    assert (effect.alone, effect.spent) == (False, 0)
    question = give(day, 31)
    assert entries(day.db, day.run) == [("start", 3600)]
    assert beyond.waiting(day.db, day.run.attempt_id, NOW) == question
    assert approval(day).evidence == {
        "candidate": own_name(day), "label": "Sesi 1", "spent": 0, "allowed": 3600, "phase": "running",
    }  # fmt: skip


def own_name(day: Day) -> str:
    return attempts.own(day.db, day.run.public_id, day.watcher, NOW).candidate


def test_slices_far_apart_and_by_several_officials_count_together(day: Day) -> None:
    assert give(day, 20) is None
    assert give(day, 10, NOW + APART, day.admin) is None
    effect = granting.effect(day.db, day.run.attempt_id, 60, NOW + 2 * APART)
    assert (effect.alone, effect.spent) == (False, 1800)
    assert give(day, 1, NOW + 2 * APART, day.other) is not None
    assert own(day.db, day.run).extra_seconds == 1800


def test_the_second_official_s_word_gives_it_and_names_both(day: Day) -> None:
    question = give(day, 45)
    assert question is not None
    grant_question(day.db, question, day.admin, NOW + MINUTE)
    assert own(day.db, day.run).facts.deadline_at == DEADLINE + 45 * MINUTE
    with day.db.read() as tx:
        given = tx.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "extra")).one()
    assert (given.author_id, given.reason, given.reason_code) == (
        day.admin, "listrik padam di ruang 2", "power"
    )  # fmt: skip
    assert given.evidence == {"approval": question, "asked_by": day.proctor}
    assert [row.actor_id for row in trail(day.db, "attempt.time_granted", "approval.asked")] == [
        day.proctor, day.admin
    ]  # fmt: skip
    assert beyond.waiting(day.db, day.run.attempt_id, NOW + MINUTE) is None


def test_what_two_officials_gave_takes_nothing_from_what_one_may(day: Day) -> None:
    question = give(day, 45)
    assert question is not None
    grant_question(day.db, question, day.admin, NOW)
    assert give(day, 30) is None
    assert give(day, 1) is not None


def test_outages_and_an_accommodation_take_nothing_from_what_one_may(day: Day) -> None:
    outage = add_outage(day.db, START + MINUTE, 300)
    assert giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, START + 20 * MINUTE) == 1
    granting.accommodate(day.db, day.run.attempt_id, "tunanetra", day.admin, NOW)
    with day.db.read() as tx:
        assert singly.spent(tx, [day.run.attempt_id]) == {}
    assert give(day, 30) is None


def test_time_for_the_whole_sitting_takes_nothing_from_what_one_may(day: Day) -> None:
    add_outage(day.db, START + MINUTE, 300)
    assert giving.give(day.db, day.sitting, Wanted(300, "server", "server"), day.proctor, NOW) is None
    asked = giving.give(day.db, day.sitting, minutes(20), day.proctor, NOW)
    assert asked is not None
    grant_question(day.db, asked, day.admin, NOW)
    assert give(day, 30) is None
    assert own(day.db, day.run).extra_seconds == 300 + 1200 + 1800


def test_whoever_asked_cannot_grant_it(day: Day) -> None:
    question = give(day, 31)
    assert question is not None
    with pytest.raises(SamePerson):
        grant_question(day.db, question, day.proctor, NOW)
    assert own(day.db, day.run).extra_seconds == 0


def test_one_question_at_a_time(day: Day) -> None:
    assert give(day, 31) is not None
    with pytest.raises(AlreadyAsked):
        give(day, 32)
    assert give(day, 5) is None, "what one may give is given meanwhile"


def test_a_question_that_ran_out_gives_nothing_and_makes_room(day: Day) -> None:
    question = give(day, 31)
    assert question is not None
    later = NOW + timedelta(days=3)
    with pytest.raises(ApprovalOver):
        grant_question(day.db, question, day.admin, later)
    assert beyond.waiting(day.db, day.run.attempt_id, later) is None
    assert give(day, 31, later) is not None


def test_who_hands_in_meanwhile_gets_nothing_and_the_question_stays_open(day: Day) -> None:
    question = give(day, 31)
    assert question is not None
    submit(day.db, day.run, NOW + MINUTE)
    with pytest.raises(AlreadySubmitted):
        grant_question(day.db, question, day.admin, NOW + 2 * MINUTE)
    assert approval(day).decided_at is None
    with pytest.raises(AlreadySubmitted):
        give(day, 31, NOW + 3 * MINUTE)


def test_a_door_that_shut_meanwhile_is_not_granted_away(day: Day) -> None:
    waiting = add_booked(day.db, day.scene)
    question = granting.grant(day.db, waiting.attempt_id, minutes(31), day.proctor, START - HOUR)
    assert question is not None
    with pytest.raises(EntryWouldClose):
        grant_question(day.db, question, day.admin, START + 40 * MINUTE)
    assert entries(day.db, waiting) == []


def test_officials_who_give_at_once_stay_within_what_one_may(day: Day) -> None:
    def press(db: Database, together: threading.Barrier) -> None:
        together.wait(30)
        granting.grant(db, day.run.attempt_id, minutes(10), day.proctor, NOW)

    assert outcomes(day.db, press) == {"ok": 4, "AlreadyAsked": AT_ONCE - 4}, "three are given, one is asked"
    assert own(day.db, day.run).extra_seconds == 1800


def test_control_reading_what_is_left_and_giving_later_gives_more(day: Day) -> None:
    def press(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            free = not singly.spent(tx, [day.run.attempt_id])
        together.wait(30)
        with db.write() as tx:
            assert free
            given = Grant("extra", 600, "power", "padam", day.proctor)
            ledger.enter(tx, day.run.attempt_id, given, NOW)

    assert outcomes(day.db, press) == {"ok": AT_ONCE}
    assert own(day.db, day.run).extra_seconds == AT_ONCE * 600


def test_the_second_official_reads_what_was_given_before(day: Day) -> None:
    give(day, 20)
    give(day, 15)
    told = told_attempt_time(approval(day), "id")
    assert told.button == f"Setujui: tambah 15 menit untuk {own_name(day)}"
    assert [value for _, value in told.evidence] == ["20 menit", "30 menit"]
    assert told.path == f"/attempts/{day.run.public_id}"


def words(page: TestResponse) -> str:
    return " ".join(page.get_data(as_text=True).split())


def test_the_page_says_who_decides_before_anybody_asks(app: Flask, day: Day, clock: SetClock) -> None:
    proctor, admin = (Client(app).sign_in(one) for one in (day.proctor, day.admin))
    clock.at = NOW
    path = f"/attempts/{day.run.public_id}"
    assert give(day, 20) is None
    shown = words(proctor.submit(f"{path}/time", **TIME_FORM | {"act": "preview"}))
    assert "Satu petugas memutuskan paling banyak 30 menit untuk satu peserta." in shown
    assert "Sudah diberikan 20 menit. Karena itu berlaku sesudah petugas kedua menyetujui." in shown
    assert "Minta petugas kedua menyetujui 18 menit" in shown
    assert proctor.submit(f"{path}/time", **TIME_FORM).status_code == 303
    assert "Permintaan tambahan waktu untuk peserta ini sedang menunggu." in words(proctor.get(path))
    question = approval(day).public_id
    assert f"Setujui: tambah 18 menit untuk {own_name(day)}" in words(admin.get(f"/approvals/{question}"))
    assert admin.submit(f"/approvals/{question}/grant").status_code == 303
    assert own(day.db, day.run).extra_seconds == 38 * 60
