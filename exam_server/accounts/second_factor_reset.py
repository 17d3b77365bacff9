"""An official removes another's second step: one act behind the page Petugas and the help requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, instants, mail
from exam_server.accounts import second_factor
from exam_server.accounts.credentials import end_sessions
from exam_server.errors import N_
from exam_server.language import say
from exam_server.mail import Letter, Reader, link
from exam_server.models import Office

TAKEN_OFF = N_("Langkah masuk kedua Anda dilepas")
RESET = N_("""{name} yang terhormat,

{actor} melepas langkah masuk kedua akun Anda pada {at}, dengan alasan:
{reason}

Semua perangkat Anda sudah dikeluarkan. Masuk kembali dengan kata sandi Anda, lalu pasang langkah kedua lagi:
{page}

Jika Anda tidak memintanya, segera hubungi superadmin.
""")


@dataclass(frozen=True)
class Word:
    """Who removes it, for which office (None: of all), and why."""

    actor_id: int
    office_id: int | None
    reason: str


def reset_second_factor(tx: Session, account_id: int, word: Word, now: datetime) -> bool:
    """True when there was one: it is gone, every session of the account ended, its owner told, the act kept.

    Whether the actor may is for the caller to decide; nobody resets their own.
    """
    if not second_factor.remove(tx, account_id):
        return False
    end_sessions(tx, account_id, now)
    owner = mail.reader(tx, account_id)
    mail.write_to(tx, owner, _letter(tx, owner, word, now), now)
    audit.record(tx, now=now, act="second_factor.reset", object_kind="account", object_id=account_id,
                 actor_id=word.actor_id, office_id=word.office_id,
                 detail={"reason": word.reason})  # fmt: skip
    return True


def _letter(tx: Session, owner: Reader, word: Word, now: datetime) -> Letter:
    zone = tx.scalar(sa.select(Office.zone).where(Office.id == word.office_id))
    words = {
        "name": owner.name, "actor": mail.reader(tx, word.actor_id).name, "reason": word.reason,
        "at": instants.moment(now, ZoneInfo(zone) if zone else instants.ELSEWHERE, owner.language),
        "page": link("/account/second-factor"),
    }  # fmt: skip
    return Letter(say(TAKEN_OFF, owner.language), say(RESET, owner.language).format(**words))
