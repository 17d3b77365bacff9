"""An official who lost the phone: another one with the right removes the second step, nobody their own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.accounts.second_factor_reset import Word, reset_second_factor
from exam_server.errors import N_
from exam_server.models import HelpRequest, SecondFactor
from exam_server.recovery import people
from exam_server.recovery.cases import Case
from exam_server.recovery.refusals import NobodyKnown, NoSecondFactor, OnlySuperadmin, OwnRequest
from exam_server.recovery.rules import may_reset

PREVIEW = N_("Langkah masuk kedua akun {name} dilepas dan semua perangkatnya dikeluarkan. {name} diberi "
             "tahu lewat surel, masuk dengan kata sandi, lalu memasang langkah kedua lagi sebelum "
             "bekerja.")  # fmt: skip


def subject(tx: Session, request: HelpRequest) -> int | None:
    """The account that signs in with the address."""
    return people.with_email(tx, request.email)


def check(tx: Session, case: Case) -> None:
    """Raises NobodyKnown, OwnRequest, OnlySuperadmin, NoSecondFactor."""
    person = case.known()
    if not person.roles:
        raise NobodyKnown
    if person.account_id == case.official.id:
        raise OwnRequest
    if not may_reset(person.roles, case.request.office_id, case.official.superadmin):
        raise OnlySuperadmin
    found = sa.select(SecondFactor.account_id).where(SecondFactor.account_id == person.account_id)
    if tx.scalar(found) is None:
        raise NoSecondFactor


def grant(tx: Session, case: Case, secret: str) -> None:
    """The second step is gone, every session ended, and the owner told."""
    word = Word(case.official.id, case.request.office_id, case.request.answer or "")
    if not reset_second_factor(tx, case.known().account_id, word, case.now):
        raise NoSecondFactor
