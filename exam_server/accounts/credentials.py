"""What proves who a person is: the password's hash, replaced only by who knew the one before, and activation.

Each change is one statement that says what it found, so of two at once one wins and the other is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.accounts import passwords
from exam_server.accounts.rules import LONGEST, normal_email
from exam_server.errors import N_, Refusal
from exam_server.models import Account, KnownDevice, SecondFactor, ServerSession


class WrongCredentials(Refusal):
    code = "wrong_credentials"
    status = 401
    sentence = N_("Surel atau kata sandi tidak cocok. Periksa kembali, termasuk spasi yang ikut tersalin.")


class NotActivated(Refusal):
    """The password was right, but nobody has shown yet that the address is theirs."""

    code = "not_activated"
    status = 403
    sentence = N_("Akun ini belum diaktifkan. Buka tautan aktivasi yang kami kirim ke alamat surel Anda, "
                  "atau minta tautan baru.")  # fmt: skip


@dataclass(frozen=True)
class Credentials:
    """Of one account; `second_factor` is true when a confirmed one is to be asked for."""

    account_id: int
    name: str
    email: str
    password_hash: str
    active: bool
    disabled: bool
    second_factor: bool


@dataclass(frozen=True)
class Proof:
    """A password was right; `newer` is its hash with today's parameters: the one before, or a fresh one."""

    who: Credentials
    newer: str


_CREDENTIALS = sa.select(
    Account.id, Account.name, Account.email, Account.password_hash,
    Account.activated_at.is_not(None), Account.disabled_at.is_not(None),
    SecondFactor.confirmed_at.is_not(None),
).outerjoin(SecondFactor, SecondFactor.account_id == Account.id)  # fmt: skip


def by_email(tx: Session, email: str, *, even_disabled: bool = False) -> Credentials | None:
    """Those of the account at this address, active or not; None when there is none, or a disabled one."""
    return _credentials(tx, Account.email == normal_email(email), even_disabled)


def by_id(tx: Session, account_id: int) -> Credentials | None:
    """Those of this account, active or not; None when there is none, or a disabled one."""
    return _credentials(tx, Account.id == account_id)


def _credentials(
    tx: Session, which: sa.ColumnElement[bool], even_disabled: bool = False
) -> Credentials | None:
    row = tx.execute(_CREDENTIALS.where(which)).one_or_none()
    found = Credentials(*row) if row else None
    return None if found and found.disabled and not even_disabled else found


def check_password(who: Credentials | None, password: str) -> Proof:
    """The proof; raises WrongCredentials, and NotActivated when the password was right.

    Slow on purpose: call it in a real thread, outside any transaction.
    """
    right = passwords.verify(who.password_hash if who else None, password[:LONGEST])
    if who is None or not right or len(password) > LONGEST:
        raise WrongCredentials
    if not who.active:
        raise NotActivated
    outdated = passwords.is_outdated(who.password_hash)
    return Proof(who, passwords.hash_password(password) if outdated else who.password_hash)


def replace_hash(tx: Session, account_id: int, old: str, new: str) -> bool:
    """True when the password's hash was still `old`."""
    change = (
        sa.update(Account)
        .where(Account.id == account_id, Account.password_hash == old, Account.disabled_at.is_(None))
        .values(password_hash=new)
    )
    return _changed(tx, change)


def start_over(tx: Session, account_id: int, name: str, new: str) -> bool:
    """True while nobody has activated the account: who signs up again may choose anew."""
    change = (
        sa.update(Account)
        .where(Account.id == account_id, Account.activated_at.is_(None), Account.disabled_at.is_(None))
        .values(name=name, password_hash=new)
    )
    return _changed(tx, change)


def activate(tx: Session, account_id: int, password_hash: str, now: datetime) -> bool:
    """True for the one who activates; false when it is active already or its password is another by now."""
    change = (
        sa.update(Account)
        .where(Account.id == account_id, Account.password_hash == password_hash,
               Account.activated_at.is_(None), Account.disabled_at.is_(None))
        .values(activated_at=now)
    )  # fmt: skip
    return _changed(tx, change)


def end_sessions(tx: Session, account_id: int, now: datetime, keep: int | None = None) -> int:
    """How many sessions of the account ended; the session `keep` goes on."""
    live = sa.update(ServerSession).where(
        ServerSession.account_id == account_id,
        ServerSession.ended_at.is_(None),
        ServerSession.id != (keep or 0),
    )
    return tx.connection().execute(live.values(ended_at=now)).rowcount


def forget_devices(tx: Session, account_id: int) -> None:
    """No browser is known any more: each has to prove itself as a stranger's would."""
    tx.execute(sa.delete(KnownDevice).where(KnownDevice.account_id == account_id))


def _changed(tx: Session, change: sa.Update) -> bool:
    return tx.connection().execute(change).rowcount == 1
