"""Which official may do what to which."""

from __future__ import annotations

import pytest

from exam_server.staff import rules
from exam_server.staff.rules import SUPERADMIN, Actor

HERE, THERE = 1, 2
ADMIN = Actor(1, "Admin", frozenset({("admin", HERE), ("proctor", THERE)}))
SUPER = Actor(2, "Superadmin", frozenset({SUPERADMIN}))
PROCTOR = Actor(3, "Pengawas", frozenset({("proctor", HERE)}))


@pytest.mark.parametrize("role", rules.ROLES[:-1])
def test_an_admin_gives_roles_of_the_own_office_only(role: str) -> None:
    assert rules.may_grant(ADMIN, role, HERE)
    assert not rules.may_grant(ADMIN, role, THERE)
    assert rules.may_grant(SUPER, role, THERE)
    assert not rules.may_grant(PROCTOR, role, HERE)


def test_only_a_superadmin_makes_superadmins() -> None:
    assert rules.may_grant(SUPER, *SUPERADMIN)
    assert not rules.may_grant(ADMIN, *SUPERADMIN)


def test_an_admin_ends_a_role_of_the_own_office_unless_its_holder_is_a_superadmin() -> None:
    assert rules.may_end(ADMIN, frozenset({("proctor", HERE), ("proctor", THERE)}), HERE)
    assert not rules.may_end(ADMIN, frozenset({("proctor", HERE), ("proctor", THERE)}), THERE)
    assert not rules.may_end(ADMIN, frozenset({("proctor", HERE), SUPERADMIN}), HERE)
    assert rules.may_end(SUPER, frozenset({("proctor", HERE), SUPERADMIN}), HERE)


def test_an_admin_stops_an_account_that_serves_own_offices_only() -> None:
    assert rules.may_stop(ADMIN, frozenset({("proctor", HERE), ("admin", HERE)}))
    assert not rules.may_stop(ADMIN, frozenset({("proctor", HERE), ("screener", THERE)}))
    assert not rules.may_stop(ADMIN, frozenset({("proctor", HERE), SUPERADMIN}))
    assert not rules.may_stop(ADMIN, frozenset())
    assert rules.may_stop(SUPER, frozenset({SUPERADMIN}))


def test_a_superadmin_has_no_office_and_everybody_else_has_one() -> None:
    assert rules.is_a_role("superadmin", None)
    assert not rules.is_a_role("superadmin", HERE)
    assert rules.is_a_role("admin", HERE)
    assert not rules.is_a_role("admin", None)
    assert not rules.is_a_role("root", HERE)


def test_an_admins_second_factor_is_let_go_by_a_superadmin_only() -> None:
    assert rules.may_reset(ADMIN, frozenset({("proctor", HERE), ("screener", HERE)}))
    assert not rules.may_reset(ADMIN, frozenset({("admin", HERE)}))
    assert not rules.may_reset(ADMIN, frozenset({("proctor", THERE)}))
    assert rules.may_reset(SUPER, frozenset({("admin", HERE)}))
