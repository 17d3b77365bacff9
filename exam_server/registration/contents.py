"""What would be sent now: data, files, confirmed statements, and everything that stands in the way of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.documents.rules import needs_renewal
from exam_server.documents.service import newest
from exam_server.models import Activity, ApplicationVersion, Office, Requirement
from exam_server.profile import rules as profile
from exam_server.profile.service import facts
from exam_server.registration.refusals import (
    DocumentsMissing,
    DocumentTooOld,
    NotEligible,
    ProfileIncomplete,
    StatementsMissing,
)
from exam_server.registration.rules import KINDS, Finding, Where, bars, consistency

STATEMENT = "statement"
"""The proof of a requirement that nothing proves but the candidate's own word."""


@dataclass(frozen=True)
class File:
    """One file as it would be sent."""

    id: int
    public_id: str
    sha256: str
    uploaded_at: datetime
    too_old: bool


@dataclass(frozen=True)
class Statement:
    """A requirement to be confirmed; `text` is {id, en}."""

    position: int
    text: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """Everything that would be sent, and what is known about it."""

    facts: profile.Facts
    files: dict[str, File]
    findings: list[Finding]
    asked: list[Statement]
    confirmed: list[int]

    @property
    def data(self) -> dict[str, Any]:
        """The data of a version."""
        return profile.as_json(self.facts) | {"statements": self.confirmed}

    @property
    def documents(self) -> dict[str, int]:
        """The files of a version: kind to id."""
        return {kind: self.files[kind].id for kind in KINDS if kind in self.files}

    def hashes(self) -> dict[str, str]:
        return {kind: self.files[kind].sha256 for kind in KINDS if kind in self.files}

    @property
    def missing(self) -> list[str]:
        """Fields that are untold."""
        return profile.missing(self.facts)

    @property
    def absent(self) -> list[str]:
        """Kinds of files that are not there."""
        return [kind for kind in KINDS if kind not in self.files]

    @property
    def old(self) -> list[str]:
        """Kinds of files that have to be uploaded anew."""
        return [kind for kind in KINDS if kind in self.files and self.files[kind].too_old]

    @property
    def unconfirmed(self) -> list[int]:
        return [one.position for one in self.asked if one.position not in self.confirmed]

    @property
    def barred(self) -> list[Finding]:
        return bars(self.findings)

    def refuse_what_cannot_be_sent(self, *, renewing: bool = True) -> None:
        """Raises the first that applies: ProfileIncomplete, DocumentsMissing, DocumentTooOld (only when
        `renewing`), NotEligible, StatementsMissing."""
        if self.missing:
            raise ProfileIncomplete(self.missing)
        if self.absent:
            raise DocumentsMissing(self.absent)
        if renewing and self.old:
            raise DocumentTooOld(self.old)
        if self.barred:
            raise NotEligible([one.code for one in self.barred])
        if self.unconfirmed:
            raise StatementsMissing(self.unconfirmed)


def gather(
    tx: Session, candidate_id: int, activity: Activity, statements: Collection[int], now: datetime
) -> Contents:
    """What this candidate would send to that activity now."""
    office = tx.get_one(Office, activity.office_id)
    told, zone = facts(tx, candidate_id), ZoneInfo(office.zone)
    where = Where(office.id, office.code, office.regency, tuple(office.kecamatan))
    asked = _statements(tx, activity.recruitment_id)
    return Contents(
        facts=told, files=_files(tx, candidate_id, now), asked=asked,
        findings=consistency(told, zone, now.astimezone(zone).date(), where),
        confirmed=[one.position for one in asked if one.position in statements],
    )  # fmt: skip


def confirmed_before(version: ApplicationVersion) -> list[int]:
    """The positions that were confirmed when this version was sent."""
    return list(version.data.get("statements", []))


def _statements(tx: Session, recruitment_id: int) -> list[Statement]:
    rows = tx.scalars(
        sa.select(Requirement)
        .where(Requirement.recruitment_id == recruitment_id, Requirement.proof == STATEMENT)
        .order_by(Requirement.position)
    )
    return [Statement(row.position, row.text) for row in rows]


def _files(tx: Session, candidate_id: int, now: datetime) -> dict[str, File]:
    return {
        kind: File(held.id, held.public_id, held.sha256, held.uploaded_at,
                   needs_renewal(kind, held.uploaded_at, now))
        for kind, held in newest(tx, candidate_id).items()
    }  # fmt: skip
