"""A phone that two candidates share: who signs in ends what the phone was signed in to."""

from __future__ import annotations

from exam_server.accounts import service as accounts
from exam_server.db import Database
from tests.client import Client
from tests.factories import PASSWORD, START, add_account


def test_signing_in_again_ends_the_former_session_of_this_browser(db: Database, client: Client) -> None:
    first, second = add_account(db), add_account(db, PASSWORD)
    former = client.sign_in(first.id).token
    assert client.post("/login", email=second.email, password=PASSWORD).status_code == 303
    assert client.token != former
    assert accounts.live_session(db, former, START) is None
    assert accounts.live_session(db, client.token, START) is not None


def test_a_wrong_password_leaves_the_former_session_alone(db: Database, client: Client) -> None:
    first, second = add_account(db), add_account(db, PASSWORD)
    former = client.sign_in(first.id).token
    assert client.post("/login", email=second.email, password="bukan ini").status_code == 401
    assert accounts.live_session(db, former, START) is not None
