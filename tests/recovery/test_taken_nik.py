"""A NIK that somebody else holds: freed, or refused with an answer; each act with its letters and rows."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import Application
from exam_server.recovery import service
from exam_server.recovery.refusals import AlreadyResolved, AnswerIncomplete, HolderHasApplied, NikFree
from tests.factories import START, Scene, add, add_booked, add_profile, make_activity, make_recruitment
from tests.recovery.pleas import (
    REASON,
    SECRET,
    Town,
    acts,
    asked,
    bodies,
    granted,
    letters,
    nik_of,
    row,
)


def apply(db: Database, scene: Scene, candidate_id: int, year: int = 2026) -> None:
    activity = scene.registration
    if year != activity.year:
        recruitment = add(db, make_recruitment(scene.office.id, year=year))
        activity = add(db, make_activity(recruitment, "registration", blueprint=[]))
    add(db, Application(candidate_id=candidate_id, activity_id=activity.id, year=year, kind="registration",
                        applied_at=START))  # fmt: skip


def test_granting_frees_the_nik_and_tells_both(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")
    granted(db, town, public_id)
    request = row(db, public_id)
    assert nik_of(db, town.holder.id) is None
    assert (request.outcome, request.resolved_by, request.answer) == ("granted", town.admin.id, REASON)
    assert [to for to, _ in letters(db)[1:]] == [town.asker.email, town.holder.email]
    assert REASON in bodies(db, town.asker.email)[-1]
    assert acts(db)[-2:] == [
        ("help.granted", town.admin.id, request.id),
        ("nik.freed", town.admin.id, town.holder.id),
    ]


def test_the_official_sees_both_sides_before_pressing(db: Database, town: Town) -> None:
    found = service.desk(db, asked(db, town, "nik"), town.admin, START)
    assert found.person is not None
    assert found.asker is not None
    assert (found.person.account_id, found.asker.account_id) == (town.holder.id, town.asker.id)
    assert found.person.masked_email == "pe***@surel.example"
    assert found.problem is None
    assert "{masked_email}" in found.preview


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_holder_who_applied_this_year_keeps_the_nik(db: Database, town: Town, year: int) -> None:
    apply(db, town.scene, town.holder.id, year)
    public_id = asked(db, town, "nik")
    assert isinstance(service.desk(db, public_id, town.admin, START).problem, HolderHasApplied)
    with pytest.raises(HolderHasApplied):
        granted(db, town, public_id)
    assert nik_of(db, town.holder.id) == town.nik
    assert row(db, public_id).outcome is None


def test_a_holder_with_a_booking_keeps_the_nik(db: Database, town: Town) -> None:
    booked = add_booked(db, town.scene)
    add_profile(db, booked.candidate_id, town.scene.office, nik="3320011705980077")
    public_id = asked(db, town, "nik", nik="3320011705980077")
    with pytest.raises(HolderHasApplied):
        granted(db, town, public_id)
    assert nik_of(db, booked.candidate_id) == "3320011705980077"


def test_a_superadmin_may_decide_that_one(db: Database, town: Town) -> None:
    apply(db, town.scene, town.holder.id)
    granted(db, town, asked(db, town, "nik"), town.superadmin)
    assert nik_of(db, town.holder.id) is None


def test_an_entry_of_a_former_year_is_no_bar(db: Database, town: Town) -> None:
    apply(db, town.scene, town.holder.id, 2024)
    granted(db, town, asked(db, town, "nik"))
    assert nik_of(db, town.holder.id) is None


def test_a_nik_that_nobody_else_holds_needs_no_freeing(db: Database, town: Town) -> None:
    nobody = asked(db, town, "nik", nik="3320011705989999")
    with pytest.raises(NikFree):
        granted(db, town, nobody)
    own = asked(db, town, "nik", account_id=town.holder.id)
    with pytest.raises(NikFree):
        granted(db, town, own)
    assert nik_of(db, town.holder.id) == town.nik


def test_refusing_changes_nothing_but_answers(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")
    service.refuse(db, public_id, town.admin, " NIK itu milik pemegang akun. ", START)
    assert nik_of(db, town.holder.id) == town.nik
    assert row(db, public_id).answer == "NIK itu milik pemegang akun."
    assert [to for to, _ in letters(db)[1:]] == [town.asker.email]
    assert acts(db)[-1] == ("help.refused", town.admin.id, row(db, public_id).id)


@pytest.mark.parametrize("answer", ["", "  \n", "NIK 3320011705980001", "x" * 5000])
def test_a_decision_without_a_usable_reason_is_not_kept(db: Database, town: Town, answer: str) -> None:
    public_id = asked(db, town, "nik")
    for act in (
        lambda: service.grant(db, public_id, town.admin, answer, SECRET, START),
        lambda: service.refuse(db, public_id, town.admin, answer, START),
    ):
        with pytest.raises(AnswerIncomplete):
            act()
    assert row(db, public_id).outcome is None


def test_a_request_is_decided_once(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")
    service.refuse(db, public_id, town.admin, "Bukan milik pemohon.", START)
    rows, written = acts(db), letters(db)
    for act in (
        lambda: granted(db, town, public_id),
        lambda: service.refuse(db, public_id, town.superadmin, "Sekali lagi.", START),
    ):
        with pytest.raises(AlreadyResolved):
            act()
    assert (acts(db), letters(db)) == (rows, written)
    assert nik_of(db, town.holder.id) == town.nik


def test_a_request_that_is_not_there_is_not_found(db: Database, town: Town) -> None:
    for act in (
        lambda: granted(db, town, "tidak-ada"),
        lambda: service.refuse(db, "tidak-ada", town.admin, "Alasan.", START),
        lambda: service.desk(db, "tidak-ada", town.admin, START),
    ):
        with pytest.raises(Refusal) as told:
            act()
        assert isinstance(told.value, NotFound)


def test_another_offices_official_finds_nothing_and_leaves_a_row(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")
    with pytest.raises(NotFound):
        service.own(db, public_id, [town.elsewhere.office.id], town.other_admin.id, START)
    assert acts(db)[-1] == ("access.refused", town.other_admin.id, row(db, public_id).id)
