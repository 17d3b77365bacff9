"""The second step of officials: a code their phone makes from a secret and the time, each used once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyotp
import sqlalchemy as sa
from pyotp.exceptions import OTPVerificationError
from sqlalchemy.orm import Session

from exam_server.accounts.rules import WrongField
from exam_server.errors import N_
from exam_server.models import SecondFactor

ISSUER = "Seleksi Mitra Statistik"
NEIGHBOURS = 1
"""A phone may be up to this many steps of 30 seconds before or behind the server's clock."""


class WrongCode(WrongField):
    code = "wrong_code"
    field = "code"
    sentence = N_("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi Anda, "
                  "lalu ketik keenam angkanya.")  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """A secret that counts only once a code shows that the phone has it; `uri` is what the QR code says."""

    secret: str
    uri: str

    @property
    def spoken(self) -> str:
        """In groups of four, for typing."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


def new_secret() -> str:
    """160 random bits, as authenticator programs read them."""
    return pyotp.random_base32()


def propose(secret: str, email: str) -> Proposal:
    """What a phone needs to know."""
    return Proposal(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER))


def step_of(secret: str, code: str, now: datetime) -> int:
    """The time step whose code this is; raises WrongCode."""
    typed = "".join(code.split())
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(typed, for_time=now, valid_window=NEIGHBOURS)
    except OTPVerificationError as problem:
        raise WrongCode from problem


def confirm(tx: Session, account_id: int, secret: str, code: str, now: datetime) -> None:
    """The secret counts from now on, and this code is used up; raises WrongCode.

    A second step that was confirmed before stays as it is (IntegrityError).
    """
    unfinished = (SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None))
    tx.execute(sa.delete(SecondFactor).where(*unfinished))
    tx.add(SecondFactor(account_id=account_id, secret=secret, confirmed_at=now,
                        last_step=step_of(secret, code, now)))  # fmt: skip
    tx.flush()


def spend(tx: Session, account_id: int, code: str, now: datetime) -> None:
    """This code was right and never counts again; raises WrongCode, also for one that was used before."""
    secret = tx.scalar(
        sa.select(SecondFactor.secret).where(
            SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
        )
    )
    if secret is None:
        raise WrongCode
    step = step_of(secret, code, now)
    # one statement decides, so that two who show the same code at once do not both come in
    use = sa.update(SecondFactor).where(SecondFactor.account_id == account_id, SecondFactor.last_step < step)
    if not tx.connection().execute(use.values(last_step=step)).rowcount:
        raise WrongCode


def remove(tx: Session, account_id: int) -> bool:
    """True when there was one."""
    gone = sa.delete(SecondFactor).where(SecondFactor.account_id == account_id)
    return tx.connection().execute(gone).rowcount > 0
