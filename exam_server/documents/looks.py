"""What the owner of a file reads about those who opened it: one line per official, file and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Row

from exam_server.db import Database
from exam_server.models import Account, AuditEntry, Document, Office


@dataclass(frozen=True)
class Look:
    """An official opened one's own file on one day of `zone`: how often, last when, and which parts of it.

    `pages` are numbered from 1; `as_sent` is true when the file as it was sent was opened too.
    """

    last_at: datetime
    times: int
    kind: str
    pages: tuple[int, ...]
    as_sent: bool
    uploaded_at: datetime
    name: str
    role: str
    office: str | None


def looks(db: Database, account_id: int, zone: ZoneInfo) -> list[Look]:
    """Which official opened which of one's own files on which day, newest first."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(AuditEntry.at, AuditEntry.detail, AuditEntry.actor_id, AuditEntry.object_id,
                      Document.kind, Document.uploaded_at, Account.name, Office.name.label("office"))
            .join(Document, Document.id == AuditEntry.object_id)
            .join(Account, Account.id == AuditEntry.actor_id)
            .outerjoin(Office, Office.id == AuditEntry.office_id)
            .where(AuditEntry.object_kind == "document", AuditEntry.act == "document.opened",
                   Document.account_id == account_id)
            .order_by(AuditEntry.id.desc())
        )  # fmt: skip
        together: dict[tuple[object, ...], list[Row[tuple[object, ...]]]] = {}
        for row in rows:
            day = row.at.astimezone(zone).date()
            key = (row.actor_id, row.detail["role"], row.office, row.object_id, day)
            together.setdefault(key, []).append(row)
    return [_look(of_a_day) for of_a_day in together.values()]


def _look(rows: list[Row[tuple[object, ...]]]) -> Look:
    """One line of rows that belong together, newest first."""
    newest = rows[0]
    opened = {row.detail["page"] for row in rows}
    return Look(
        last_at=newest.at, times=len(rows), kind=newest.kind, pages=tuple(sorted(opened - {None})),
        as_sent=None in opened, uploaded_at=newest.uploaded_at, name=newest.name,
        role=newest.detail["role"], office=newest.office,
    )  # fmt: skip
