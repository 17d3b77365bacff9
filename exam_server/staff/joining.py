"""Accepting an invitation: with a new account, or signed in as the one that was invited.

The link reached the address, so it also shows whose the address is: an account that was begun and never
activated there is taken over with a new password.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, tokens
from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.instants import ELSEWHERE
from exam_server.models import Account, Invitation, Office, RoleGrant
from exam_server.staff import people
from exam_server.staff.refusals import AlreadyHolds, CandidateAddress, OtherAccount, SignInFirst
from exam_server.staff.service import PURPOSE, as_it_stands


@dataclass(frozen=True)
class Opened:
    """An invitation as its reader sees it; `has_account` asks for signing in instead of a password."""

    name: str
    email: str
    role: str
    office: str | None
    inviter: str | None
    until: datetime
    zone: ZoneInfo
    has_account: bool


def look(db: Database, secret: str, token: str, now: datetime) -> Opened:
    """Who invites whom for what; raises LinkUnknown, LinkExpired."""
    with db.read() as tx:
        row = _invitation(tx, secret, token, now)
        office = tx.get(Office, row.office_id) if row.office_id else None
        inviter = tx.get(Account, row.invited_by) if row.invited_by else None
        account = _account(tx, row.email)
        return Opened(
            row.name, row.email, row.role, office.name if office else None, inviter.name if inviter else None,
            row.expires_at, ZoneInfo(office.zone) if office else ELSEWHERE,
            account is not None and account.activated_at is not None,
        )  # fmt: skip


def join(db: Database, secret: str, token: str, name: str, password_hash: str, now: datetime) -> None:
    """A new account with the role. Raises LinkUnknown, LinkExpired, CandidateAddress, and SignInFirst when
    the address has an account by now."""
    try:
        with db.write() as tx:
            row = _invitation(tx, secret, token, now)
            account = _account(tx, row.email)
            if account is None:
                account_id = accounts.add_account(tx, row.email, name, password_hash, now, now)
            elif account.activated_at is None and account.disabled_at is None:
                account.name, account.password_hash, account.activated_at = name, password_hash, now
                account_id = account.id
            else:
                raise SignInFirst
            _take(tx, row, account_id, now)
    except IntegrityError as problem:
        raise SignInFirst from problem


def accept(db: Database, secret: str, token: str, account_id: int, now: datetime) -> None:
    """The role for the signed-in account. Raises LinkUnknown, LinkExpired, OtherAccount, CandidateAddress,
    AlreadyHolds."""
    with db.write() as tx:
        row = _invitation(tx, secret, token, now)
        account = _account(tx, row.email)
        if account is None or account.id != account_id:
            raise OtherAccount
        if (row.role, row.office_id) in people.roles_of(tx, account_id):
            raise AlreadyHolds
        _take(tx, row, account_id, now)


def _take(tx: Session, row: Invitation, account_id: int, now: datetime) -> None:
    """Of two who use one link at once, one is in and the other is told; so is who applied meanwhile."""
    if people.has_applied(tx, account_id):
        raise CandidateAddress
    mine = sa.update(Invitation).where(
        Invitation.id == row.id, Invitation.expires_at == row.expires_at,
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None),
    )  # fmt: skip
    taken = mine.values(accepted_at=now, account_id=account_id)
    if tx.connection().execute(taken).rowcount != 1:
        raise tokens.LinkExpired
    tx.add(RoleGrant(account_id=account_id, role=row.role, office_id=row.office_id, granted_at=now))
    audit.record(tx, now=now, act="invitation.accepted", object_kind="invitation", object_id=row.id,
                 actor_id=account_id, office_id=row.office_id, detail={"role": row.role})  # fmt: skip
    audit.record(tx, now=now, act="role.granted", object_kind="account", object_id=account_id,
                 actor_id=row.invited_by, office_id=row.office_id, detail={"role": row.role})  # fmt: skip


def _invitation(tx: Session, secret: str, token: str, now: datetime) -> Invitation:
    claim = tokens.read(secret, PURPOSE, token, now)
    row = tx.get(Invitation, claim.subject)
    if row is None:
        raise tokens.LinkUnknown
    if not tokens.fits(claim, as_it_stands(row)):
        raise tokens.LinkExpired
    return row


def _account(tx: Session, email: str) -> Account | None:
    return tx.scalar(sa.select(Account).where(Account.email == email))
