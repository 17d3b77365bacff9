"""Applying inside the window, and being accepted, which opens the entry in selection."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, Application, AuditEntry
from exam_server.registration import service
from exam_server.registration.service import AlreadyApplied, RegistrationClosed
from tests.factories import DAY, START, Scene, add_account, add_official, add_other_scene, add_scene

OPENS, CLOSES = START - 14 * DAY, START + 14 * DAY
TICK = timedelta(microseconds=1)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    return add_account(db)


def entries(db: Database) -> list[tuple[str, bool]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(Application).order_by(Application.id))
        return [(row.kind, row.accepted_at is not None) for row in rows]


@pytest.mark.parametrize("now", [OPENS, START, CLOSES - TICK])
def test_an_application_inside_the_window_is_entered(
    db: Database, scene: Scene, candidate: Account, now: datetime
) -> None:
    service.apply(db, candidate.id, scene.registration.id, now)
    assert entries(db) == [("registration", False)]


@pytest.mark.parametrize("now", [OPENS - TICK, CLOSES])
def test_an_application_outside_the_window_is_refused(
    db: Database, scene: Scene, candidate: Account, now: datetime
) -> None:
    with pytest.raises(RegistrationClosed):
        service.apply(db, candidate.id, scene.registration.id, now)
    assert entries(db) == []


def test_a_second_application_is_refused(db: Database, scene: Scene, candidate: Account) -> None:
    service.apply(db, candidate.id, scene.registration.id, START)
    with pytest.raises(AlreadyApplied):
        service.apply(db, candidate.id, scene.registration.id, START)
    assert len(entries(db)) == 1


def test_one_office_per_person_and_year(db: Database, scene: Scene, candidate: Account) -> None:
    service.apply(db, candidate.id, scene.registration.id, START)
    with pytest.raises(AlreadyApplied):
        service.apply(db, candidate.id, add_other_scene(db).registration.id, START)
    assert len(entries(db)) == 1


def test_nobody_applies_to_selection_or_to_nothing(db: Database, scene: Scene, candidate: Account) -> None:
    for activity_id in (scene.selection.id, 999):
        with pytest.raises(NotFound):
            service.apply(db, candidate.id, activity_id, START)
    assert entries(db) == []


def test_acceptance_opens_the_entry_in_selection(db: Database, scene: Scene, candidate: Account) -> None:
    official = add_official(db, "screener", scene.office)
    application = service.apply(db, candidate.id, scene.registration.id, START)
    service.accept(db, application, START + DAY, official.id)
    assert entries(db) == [("registration", True), ("selection", False)]
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "application.accepted")).one()
    assert (row.actor_id, row.object_id, row.office_id) == (official.id, application, scene.office.id)


def test_accepting_twice_changes_nothing(db: Database, scene: Scene, candidate: Account) -> None:
    application = service.apply(db, candidate.id, scene.registration.id, START)
    service.accept(db, application, START + DAY)
    service.accept(db, application, START + 2 * DAY)
    assert entries(db) == [("registration", True), ("selection", False)]


def test_a_candidate_sees_the_own_entries_and_no_other(
    db: Database, scene: Scene, candidate: Account
) -> None:
    application = service.apply(db, candidate.id, scene.registration.id, START)
    service.apply(db, add_account(db).id, scene.registration.id, START)
    service.accept(db, application, START + DAY)
    mine = service.entries(db, candidate.id, START + DAY)
    assert [(entry.kind, entry.accepted_at) for entry in mine] == [
        ("selection", None),
        ("registration", START + DAY),
    ]
    assert {entry.office_slug for entry in mine} == {scene.office.slug}
    assert mine[0].schedule["registration"].standing == "open"
