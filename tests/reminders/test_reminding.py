"""Letters that time alone causes: each once, in the reader's language, and by any worker."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.models import (
    Account,
    Application,
    Attempt,
    Booking,
    Mail,
    Phase,
    Preference,
    Reminder,
    Sitting,
)
from exam_server.reminders import rules, service
from exam_server.reminders.rules import Booked
from exam_server.reminders.worker import Reminding
from exam_server.selection import service as selection
from exam_server.selection.window import window_of
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Scene,
    add,
    add_accepted,
    add_booked,
    add_scene,
    attempt_of,
)
from tests.selection.samples import move_sitting

TICK = timedelta(microseconds=1)
WITHIN = 30
TEST_STAGE_ENDS = START + 14 * DAY
"""Of the scene: `tests.factories.make_phase`."""


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=8)


def reminders(db: Database, candidate_id: int | None = None) -> list[str]:
    """Subjects of the reminders that were written, in order."""
    rows = sa.select(Mail.subject).where(Mail.subject.startswith("Pengingat")).order_by(Mail.id)
    if candidate_id is not None:
        rows = rows.where(Mail.account_id == candidate_id)
    with db.read() as tx:
        return list(tx.scalars(rows))


def letter(db: Database, candidate_id: int) -> Mail:
    """The newest one to this candidate."""
    rows = sa.select(Mail).where(Mail.account_id == candidate_id).order_by(Mail.id.desc()).limit(1)
    with db.read() as tx:
        return tx.scalars(rows).one()


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


PROBES = [cut + step for cut in (START - DAY, START - HOUR, START) for step in (-TICK, timedelta(0), TICK)]


def test_the_database_finds_whom_the_rules_name(db: Database, scene: Scene) -> None:
    """Every pair of an instant of choosing and a present one: the statement and the rule never disagree."""
    chosen = [START - DAY - TICK, START - DAY, START - DAY + TICK, START - HOUR, START - HOUR + TICK]
    people = {at: add_booked(db, scene, chosen_at=at).candidate_id for at in chosen}
    for now in PROBES:
        wanted = {person for at, person in people.items() if rules.of_sitting(Booked(START, at, False), now)}
        with db.read() as tx:
            found = {due.person.account_id for due in service._of_sittings(tx, now, 100)}
        assert found == wanted, now


def test_the_windows_found_in_bulk_are_the_windows_of_choosing(db: Database, scene: Scene) -> None:
    with db.read() as tx:
        found, window = service._choices(tx, START)[scene.selection.id], window_of(tx, scene.selection.id)
    assert window is not None
    assert (found.opens_at, found.ends_at, found.offered) == (window.opens_at, window.ends_at, True)


def add_crowd(db: Database, scene: Scene, count: int) -> None:
    """Bookings by the thousand, as rows."""
    with db.write() as tx:
        tx.execute(sa.update(Sitting).values(capacity=count + 100))
        numbers = range(1, count + 1)
        ids = list(tx.scalars(sa.insert(Account).returning(Account.id), [
            {"email": f"ramai{n}@surel.example", "name": f"Ramai {n}", "password_hash": "-",
             "created_at": START - 20 * DAY} for n in numbers
        ]))  # fmt: skip
        activity = {"activity_id": scene.selection.id}
        entry = activity | {"year": 2026, "kind": "selection", "applied_at": START - 9 * DAY}
        tx.execute(sa.insert(Application), [entry | {"candidate_id": one} for one in ids])
        booked = activity | {"sitting_id": scene.sitting.id, "chosen_at": START - 5 * DAY}
        bookings = tx.execute(sa.insert(Booking).returning(Booking.id, Booking.candidate_id),
                              [booked | {"candidate_id": one} for one in ids]).all()  # fmt: skip
        shared = activity | {"sitting_id": scene.sitting.id, "allowed_seconds": 3600, "grace_seconds": 10}
        tx.execute(sa.insert(Attempt), [shared | {"booking_id": one.id, "candidate_id": one.candidate_id}
                                        for one in bookings])  # fmt: skip


@contextlib.contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_a_batch_takes_as_many_statements_for_five_thousand_as_for_two(db: Database, scene: Scene) -> None:
    add_crowd(db, scene, 2)
    with statements(db) as few:
        assert service.send_due(db, START - DAY) == service.Round(2, 2)
    with db.write() as tx:
        tx.execute(sa.delete(Reminder))
        tx.execute(sa.delete(Mail))
        tx.execute(sa.update(Account).values(email=sa.literal("dulu") + Account.email))
    add_crowd(db, scene, 5000)
    with statements(db) as many:
        assert service.send_due(db, START - DAY) == service.Round(service.BATCH, service.BATCH)
    assert len(many) <= len(few) < 12


def test_a_round_goes_on_until_everybody_is_reminded(db: Database, clock: SetClock, scene: Scene) -> None:
    add_crowd(db, scene, 3 * service.BATCH + 7)
    clock.at = START - DAY
    assert Reminding(db, clock).round() == 3 * service.BATCH + 7
    assert Reminding(db, clock).round() == 0
    assert len(reminders(db)) == 3 * service.BATCH + 7


def test_a_round_with_nothing_due_takes_no_writers_turn(db: Database, scene: Scene) -> None:
    add_booked(db, scene)
    with statements(db) as sent:
        service.send_due(db, START - 2 * DAY)
    assert [one for one in sent if not one.lstrip().upper().startswith(("SELECT", "BEGIN"))] == []


def raced(db: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How many letters each candidate has, when two workers have both looked before either writes."""
    both, met, found = threading.Barrier(2), threading.local(), service._of_sittings

    def look_together(*given: Any) -> Any:
        due = found(*given)
        if not getattr(met, "once", False):
            met.once = True
            both.wait(WITHIN)
        return due

    monkeypatch.setattr(service, "_of_sittings", look_together)
    workers = [threading.Thread(target=Reminding(db, clock).round) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(WITHIN)
    with db.read() as tx:
        sent = sa.select(Mail.account_id).where(Mail.subject.startswith("Pengingat"))
        return Counter(tx.scalars(sent))


def test_two_workers_write_each_letter_once(
    db: Database, clock: SetClock, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_crowd(db, scene, 30)
    clock.at = START - DAY
    counted = raced(db, clock, monkeypatch)
    assert len(counted) == 30
    assert set(counted.values()) == {1}


def everybody(_tx: Any, keys: Iterable[service.Key], _now: datetime) -> set[service.Key]:
    """The control: nothing is inserted, so nobody is told that a letter is another worker's."""
    return set(keys)


def test_control_without_the_claim_letters_are_written_twice(
    db: Database, clock: SetClock, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_crowd(db, scene, 30)
    clock.at = START - DAY
    monkeypatch.setattr(service, "claim", everybody)
    assert set(raced(db, clock, monkeypatch).values()) == {2}


def test_a_letter_and_its_claim_are_kept_together_or_not_at_all(
    db: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = add_booked(db, scene).candidate_id

    def broken(*_: Any) -> None:
        raise OSError("the machine goes down")

    with monkeypatch.context() as patched:
        patched.setattr(service.mail, "write_to_each", broken)
        with pytest.raises(OSError, match="goes down"):
            service.send_due(db, START - HOUR)
    assert service.send_due(db, START - HOUR) == service.Round(1, 1)
    assert len(reminders(db, person)) == 1


def test_without_any_reminder_a_sitting_is_chosen_and_sat_the_same(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    with db.write() as tx:
        exam.start(tx, run.attempt_id, START)
    assert attempt_of(db, run.candidate_id).started_at == START
    assert selection.booking_of(db, run.candidate_id) is not None
    assert reminders(db) == []


def test_the_worker_is_among_those_of_the_application(app: Any) -> None:
    assert [one for one in app.extensions["workers"] if isinstance(one, Reminding)]
