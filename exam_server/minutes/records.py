"""Versions of a berita acara as they were fixed: numbered from 1, never changed, each with its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.minutes.rules import Document, read, seal
from exam_server.models import Account, SittingRecord


@dataclass(frozen=True)
class Version:
    """One version; `content` is what `sha256` was made of."""

    number: int
    content: str
    sha256: str
    by: str
    made_at: datetime

    @property
    def document(self) -> Document:
        return read(self.content)


def versions(tx: Session, sitting_id: int) -> tuple[Version, ...]:
    """Every version of that sitting's, oldest first."""
    rows = tx.execute(
        sa.select(SittingRecord, Account.name)
        .join(Account, Account.id == SittingRecord.made_by)
        .where(SittingRecord.sitting_id == sitting_id)
        .order_by(SittingRecord.number)
    )
    return tuple(Version(row.number, row.content, row.sha256, name, row.made_at) for row, name in rows)


def add(tx: Session, sitting_id: int, number: int, content: str, official_id: int, now: datetime) -> str:
    """The hash of the version that is now kept; a number that is taken is an IntegrityError."""
    sha256 = seal(content)
    tx.add(SittingRecord(sitting_id=sitting_id, number=number, content=content, sha256=sha256,
                         made_by=official_id, made_at=now))  # fmt: skip
    tx.flush()
    return sha256
