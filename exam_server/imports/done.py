"""What came of an import: the items that came with it, and what the bank is called by topics."""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank.codec import unseal
from exam_server.db import Database
from exam_server.models import AuditEntry, BankItem, ImportRow, ItemRevision
from question_bank.items import plain
from question_bank.problems import excerpt

MOST = 500
"""Items that a page lists."""

LONGEST = 120


@dataclass(frozen=True)
class Came:
    """An item that came; `state` is what it is now."""

    id: int
    code: str
    stem: str
    topic: str
    state: str
    is_new: bool


def items(tx: Session, batch_id: int) -> list[Came]:
    """At most MOST of them, in the order of the file."""
    rows = tx.execute(
        sa.select(BankItem.id, BankItem.code, BankItem.topic, BankItem.state, ItemRevision.content,
                  ImportRow.former_id)
        .join(ItemRevision, ItemRevision.id == ImportRow.revision_id)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .where(ImportRow.batch_id == batch_id)
        .order_by(ImportRow.revision_id)
        .limit(MOST)
    )  # fmt: skip
    return [
        Came(row.id, row.code, excerpt(plain(json.loads(unseal(row.content))["stem"]), LONGEST), row.topic,
             row.state, row.former_id is None)
        for row in rows
    ]  # fmt: skip


def unchanged(tx: Session, batch_id: int) -> int:
    """How many items of the file were in the bank as they are, as the trail tells it."""
    detail = tx.scalar(
        sa.select(AuditEntry.detail).where(
            AuditEntry.act == "bank.imported", AuditEntry.object_kind == "import_batch",
            AuditEntry.object_id == batch_id,
        )
    )  # fmt: skip
    return int((detail or {}).get("unchanged", 0))


def topics(db: Database, office_id: int) -> list[str]:
    """Topics of the office's bank, by name."""
    with db.read() as tx:
        found = sa.select(BankItem.topic).where(BankItem.office_id == office_id, BankItem.topic != "")
        return list(tx.scalars(found.distinct().order_by(BankItem.topic)))
