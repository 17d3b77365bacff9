"""Akun saya: every change needs the password or a code, is told by letter, and nobody learns about others."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Office, SecondFactor
from tests.accounts.work import measured
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, PASSWORD, START, add_account, add_scene, add_session
from tests.signup.samples import NEW_EMAIL, email_token, letters_to, link_in, reset_token

EMAIL = "ayu@surel.example"
NEW = "sandi baru di tepi sawah"


@pytest.fixture
def office(db: Database) -> Office:
    return add_scene(db, items=0).office


@pytest.fixture
def account(db: Database) -> Account:
    return add_account(db, PASSWORD, email=EMAIL, name="Ayu Lestari")


@pytest.fixture
def me(client: Client, account: Account) -> Client:
    return client.sign_in(account.id)


@pytest.fixture
def official(client: Client, db: Database, account: Account, office: Office) -> Client:
    accounts.grant_role(db, account.id, "screener", office.id, START - DAY)
    return client.sign_in(account.id)


def stored(db: Database, account: Account) -> Account:
    with db.read() as tx:
        return tx.get_one(Account, account.id)


def acts(db: Database) -> list[str]:
    with db.read() as tx:
        return [act for act in tx.scalars(sa.select(AuditEntry.act)) if not act.startswith("role.")]


def can_sign_in(app: Flask, password: str, email: str = EMAIL) -> bool:
    return Client(app).post("/login", email=email, password=password).status_code == 303


def test_the_page_shows_the_account_and_where_it_is_signed_in(
    db: Database, me: Client, account: Account
) -> None:
    add_session(db, account.id)
    page = me.get("/account").get_data(as_text=True)
    assert EMAIL in page
    assert page.count("Mozilla/5.0 (Android)") == 2
    assert page.count("perangkat ini)") == 1
    assert "/documents/views" in page
    assert "/help" in page
    assert "/account/second-factor" not in page


def test_other_browsers_can_be_signed_out(app: Flask, db: Database, me: Client, account: Account) -> None:
    other = Client(app).sign_in(account.id)
    stranger = Client(app).sign_in(add_account(db).id)
    assert me.post("/account/sessions/end").status_code == 303
    assert me.get_json("/account").status_code == 200
    assert other.get_json("/account").status_code == 401
    assert stranger.get_json("/account").status_code == 200


def test_a_new_password_ends_every_other_session_and_is_told_by_letter(
    app: Flask, db: Database, me: Client, account: Account
) -> None:
    other = Client(app).sign_in(account.id)
    assert me.post("/account/password", current=PASSWORD, password=NEW).status_code == 303
    assert me.get_json("/account").status_code == 200
    assert other.get_json("/account").status_code == 401
    assert can_sign_in(app, NEW)
    assert not can_sign_in(app, PASSWORD)
    assert [letter.subject for letter in letters_to(db, EMAIL)] == ["Kata sandi akun Anda sudah diganti"]
    assert acts(db) == ["account.password_changed"]


@pytest.mark.parametrize(
    ("form", "code", "field"),
    [
        ({"current": "salah", "password": NEW}, "wrong_current_password", "current-for-password"),
        ({"password": NEW}, "wrong_current_password", "current-for-password"),
        ({"current": PASSWORD, "password": "pendek"}, "password_too_short", "password"),
        ({"current": PASSWORD, "password": "ayulestari26"}, "password_guessable", "password"),
        ({"current": PASSWORD, "password": "x" * 129}, "password_too_long", "password"),
    ],
)
def test_a_refused_change_of_password_changes_nothing(
    app: Flask, db: Database, me: Client, account: Account, form: dict[str, str], code: str, field: str
) -> None:
    answer = me.submit("/account/password", **form)
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count("autofocus") == 1
    assert me.post("/account/password", **form).get_json()["code"] == code
    assert can_sign_in(app, PASSWORD)
    assert letters_to(db, EMAIL) == []


def test_the_current_password_cannot_be_guessed_from_an_open_session(me: Client, account: Account) -> None:
    tries = [me.post("/account/password", current="salah", password=NEW) for _ in range(5)]
    assert {answer.status_code for answer in tries} == {422}
    refused = me.submit("/account/password", current=PASSWORD, password=NEW)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert me.post("/account/email", current=PASSWORD, email=NEW_EMAIL).status_code == 429


def test_a_pending_reset_link_dies_when_the_password_changes(me: Client, account: Account) -> None:
    link = f"/password/new/{reset_token(account)}"
    me.post("/account/password", current=PASSWORD, password=NEW)
    assert me.get(link).status_code == 410


def test_a_new_address_counts_after_its_own_letter_was_answered(
    app: Flask, db: Database, me: Client, account: Account
) -> None:
    assert me.post("/account/email", current=PASSWORD, email=f" {NEW_EMAIL.upper()} ").status_code == 303
    assert stored(db, account).email == EMAIL
    assert NEW_EMAIL in letters_to(db, EMAIL)[-1].body
    link = link_in(letters_to(db, NEW_EMAIL)[-1], "/account/email/")
    assert NEW_EMAIL in me.get(link).get_data(as_text=True)
    assert stored(db, account).email == EMAIL
    assert me.post(link).status_code == 303
    assert stored(db, account).email == NEW_EMAIL
    assert me.get_json("/account").status_code == 200
    for address in (EMAIL, NEW_EMAIL):
        assert "sudah diganti" in letters_to(db, address)[-1].subject
    assert can_sign_in(app, PASSWORD, NEW_EMAIL)
    assert me.post(link).status_code == 410
    assert acts(db) == ["account.email_asked", "account.email_changed"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"email": NEW_EMAIL, "current": "salah"}, "wrong_current_password"),
        ({"email": "ayu@surel", "current": PASSWORD}, "email_unusable"),
        ({"email": " AYU@surel.example", "current": PASSWORD}, "same_email"),
    ],
)
def test_a_refused_wish_for_an_address_keeps_what_was_typed(
    db: Database, me: Client, account: Account, form: dict[str, str], code: str
) -> None:
    answer = me.submit("/account/email", **form)
    assert answer.status_code == 422
    assert f'value="{form["email"]}"' in answer.get_data(as_text=True)
    assert me.post("/account/email", **form).get_json()["code"] == code
    assert letters_to(db, EMAIL) == letters_to(db, NEW_EMAIL) == []


def test_whether_the_new_address_is_taken_only_its_owner_learns(
    db: Database, me: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = add_account(db).email
    told = []
    for address in (taken, NEW_EMAIL):
        me.csrf()
        with measured(monkeypatch) as work:
            answer = me.submit("/account/email", current=PASSWORD, email=address)
        told.append((answer.status_code, answer.headers["Location"], work.hashes, work.statements))
    assert told[0] == told[1]
    assert "/account/email/" not in letters_to(db, taken)[-1].body


def test_an_address_that_was_taken_meanwhile_is_refused(db: Database, me: Client, account: Account) -> None:
    link = f"/account/email/{email_token(account)}"
    add_account(db, email=NEW_EMAIL)
    answer = me.post(link)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "email_taken")
    assert stored(db, account).email == EMAIL


def test_a_link_for_an_address_lives_a_day_and_knows_its_account(
    app: Flask, db: Database, me: Client, account: Account, clock: SetClock
) -> None:
    link = f"/account/email/{email_token(account)}"
    stranger = Client(app).sign_in(add_account(db).id)
    assert stranger.get(link).status_code == 404
    assert stranger.post(link).status_code == 404
    assert Client(app).get(link).status_code == 302
    for token in (reset_token(account), "x", "é"):
        assert me.post(f"/account/email/{token}").status_code == 404
    clock.at += timedelta(days=1)
    again = Client(app).sign_in(account.id)
    assert again.get(link).status_code == 410
    assert again.post(link).status_code == 410
    assert stored(db, account).email == EMAIL


def proposal(client: Client) -> tuple[str, str]:
    """(token, secret) of the page that proposes a second step."""
    page = client.get("/account/second-factor").get_data(as_text=True)
    token, spoken = (
        re.search(r'name="token" value="([^"]+)"', page),
        re.search(r"<strong[^>]*>([A-Z2-7 ]+)<", page),
    )
    assert token
    assert spoken
    assert 'src="data:image/svg+xml' in page
    return token[1], spoken[1].replace(" ", "")


def set_up(client: Client, code_at: timedelta = timedelta(0)) -> tuple[str, TestResponse]:
    token, secret = proposal(client)
    code = pyotp.TOTP(secret).at(START + code_at)
    return secret, client.post("/account/second-factor", token=token, code=code)


def test_an_official_sets_up_a_second_step_and_is_asked_for_it(
    app: Flask, db: Database, official: Client, account: Account
) -> None:
    secret, answer = set_up(official)
    assert answer.status_code == 303
    with db.read() as tx:
        factor = tx.get_one(SecondFactor, account.id)
    assert (factor.secret, factor.confirmed_at) == (secret, START)
    assert "kedua" in letters_to(db, EMAIL)[-1].subject
    assert acts(db) == ["second_factor.set"]
    asked = Client(app).post("/login", email=EMAIL, password=PASSWORD)
    assert 'action="/login/code"' in asked.get_data(as_text=True)


def test_looking_at_the_proposal_stores_nothing_and_is_new_each_time(db: Database, official: Client) -> None:
    assert proposal(official)[1] != proposal(official)[1]
    with db.read() as tx:
        assert tx.scalars(sa.select(SecondFactor)).all() == []


def test_the_code_that_set_it_up_is_used(app: Flask, db: Database, official: Client, clock: SetClock) -> None:
    secret, _ = set_up(official)
    client = Client(app)
    page = client.post("/login", email=EMAIL, password=PASSWORD).get_data(as_text=True)
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    code = pyotp.TOTP(secret).at(START)
    assert client.post("/login/code", token=found[1], code=code).status_code == 422


def test_a_wrong_code_sets_nothing_up_and_keeps_the_secret(db: Database, official: Client) -> None:
    token, secret = proposal(official)
    answer = official.submit("/account/second-factor", token=token, code="000000")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="code-problem"' in page
    assert token in page
    assert secret in page.replace(" ", "")
    assert [official.post("/account/second-factor", token=token, code="1").status_code for _ in range(5)][
        -1
    ] == 429


@pytest.mark.parametrize("how", ["late", "foreign", "invented"])
def test_a_proposal_that_is_no_more_is_made_anew(
    app: Flask, db: Database, official: Client, office: Office, clock: SetClock, how: str
) -> None:
    colleague = add_account(db)
    accounts.grant_role(db, colleague.id, "proctor", office.id, START)
    token, secret = proposal(Client(app).sign_in(colleague.id) if how == "foreign" else official)
    if how == "late":
        clock.pass_by(minutes=30)
    code = pyotp.TOTP(secret).at(clock.at)
    answer = official.post("/account/second-factor", token="x" if how == "invented" else token, code=code)
    assert answer.headers["Location"] == "/account/second-factor"
    with db.read() as tx:
        assert tx.scalars(sa.select(SecondFactor)).all() == []


def test_a_second_step_that_stands_is_not_replaced(db: Database, official: Client, account: Account) -> None:
    token, other = proposal(official)
    secret, _ = set_up(official)
    official.post("/account/second-factor", token=token, code=pyotp.TOTP(other).at(START))
    with db.read() as tx:
        assert tx.get_one(SecondFactor, account.id).secret == secret


def test_removing_it_needs_a_fresh_code(app: Flask, db: Database, official: Client) -> None:
    secret, _ = set_up(official)
    for code in ("000000", pyotp.TOTP(secret).at(START)):
        answer = official.submit("/account/second-factor/remove", code=code)
        assert answer.status_code == 422
        assert 'action="/account/second-factor/remove"' in answer.get_data(as_text=True)
    fresh = pyotp.TOTP(secret).at(START + timedelta(seconds=30))
    assert official.post("/account/second-factor/remove", code=fresh).status_code == 303
    assert acts(db) == ["second_factor.set", "second_factor.removed"]
    assert "dilepas" in letters_to(db, EMAIL)[-1].subject
    assert can_sign_in(app, PASSWORD)


def test_candidates_have_no_second_step(me: Client) -> None:
    for answer in (
        me.get("/account/second-factor"),
        me.post("/account/second-factor", token="x", code="1"),
        me.post("/account/second-factor/remove", code="1"),
    ):
        assert answer.status_code == 403


def test_an_official_in_production_can_reach_the_set_up_and_nothing_else(
    secure_client: Client, db: Database, account: Account
) -> None:
    accounts.grant_role(db, account.id, "superadmin", None, START)
    secure_client.sign_in(account.id)
    assert secure_client.get_json("/board").get_json()["code"] == "second_factor_needed"
    assert set_up(secure_client)[1].status_code == 303
    assert secure_client.get("/board").status_code == 200
