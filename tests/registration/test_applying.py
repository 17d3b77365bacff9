"""Applying inside the window with everything an application needs; each lack has its own refusal."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, Application, AuditEntry, Document, Mail, Preference, RoleGrant
from exam_server.registration import refusals, service
from exam_server.registration.service import AlreadyApplied, RegistrationClosed
from tests.factories import (
    DAY,
    START,
    Scene,
    add,
    add_account,
    add_official,
    add_other_scene,
    add_profile,
    add_scene,
)
from tests.registration.people import (
    TICK,
    add_ready,
    add_statements,
    change_profile,
    events,
    screening_of,
    versions,
)
from tests.together import AT_ONCE, outcomes

OPENS, CLOSES = START - 14 * DAY, START + 14 * DAY


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    return add_ready(db, scene)


def entries(db: Database) -> list[tuple[str, bool]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(Application).order_by(Application.id))
        return [(row.kind, row.accepted_at is not None) for row in rows]


def accept(db: Database, application: int, now: datetime, actor_id: int) -> bool:
    with db.write() as tx:
        return service.accept(tx, application, now, actor_id)


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


def test_what_was_sent_is_kept_as_it_was(db: Database, scene: Scene, candidate: Account) -> None:
    service.apply(db, candidate.id, scene.registration.id, START)
    change_profile(db, candidate.id, desa="Wedelan")
    (version,) = versions(db, candidate.id)
    assert (version.number, version.data["name"], version.data["desa"]) == (1, candidate.name, "Bangsri")
    assert (version.data["birth_date"], version.data["regency"]) == ("1998-05-17", scene.office.regency)
    with db.read() as tx:
        held = {row.kind: row.id for row in tx.scalars(sa.select(Document))}
    assert version.documents == held
    row = screening_of(db, candidate.id)
    assert (row.version, row.sent_at, row.decided_at, row.asked_at) == (1, START, None, None)
    assert events(db, candidate.id) == [(1, "sent")]


def test_the_trail_names_the_files_by_their_hash(db: Database, scene: Scene, candidate: Account) -> None:
    application = service.apply(db, candidate.id, scene.registration.id, START)
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "application.sent")).one()
        hashes = {one.kind: one.sha256 for one in tx.scalars(sa.select(Document))}
    assert (row.actor_id, row.object_id, row.office_id) == (candidate.id, application, scene.office.id)
    assert row.detail == {"version": 1, "files": hashes}


@pytest.mark.parametrize(("language", "word"), [("id", "Pendaftaran diterima"), ("en", "")])
def test_the_receipt_is_posted_with_instant_and_hashes(
    db: Database, scene: Scene, candidate: Account, language: str, word: str
) -> None:
    add(db, Preference(account_id=candidate.id, language=language))
    service.apply(db, candidate.id, scene.registration.id, START)
    with db.read() as tx:
        letter = tx.scalars(sa.select(Mail)).one()
        hashes = list(tx.scalars(sa.select(Document.sha256)))
    assert (letter.recipient, letter.account_id) == (candidate.email, candidate.id)
    assert letter.subject.startswith(word)
    assert all(one in letter.body for one in hashes)
    assert "08.00 WIB" in letter.body
    assert "/status" in letter.body


def test_a_second_application_is_refused(db: Database, scene: Scene, candidate: Account) -> None:
    service.apply(db, candidate.id, scene.registration.id, START)
    with pytest.raises(AlreadyApplied):
        service.apply(db, candidate.id, scene.registration.id, START)
    assert len(entries(db)) == 1


def test_who_has_applied_is_told_so_after_the_window_too(
    db: Database, scene: Scene, candidate: Account
) -> None:
    service.apply(db, candidate.id, scene.registration.id, START)
    with pytest.raises(AlreadyApplied):
        service.apply(db, candidate.id, scene.registration.id, CLOSES)
    assert len(versions(db, candidate.id)) == 1


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


def test_an_official_is_no_candidate_until_the_role_ends(db: Database, scene: Scene) -> None:
    official = add_official(db, "screener", scene.office)
    add_profile(db, official.id, scene.office)
    with pytest.raises(refusals.NotACandidate):
        service.apply(db, official.id, scene.registration.id, START)
    assert entries(db) == []
    with db.write() as tx:
        tx.execute(sa.update(RoleGrant).values(ended_at=START))
    service.apply(db, official.id, scene.registration.id, START)
    assert entries(db) == [("registration", False)]


@pytest.mark.parametrize("name", ["nik", "desa", "education", "civil_servant", "devices"])
def test_an_incomplete_profile_is_refused_and_names_what_is_missing(
    db: Database, scene: Scene, candidate: Account, name: str
) -> None:
    change_profile(db, candidate.id, **{name: sa.null()})
    with pytest.raises(refusals.ProfileIncomplete) as refused:
        service.apply(db, candidate.id, scene.registration.id, START)
    assert refused.value.details == {"missing": [name]}
    assert entries(db) == []


def test_a_missing_file_is_refused_and_named(db: Database, scene: Scene, candidate: Account) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Document).where(Document.kind == "photo").values(purged_at=START))
    with pytest.raises(refusals.DocumentsMissing) as refused:
        service.apply(db, candidate.id, scene.registration.id, START)
    assert refused.value.details == {"kinds": ["photo"]}
    assert entries(db) == []


def test_a_photo_of_years_ago_is_asked_for_anew(db: Database, scene: Scene, candidate: Account) -> None:
    with db.write() as tx:
        old = START - timedelta(days=400)
        tx.execute(sa.update(Document).where(Document.kind.in_(["photo", "ktp"])).values(uploaded_at=old))
    with pytest.raises(refusals.DocumentTooOld) as refused:
        service.apply(db, candidate.id, scene.registration.id, START)
    assert refused.value.details == {"kinds": ["photo"]}
    assert entries(db) == []


def test_every_statement_must_be_confirmed(db: Database, scene: Scene, candidate: Account) -> None:
    add_statements(db, scene, 1, 2, 5)
    with pytest.raises(refusals.StatementsMissing) as refused:
        service.apply(db, candidate.id, scene.registration.id, START, {1, 5, 99})
    assert refused.value.details == {"positions": [2]}
    service.apply(db, candidate.id, scene.registration.id, START, {1, 2, 5, 77})
    assert versions(db, candidate.id)[0].data["statements"] == [1, 2, 5]


@pytest.mark.parametrize("values", [{"civil_servant": True}, {"occupation": "civil_servant_pppk"}])
def test_a_civil_servant_is_refused(
    db: Database, scene: Scene, candidate: Account, values: dict[str, object]
) -> None:
    change_profile(db, candidate.id, **values)
    with pytest.raises(refusals.NotEligible) as refused:
        service.apply(db, candidate.id, scene.registration.id, START)
    assert refused.value.details == {"findings": ["civil_servant"]}
    assert entries(db) == []


def test_a_nik_that_contradicts_the_sex_is_refused(db: Database, scene: Scene, candidate: Account) -> None:
    change_profile(db, candidate.id, sex="f")
    with pytest.raises(refusals.NotEligible) as refused:
        service.apply(db, candidate.id, scene.registration.id, START)
    assert refused.value.details == {"findings": ["nik"]}


def test_preferences_that_are_not_met_refuse_nobody(db: Database, scene: Scene, candidate: Account) -> None:
    change_profile(
        db,
        candidate.id,
        education="sd",
        devices=[],
        vehicles=[],
        office_id=sa.null(),
        regency="Kabupaten Kudus",
    )
    service.apply(db, candidate.id, scene.registration.id, START)
    assert entries(db) == [("registration", False)]


def test_acceptance_opens_the_entry_in_selection(db: Database, scene: Scene, candidate: Account) -> None:
    official = add_official(db, "screener", scene.office)
    application = service.apply(db, candidate.id, scene.registration.id, START)
    assert accept(db, application, START + DAY, official.id)
    assert entries(db) == [("registration", True), ("selection", False)]
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "application.accepted")).one()
    assert (row.actor_id, row.object_id, row.office_id) == (official.id, application, scene.office.id)
    screening = screening_of(db, candidate.id)
    assert (screening.decision, screening.decided_at) == ("accepted", START + DAY)
    assert events(db, candidate.id) == [(1, "sent"), (1, "accepted")]


def test_accepting_twice_changes_nothing(db: Database, scene: Scene, candidate: Account) -> None:
    official = add_official(db, "screener", scene.office)
    application = service.apply(db, candidate.id, scene.registration.id, START)
    accept(db, application, START + DAY, official.id)
    assert not accept(db, application, START + 2 * DAY, official.id)
    assert entries(db) == [("registration", True), ("selection", False)]
    assert events(db, candidate.id) == [(1, "sent"), (1, "accepted")]


def test_who_was_rejected_is_not_accepted(db: Database, scene: Scene, candidate: Account) -> None:
    official = add_official(db, "screener", scene.office)
    application = service.apply(db, candidate.id, scene.registration.id, START)
    with db.write() as tx:
        row = tx.get_one(type(screening_of(db, candidate.id)), application)
        row.decision, row.decided_at, row.reason_code = "rejected", START, "other"
    assert not accept(db, application, START + DAY, official.id)
    assert entries(db) == [("registration", False)]


def test_both_offices_at_once_are_one_application(db: Database, scene: Scene, candidate: Account) -> None:
    activities = iter([scene.registration.id, add_other_scene(db).registration.id] * (AT_ONCE // 2))

    def send(db: Database, together: threading.Barrier) -> None:
        activity = next(activities)
        together.wait(20)
        service.apply(db, candidate.id, activity, START)

    assert outcomes(db, send) == {"ok": 1, "AlreadyApplied": AT_ONCE - 1}
    assert entries(db) == [("registration", False)]
    assert events(db, candidate.id) == [(1, "sent")]
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Mail.id))) == 1


def test_an_account_without_anything_told_is_refused(db: Database, scene: Scene) -> None:
    with pytest.raises(refusals.ProfileIncomplete):
        service.apply(db, add_account(db).id, scene.registration.id, START)
    assert entries(db) == []
