"""Letters that time alone causes: each once, in the reader's language, and by any worker."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.models import (
    Phase,
    Preference,
    Reminder,
    Sitting,
)
from exam_server.reminders import service
from exam_server.reminders.worker import Reminding
from exam_server.selection import service as selection
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Scene,
    add,
    add_accepted,
    add_booked,
    attempt_of,
)
from tests.reminders.reminded import TEST_STAGE_ENDS, TICK, letter, reminders
from tests.selection.samples import move_sitting


def test_a_day_and_an_hour_before_a_letter_is_written_once(db: Database, scene: Scene) -> None:
    person = add_booked(db, scene).candidate_id
    for at, count in (
        (START - DAY - TICK, 0),
        (START - DAY, 1),
        (START - DAY + MINUTE, 1),
        (START - HOUR - TICK, 1),
        (START - HOUR, 2),
        (START - MINUTE, 2),
        (START, 2),
    ):
        service.send_due(db, at)
        assert len(reminders(db, person)) == count, at


def test_the_letter_names_weekday_zone_both_instants_and_pages(db: Database, scene: Scene) -> None:
    person = add_booked(db, scene).candidate_id
    service.send_due(db, START - HOUR)
    sent = letter(db, person)
    assert sent.subject == "Pengingat: Tes Kompetensi Rabu, 4 November 2026 pukul 08.00 WIB"
    assert "Dibuka: Rabu, 4 November 2026 pukul 08.00 WIB" in sent.body
    assert "sebelum Rabu, 4 November 2026 pukul 09.00 WIB" in sent.body
    assert "/booking/card" in sent.body
    assert "/exam" in sent.body


def test_the_letter_is_in_the_readers_language(db: Database, scene: Scene) -> None:
    person = add_booked(db, scene).candidate_id
    add(db, Preference(account_id=person, language="en"))
    service.send_due(db, START - HOUR)
    assert "Wednesday, 4 November 2026 at 08.00 WIB" in letter(db, person).subject


def test_who_has_started_is_not_reminded(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    with db.write() as tx:
        tx.execute(sa.update(Sitting).values(starts_at=START - HOUR))
        exam.start(tx, run.attempt_id, START - MINUTE)
        tx.execute(sa.update(Sitting).values(starts_at=START))
    service.send_due(db, START - MINUTE)
    assert reminders(db) == []


def test_who_chose_in_the_last_day_is_reminded_an_hour_before_only(db: Database, scene: Scene) -> None:
    person = add_booked(db, scene, chosen_at=START - DAY + TICK).candidate_id
    service.send_due(db, START - 20 * HOUR)
    assert reminders(db, person) == []
    service.send_due(db, START - HOUR)
    assert len(reminders(db, person)) == 1


def test_who_chose_in_the_last_hour_is_not_reminded(db: Database, scene: Scene) -> None:
    add_booked(db, scene, chosen_at=START - HOUR + TICK)
    service.send_due(db, START - MINUTE)
    assert reminders(db) == []


def test_a_moved_sitting_reminds_anew_of_its_new_time(db: Database, scene: Scene) -> None:
    person = add_booked(db, scene).candidate_id
    service.send_due(db, START - DAY)
    move_sitting(db, scene, 7 * DAY)
    for at in (START - HOUR, START + 6 * DAY - TICK):
        service.send_due(db, at)
    assert len(reminders(db, person)) == 1
    service.send_due(db, START + 6 * DAY)
    assert reminders(db, person)[1:] == ["Pengingat: Tes Kompetensi Rabu, 11 November 2026 pukul 08.00 WIB"]


def test_a_disabled_account_gets_no_letter(db: Database, scene: Scene) -> None:
    person, waiting = add_booked(db, scene).candidate_id, add_accepted(db, scene).id
    for account_id in (person, waiting):
        accounts.disable(db, account_id, START - 2 * DAY)
    service.send_due(db, START - HOUR)
    assert reminders(db) == []


def test_who_never_chooses_is_reminded_three_times(db: Database, scene: Scene) -> None:
    add(db, late_sitting(scene))
    person = add_accepted(db, scene).id
    accepted_at = START - 10 * DAY
    for at, count in (
        (accepted_at + 3 * DAY - TICK, 0),
        (accepted_at + 3 * DAY, 1),
        (accepted_at + 9 * DAY, 1),
        (TEST_STAGE_ENDS - 3 * DAY - TICK, 1),
        (TEST_STAGE_ENDS - 3 * DAY, 2),
        (TEST_STAGE_ENDS - DAY - TICK, 2),
        (TEST_STAGE_ENDS - DAY, 3),
        (TEST_STAGE_ENDS - MINUTE, 3),
        (TEST_STAGE_ENDS, 3),
    ):
        service.send_due(db, at)
        assert len(reminders(db, person)) == count, at
    assert set(reminders(db, person)) == {"Pengingat: Anda belum memilih sesi Tes Kompetensi"}


def late_sitting(scene: Scene) -> Sitting:
    """One that can be entered until the very end of the stage."""
    return Sitting(activity_id=scene.selection.id, label="Sesi 9", place="Daring",
                   starts_at=TEST_STAGE_ENDS - 2 * HOUR, ends_at=TEST_STAGE_ENDS + HOUR, capacity=30, taken=0,
                   allowed_seconds=3600, grace_seconds=10)  # fmt: skip


def test_the_letter_about_choosing_says_until_when_and_where(db: Database, scene: Scene) -> None:
    person = add_accepted(db, scene).id
    service.send_due(db, START - DAY)
    body = letter(db, person).body
    assert "pada Minggu, 25 Oktober 2026 pukul 08.00 WIB" in body
    assert "Pilih sesi sebelum Rabu, 18 November 2026 pukul 08.00 WIB" in body
    assert "/choose" in body


def test_who_chose_or_is_screened_still_is_not_reminded_of_choosing(db: Database, scene: Scene) -> None:
    add_booked(db, scene)
    service.send_due(db, START - 3 * DAY)
    assert reminders(db) == []


def test_nobody_is_reminded_of_choosing_while_every_sitting_is_over(db: Database, scene: Scene) -> None:
    add_accepted(db, scene)
    service.send_due(db, START + HOUR - TICK)
    assert len(reminders(db)) == 1
    add_accepted(db, scene)
    service.send_due(db, START + HOUR)
    assert len(reminders(db)) == 1


def test_an_undated_stage_ends_with_its_last_entry(db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(opens_at=None, closes_at=None))
    person = add_accepted(db, scene).id
    service.send_due(db, START + HOUR - DAY)
    assert "sebelum Rabu, 4 November 2026 pukul 09.00 WIB" in letter(db, person).body
    with db.read() as tx:
        kinds = list(tx.scalars(sa.select(Reminder.kind)))
    assert kinds == ["choose_1_day_left"]


def test_without_any_reminder_a_sitting_is_chosen_and_sat_the_same(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    with db.write() as tx:
        exam.start(tx, run.attempt_id, START)
    assert attempt_of(db, run.candidate_id).started_at == START
    assert selection.booking_of(db, run.candidate_id) is not None
    assert reminders(db) == []


def test_the_worker_is_among_those_of_the_application(app: Any) -> None:
    assert [one for one in app.extensions["workers"] if isinstance(one, Reminding)]
