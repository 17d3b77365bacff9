"""The one choice: a success, and from the same set-up one refusal for every reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Booking, Phase, Sitting
from exam_server.selection import service
from exam_server.selection.service import (
    AlreadyChosen,
    ChoiceClosed,
    NotAccepted,
    SittingFull,
    SittingOver,
    UnknownSitting,
    choose_sitting,
)
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add_accepted,
    add_applicant,
    add_other_scene,
    add_scene,
    add_sitting,
    attempt_of,
)

NOW = START - 3 * DAY
TICK = timedelta(microseconds=1)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, sitting={"capacity": 2})


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    return add_accepted(db, scene)


def taken(db: Database, sitting: Sitting) -> int:
    with db.read() as tx:
        return tx.get_one(Sitting, sitting.id).taken


def bookings(db: Database) -> int:
    with db.read() as tx:
        return tx.execute(sa.select(sa.func.count(Booking.id))).scalar_one()


def test_a_choice_takes_a_seat_opens_an_attempt_and_gives_a_receipt(
    db: Database, scene: Scene, candidate: Account
) -> None:
    heard: list[dict[str, Any]] = []
    db.subscribe("attempts", heard.append)
    receipt = choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    assert (receipt.candidate, receipt.chosen_at) == (candidate.name, NOW)
    assert receipt.sitting.public_id == scene.sitting.public_id
    assert taken(db, scene.sitting) == 1
    attempt = attempt_of(db, candidate.id)
    assert (attempt.allowed_seconds, attempt.grace_seconds, attempt.started_at) == (3600, 10, None)
    assert heard == [{"attempt_ids": {attempt.id}}]
    with db.read() as tx:
        assert tx.scalars(sa.select(AuditEntry.actor_id).where(AuditEntry.act == "booking.chosen")).all() == [
            candidate.id
        ]


def test_the_same_choice_again_is_the_same_booking(db: Database, scene: Scene, candidate: Account) -> None:
    first = choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    second = choose_sitting(db, candidate.id, scene.sitting.public_id, NOW + HOUR)
    assert second == service.booking_of(db, candidate.id)
    assert (second.public_id, second.chosen_at) == (first.public_id, NOW)
    assert (taken(db, scene.sitting), bookings(db)) == (1, 1)


def test_a_second_choice_is_refused(db: Database, scene: Scene, candidate: Account) -> None:
    other = add_sitting(db, scene.selection.id, label="Sesi 2")
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    with pytest.raises(AlreadyChosen):
        choose_sitting(db, candidate.id, other.public_id, NOW)
    assert (taken(db, scene.sitting), taken(db, other), bookings(db)) == (1, 0, 1)


def test_a_full_sitting_is_refused(db: Database, scene: Scene, candidate: Account) -> None:
    for _ in range(2):
        choose_sitting(db, add_accepted(db, scene).id, scene.sitting.public_id, NOW)
    with pytest.raises(SittingFull):
        choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    assert (taken(db, scene.sitting), bookings(db)) == (2, 2)
    assert service.booking_of(db, candidate.id) is None


def test_who_has_a_seat_in_a_full_sitting_keeps_it(db: Database, scene: Scene, candidate: Account) -> None:
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    choose_sitting(db, add_accepted(db, scene).id, scene.sitting.public_id, NOW)
    assert choose_sitting(db, candidate.id, scene.sitting.public_id, NOW).sitting.left == 0


@pytest.mark.parametrize("late", [timedelta(0), HOUR])
def test_a_sitting_that_can_no_longer_be_entered_is_refused(
    db: Database, scene: Scene, candidate: Account, late: timedelta
) -> None:
    with pytest.raises(SittingOver):
        choose_sitting(db, candidate.id, scene.sitting.public_id, START + HOUR + late)
    assert taken(db, scene.sitting) == 0


def test_until_the_last_entry_a_sitting_may_be_chosen(db: Database, scene: Scene, candidate: Account) -> None:
    choose_sitting(db, candidate.id, scene.sitting.public_id, START + HOUR - TICK)
    assert bookings(db) == 1


@pytest.mark.parametrize("which", ["of another office", "that does not exist", "without a name"])
def test_an_unknown_sitting_is_refused(db: Database, scene: Scene, candidate: Account, which: str) -> None:
    elsewhere = add_other_scene(db).sitting.public_id
    wanted = {"of another office": elsewhere, "that does not exist": "x" * 16, "without a name": ""}[which]
    with pytest.raises(UnknownSitting):
        choose_sitting(db, candidate.id, wanted, NOW)
    assert bookings(db) == 0


def test_who_waits_for_screening_is_refused(db: Database, scene: Scene) -> None:
    applicant = add_applicant(db, scene)
    for act in (lambda: choose_sitting(db, applicant.id, scene.sitting.public_id, NOW),
                lambda: service.offered(db, applicant.id, NOW)):  # fmt: skip
        with pytest.raises(NotAccepted):
            act()
    assert bookings(db) == 0


def set_window(db: Database, scene: Scene, **instants: Any) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.recruitment_id == scene.recruitment.id, Phase.kind == "test")
                   .values(**instants))  # fmt: skip


def test_outside_the_choice_window_a_choice_is_refused(
    db: Database, scene: Scene, candidate: Account
) -> None:
    set_window(db, scene, opens_at=NOW, closes_at=NOW + HOUR)
    for now in (NOW - TICK, NOW + HOUR):
        with pytest.raises(ChoiceClosed):
            choose_sitting(db, candidate.id, scene.sitting.public_id, now)
        with pytest.raises(ChoiceClosed):
            service.offered(db, candidate.id, now)
    assert bookings(db) == 0
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW + HOUR - TICK)
    assert bookings(db) == 1


def test_a_stage_without_dates_never_shuts_anybody_out(
    db: Database, scene: Scene, candidate: Account
) -> None:
    set_window(db, scene, opens_at=None, closes_at=None)
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW - 300 * DAY)
    assert bookings(db) == 1


def test_sittings_are_offered_in_order_with_what_must_be_known_before(
    db: Database, scene: Scene, candidate: Account
) -> None:
    add_other_scene(db)
    earlier = add_sitting(db, scene.selection.id, starts_at=START - DAY, ends_at=START - DAY + 2 * HOUR)
    friday = START + 2 * DAY + 3 * HOUR
    add_sitting(db, scene.selection.id, starts_at=friday, ends_at=friday + 2 * HOUR)
    cards = service.offered(db, candidate.id, NOW)
    assert [card.starts_at for card in cards] == [earlier.starts_at, START, friday]
    first = cards[1]
    assert (first.last_entry_at, first.ends_if_first, first.left) == (START + HOUR, START + HOUR, 2)
    assert [card.friday_prayer for card in cards] == [False, False, True]


def test_a_sitting_that_can_no_longer_be_entered_is_not_offered(
    db: Database, scene: Scene, candidate: Account
) -> None:
    assert len(service.offered(db, candidate.id, START + HOUR - TICK)) == 1
    assert service.offered(db, candidate.id, START + HOUR) == []


def test_the_menu_opens_step_by_step(db: Database, scene: Scene, candidate: Account) -> None:
    applicant = add_applicant(db, scene)
    assert service.doors(db, applicant.id, NOW) == service.Doors(accepted=False, booked=False)
    assert service.doors(db, candidate.id, NOW) == service.Doors(accepted=True, booked=False)
    choose_sitting(db, candidate.id, scene.sitting.public_id, NOW)
    assert service.doors(db, candidate.id, NOW) == service.Doors(accepted=True, booked=True)
