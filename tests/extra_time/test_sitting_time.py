"""Time for a whole sitting: what the server lost comes back on one official's word, once; more needs two."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server import audit
from exam_server.approvals.service import AlreadyAsked, SamePerson
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import outages
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.extra_time import giving, granting, losses, sittings
from exam_server.extra_time.losses import Offer
from exam_server.extra_time.refusals import NobodyRunning
from exam_server.extra_time.wanted import Wanted
from exam_server.extra_time.words import told_sitting_time
from exam_server.models import Account, Application, Approval, Attempt, Booking, LedgerEntry, Outage
from tests.extra_time.samples import (
    DEADLINE,
    SWEPT,
    Day,
    a_day,
    add_outage,
    chosen,
    close,
    grant_question,
    own,
    save,
    submit,
    trail,
)
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    add_booked,
    add_official,
    add_other_scene,
    add_running,
    add_sitting,
)

BEGAN = START + 12 * MINUTE + timedelta(seconds=5)
AFTER = START + 20 * MINUTE
LOST = 155


@pytest.fixture
def day(db: Database) -> Day:
    """Three who run, one of whom began only after the outage; one who handed in before it."""
    day = a_day(db, running=3)
    submit(db, day.runs[2], START + 5 * MINUTE)
    day.runs.append(add_running(db, day.scene, AFTER - MINUTE))
    return day


@pytest.fixture
def outage(day: Day) -> Outage:
    return add_outage(day.db, BEGAN, LOST)


def offers(day: Day, at: datetime = AFTER) -> list[Offer]:
    return losses.of_board(day.db, day.scene.selection.public_id, day.watcher, at)[1]


def shown(day: Day, at: datetime = AFTER) -> sittings.Shown:
    found = sittings.own(day.db, day.scene.sitting.public_id, day.watcher, at)
    return sittings.shown(day.db, found, at)


def extra(day: Day) -> list[int]:
    return [own(day.db, run).extra_seconds for run in day.runs]


def minutes(count: int) -> Wanted:
    return Wanted(count * 60, "room", "ruang dievakuasi")


def give(day: Day, count: int, at: datetime = AFTER) -> str | None:
    return giving.give(day.db, day.sitting, minutes(count), day.proctor, at)


def test_an_outage_is_offered_to_whom_it_struck(day: Day, outage: Outage) -> None:
    (offer,) = offers(day)
    assert (offer.sitting, offer.outage) == (day.scene.sitting.public_id, outage.public_id)
    assert (offer.gap, offer.struck, offer.due, offer.seconds) == (LOST, 2, 2, LOST)
    assert (shown(day).running, shown(day).alone) == (3, LOST)


def test_one_click_gives_it_back_and_touches_nobody_else(day: Day, outage: Outage) -> None:
    assert giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, AFTER) == 2
    assert extra(day) == [LOST, LOST, 0, 0]
    (line,) = own(day.db, day.run).ledger[1:]
    assert (line.kind, line.author) == ("outage", "Petugas proctor")
    assert line.reason == "Server tidak dapat menyimpan jawaban dari 08.12.05 WIB sampai 08.14.40 WIB."
    (row,) = trail(day.db, "time.sitting_granted")
    assert (row.actor_id, row.object_kind, row.object_id) == (day.proctor, "sitting", day.sitting)
    assert (row.detail["seconds"], row.detail["count"]) == (LOST, 2)
    assert len(trail(day.db, "attempt.time_granted")) == 2


def test_a_second_click_gives_nothing_more(day: Day, outage: Outage) -> None:
    for official, given in ((day.proctor, 2), (day.admin, 0)):
        assert giving.compensate(day.db, day.sitting, outage.public_id, official, AFTER) == given
    assert extra(day) == [LOST, LOST, 0, 0]
    assert offers(day) == []
    (offer,) = shown(day).offers
    assert (offer.struck, offer.due) == (2, 0)
    assert len(trail(day.db, "time.sitting_granted")) == 1


def test_whoever_the_clock_closed_meanwhile_runs_again(day: Day) -> None:
    outage = add_outage(day.db, DEADLINE - MINUTE, LOST)
    for run in day.runs[:2]:
        close(day.db, run)
    assert save(day.db, day.run, DEADLINE + 100 * timedelta(seconds=1), option=2) == "deadline_passed"
    giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, SWEPT + MINUTE)
    assert own(day.db, day.run).phase(SWEPT + MINUTE) == ("running", DEADLINE + LOST * timedelta(seconds=1))
    assert chosen(day.db, day.run) == {1: 2}
    assert own(day.db, day.runs[2]).phase(SWEPT)[0] == "submitted"


def test_an_outage_that_is_not_there_is_not_found(day: Day) -> None:
    with pytest.raises(NotFound):
        giving.compensate(day.db, day.sitting, "tidak-ada", day.proctor, AFTER)
    assert extra(day) == [0, 0, 0, 0]


def test_an_outage_longer_than_a_hand_may_type_is_given_back_whole(day: Day) -> None:
    outage = add_outage(day.db, BEGAN, 10 * 3600)
    giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, BEGAN + 11 * HOUR)
    assert extra(day)[:2] == [36000, 36000]


def test_an_outage_of_another_sitting_gives_nothing_here(day: Day) -> None:
    outage = add_outage(day.db, START - 3 * HOUR, LOST)
    assert giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, AFTER) == 0
    assert (offers(day), shown(day).offers) == ([], ())


def test_the_server_measures_its_outages_itself(day: Day) -> None:
    for at in (BEGAN, BEGAN + LOST * timedelta(seconds=1)):
        with day.db.write() as tx:
            outages.beat(tx, at)
    (offer,) = offers(day)
    assert (offer.began_at, offer.gap, offer.due) == (BEGAN, LOST, 2)


def test_an_old_outage_leaves_the_board_and_stays_with_its_sitting(day: Day, outage: Outage) -> None:
    later = AFTER + 3 * DAY
    assert offers(day, later) == []
    assert [offer.due for offer in shown(day, later).offers] == [2]


def test_one_official_gives_a_whole_sitting_up_to_what_was_measured(day: Day, outage: Outage) -> None:
    assert give(day, 2) is None
    assert extra(day) == [120, 120, 0, 120]
    assert shown(day).alone == LOST - 120
    (offer,) = offers(day)
    assert (offer.due, offer.seconds) == (2, LOST - 120)
    (row,) = trail(day.db, "time.sitting_granted")
    assert (row.detail["seconds"], row.detail["count"], row.detail["reason"]) == (120, 3, "ruang dievakuasi")


def test_what_was_given_to_all_is_not_given_back_a_second_time(day: Day, outage: Outage) -> None:
    give(day, 2)
    giving.compensate(day.db, day.sitting, outage.public_id, day.admin, AFTER)
    assert extra(day) == [LOST, LOST, 0, 120]
    assert shown(day).alone == 0
    assert give(day, 1) is not None


def test_one_official_beyond_the_measured_asks_a_second(day: Day, outage: Outage) -> None:
    question = give(day, 3)
    assert question is not None
    assert extra(day) == [0, 0, 0, 0]
    assert shown(day).waiting == question
    with pytest.raises(SamePerson):
        grant_question(day.db, question, day.proctor, AFTER)
    grant_question(day.db, question, day.admin, AFTER + MINUTE)
    assert extra(day) == [180, 180, 0, 180]
    assert own(day.db, day.run).ledger[1].author == "Petugas admin"
    (row,) = trail(day.db, "time.sitting_granted")
    assert (row.actor_id, row.detail["asked_by"], row.detail["approval"]) == (
        day.admin,
        day.proctor,
        question,
    )
    assert shown(day).alone == LOST, "what two granted takes nothing from what the server owes"


def test_without_an_outage_every_minute_needs_a_second_official(day: Day) -> None:
    assert give(day, 1) is not None
    assert extra(day) == [0, 0, 0, 0]
    with pytest.raises(AlreadyAsked):
        give(day, 1)


def test_the_second_official_s_word_reaches_whoever_runs_at_that_moment(day: Day) -> None:
    question = give(day, 30)
    assert question is not None
    submit(day.db, day.runs[1], AFTER + MINUTE)
    waiting = add_booked(day.db, day.scene)
    later = add_running(day.db, day.scene, AFTER + MINUTE)
    grant_question(day.db, question, day.other, AFTER + 2 * MINUTE)
    assert extra(day) == [1800, 0, 0, 1800]
    assert own(day.db, later).extra_seconds == 1800
    assert own(day.db, waiting).extra_seconds == 0, "whose time has not run has lost nothing"


def test_a_sitting_in_which_nobody_runs_gets_no_time(day: Day) -> None:
    question = give(day, 30)
    assert question is not None
    for run in (*day.runs[:2], day.runs[3]):
        submit(day.db, run, AFTER)
    with pytest.raises(NobodyRunning):
        give(day, 30)
    with pytest.raises(NobodyRunning):
        grant_question(day.db, question, day.other, AFTER)
    assert trail(day.db, "approval.granted") == []


def test_time_for_one_candidate_takes_nothing_from_what_all_are_owed(day: Day, outage: Outage) -> None:
    granting.grant(day.db, day.run.attempt_id, minutes(18), day.proctor, AFTER)
    assert (shown(day).alone, offers(day)[0].due) == (LOST, 2)


def test_another_offices_sitting_is_not_found_and_the_try_is_kept(day: Day) -> None:
    elsewhere = add_other_scene(day.db).office
    stranger = add_official(day.db, "admin", elsewhere).id
    with pytest.raises(NotFound):
        person = day.official(stranger, ("admin", elsewhere.id))
        sittings.own(day.db, day.scene.sitting.public_id, person, AFTER)
    (row,) = trail(day.db, "access.refused")
    assert (row.object_kind, row.object_id) == ("sitting", day.sitting)


def test_the_second_official_reads_what_exactly_and_what_was_measured(day: Day, outage: Outage) -> None:
    give(day, 30)
    with day.db.read() as tx:
        told = told_sitting_time(tx.scalars(sa.select(Approval)).one(), "id")
    assert told.button == "Setujui: tambah 30 menit untuk seluruh Sesi 1"
    assert ("Jumlah peserta tersebut saat diajukan", "3") in told.evidence
    assert ("Gangguan yang diukur server dan belum diganti", "2 menit 35 detik") in told.evidence


def add_many(db: Database, day: Day, count: int) -> None:
    """So many who run since START, as rows: their choosing and starting is not what this is about."""
    big = add_sitting(db, day.scene.selection.id, label="Sesi besar", capacity=count)
    with db.write() as tx:
        people = [Account(email=f"orang{n}@surel.example", name=f"Orang {n}", password_hash="-",
                          created_at=START - DAY) for n in range(count)]  # fmt: skip
        tx.add_all(people)
        tx.flush()
        tx.add_all(
            Application(candidate_id=one.id, activity_id=big.activity_id, year=2026, kind="selection",
                        applied_at=START - DAY) for one in people
        )  # fmt: skip
        tx.flush()
        booked = [Booking(candidate_id=one.id, activity_id=big.activity_id, sitting_id=big.id,
                          chosen_at=START - DAY) for one in people]  # fmt: skip
        tx.add_all(booked)
        tx.flush()
        tx.add_all(
            Attempt(booking_id=one.id, candidate_id=one.candidate_id, activity_id=big.activity_id,
                    sitting_id=big.id, allowed_seconds=3600, grace_seconds=10, started_at=START,
                    deadline_at=DEADLINE) for one in booked
        )  # fmt: skip
        tx.flush()
        ids = tx.scalars(sa.select(Attempt.id).where(Attempt.sitting_id == big.id)).all()
        tx.add_all(LedgerEntry(attempt_id=one, kind="start", seconds=3600, reason_code="allowance", reason="",
                               evidence={}, entered_at=START) for one in ids)  # fmt: skip
    day.sitting = big.id


STATEMENTS = 40
"""At most, and a row of the trail for each: a thousand are one transaction, for which their answers wait."""


@pytest.mark.parametrize("count", [10, 100])
def test_a_large_sitting_costs_hardly_more_statements_than_a_small_one(day: Day, count: int) -> None:
    add_many(day.db, day, count)
    outage = add_outage(day.db, BEGAN, LOST)
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    sa.event.listen(day.db.engine, "before_cursor_execute", hear)
    given = giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, AFTER)
    sa.event.remove(day.db.engine, "before_cursor_execute", hear)
    assert given == count
    assert len(said) <= STATEMENTS + count


@pytest.mark.slow
def test_a_thousand_get_their_time_while_answers_wait_shorter_than_closing_allows_for(day: Day) -> None:
    add_many(day.db, day, 1000)
    outage = add_outage(day.db, BEGAN, LOST)
    began = time.perf_counter()
    assert giving.compensate(day.db, day.sitting, outage.public_id, day.proctor, AFTER) == 1000
    assert time.perf_counter() - began < LONGEST_BUFFER_AGE.total_seconds()
    with day.db.read() as tx:
        assert audit.broken_at(tx) == []
