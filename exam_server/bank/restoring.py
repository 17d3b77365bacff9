"""What an import has changed reads as before: former wording and key as a further revision, and the labels.

What an item was called before (state, topic, difficulty) is read from the row that the import left in the
trail: revisions do not keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank.arrival import Former
from exam_server.errors import N_
from exam_server.models import (
    AuditEntry,
    BankItem,
    ImportBatch,
    ImportRow,
    ItemKey,
    ItemRevision,
    RevisionNote,
    RevisionPicture,
)

BACK = N_("Impor dari {filename} dibatalkan; kembali ke susunan sebelumnya.")
KEPT = ("item_id", "content", "options", "shuffle", "picture_id")
"""What the further revision has from the former one."""


def restore(tx: Session, batch: ImportBatch, actor_id: int, now: datetime) -> int:
    """What the batch has changed reads as before, wording, key, pictures and labels; how many items."""
    rows = _changed(tx, batch.id)
    if not rows:
        return 0
    ids = tx.execute(
        sa.insert(ItemRevision).returning(ItemRevision.id, sort_by_parameter_order=True),
        [{name: getattr(row.ItemRevision, name) for name in KEPT}
         | {"number": row.number + 1, "created_at": now, "author_id": actor_id} for row in rows],
    ).scalars().all()  # fmt: skip
    further = {row.ItemRevision.id: revision_id for row, revision_id in zip(rows, ids, strict=True)}
    tx.execute(sa.insert(ItemKey), [
        {"revision_id": further[row.ItemRevision.id], "version": 1, "content": row.hidden, "created_at": now,
         "author_id": actor_id} for row in rows
    ])  # fmt: skip
    why = BACK.format(filename=batch.filename)
    tx.execute(sa.insert(RevisionNote), [{"revision_id": one, "why": why} for one in ids])
    inside = tx.execute(
        sa.select(RevisionPicture.revision_id, RevisionPicture.picture_id)
        .join(ImportRow, ImportRow.former_id == RevisionPicture.revision_id)
        .where(ImportRow.batch_id == batch.id)
    )
    pictures = [{"revision_id": further[row.revision_id], "picture_id": row.picture_id} for row in inside]
    if pictures:
        tx.execute(sa.insert(RevisionPicture), pictures)
    if labels := _labels(tx, batch.id):
        tx.execute(sa.update(BankItem), labels)
    return len(rows)


def _changed(tx: Session, batch_id: int) -> Sequence[Any]:
    """The former revisions, each with its newest key and the number of the one that came instead."""
    came, other = sa.orm.aliased(ItemRevision), sa.orm.aliased(ItemKey)
    newest = (
        sa.select(sa.func.max(other.version)).where(other.revision_id == ItemRevision.id).scalar_subquery()
    )
    return tx.execute(
        sa.select(ItemRevision, came.number, ItemKey.content.label("hidden"))
        .join(ImportRow, ImportRow.former_id == ItemRevision.id)
        .join(came, came.id == ImportRow.revision_id)
        .join(ItemKey, sa.and_(ItemKey.revision_id == ItemRevision.id, ItemKey.version == newest))
        .where(ImportRow.batch_id == batch_id)
        .order_by(ItemRevision.id)
    ).all()


def _labels(tx: Session, batch_id: int) -> list[dict[str, object]]:
    """State, topic and difficulty that items had before this batch, as its row of the trail tells them."""
    told = tx.scalar(
        sa.select(AuditEntry.detail).where(
            AuditEntry.act == "bank.imported", AuditEntry.object_kind == "import_batch",
            AuditEntry.object_id == batch_id,
        )
    )  # fmt: skip
    before = [Former(*one) for one in (told or {}).get("former", [])]
    retired = set(
        tx.scalars(
            sa.select(BankItem.id)
            .join(ItemRevision, ItemRevision.item_id == BankItem.id)
            .join(ImportRow, ImportRow.revision_id == ItemRevision.id)
            .where(ImportRow.batch_id == batch_id, BankItem.state == "retired")
        )
    )  # an item that was retired since then stays so
    return [
        {"id": one.item_id, "state": "retired" if one.item_id in retired else one.state, "topic": one.topic,
         "difficulty": one.difficulty}
        for one in before
    ]  # fmt: skip
