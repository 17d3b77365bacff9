"""An official who lost the phone: another one with the right removes the second step, nobody their own."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.recovery import rules, service
from exam_server.recovery.cases import Official
from exam_server.recovery.refusals import NobodyKnown, NoSecondFactor, OnlySuperadmin, OwnRequest
from tests.factories import START, add_official, add_session
from tests.recovery.pleas import (
    Town,
    account,
    acts,
    add_second_factor,
    asked,
    granted,
    has_second_factor,
    letters,
    live_sessions,
    row,
)


def test_granting_removes_the_second_step_and_signs_out(db: Database, town: Town) -> None:
    add_second_factor(db, town.proctor.id)
    add_session(db, town.proctor.id)
    public_id = asked(db, town, "second_factor")
    granted(db, town, public_id)
    assert not has_second_factor(db, town.proctor.id)
    assert live_sessions(db, town.proctor.id) == 0
    assert {to for to, _ in letters(db)} == {town.proctor.email}
    assert acts(db)[-2:] == [
        ("help.granted", town.admin.id, row(db, public_id).id),
        ("second_factor.reset", town.admin.id, town.proctor.id),
    ]


def test_nobody_removes_their_own(db: Database, town: Town) -> None:
    add_second_factor(db, town.superadmin.id)
    public_id = asked(db, town, "second_factor", email=account(db, town.superadmin.id).email)
    with pytest.raises(OwnRequest):
        granted(db, town, public_id, town.superadmin)
    assert has_second_factor(db, town.superadmin.id)


def test_an_admins_is_for_a_superadmin(db: Database, town: Town) -> None:
    colleague = add_official(db, "admin", town.scene.office)
    add_second_factor(db, colleague.id)
    public_id = asked(db, town, "second_factor", email=colleague.email)
    with pytest.raises(OnlySuperadmin):
        granted(db, town, public_id)
    assert service.desk(db, public_id, town.admin, START).shown is False
    granted(db, town, public_id, town.superadmin)
    assert not has_second_factor(db, colleague.id)


@pytest.mark.parametrize("whose", ["candidate", "nobody"])
def test_an_address_without_an_official_cannot_be_granted(db: Database, town: Town, whose: str) -> None:
    email = town.asker.email if whose == "candidate" else "tidak-ada@surel.example"
    public_id = asked(db, town, "second_factor", email=email)
    with pytest.raises(NobodyKnown):
        granted(db, town, public_id)
    service.refuse(db, public_id, town.admin, "Bukan petugas.", START)
    assert letters(db) == []


def test_an_account_without_a_second_step_has_nothing_to_remove(db: Database, town: Town) -> None:
    public_id = asked(db, town, "second_factor")
    with pytest.raises(NoSecondFactor):
        granted(db, town, public_id)
    assert row(db, public_id).outcome is None


def test_refusing_tells_the_owner_of_the_account(db: Database, town: Town) -> None:
    add_second_factor(db, town.proctor.id)
    service.refuse(db, asked(db, town, "second_factor"), town.admin, "Ponselnya ditemukan.", START)
    assert [to for to, _ in letters(db)] == [town.proctor.email]
    assert has_second_factor(db, town.proctor.id)


@pytest.mark.parametrize(
    ("roles", "superadmin", "may"),
    [
        ([("proctor", 7)], False, True),
        ([("proctor", 8)], False, False),
        ([("proctor", 7), ("screener", 8)], False, True),
        ([("proctor", 7), ("admin", 8)], False, False),
        ([("superadmin", None)], False, False),
        ([("superadmin", None)], True, True),
        ([("admin", 7)], True, True),
        ([], True, False),
        ([], False, False),
    ],
)
def test_whose_second_step_an_admin_of_office_7_may_remove(
    roles: list[tuple[str, int | None]], superadmin: bool, may: bool
) -> None:
    assert rules.may_reset(roles, 7, superadmin) is may


def test_a_superadmins_phone_is_another_superadmins_work(db: Database, town: Town) -> None:
    add_second_factor(db, town.superadmin.id)
    public_id = asked(db, town, "second_factor", email=account(db, town.superadmin.id).email)
    granted(db, town, public_id, Official(add_official(db, "superadmin", None).id, True))
    assert not has_second_factor(db, town.superadmin.id)
