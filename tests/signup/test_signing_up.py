"""Daftar akun: one page for everybody, the mailbox learns the rest; a link opens once, in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server import audit
from exam_server.db import Database
from exam_server.models import AuditEntry, Preference, RoleGrant
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import PASSWORD, START, add_account
from tests.signup.newcomers import (
    EMAIL,
    TYPED,
    accounts,
    activation_link,
    can_sign_in,
    sign_up,
)
from tests.signup.samples import activation_token, letters_to, link_in, reset_token


def test_a_new_person_activates_the_account_and_signs_in(app: Flask, client: Client, db: Database) -> None:
    answer = sign_up(client, email=" AYU@Surel.Example ")
    assert answer.status_code == 200
    assert EMAIL in answer.get_data(as_text=True)
    (account,) = accounts(db)
    assert (account.email, account.name, account.activated_at) == (EMAIL, "Ayu Lestari", None)
    assert account.password_hash.startswith("$argon2id$")
    assert not can_sign_in(app)
    link = activation_link(db)
    assert 'method="post"' in client.get(link).get_data(as_text=True)
    assert client.post(link).status_code == 303
    assert accounts(db)[0].activated_at == START
    assert can_sign_in(app)
    with db.read() as tx:
        assert tx.scalars(sa.select(AuditEntry.act)).all() == ["account.registered", "account.activated"]
        assert audit.broken_at(tx) == []


def test_looking_at_the_link_activates_nothing(client: Client, db: Database) -> None:
    sign_up(client)
    for _ in range(3):
        assert client.get(activation_link(db)).status_code == 200
    assert accounts(db)[0].activated_at is None


def test_a_second_visit_says_that_the_account_is_active(
    client: Client, db: Database, clock: SetClock
) -> None:
    sign_up(client)
    link = activation_link(db)
    client.post(link)
    clock.pass_by(hours=1)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code in (200, 303)
    assert "sudah aktif" in client.get(link).get_data(as_text=True)
    assert accounts(db)[0].activated_at == START


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"name": " "}, "name_unusable", "name"),
        ({"email": "ayu@surel"}, "email_unusable", "email"),
        ({"password": "pendek"}, "password_too_short", "password"),
        ({"password": "x" * 129}, "password_too_long", "password"),
        ({"password": "password123"}, "password_guessable", "password"),
        ({"password": "ayu-lestari-26"}, "password_guessable", "password"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_where(
    client: Client, db: Database, changed: dict[str, str], code: str, field: str
) -> None:
    answer = sign_up(client, **changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in page
    assert page.count("autofocus") == 1
    for kept in {"name", "email"} - set(changed):
        assert TYPED[kept] in page
    assert (TYPED | changed)["password"] not in page
    assert accounts(db) == []
    assert client.post("/signup", **(TYPED | changed)).get_json()["code"] == code


def test_every_field_that_is_wrong_is_told_at_once(client: Client) -> None:
    page = sign_up(client, name="", email="x", password="").get_data(as_text=True)
    assert [page.count(f'id="{field}-problem"') for field in ("name", "email", "password")] == [1, 1, 1]


def test_a_long_passphrase_works_unmodified(app: Flask, client: Client, db: Database) -> None:
    sentence = ("rumput hijau di tepi  sawah " * 5)[:127] + "!"
    assert sign_up(client, password=sentence).status_code == 200
    client.post(activation_link(db))
    assert can_sign_in(app, sentence)
    assert not can_sign_in(app, sentence[:-1])


def test_only_what_the_form_asks_for_is_taken(client: Client, db: Database) -> None:
    sign_up(
        client, role="admin", activated_at="2020-01-01", id="77", is_admin="1", public_id="x", office_id="1"
    )
    (account,) = accounts(db)
    assert (account.activated_at, account.id, account.public_id == "x") == (None, account.id, False)
    assert account.id != 77
    with db.read() as tx:
        assert tx.scalars(sa.select(RoleGrant)).all() == []


def test_an_address_with_an_active_account_gets_a_letter_instead(
    app: Flask, client: Client, db: Database
) -> None:
    add_account(db, PASSWORD, email=EMAIL)
    assert sign_up(client, password="sandi lain punya pencuri").status_code == 200
    (letter,) = letters_to(db, EMAIL)
    assert "/activate/" not in letter.body
    assert link_in(letter, "/password/forgotten")
    assert can_sign_in(app)
    assert not can_sign_in(app, "sandi lain punya pencuri")


def test_signing_up_again_before_activation_counts_with_the_newest_password_only(
    app: Flask, client: Client, db: Database
) -> None:
    sign_up(client)
    first = activation_link(db)
    sign_up(client, name="Ayu L", password="sandi yang kedua kali")
    assert client.get(first).status_code == 410
    assert client.post(first).status_code == 410
    assert accounts(db)[0].activated_at is None
    client.post(activation_link(db))
    assert can_sign_in(app, "sandi yang kedua kali")
    assert not can_sign_in(app, PASSWORD)


def test_a_disabled_account_is_not_opened_by_signing_up(app: Flask, client: Client, db: Database) -> None:
    account = add_account(db, PASSWORD, email=EMAIL, activated_at=None, disabled_at=START)
    assert sign_up(client).status_code == 200
    assert client.post(f"/activate/{activation_token(account)}").status_code == 410
    assert not can_sign_in(app)


def test_an_activation_link_lives_a_day(client: Client, db: Database, clock: SetClock) -> None:
    sign_up(client)
    link = activation_link(db)
    clock.at += timedelta(hours=24) - timedelta(milliseconds=1)
    assert client.get(link).status_code == 200
    clock.at += timedelta(milliseconds=1)
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
    assert "/activation" in client.get(link).get_data(as_text=True)
    assert accounts(db)[0].activated_at is None


def test_a_link_of_another_purpose_or_no_link_opens_nothing(client: Client, db: Database) -> None:
    account = add_account(db, activated_at=None)
    for token in (reset_token(account), activation_token(account)[:-1], "x", "é", "a.b.c"):
        assert client.get(f"/activate/{token}").status_code == 404
        assert client.post(f"/activate/{token}").status_code == 404
    assert client.get(f"/password/new/{activation_token(account)}").status_code == 404
    assert accounts(db)[0].activated_at is None


def test_letters_follow_the_language_of_the_page_and_then_of_the_person(client: Client, db: Database) -> None:
    client.set_cookie("language", "en")
    sign_up(client)
    with db.read() as tx:
        assert tx.scalars(sa.select(Preference.language)).one() == "en"
    client.post(activation_link(db))
    client.sign_in(accounts(db)[0].id)
    client.post("/language", language="id")
    with db.read() as tx:
        assert tx.scalars(sa.select(Preference.language)).one() == "id"


def test_the_demo_without_mail_says_where_the_letter_can_be_read(make_app: object, client: Client) -> None:
    assert "Surat keluar" in sign_up(client).get_data(as_text=True)
    sending = Client(make_app(mail_url="smtp://localhost:2525"))  # type: ignore[operator]
    assert "Surat keluar" not in sign_up(sending).get_data(as_text=True)
