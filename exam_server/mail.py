"""Letters: written into the outbox by the transaction of the act they tell, so both happen or none.

A letter links to pages with `link("/status")`; the address of this installation is put in when it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.language import DEFAULT
from exam_server.models import Account, Mail, Preference

ADDRESS = "\x1aaddress\x1a"
"""Stands for BASE_URL in a body; no person can type it."""


@dataclass(frozen=True)
class Letter:
    """Plain text in one language; paragraphs are divided by an empty line."""

    subject: str
    body: str


def link(path: str) -> str:
    """The full address of a page of this installation, once the letter leaves."""
    return ADDRESS + path


def post(tx: Session, letter: Letter, recipient: str, now: datetime, account_id: int | None = None) -> None:
    """The letter leaves soon after, and only if, this transaction commits."""
    tx.add(Mail(**_row(letter, recipient, now, account_id)))


def _row(letter: Letter, recipient: str, now: datetime, account_id: int | None) -> dict[str, Any]:
    return {"account_id": account_id, "recipient": recipient, "subject": " ".join(letter.subject.split()),
            "body": letter.body, "written_at": now, "next_at": now}  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """To whom a letter goes, and in which language."""

    account_id: int
    name: str
    email: str
    language: str


def reader(tx: Session, account_id: int) -> Reader:
    """How to write to this account."""
    row = tx.execute(
        sa.select(Account.name, Account.email, Preference.language)
        .outerjoin(Preference, Preference.account_id == Account.id)
        .where(Account.id == account_id)
    ).one()
    return Reader(account_id, row.name, row.email, row.language or DEFAULT)


def write_to(tx: Session, person: Reader, letter: Letter, now: datetime) -> None:
    """Post the letter to an account's own address."""
    post(tx, letter, person.email, now, person.account_id)


def write_to_each(tx: Session, letters: Iterable[tuple[Reader, Letter]], now: datetime) -> None:
    """Post many letters in one statement, each to its account's own address."""
    rows = [_row(letter, person.email, now, person.account_id) for person, letter in letters]
    if rows:
        tx.execute(sa.insert(Mail), rows)
