"""A correction: only when asked, only in time, only when something is different, and sent once."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Mail, Phase, Screening
from exam_server.registration import drafts, refusals, service
from tests.factories import DAY, START, Scene, add_official, add_scene
from tests.registration.people import (
    DUE,
    TICK,
    add_asked,
    add_ready,
    add_statements,
    ask,
    change_profile,
    events,
    replace_file,
    screening_of,
    versions,
)
from tests.together import AT_ONCE, outcomes

HOUR_LATER = START + DAY / 24


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def screener(db: Database, scene: Scene) -> Account:
    return add_official(db, "screener", scene.office)


@pytest.fixture
def candidate(db: Database, scene: Scene, screener: Account) -> Account:
    return add_asked(db, scene, screener.id, ("desa", "Desa tidak sama dengan KTP"), ("ktp", "Buram"))


def test_a_correction_becomes_the_next_version(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    newest = replace_file(db, candidate.id, "ktp", HOUR_LATER)
    assert service.resend(db, candidate.id, HOUR_LATER) == 2
    first, second = versions(db, candidate.id)
    assert (first.data["desa"], second.data["desa"]) == ("Bangsri", "Wedelan")
    assert first.documents["ktp"] != second.documents["ktp"] == newest
    row = screening_of(db, candidate.id)
    assert (row.version, row.sent_at, row.asked_at, row.due_at, row.checked_at) == (
        2,
        HOUR_LATER,
        None,
        None,
        None,
    )
    assert events(db, candidate.id) == [(1, "sent"), (1, "correction"), (2, "sent")]


def test_the_trail_names_what_was_corrected_and_the_receipt_is_posted(
    db: Database, candidate: Account
) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    service.resend(db, candidate.id, HOUR_LATER)
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "application.corrected")).one()
        letters = list(tx.scalars(sa.select(Mail).order_by(Mail.id)))
    assert (row.detail["version"], row.detail["fields"], row.detail["documents"]) == (2, ["desa"], [])
    assert "Wedelan" not in str(row.detail)
    assert letters[-1].subject.startswith("Perbaikan diterima")
    assert "09.00 WIB" in letters[-1].body


def test_nothing_different_is_not_sent(db: Database, candidate: Account) -> None:
    with pytest.raises(refusals.NothingCorrected):
        service.resend(db, candidate.id, HOUR_LATER)
    assert len(versions(db, candidate.id)) == 1
    assert screening_of(db, candidate.id).asked_at == START


@pytest.mark.parametrize("now", [START, DUE - TICK])
def test_it_may_be_sent_until_the_deadline(db: Database, candidate: Account, now: datetime) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    assert service.resend(db, candidate.id, now) == 2


@pytest.mark.parametrize("now", [DUE, DUE + DAY])
def test_after_the_deadline_it_is_refused(db: Database, candidate: Account, now: datetime) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    with pytest.raises(refusals.CorrectionOver):
        service.resend(db, candidate.id, now)
    assert len(versions(db, candidate.id)) == 1


def test_nobody_sends_again_unasked(db: Database, scene: Scene, candidate: Account) -> None:
    other = add_ready(db, scene)
    service.apply(db, other.id, scene.registration.id, START)
    change_profile(db, other.id, desa="Wedelan")
    for person in (other, add_ready(db, scene)):
        with pytest.raises(refusals.NothingAsked):
            service.resend(db, person.id, HOUR_LATER)
    assert len(versions(db, other.id)) == 1


def test_a_correction_sent_is_not_sent_again(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    service.resend(db, candidate.id, HOUR_LATER)
    change_profile(db, candidate.id, desa="Bangsri")
    with pytest.raises(refusals.NothingAsked):
        service.resend(db, candidate.id, HOUR_LATER)
    assert len(versions(db, candidate.id)) == 2


def test_a_second_round_is_a_third_version(
    db: Database, scene: Scene, screener: Account, candidate: Account
) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    service.resend(db, candidate.id, HOUR_LATER)
    ask(db, screening_of(db, candidate.id).application_id, screener.id, ("desa", "lagi"), asked_at=HOUR_LATER)
    change_profile(db, candidate.id, desa="Bangsri")
    assert service.resend(db, candidate.id, HOUR_LATER + DAY) == 3


def test_a_decided_application_is_not_corrected(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    with db.write() as tx:
        tx.execute(sa.update(Screening).values(decided_at=START, decision="rejected", reason_code="other"))
    with pytest.raises(refusals.NothingAsked):
        service.resend(db, candidate.id, HOUR_LATER)
    assert len(versions(db, candidate.id)) == 1


def test_after_the_screening_stage_nothing_is_corrected(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "screening").values(closes_at=HOUR_LATER))
    with pytest.raises(refusals.ScreeningClosed):
        service.resend(db, candidate.id, HOUR_LATER)
    assert service.resend(db, candidate.id, HOUR_LATER - TICK) == 2


def test_a_correction_may_be_sent_after_registration_closed(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "registration").values(closes_at=START))
    assert service.resend(db, candidate.id, HOUR_LATER) == 2


def test_what_became_incomplete_is_not_sent(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa=sa.null())
    with pytest.raises(refusals.ProfileIncomplete):
        service.resend(db, candidate.id, HOUR_LATER)
    assert len(versions(db, candidate.id)) == 1


def test_who_became_a_civil_servant_is_refused(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, civil_servant=True)
    with pytest.raises(refusals.NotEligible):
        service.resend(db, candidate.id, HOUR_LATER)
    assert len(versions(db, candidate.id)) == 1


def test_statements_once_confirmed_stay_confirmed(db: Database, scene: Scene, screener: Account) -> None:
    add_statements(db, scene, 1, 2)
    person = add_ready(db, scene)
    application = service.apply(db, person.id, scene.registration.id, START, {1, 2})
    ask(db, application, screener.id, ("desa", "periksa"))
    change_profile(db, person.id, desa="Wedelan")
    service.resend(db, person.id, HOUR_LATER)
    assert versions(db, person.id)[1].data["statements"] == [1, 2]


def test_the_correction_shows_what_was_asked_and_what_changed(db: Database, candidate: Account) -> None:
    asked = drafts.correction(db, candidate.id, HOUR_LATER)
    assert asked is not None
    assert [(one.field, one.note) for one in asked.wishes] == [
        ("desa", "Desa tidak sama dengan KTP"),
        ("ktp", "Buram"),
    ]
    assert (asked.due_at, asked.over, asked.changed) == (DUE, False, ())
    change_profile(db, candidate.id, desa="Wedelan")
    replace_file(db, candidate.id, "ktp", HOUR_LATER)
    later = drafts.correction(db, candidate.id, DUE)
    assert later is not None
    assert (later.over, later.changed) == (True, ("desa", "ktp"))


def test_simultaneous_corrections_are_one_version(db: Database, candidate: Account) -> None:
    change_profile(db, candidate.id, desa="Wedelan")

    def send(db: Database, together: threading.Barrier) -> None:
        together.wait(20)
        service.resend(db, candidate.id, HOUR_LATER)

    assert outcomes(db, send) == {"ok": 1, "NothingAsked": AT_ONCE - 1}
    assert [one.number for one in versions(db, candidate.id)] == [1, 2]
