"""One request that may be granted, and one link that may be used, for whoever walks through every route."""

from __future__ import annotations

from exam_server import tokens
from exam_server.db import Database
from exam_server.models import Account, HelpRequest, Office
from exam_server.recovery import lost_email
from tests.factories import DAY, START, add, add_account

SECRET = "s" * 40
"""Of every application that the tests make."""


def make_request(account: Account, office: Office, **changed: object) -> HelpRequest:
    """A request for erasure by somebody who never applied."""
    values: dict[str, object] = {
        "kind": "erasure", "office_id": office.id, "account_id": account.id, "nik": None,
        "name": account.name, "email": account.email, "asked_at": START,
        "explanation": "Tidak jadi mendaftar.",
    }  # fmt: skip
    return HelpRequest(**(values | changed))


def add_request(db: Database, office: Office) -> HelpRequest:
    """It waits for an answer of this office."""
    return add(db, make_request(add_account(db), office))


def add_link(db: Database, office: Office) -> str:
    """The token of a link that changes a fresh account's address."""
    owner = add_account(db)
    decided = {"resolved_at": START, "resolved_by": owner.id, "outcome": "granted", "answer": "Cocok."}
    email = f"baru-{owner.id}@surel.example"
    request = add(db, make_request(owner, office, kind="email", account_id=None, email=email, **decided))
    bound = f"{owner.email} {owner.password_hash}"
    return tokens.sign(SECRET, lost_email.PURPOSE, owner.id, bound, START + DAY, request.public_id)
