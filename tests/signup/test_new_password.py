"""A new password by a link: once, in time, for the address it was sent to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server import tokens
from exam_server.db import Database
from exam_server.models import Account, AuditEntry
from exam_server.signup import service
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, PASSWORD, START, add_account, add_session
from tests.signup.newcomers import (
    EMAIL,
    can_sign_in,
)
from tests.signup.samples import SECRET, letters_to, link_in, reset_token


def test_a_forgotten_password_is_replaced_and_every_session_ends(
    app: Flask, client: Client, db: Database
) -> None:
    account = add_account(db, PASSWORD, email=EMAIL)
    thief = Client(app)
    thief.set_cookie("exam", add_session(db, account.id).token)
    assert client.submit("/password/forgotten", email=EMAIL).status_code == 200
    link = link_in(letters_to(db, EMAIL)[-1], "/password/new/")
    assert 'name="password"' in client.get(link).get_data(as_text=True)
    assert can_sign_in(app)
    assert client.submit(link, password="sandi baru di tepi sawah").status_code == 200
    assert thief.get("/account").status_code == 302
    assert can_sign_in(app, "sandi baru di tepi sawah")
    assert not can_sign_in(app)
    assert "diganti" in letters_to(db, EMAIL)[-1].subject
    with db.read() as tx:
        assert tx.scalars(sa.select(AuditEntry.act)).all() == ["account.password_reset"]


def test_a_reset_link_is_used_once(app: Flask, client: Client, db: Database) -> None:
    link = f"/password/new/{reset_token(add_account(db, PASSWORD, email=EMAIL))}"
    assert client.submit(link, password="sandi baru di tepi sawah").status_code == 200
    assert client.get(link).status_code == 410
    assert client.submit(link, password="sandi lain di tepi hutan").status_code == 410
    assert can_sign_in(app, "sandi baru di tepi sawah")


def test_a_reset_link_lives_an_hour(client: Client, db: Database, clock: SetClock) -> None:
    link = f"/password/new/{reset_token(add_account(db, PASSWORD, email=EMAIL))}"
    clock.at += timedelta(hours=1) - timedelta(milliseconds=1)
    assert client.get(link).status_code == 200
    clock.at += timedelta(milliseconds=1)
    assert client.get(link).status_code == 410
    assert client.submit(link, password="sandi baru di tepi sawah").status_code == 410


def test_a_reset_link_dies_with_the_address_it_was_sent_to(client: Client, db: Database) -> None:
    account = add_account(db, PASSWORD, email=EMAIL)
    link = f"/password/new/{reset_token(account)}"
    with db.write() as tx:
        tx.get_one(Account, account.id).email = "baru@surel.example"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("password", ["", "pendek", "password123", "ayu-surel-1", "x" * 129])
def test_a_weak_new_password_is_refused_and_the_link_stays(
    client: Client, db: Database, password: str
) -> None:
    link = f"/password/new/{reset_token(add_account(db, PASSWORD, email=EMAIL, name='Ayu Surel'))}"
    answer = client.submit(link, password=password)
    assert answer.status_code == 422
    assert 'id="password-problem"' in answer.get_data(as_text=True)
    assert client.get(link).status_code == 200


def test_who_reads_the_mail_may_also_activate_by_a_new_password(
    app: Flask, client: Client, db: Database
) -> None:
    account = add_account(db, PASSWORD, email=EMAIL, activated_at=None)
    client.submit(f"/password/new/{reset_token(account)}", password="sandi baru di tepi sawah")
    assert can_sign_in(app, "sandi baru di tepi sawah")


def test_a_disabled_account_gets_no_new_password(client: Client, db: Database) -> None:
    account = add_account(db, PASSWORD, email=EMAIL, disabled_at=START)
    client.submit("/password/forgotten", email=EMAIL)
    assert letters_to(db, EMAIL) == []
    assert client.get(f"/password/new/{reset_token(account)}").status_code == 410


def test_a_link_signed_by_another_installation_is_unknown(db: Database, client: Client) -> None:
    account = add_account(db, activated_at=None)
    forged = tokens.sign(
        SECRET[::-1] + "x", service.ACTIVATION, account.id, account.password_hash, START + DAY
    )
    assert client.post(f"/activate/{forged}").status_code == 404
