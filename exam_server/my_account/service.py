"""What a person changes about their own account: each change needs the password and is told by letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, mail, throttle, tokens
from exam_server.accounts import credentials, postbox
from exam_server.accounts.credentials import Credentials, Proof
from exam_server.accounts.rules import WrongField, usable_email
from exam_server.accounts.service import EmailTaken
from exam_server.db import Database
from exam_server.errors import N_, NotFound, SignInNeeded
from exam_server.models import Account, ServerSession
from exam_server.my_account import letters
from exam_server.tokens import LinkExpired

CHANGE_EMAIL = "change-email"
LINK_LIFE = timedelta(hours=24)
TRIES, WINDOW = 5, timedelta(minutes=15)


class WrongCurrentPassword(WrongField):
    code = "wrong_current_password"
    field = "current"
    sentence = N_("Kata sandi sekarang tidak cocok. Tidak ada yang berubah.")


class SameEmail(WrongField):
    code = "same_email"
    field = "email"
    sentence = N_("Ini sudah alamat surel akun Anda. Tulis alamat yang baru.")


@dataclass(frozen=True)
class SignedInBrowser:
    """One live session, as its owner sees it."""

    device: str
    opened_at: datetime
    current: bool


def browsers(db: Database, account_id: int, session_id: int, now: datetime) -> list[SignedInBrowser]:
    """Where the account is signed in, the newest first."""
    live = (
        sa.select(ServerSession.id, ServerSession.device, ServerSession.opened_at)
        .where(ServerSession.account_id == account_id, ServerSession.ended_at.is_(None),
               ServerSession.expires_at > now)
        .order_by(ServerSession.opened_at.desc(), ServerSession.id.desc())
    )  # fmt: skip
    with db.read() as tx:
        return [SignedInBrowser(row.device, row.opened_at, row.id == session_id) for row in tx.execute(live)]


def end_others(db: Database, account_id: int, session_id: int, now: datetime) -> None:
    """Signed in here and nowhere else."""
    with db.write() as tx:
        credentials.end_sessions(tx, account_id, now, keep=session_id)
        _record(tx, account_id, "account.sessions_ended", now)


def another_email(typed: str, present: str) -> str:
    """The new address in its one spelling; raises EmailUnusable, SameEmail."""
    email = usable_email(typed)
    if email == present:
        raise SameEmail
    return email


def count_try(db: Database, account_id: int, now: datetime) -> Credentials:
    """One more password was typed by this signed-in person; what to check it against; raises TooMany."""
    with db.write() as tx:
        throttle.take(tx, _tries(account_id), TRIES, WINDOW, now)
        return _own(tx, account_id)


def change_password(db: Database, proof: Proof, session_id: int, new: str, now: datetime) -> None:
    """The new hash counts, other browsers are out; raises WrongCurrentPassword when it changed since."""
    account_id = proof.who.account_id
    with db.write() as tx:
        if not credentials.replace_hash(tx, account_id, proof.who.password_hash, new):
            raise WrongCurrentPassword
        throttle.give_back(tx, _tries(account_id))
        credentials.end_sessions(tx, account_id, now, keep=session_id)
        _record(tx, account_id, "account.password_changed", now)
        person = mail.reader(tx, account_id)
        mail.write_to(tx, person, letters.told(person, letters.PASSWORD), now)


def ask_for_email(db: Database, secret: str, proof: Proof, email: str, now: datetime) -> None:
    """Letters to the new address and to the present; whether the new one is taken only its owner learns."""
    may_write = postbox.may_write(db, email, now)
    account_id = proof.who.account_id
    with db.write() as tx:
        throttle.give_back(tx, _tries(account_id))
        person = mail.reader(tx, account_id)
        token = tokens.sign(secret, CHANGE_EMAIL, account_id, person.email, now + LINK_LIFE, email)
        taken = credentials.by_email(tx, email, even_disabled=True)
        confirm = letters.confirm_email(person.language, f"/account/email/{token}")
        if may_write:
            mail.post(tx, letters.email_taken(person.language) if taken else confirm, email, now)
        mail.write_to(tx, person, letters.told(person, letters.EMAIL_ASKED, email=email), now)
        _record(tx, account_id, "account.email_asked", now)


def wanted_email(db: Database, secret: str, account_id: int, token: str, now: datetime) -> str:
    """The address that this link would make the account's; raises LinkUnknown, LinkExpired, NotFound."""
    with db.read() as tx:
        return _wanted(tx, secret, account_id, token, now)


def change_email(db: Database, secret: str, account_id: int, token: str, now: datetime) -> None:
    """The new address counts, sessions go on; raises LinkUnknown, LinkExpired, NotFound, EmailTaken."""
    try:
        with db.write() as tx:
            new = _wanted(tx, secret, account_id, token, now)
            person = mail.reader(tx, account_id)
            mine = (Account.id == account_id, Account.email == person.email)
            if not tx.connection().execute(sa.update(Account).where(*mine).values(email=new)).rowcount:
                raise LinkExpired
            _record(tx, account_id, "account.email_changed", now)
            letter = letters.told(person, letters.EMAIL_CHANGED, email=new)
            mail.write_to(tx, person, letter, now)  # to the address of before
            mail.post(tx, letter, new, now, account_id)
    except IntegrityError as problem:
        raise EmailTaken from problem


def _wanted(tx: Session, secret: str, account_id: int, token: str, now: datetime) -> str:
    claim = tokens.read(secret, CHANGE_EMAIL, token, now)
    if claim.subject != account_id:
        # the link of another account: whoever mistyped an address must not lose the account to its reader
        raise NotFound
    if not tokens.fits(claim, _own(tx, account_id).email):
        raise LinkExpired
    return claim.word


def _own(tx: Session, account_id: int) -> Credentials:
    who = credentials.by_id(tx, account_id)
    if who is None:
        raise SignInNeeded
    return who


def _tries(account_id: int) -> str:
    return f"own-password:{account_id}"


def _record(tx: Session, account_id: int, act: str, now: datetime) -> None:
    audit.record(tx, now=now, act=act, object_kind="account", object_id=account_id, actor_id=account_id)
