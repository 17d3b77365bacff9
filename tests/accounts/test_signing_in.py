"""Who a person is: one spelling per address, revocable sessions, and no hint whether an account exists."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.accounts import credentials, passwords, service
from exam_server.accounts.credentials import NotActivated, WrongCredentials
from exam_server.accounts.passwords import HASHER as AS_SHIPPED
from exam_server.accounts.service import SESSION_LIFE, EmailTaken
from exam_server.db import Database
from exam_server.models import Account, AuditEntry, ServerSession
from tests.factories import (
    DAY,
    PASSWORD,
    START,
    SignedIn,
    add_account,
    add_official,
    add_scene,
    add_session,
)

TICK = timedelta(microseconds=1)


@pytest.fixture
def account(db: Database) -> Account:
    return add_account(db, PASSWORD, email="ayu@surel.example")


@pytest.fixture
def signed_in(db: Database, account: Account) -> SignedIn:
    return add_session(db, account.id)


def sign_in(db: Database, email: str, password: str) -> int:
    with db.read() as tx:
        who = credentials.by_email(tx, email)
    return credentials.check_password(who, password).who.account_id


def live(db: Database, signed_in: SignedIn, now: datetime = START) -> service.LiveSession | None:
    return service.live_session(db, signed_in.token, now)


def test_a_registered_person_can_sign_in(db: Database) -> None:
    account_id = service.register(
        db, " Ayu@Surel.Example ", " Ayu ", passwords.hash_password(PASSWORD), START
    )
    assert sign_in(db, "ayu@surel.example", PASSWORD) == account_id
    with db.read() as tx:
        account = tx.get_one(Account, account_id)
        assert (account.email, account.name) == ("ayu@surel.example", "Ayu")
        assert tx.scalars(sa.select(AuditEntry.act)).all() == ["account.registered"]


@pytest.mark.parametrize("spelling", ["ayu@surel.example", "AYU@Surel.Example", "  ayu@surel.example\t"])
def test_an_address_has_one_account_however_it_is_spelled(
    db: Database, account: Account, spelling: str
) -> None:
    with pytest.raises(EmailTaken):
        service.register(db, spelling, "Ayu", "-", START)
    assert sign_in(db, spelling, PASSWORD) == account.id


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ayu@surel.example", PASSWORD + "x"),
        ("ayu@surel.example", ""),
        ("budi@surel.example", PASSWORD),
        ("", ""),
    ],
)
def test_wrong_credentials_are_refused_in_one_way(
    db: Database, account: Account, email: str, password: str
) -> None:
    with pytest.raises(WrongCredentials):
        sign_in(db, email, password)


def test_the_same_work_is_done_for_an_address_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            counted.append(stored)
            return True

    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert passwords.verify("a hash", "x")
    assert not passwords.verify(None, "x")
    assert len(counted) == 2


def test_passwords_are_kept_as_slow_hashes() -> None:
    assert AS_SHIPPED.hash(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_account_that_is_not_active_cannot_sign_in(db: Database) -> None:
    add_account(db, PASSWORD, email="baru@surel.example", activated_at=None)
    with pytest.raises(NotActivated):
        sign_in(db, "baru@surel.example", PASSWORD)


def test_only_the_right_password_tells_that_an_account_is_not_active(db: Database) -> None:
    add_account(db, PASSWORD, email="baru@surel.example", activated_at=None)
    with pytest.raises(WrongCredentials):
        sign_in(db, "baru@surel.example", "bukan sandinya")


def test_a_session_says_whom_it_speaks_for(db: Database, account: Account, signed_in: SignedIn) -> None:
    found = live(db, signed_in)
    assert found is not None
    assert (found.account_id, found.session_id, found.email, found.roles) == (
        account.id, signed_in.session_id, "ayu@surel.example", frozenset(),
    )  # fmt: skip


def test_the_database_holds_no_usable_token(db: Database, signed_in: SignedIn) -> None:
    with db.read() as tx:
        stored = tx.scalars(sa.select(ServerSession.token_hash)).one()
    assert len(signed_in.token) >= 43, "256 bits"
    assert signed_in.token not in stored
    assert service.live_session(db, stored, START) is None


def test_a_session_lives_through_any_exam_and_then_expires(db: Database, signed_in: SignedIn) -> None:
    assert timedelta(hours=6) < SESSION_LIFE <= DAY
    assert live(db, signed_in, START + SESSION_LIFE - TICK)
    assert live(db, signed_in, START + SESSION_LIFE) is None


def test_sessions_of_officials_that_ran_out_are_told_and_those_of_candidates_are_not(
    db: Database, account: Account, signed_in: SignedIn
) -> None:
    end = START + SESSION_LIFE
    assert service.expired_since(db, START, end) == {}, "nobody is sent away from an exam"
    service.grant_role(db, account.id, "proctor", add_scene(db, items=0).office.id, START)
    assert service.expired_since(db, START, end - TICK) == {}
    assert service.expired_since(db, end, end + DAY) == {signed_in.session_id: end}
    assert service.expired_since(db, end + TICK, end + DAY) == {}


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "é" * 43])
def test_an_invented_token_speaks_for_nobody(db: Database, signed_in: SignedIn, token: str) -> None:
    assert service.live_session(db, token, START) is None


def test_signing_out_ends_this_session_and_no_other(
    db: Database, account: Account, signed_in: SignedIn
) -> None:
    other = add_session(db, account.id)
    service.end_session(db, signed_in.session_id, START)
    service.end_session(db, signed_in.session_id, START + DAY)
    assert live(db, signed_in) is None
    assert live(db, other)
    assert service.changed_since(db, START) == {signed_in.session_id: START}
    assert service.changed_since(db, START + TICK) == {}


def test_a_role_that_was_granted_is_told_with_its_instant(
    db: Database, account: Account, signed_in: SignedIn
) -> None:
    service.grant_role(db, account.id, "proctor", add_scene(db, items=0).office.id, START + DAY)
    assert service.changed_since(db, START) == {signed_in.session_id: START + DAY}


def test_disabling_ends_every_session_and_the_account_cannot_sign_in(
    db: Database, account: Account, signed_in: SignedIn
) -> None:
    other = add_session(db, account.id)
    service.disable(db, account.id, START)
    assert live(db, signed_in) is None
    assert live(db, other) is None
    with pytest.raises(WrongCredentials):
        sign_in(db, "ayu@surel.example", PASSWORD)


def test_a_role_counts_from_the_next_look_on_and_for_its_office_only(
    db: Database, account: Account, signed_in: SignedIn
) -> None:
    scene = add_scene(db, items=0)
    service.grant_role(db, account.id, "proctor", scene.office.id, START)
    found = live(db, signed_in)
    assert found is not None
    assert found.roles == {("proctor", scene.office.id)}


def test_a_fresh_installation_has_no_account(db: Database) -> None:
    with db.read() as tx:
        assert tx.scalars(sa.select(Account.id)).all() == []


def test_officials_of_one_office_are_told_apart(db: Database) -> None:
    scene = add_scene(db, items=0)
    for role, office in (("admin", scene.office), ("superadmin", None)):
        found = live(db, add_session(db, add_official(db, role, office).id))
        assert found is not None
        assert found.roles == {(role, office.id if office else None)}
