"""Letters on request: bounded, alike for known and unknown addresses."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from exam_server.db import Database
from exam_server.signup import service
from tests.accounts.work import measured
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import PASSWORD, add_account
from tests.signup.newcomers import (
    EMAIL,
    KNOWN,
    TYPED,
    UNKNOWN,
    WAITING,
    accounts,
    activation_link,
    can_sign_in,
    sign_up,
)
from tests.signup.samples import letters_to


def test_a_school_signs_up_from_one_address_in_an_hour(app: Flask, db: Database) -> None:
    statuses = {
        sign_up(Client(app), email=f"siswa{number}@surel.example").status_code for number in range(300)
    }
    assert statuses == {200}
    assert len(accounts(db)) == 300


def test_more_than_a_school_has_to_wait(
    client: Client, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ASKS_OF_ADDRESS", 2)
    statuses = [sign_up(client, email=f"x{number}@surel.example").status_code for number in range(3)]
    assert statuses == [200, 200, 429]
    assert len(accounts(db)) == 2


def test_nobody_can_flood_a_mailbox(client: Client, db: Database, clock: SetClock) -> None:
    for _ in range(8):
        assert sign_up(client).status_code == 200
    assert len(letters_to(db, EMAIL)) == 5
    clock.pass_by(hours=1)
    sign_up(client)
    assert len(letters_to(db, EMAIL)) == 6


NONCE = re.compile(r' nonce="[^"]+"')
"""Every answer has one of its own."""
ASKING = ("/signup", "/activation", "/password/forgotten")


@pytest.mark.parametrize("path", ASKING)
def test_nobody_learns_whether_an_address_is_known(
    app: Flask, db: Database, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    add_account(db, PASSWORD, email=KNOWN)
    add_account(db, PASSWORD, email=WAITING, activated_at=None)
    told = []
    for email in (KNOWN, WAITING, UNKNOWN):
        client = Client(app)
        client.csrf()
        with measured(monkeypatch) as work:
            answer = client.submit(path, **(TYPED | {"email": email}))
        page = NONCE.sub("", answer.get_data(as_text=True)).replace(email, "x")
        told.append((answer.status_code, page, work))
    assert {status for status, _, _ in told} == {200}
    assert len({page for _, page, _ in told}) == 1
    assert {work.hashes for _, _, work in told} == ({1} if path == "/signup" else {0})
    counts = [work.statements for _, _, work in told]
    assert max(counts) - min(counts) <= 3, counts


@pytest.mark.parametrize("path", ["/activation", "/password/forgotten"])
@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_asking_for_letters_is_bounded_alike_for_known_and_unknown(
    client: Client, db: Database, path: str, email: str
) -> None:
    add_account(db, PASSWORD, email=KNOWN)
    answers = [client.submit(path, email=email) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["Retry-After"]
    assert email in answers[-1].get_data(as_text=True)


@pytest.mark.parametrize("path", ["/activation", "/password/forgotten"])
def test_an_unreadable_address_is_told_beside_its_field(client: Client, path: str) -> None:
    answer = client.submit(path, email="ayu@")
    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.get_data(as_text=True)
    assert 'value="ayu@"' in answer.get_data(as_text=True)


def test_another_activation_link_works_and_a_stranger_gets_none(
    app: Flask, client: Client, db: Database
) -> None:
    add_account(db, PASSWORD, email=EMAIL, activated_at=None)
    client.submit("/activation", email=EMAIL)
    client.submit("/activation", email=UNKNOWN)
    assert letters_to(db, UNKNOWN) == []
    client.post(activation_link(db))
    assert can_sign_in(app)
