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
from exam_server.accounts import devices
from exam_server.accounts.credentials import end_sessions
from exam_server.accounts.rules import normal_email as normal_email
from exam_server.db import Database
from exam_server.errors import N_, Refusal
from exam_server.models import Account, RoleGrant, SecondFactor, ServerSession, to_micros

SESSION_LIFE = timedelta(hours=12)


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


def add_account(
    tx: Session, email: str, name: str, password_hash: str, now: datetime, activated_at: datetime | None
) -> int:
    """A new account's id; the schema refuses a second one for the same address (IntegrityError)."""
    account = Account(email=normal_email(email), name=name.strip(), password_hash=password_hash,
                      created_at=now, activated_at=activated_at)  # fmt: skip
    tx.add(account)
    tx.flush()  # the schema decides who was first
    audit.record(tx, now=now, act="account.registered", object_kind="account", object_id=account.id,
                 actor_id=account.id)  # fmt: skip
    return account.id


def register(db: Database, email: str, name: str, password_hash: str, now: datetime) -> int:
    """A new, active account's id; raises EmailTaken."""
    try:
        with db.write() as tx:
            return add_account(tx, email, name, password_hash, now, activated_at=now)
    except IntegrityError as problem:
        raise EmailTaken from problem


def grant_role(db: Database, account_id: int, role: str, office_id: int | None, now: datetime,
               actor_id: int | None = None) -> None:  # fmt: skip
    """The account holds `role` (for that office) from its next request on."""
    with db.write() as tx:
        tx.add(RoleGrant(account_id=account_id, role=role, office_id=office_id, granted_at=now))
        audit.record(tx, now=now, act="role.granted", object_kind="account", object_id=account_id,
                     actor_id=actor_id, office_id=office_id, detail={"role": role})  # fmt: skip


def open_session(db: Database, account_id: int, device: str, now: datetime) -> str:
    """A fresh 256-bit token for the browser's cookie; only its hash is stored."""
    with db.write() as tx:
        return start_session(tx, account_id, device, now)


def start_session(tx: Session, account_id: int, device: str, now: datetime) -> str:
    """The same as a part of another act."""
    token = secrets.token_urlsafe(32)
    tx.add(ServerSession(token_hash=hash_token(token), account_id=account_id, opened_at=now,
                         expires_at=now + SESSION_LIFE, device=device[:120]))  # fmt: skip
    return token


# Two taps on one button arrive at the same instant: both know the browser, or both prefer the language.
REMEMBER = sa.text("""
INSERT INTO known_device (account_id, token_hash, first_at, last_at) VALUES (:account_id, :hash, :now, :now)
ON CONFLICT (token_hash) DO UPDATE SET last_at = :now
""")
PREFER = sa.text("""
INSERT INTO preference (account_id, language) VALUES (:account_id, :language)
ON CONFLICT (account_id) DO UPDATE SET language = :language
""")


def remember_device(tx: Session, account_id: int, token: str, now: datetime) -> str:
    """The token of this browser, from now on known to the account; a fresh one when it had none."""
    kept = devices.token_for(token)
    facts = {"account_id": account_id, "hash": devices.hash_of(account_id, kept), "now": to_micros(now)}
    tx.connection().execute(REMEMBER, facts)
    return kept


def prefer_language(tx: Session, account_id: int, language: str) -> None:
    """Letters to this person are written in `language` from now on."""
    tx.connection().execute(PREFER, {"account_id": account_id, "language": language})


def choose_language(db: Database, account_id: int, language: str) -> None:
    """The same as an act of its own."""
    with db.write() as tx:
        prefer_language(tx, account_id, language)


def end_session(db: Database, session_id: int, now: datetime) -> None:
    """Signed out here at once, on pages and on sockets."""
    with db.write() as tx:
        live = sa.update(ServerSession).where(
            ServerSession.id == session_id, ServerSession.ended_at.is_(None)
        )
        tx.execute(live.values(ended_at=now))


def disable(db: Database, account_id: int, now: datetime, actor_id: int | None = None) -> None:
    """The account cannot sign in any more and every session of it ends in the same transaction."""
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == account_id).values(disabled_at=now))
        end_sessions(tx, account_id, now)
        audit.record(tx, now=now, act="account.disabled", object_kind="account", object_id=account_id,
                     actor_id=actor_id)  # fmt: skip


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


def expired_since(db: Database, since: datetime, now: datetime) -> dict[int, datetime]:
    """When (from `since` to `now`) sessions of officials ran out, by session id.

    Whoever sits an exam is not sent away in the middle of it: their page goes on until it asks for another.
    """
    rows = (
        sa.select(ServerSession.id, ServerSession.expires_at)
        .join(RoleGrant, RoleGrant.account_id == ServerSession.account_id)
        .where(RoleGrant.ended_at.is_(None), ServerSession.expires_at.between(since, now))
    )
    with db.read() as tx:
        return {row.id: row.expires_at for row in tx.execute(rows)}


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


def hold_account(tx: Session, account_id: int) -> None:
    """Until this transaction ends no other one that holds this account goes on: what both read stays true."""
    tx.execute(sa.select(Account.id).where(Account.id == account_id).with_for_update())


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
