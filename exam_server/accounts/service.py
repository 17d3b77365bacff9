"""Signing in and out over revocable sessions; an account that is disabled is signed out in the same act."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.accounts import passwords
from exam_server.db import Database
from exam_server.errors import N_, Refusal
from exam_server.models import Account, RoleGrant, SecondFactor, ServerSession

SESSION_LIFE = timedelta(hours=12)


class WrongCredentials(Refusal):
    code = "wrong_credentials"
    status = 401
    sentence = N_("Surel atau kata sandi tidak cocok. Periksa kembali, termasuk spasi yang ikut tersalin.")


class EmailTaken(Refusal):
    code = "email_taken"
    sentence = N_("Alamat surel ini sudah mempunyai akun. Silakan masuk dengan akun itu.")


@dataclass(frozen=True)
class LiveSession:
    """Whom a token speaks for: account, session and roles as (role, office id or None)."""

    account_id: int
    session_id: int
    name: str
    email: str
    roles: frozenset[tuple[str, int | None]]
    second_factor: bool


def normal_email(email: str) -> str:
    """One spelling for one address: without blanks around it, in small letters."""
    return email.strip().lower()


def register(db: Database, email: str, name: str, password_hash: str, now: datetime) -> int:
    """A new, active account's id; raises EmailTaken."""
    account = Account(
        email=normal_email(email), name=name.strip(), password_hash=password_hash,
        created_at=now, activated_at=now,
    )  # fmt: skip
    try:
        with db.write() as tx:
            tx.add(account)
            tx.flush()  # the schema decides who was first
            audit.record(tx, now=now, act="account.registered", object_kind="account", object_id=account.id,
                         actor_id=account.id)  # fmt: skip
    except IntegrityError as problem:
        raise EmailTaken from problem
    return account.id


def grant_role(db: Database, account_id: int, role: str, office_id: int | None, now: datetime,
               actor_id: int | None = None) -> None:  # fmt: skip
    """The account holds `role` (for that office) from its next request on."""
    with db.write() as tx:
        tx.add(RoleGrant(account_id=account_id, role=role, office_id=office_id, granted_at=now))
        audit.record(tx, now=now, act="role.granted", object_kind="account", object_id=account_id,
                     actor_id=actor_id, office_id=office_id, detail={"role": role})  # fmt: skip


def password_of(db: Database, email: str) -> tuple[int, str] | None:
    """(account id, password hash) of an active account; hashing happens outside any transaction."""
    with db.read() as tx:
        found = tx.execute(
            sa.select(Account.id, Account.password_hash).where(
                Account.email == normal_email(email),
                Account.disabled_at.is_(None), Account.activated_at.is_not(None),
            )
        ).one_or_none()  # fmt: skip
        return (found.id, found.password_hash) if found else None


def check_password(found: tuple[int, str] | None, password: str) -> int:
    """The account's id; raises WrongCredentials. Slow on purpose: call it in a real thread."""
    account_id, stored = found or (0, None)
    if not passwords.verify(stored, password[: passwords.LONGEST]):
        raise WrongCredentials
    return account_id


def open_session(db: Database, account_id: int, device: str, now: datetime) -> str:
    """A fresh 256-bit token for the browser's cookie; only its hash is stored."""
    token = secrets.token_urlsafe(32)
    with db.write() as tx:
        tx.add(ServerSession(token_hash=hash_token(token), account_id=account_id, opened_at=now,
                             expires_at=now + SESSION_LIFE, device=device[:120]))  # fmt: skip
    return token


def end_session(db: Database, session_id: int, now: datetime) -> None:
    """Signed out here at once, on pages and on sockets."""
    with db.write() as tx:
        _end(tx, ServerSession.id == session_id, now)


def disable(db: Database, account_id: int, now: datetime, actor_id: int | None = None) -> None:
    """The account cannot sign in any more and every session of it ends in the same transaction."""
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == account_id).values(disabled_at=now))
        _end(tx, ServerSession.account_id == account_id, now)
        audit.record(tx, now=now, act="account.disabled", object_kind="account", object_id=account_id,
                     actor_id=actor_id)  # fmt: skip


def _end(tx: Session, which: sa.ColumnElement[bool], now: datetime) -> None:
    live = sa.update(ServerSession).where(which, ServerSession.ended_at.is_(None)).values(ended_at=now)
    tx.execute(live)


def changed_since(db: Database, since: datetime) -> dict[int, datetime]:
    """When (at or after `since`) sessions ended, or the roles of their accounts changed, by session id."""
    of_its_account = RoleGrant.account_id == ServerSession.account_id
    facts: tuple[sa.Select[Any, Any], ...] = (
        sa.select(ServerSession.id, ServerSession.ended_at).where(ServerSession.ended_at >= since),
        sa.select(ServerSession.id, RoleGrant.granted_at)
        .join(RoleGrant, of_its_account)
        .where(RoleGrant.granted_at >= since),
        sa.select(ServerSession.id, RoleGrant.ended_at)
        .join(RoleGrant, of_its_account)
        .where(RoleGrant.ended_at >= since),
    )
    latest: dict[int, datetime] = {}
    with db.read() as tx:
        for session_id, at in (row for fact in facts for row in tx.execute(fact)):
            latest[session_id] = max(at, latest.get(session_id, at))
    return latest


# Put together once: every request and every socket asks this.
_LIVE_SESSION = (
    sa.select(Account.id, Account.name, Account.email, ServerSession.id.label("session_id"),
              RoleGrant.role, RoleGrant.office_id, SecondFactor.confirmed_at)
    .join_from(ServerSession, Account, Account.id == ServerSession.account_id)
    .outerjoin(RoleGrant, (RoleGrant.account_id == Account.id) & RoleGrant.ended_at.is_(None))
    .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
    .where(ServerSession.token_hash == sa.bindparam("token_hash"), ServerSession.ended_at.is_(None),
           ServerSession.expires_at > sa.bindparam("now"), Account.disabled_at.is_(None))
)  # fmt: skip


def live_session(db: Database, token: str, now: datetime) -> LiveSession | None:
    """Whom this token speaks for right now; None when it was ended, has expired, or never was."""
    with db.look() as connection:
        rows = connection.execute(_LIVE_SESSION, {"token_hash": hash_token(token), "now": now}).all()
    if not rows:
        return None
    roles = frozenset((row.role, row.office_id) for row in rows if row.role)
    first = rows[0]
    return LiveSession(
        first.id, first.session_id, first.name, first.email, roles, first.confirmed_at is not None
    )


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
