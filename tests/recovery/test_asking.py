"""Asking for help: heard, checked, bounded, and the same answer for everybody who is not signed in."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.recovery import asking, rules, service
from exam_server.recovery.refusals import AlreadyAsked, NoSuchKind, PleaIncomplete
from exam_server.throttle import TooMany
from tests.factories import DAY, HOUR, MINUTE, START, add_account, add_official, add_profile
from tests.recovery.pleas import Town, acts, asked, count, letters, make_plea, newest, row


@pytest.mark.parametrize("kind", rules.KINDS)
def test_a_plea_of_each_kind_reaches_the_office_and_the_trail(db: Database, town: Town, kind: str) -> None:
    public_id = asked(db, town, kind)
    request = row(db, public_id)
    by = town.asker.id if kind in rules.OF_CANDIDATES else None
    assert (request.kind, request.office_id, request.account_id) == (kind, town.scene.office.id, by)
    assert acts(db)[-1] == ("help.asked", by, request.id)


def test_only_what_the_kind_needs_is_kept(db: Database, town: Town) -> None:
    assert row(db, asked(db, town, "second_factor")).nik is None
    assert row(db, asked(db, town, "erasure")).nik is None
    assert row(db, asked(db, town, "nik", email="orang-lain@surel.example")).email == town.asker.email


def test_a_candidate_gets_a_letter_and_a_stranger_none(db: Database, town: Town) -> None:
    asked(db, town, "nik")
    assert [to for to, _ in letters(db)] == [town.asker.email]
    asked(db, town, "email")
    assert len(letters(db)) == 1


def test_what_was_copied_along_is_tidied(db: Database, town: Town) -> None:
    spaced = f" {town.nik[:6]} {town.nik[6:12]}-{town.nik[12:]}\n"
    request = row(db, asked(db, town, "email", nik=spaced, email="  Baru@Surel.Example ", name=" Rara   W "))
    assert (request.nik, request.email, request.name) == (town.nik, "baru@surel.example", "Rara W")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", "  "), ("name", "x" * 200), ("nik", "332001170598000"), ("nik", "33200117059800012"),
        ("nik", "33200117O5980001"), ("nik", "\N{ARABIC-INDIC DIGIT ONE}" * 16),
        ("email", "tanpa-at.example"),
        ("email", "a@b"), ("email", "x" * 260 + "@b.example"), ("office", ""), ("office", "tidak-ada"),
        ("explanation", " \n"), ("explanation", "x" * 2000),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_kept(db: Database, town: Town, field: str, wrong: str) -> None:
    with pytest.raises(PleaIncomplete) as told:
        asked(db, town, "email", **{field: wrong})
    assert list(told.value.mistakes) == [field]
    assert count(db) == 0


def test_erasure_needs_no_explanation(db: Database, town: Town) -> None:
    assert row(db, asked(db, town, "erasure", explanation="")).explanation == ""


@pytest.mark.parametrize(
    ("kind", "signed_in"), [("nik", False), ("erasure", False), ("email", True), ("x", False)]
)
def test_a_kind_is_not_heard_from_whom_it_is_not_for(
    db: Database, town: Town, kind: str, signed_in: bool
) -> None:
    with pytest.raises(NoSuchKind):
        asking.ask(db, make_plea(town, kind), "192.0.2.1", START, town.asker.id if signed_in else None)
    assert count(db) == 0


def test_asking_twice_is_told_to_the_candidate(db: Database, town: Town) -> None:
    asked(db, town, "nik")
    with pytest.raises(AlreadyAsked):
        asked(db, town, "nik")
    assert count(db) == 1


def test_asking_twice_looks_the_same_to_a_stranger(db: Database, town: Town) -> None:
    assert asked(db, town, "email") == asked(db, town, "email")
    assert count(db) == 1


def test_one_origin_is_bounded_and_heard_again_later(db: Database, town: Town) -> None:
    for number in range(asking.MOST_PER_WINDOW):
        asked(db, town, "email", email=f"a{number}@surel.example")
    with pytest.raises(TooMany) as told:
        asked(db, town, "email", email="terlalu@surel.example")
    assert 0 < int(str(told.value.details["retry_after"])) <= 3600
    asking.ask(db, make_plea(town, "email", email="lain@surel.example"), "192.0.2.2", START)
    asking.ask(db, make_plea(town, "email", email="lagi@surel.example"), "192.0.2.1", START + HOUR + MINUTE)
    assert count(db) == asking.MOST_PER_WINDOW + 2


def test_a_lost_address_comes_before_the_office_that_knows_the_account(db: Database, town: Town) -> None:
    person = add_account(db)
    add_profile(db, person.id, town.elsewhere.office, nik="3520010101000001")
    assert row(db, asked(db, town, "email", nik="3520010101000001")).office_id == town.elsewhere.office.id
    assert row(db, asked(db, town, "email", nik="3520010101000099")).office_id == town.scene.office.id


def test_a_lost_phone_comes_before_an_office_of_the_official(db: Database, town: Town) -> None:
    there = add_official(db, "screener", town.elsewhere.office)
    assert row(db, asked(db, town, "second_factor", email=there.email)).office_id == town.elsewhere.office.id
    assert row(db, asked(db, town, "second_factor", email="x@y.example")).office_id == town.scene.office.id


def test_a_superadmins_lost_phone_is_for_superadmins(db: Database, town: Town) -> None:
    chief = add_official(db, "superadmin", None)
    assert row(db, asked(db, town, "second_factor", email=chief.email)).office_id is None
    assert service.queue(db, [town.scene.office.id], "asked", "", 0) == []
    assert len(service.queue(db, None, "asked", "", 0)) == 1


def test_a_candidate_sees_the_own_requests_only(db: Database, town: Town) -> None:
    asked(db, town, "nik")
    asked(db, town, "erasure", account_id=town.holder.id)
    mine = service.own_requests(db, town.asker.id)
    assert [(line.kind, line.state) for line in mine] == [("nik", "asked")]


def test_open_requests_come_first_and_the_oldest_of_them(db: Database, town: Town) -> None:
    first = asked(db, town, "email", email="a@surel.example")
    second = asked(db, town, "nik")
    asking.ask(db, make_plea(town, "email", email="b@surel.example"), "o", START - DAY)
    third = str(newest(db).public_id)
    service.refuse(db, first, town.admin, "Bukan.", START)
    office = [town.scene.office.id]
    assert [line.public_id for line in service.queue(db, office, "all", "", 0)] == [third, second, first]
    assert [line.public_id for line in service.queue(db, office, "resolved", "", 0)] == [first]
    assert [line.public_id for line in service.queue(db, office, "asked", "nik", 0)] == [second]
    assert service.queue(db, [town.elsewhere.office.id], "all", "", 0) == []


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("rara@surel.example", "ra***@surel.example"),
        ("ab@x.example", "a***@x.example"),
        ("a@x.id", "a***@x.id"),
    ],
)
def test_an_address_is_masked_but_known_again_by_its_owner(email: str, shown: str) -> None:
    assert rules.masked(email) == shown


@pytest.mark.parametrize(
    ("answer", "fine"),
    [("Cocok.", True), ("  ", False), ("NIK 3320011705980001 cocok", False), ("x" * 1001, False),
     ("33 2001-170598.0001", False), ("Telepon 081234567890", True)],
)  # fmt: skip
def test_an_answer_says_why_and_carries_no_nik(answer: str, fine: bool) -> None:
    assert (rules.answer_mistake(answer) == "") is fine
