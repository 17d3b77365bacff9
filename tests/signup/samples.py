"""Links as the letters carry them, for accounts that a test knows."""

from __future__ import annotations

import re
from datetime import datetime

import sqlalchemy as sa

from exam_server import tokens
from exam_server.db import Database
from exam_server.models import Account, Mail
from exam_server.my_account.service import CHANGE_EMAIL
from exam_server.signup.service import ACTIVATION, ACTIVATION_LIFE, RESET, RESET_LIFE
from tests.factories import DAY, START

SECRET = "s" * 40
NEW_EMAIL = "alamat-baru@surel.example"


def activation_token(account: Account, now: datetime = START) -> str:
    return tokens.sign(SECRET, ACTIVATION, account.id, account.password_hash, now + ACTIVATION_LIFE)


def reset_token(account: Account, now: datetime = START) -> str:
    bound_to = f"{account.email} {account.password_hash}"
    return tokens.sign(SECRET, RESET, account.id, bound_to, now + RESET_LIFE)


def email_token(account: Account, now: datetime = START) -> str:
    return tokens.sign(SECRET, CHANGE_EMAIL, account.id, account.email, now + DAY, NEW_EMAIL)


def letters_to(db: Database, email: str) -> list[Mail]:
    """Those written to this address, the newest last."""
    with db.read() as tx:
        return list(tx.scalars(sa.select(Mail).where(Mail.recipient == email).order_by(Mail.id)))


def link_in(letter: Mail, start: str) -> str:
    """The path in the letter that begins so."""
    found = re.search(re.escape(start) + r"\S*", letter.body)
    assert found, letter.body
    return found[0]
