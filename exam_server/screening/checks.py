"""Which words about an application stand: those of its newest version, and earlier ones that still hold.

A correction changes little; what it left as it was need not be compared again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Account, ApplicationVersion, FieldCheck
from exam_server.registration.rules import changed_documents, changed_fields
from exam_server.screening import rules
from exam_server.screening.cases import Case


@dataclass(frozen=True)
class Check:
    """An official's word about one line."""

    verdict: str
    note: str
    by: str
    at: datetime


def standing_checks(tx: Session, case: Case) -> dict[str, Check]:
    """By field: the newest word about this version, or an agreement of an earlier one that still holds."""
    said = _said(tx, case)
    standing: dict[str, Check] = {}
    former: ApplicationVersion | None = None
    for sent in versions(tx, case):
        if former is not None:
            altered, lines = altered_between(sent, former), rules.compared(sent.data, sent.documents)
            kept = {line.name for line in lines if rules.holds_on(line, altered)}
            standing = {name: check for name, check in standing.items()
                        if name in kept and check.verdict == "agrees"}  # fmt: skip
        standing |= said.get(sent.number, {})
        former = sent
    return standing


def versions(tx: Session, case: Case) -> list[ApplicationVersion]:
    """Everything that was sent, in order."""
    return list(tx.scalars(
        sa.select(ApplicationVersion)
        .where(ApplicationVersion.application_id == case.id, ApplicationVersion.number <= case.version)
        .order_by(ApplicationVersion.number)
    ))  # fmt: skip


def altered_between(sent: ApplicationVersion, former: ApplicationVersion) -> set[str]:
    """Names of the fields and kinds of the files that differ."""
    fields = changed_fields(former.data, sent.data)
    return {*fields, *changed_documents(former.documents, sent.documents)}


def _said(tx: Session, case: Case) -> dict[int, dict[str, Check]]:
    """By version, then by field."""
    rows = tx.execute(
        sa.select(FieldCheck.version, FieldCheck.field, FieldCheck.verdict, FieldCheck.note,
                  FieldCheck.checked_at, Account.name)
        .join(Account, Account.id == FieldCheck.checked_by)
        .where(FieldCheck.application_id == case.id, FieldCheck.version <= case.version)
    )  # fmt: skip
    found: dict[int, dict[str, Check]] = {}
    for row in rows:
        found.setdefault(row.version, {})[row.field] = Check(row.verdict, row.note, row.name, row.checked_at)
    return found
