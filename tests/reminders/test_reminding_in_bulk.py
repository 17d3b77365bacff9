"""Whom the database finds, in how many statements, and what two workers do at once."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import (
    Account,
    Application,
    Attempt,
    Booking,
    Mail,
    Reminder,
    Sitting,
)
from exam_server.reminders import rules, service
from exam_server.reminders.rules import Booked
from exam_server.reminders.worker import Reminding
from exam_server.selection.window import window_of
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add_booked,
)
from tests.reminders.reminded import TICK, WITHIN, reminders

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
