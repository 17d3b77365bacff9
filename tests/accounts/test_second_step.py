"""The second step of officials: no session before the code, each code once, every other way refused."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.accounts import second_factor, service
from exam_server.accounts.second_factor import WrongCode
from exam_server.db import Database
from exam_server.models import Account, SecondFactor
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import PASSWORD, START, add, add_account, add_scene

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EMAIL = "petugas@kantor.example"


def code(at: datetime = START) -> str:
    return pyotp.TOTP(SECRET).at(at)


@pytest.fixture
def official(db: Database) -> Account:
    account = add_account(db, PASSWORD, email=EMAIL)
    add(db, SecondFactor(account_id=account.id, secret=SECRET, confirmed_at=START - timedelta(days=1)))
    return account


def first_step(client: Client, password: str = PASSWORD) -> str:
    """The token of the page that asks for the code."""
    answer = client.post("/login", email=EMAIL, password=password, next="/board")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = re.search(r'name="token" value="([^"]+)"', answer.get_data(as_text=True))
    assert found
    return found[1]


def second_step(client: Client, token: str, typed: str) -> TestResponse:
    return client.post("/login/code", token=token, code=typed, next="/board")


def test_the_password_alone_opens_nothing_and_the_code_does(client: Client, official: Account) -> None:
    token = first_step(client)
    assert client.token == ""
    assert client.get_json("/account").status_code == 401
    answer = second_step(client, token, code())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/board")
    assert client.get_json("/account").status_code == 200


def test_a_code_is_used_once(app: Flask, official: Account) -> None:
    client, thief = Client(app), Client(app)
    assert second_step(client, first_step(client), code()).status_code == 303
    answer = second_step(thief, first_step(thief), code())
    assert (answer.status_code, answer.get_json()["code"]) == (422, "wrong_code")
    assert thief.token == ""


def test_a_code_of_before_the_one_used_last_is_refused(app: Flask, official: Account) -> None:
    first, late = Client(app), Client(app)
    ahead, behind = START + timedelta(seconds=30), START - timedelta(seconds=30)
    assert second_step(first, first_step(first), code(ahead)).status_code == 303
    for earlier in (START, behind):
        assert second_step(late, first_step(late), code(earlier)).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
def test_a_phone_may_be_one_step_off_by_the_servers_clock(
    client: Client, official: Account, seconds: int, status: int
) -> None:
    shown = code(START + timedelta(seconds=seconds))
    assert second_step(client, first_step(client), f" {shown[:3]} {shown[3:]} ").status_code == status


@pytest.mark.parametrize("typed", ["", "000000", "abcdef", "1" * 500, "１２３４５６", "é"])
def test_what_is_no_code_is_refused_beside_its_field(client: Client, official: Account, typed: str) -> None:
    answer = client.submit("/login/code", token=first_step(client), code=typed)
    assert answer.status_code == 422
    assert 'aria-describedby="code-problem code-hint"' in answer.get_data(as_text=True)


def test_five_wrong_codes_end_the_trying_even_with_a_new_password_step(
    client: Client, official: Account
) -> None:
    token = first_step(client)
    assert [second_step(client, token, "000000").status_code for _ in range(5)] == [422] * 5
    answer = second_step(client, first_step(client), code())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_the_second_step_waits_five_minutes(client: Client, official: Account, clock: SetClock) -> None:
    token = first_step(client)
    clock.pass_by(minutes=5)
    answer = second_step(client, token, code(clock.at))
    assert (answer.status_code, answer.get_json()["code"]) == (401, "second_step_over")


def test_a_first_step_dies_with_its_password(client: Client, db: Database, official: Account) -> None:
    token = first_step(client)
    with db.write() as tx:
        tx.get_one(Account, official.id).password_hash = "another"
    assert second_step(client, token, code()).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "x.y.z", "é"])
def test_an_invented_first_step_is_none(client: Client, official: Account, token: str) -> None:
    assert second_step(client, token, code()).status_code == 401


def test_a_wrong_password_is_told_as_for_everybody(client: Client, official: Account) -> None:
    assert client.post("/login", email=EMAIL, password="salah").status_code == 401


def test_simultaneous_uses_of_one_code_let_one_in(db: Database, official: Account) -> None:
    told, together = [], threading.Barrier(12)

    def one() -> None:
        together.wait(20)
        try:
            with db.write() as tx:
                second_factor.spend(tx, official.id, code(), START)
            told.append("in")
        except WrongCode:
            told.append("refused")

    threads = [threading.Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["in"] + ["refused"] * 11


def test_who_has_no_confirmed_factor_is_not_asked(client: Client, db: Database) -> None:
    account = add_account(db, PASSWORD, email=EMAIL)
    add(db, SecondFactor(account_id=account.id, secret=SECRET, confirmed_at=None))
    assert client.post("/login", email=EMAIL, password=PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        ((), "/status"),
        (("proctor",), "/board"),
        (("screener",), "/screening"),
        (("screener", "admin"), "/desk"),
    ],
)
def test_everybody_is_led_to_their_first_page(
    client: Client, db: Database, roles: tuple[str, ...], home: str
) -> None:

    office = add_scene(db, items=0).office
    account = add_account(db, PASSWORD, email=EMAIL)
    for role in roles:
        service.grant_role(db, account.id, role, office.id, START)
    assert client.post("/login", email=EMAIL, password=PASSWORD).headers["Location"] == home
    assert client.get("/login").headers["Location"] == home
    assert client.get("/login?next=/account").headers["Location"] == "/account"


def test_an_official_without_a_second_factor_is_led_to_set_it_up_in_production(
    secure_client: Client, db: Database
) -> None:

    account = add_account(db, PASSWORD, email=EMAIL)
    service.grant_role(db, account.id, "superadmin", None, START)
    answer = secure_client.post("/login", email=EMAIL, password=PASSWORD)
    assert answer.headers["Location"] == "/account/second-factor"


def test_signing_out_clears_the_cache_but_never_unsent_answers(client: Client, official: Account) -> None:
    client.sign_in(official.id)
    assert client.post("/logout").headers["Clear-Site-Data"] == '"cache"'
