"""Invitations and officials in a row of tests that use each of them up."""

from __future__ import annotations

import itertools

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, Invitation, Mail, Office, SecondFactor
from exam_server.staff import service
from exam_server.staff.rules import SUPERADMIN, Actor
from tests.factories import START, add, add_official

SECRET = "s" * 40
"""Of the applications that tests make."""

numbers = itertools.count(1)


def add_invitation(db: Database, office: Office, email: str | None = None) -> tuple[str, str]:
    """(public id, token of its link) of an open invitation as a screener."""
    inviter = Actor(add_official(db, "superadmin", None).id, "Superadmin", frozenset({SUPERADMIN}))
    address = email or f"undangan{next(numbers)}@kantor.example"
    wanted = service.Wanted(address, "Rina Lestari", "screener", office.id)
    path = service.invite(db, SECRET, wanted, inviter, START)
    with db.read() as tx:
        return tx.scalars(sa.select(Invitation.public_id).where(Invitation.email == address)).one(), path[6:]


def add_letter(db: Database) -> str:
    """The public id of a letter that waits."""
    letter = Mail(recipient="ayu@surel.example", subject="Halo", body="Isi", written_at=START, next_at=START)
    return add(db, letter).public_id


def add_equipped(db: Database, office: Office, role: str = "proctor") -> Account:
    """An official with a second step."""
    account = add_official(db, role, office)
    add(db, SecondFactor(account_id=account.id, secret="JBSWY3DPEHPK3PXP", confirmed_at=START))
    return account
