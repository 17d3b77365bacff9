"""Daftar akun: one page for everybody, the mailbox learns the rest; a link opens once, in time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server import audit, tokens
from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Preference, RoleGrant
from exam_server.signup import service
from tests.accounts.work import measured
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, PASSWORD, START, add_account, add_session
from tests.signup.samples import SECRET, activation_token, letters_to, link_in, reset_token

EMAIL = "ayu@surel.example"
TYPED = {"name": "Ayu Lestari", "email": EMAIL, "password": PASSWORD}


def sign_up(client: Client, **changed: str) -> TestResponse:
    return client.submit("/signup", **(TYPED | changed))


def accounts(db: Database) -> list[Account]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Account)))


def activation_link(db: Database, email: str = EMAIL) -> str:
    return link_in(letters_to(db, email)[-1], "/activate/")


def can_sign_in(app: Flask, password: str = PASSWORD, email: str = EMAIL) -> bool:
    return Client(app).post("/login", email=email, password=password).status_code == 303


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

KNOWN, WAITING, UNKNOWN = "aktif@surel.example", "menunggu@surel.example", "tidak-ada@surel.example"
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
