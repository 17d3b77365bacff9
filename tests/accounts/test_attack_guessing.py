"""Guessing passwords: bounded for strangers, harmless for the owner's own browser, fair to a whole school."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.accounts import entrance, passwords
from exam_server.db import Database
from exam_server.models import Account, KnownDevice
from exam_server.throttle import TooMany
from tests.accounts.work import measured
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import PASSWORD, START, add_account

EMAIL = "ayu@surel.example"
NOBODY = "tidak-ada@surel.example"


@pytest.fixture
def account(db: Database) -> Account:
    return add_account(db, PASSWORD, email=EMAIL)


def sign_in(client: Client, password: str = PASSWORD, email: str = EMAIL) -> TestResponse:
    return client.post("/login", email=email, password=password)


def guess(client: Client, times: int, email: str = EMAIL) -> list[int]:
    return [sign_in(client, "salah", email).status_code for _ in range(times)]


@pytest.mark.parametrize("email", [EMAIL, NOBODY, " AYU@surel.example "])
def test_the_sixth_try_is_not_heard_whether_or_not_the_address_is_known(
    client: Client, account: Account, email: str
) -> None:
    assert guess(client, 5, email) == [401] * 5
    answer = sign_in(client, email=email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "15 menit" in answer.get_json()["sentence"]


def test_the_refusal_is_a_page_that_keeps_the_address(client: Client, account: Account) -> None:
    guess(client, 5)
    answer = client.submit("/login", email=EMAIL, password=PASSWORD)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 429
    assert EMAIL in page
    assert PASSWORD not in page
    assert answer.headers["Retry-After"]


def test_after_a_quarter_of_an_hour_it_is_heard_again(
    client: Client, account: Account, clock: SetClock
) -> None:
    guess(client, 6)
    clock.pass_by(minutes=15)
    assert sign_in(client).status_code == 303


def test_strangers_cannot_lock_the_owner_out_of_a_known_browser(
    app: Flask, client: Client, account: Account
) -> None:
    assert sign_in(client).status_code == 303
    client.post("/logout")
    stranger = Client(app)
    assert guess(stranger, 6)[-1] == 429
    assert sign_in(client).status_code == 303
    assert sign_in(stranger).status_code == 429


def test_a_known_browser_is_bounded_by_its_own_counter(client: Client, account: Account) -> None:
    sign_in(client)
    assert guess(client, 6) == [401] * 5 + [429]


def test_an_invented_browser_token_is_a_strangers(app: Flask, account: Account) -> None:
    for number in range(6):
        client = Client(app)
        client.set_cookie("device", f"{number:043d}")
        status = sign_in(client, "salah").status_code
    assert status == 429


def test_a_browser_known_to_one_account_is_a_strangers_to_another(
    app: Flask, client: Client, db: Database, account: Account
) -> None:
    other = add_account(db, PASSWORD)
    assert sign_in(client, email=other.email).status_code == 303
    assert guess(Client(app), 5) == [401] * 5
    assert sign_in(client).status_code == 429


def test_a_shared_phone_is_known_to_everybody_who_signed_in_on_it(
    app: Flask, client: Client, db: Database, account: Account
) -> None:
    other = add_account(db, PASSWORD)
    sign_in(client)
    sign_in(client, email=other.email)
    for email in (EMAIL, other.email):
        guess(Client(app), 6, email)
        assert sign_in(client, email=email).status_code == 303


def test_the_browser_token_is_long_lived_and_only_its_hash_is_stored(
    db: Database, secure_client: Client, account: Account
) -> None:
    answer = sign_in(secure_client)
    line = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-device="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in line.split(";")}
    assert "Max-Age=34560000" in line
    token = secure_client.cookie("__Host-device")
    assert token
    assert len(token) == 43
    with db.read() as tx:
        stored = tx.scalars(sa.select(KnownDevice)).one()
    assert stored.account_id == account.id
    assert token not in stored.token_hash


def test_signing_in_again_keeps_one_row_per_browser(db: Database, client: Client, account: Account) -> None:
    for _ in range(3):
        sign_in(client)
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(KnownDevice.id))) == 1


def test_good_tries_do_not_count(app: Flask, account: Account) -> None:
    assert [sign_in(Client(app)).status_code for _ in range(8)] == [303] * 8


def test_three_hundred_candidates_of_one_school_sign_in_and_each_mistypes_once(
    app: Flask, db: Database
) -> None:
    hashed = passwords.hash_password(PASSWORD)
    people = [add_account(db, password_hash=hashed).email for _ in range(300)]
    answers = set()
    for email in people:
        client = Client(app)
        answers.add((sign_in(client, "salah", email).status_code, sign_in(client, email=email).status_code))
    assert answers == {(401, 303)}


def test_an_address_that_only_fails_is_stopped(
    app: Flask, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "FAILURES_OF_ADDRESS", 8)
    statuses = [sign_in(Client(app), "salah", f"x{number}@surel.example").status_code for number in range(9)]
    assert statuses == [401] * 8 + [429]
    assert sign_in(Client(app)).status_code == 429
    elsewhere = Client(app)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert sign_in(elsewhere).status_code == 303


def test_guesses_at_the_same_instant_are_bounded_too(db: Database, account: Account) -> None:
    told, together = [], threading.Barrier(20)
    browser = entrance.Browser("203.0.113.7", "uji", "")

    def one() -> None:
        together.wait(20)
        try:
            entrance.knock(db, EMAIL, browser, START)
            told.append("heard")
        except TooMany:
            told.append("refused")

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["heard"] * 5 + ["refused"] * 15


def test_known_and_unknown_addresses_cost_the_same_work(
    app: Flask, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for email in (EMAIL, NOBODY):
        client = Client(app)
        client.csrf()
        with measured(monkeypatch) as work:
            answer = client.submit("/login", email=email, password="salah sekali")
        page = answer.get_data(as_text=True).replace(email, "")
        told.append((answer.status_code, len(page) // 50, work.hashes, work.statements))
    assert told[0] == told[1]
    assert told[0][2] == 1


def test_an_old_hash_is_renewed_at_sign_in(
    db: Database, client: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert sign_in(client).status_code == 303
    with db.read() as tx:
        renewed = tx.get_one(Account, account.id).password_hash
    assert renewed.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert sign_in(client).status_code == 303
    with db.read() as tx:
        assert tx.get_one(Account, account.id).password_hash == renewed


def test_a_password_of_more_than_the_longest_is_no_password(db: Database, client: Client) -> None:
    longest = "kata demi kata " * 8 + "selesai!"
    assert len(longest) == 128
    person = add_account(db, longest)
    assert sign_in(client, longest + "x", person.email).status_code == 401
    assert sign_in(client, longest, person.email).status_code == 303


def test_only_the_right_password_learns_that_an_account_waits_for_activation(
    db: Database, client: Client
) -> None:
    waiting = add_account(db, PASSWORD, activated_at=None)
    assert sign_in(client, "salah", waiting.email).get_json()["code"] == "wrong_credentials"
    answer = client.submit("/login", email=waiting.email, password=PASSWORD)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert 'action="/activation"' in page
    assert waiting.email in page
    assert client.token == ""
