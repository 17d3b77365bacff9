"""What came in with one file stays one batch: it can be taken back together while nobody was drawn any of it.

Nothing is removed: a new item is retired, a changed one gets its former wording as a further revision.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import holding, restoring
from exam_server.bank.arrival import Arrived
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    BankItem,
    ImportBatch,
    ImportRow,
    ItemRevision,
    Paper,
    new_public_id,
)

CLOCKS_APART = timedelta(days=1)
"""A paper drawn so long before an import holds nothing of it, whichever worker's clock was asked."""


class AlreadyTakenBack(Refusal):
    code = "batch_taken_back"
    sentence = N_("Impor ini sudah dibatalkan. Tidak ada yang perlu dilakukan lagi.")


class BatchUsed(Refusal):
    """A paper holds one of its revisions, and a paper never changes."""

    code = "batch_used"
    sentence = N_("Impor ini tidak dapat dibatalkan lagi: {count} soalnya sudah ada di naskah peserta. "
                  "Pensiunkan soal yang keliru satu per satu; naskah itu tidak berubah.")  # fmt: skip


class BatchEdited(Refusal):
    """Taking it back would throw somebody's later work away."""

    code = "batch_edited"
    sentence = N_("Impor ini tidak dapat dibatalkan: {count} soalnya sudah diubah lagi sesudahnya. "
                  "Perbaiki atau pensiunkan soal itu satu per satu.")  # fmt: skip


@dataclass(frozen=True)
class Source:
    """The file that items come from; `public_id` is what the batch will be known by outside."""

    filename: str
    format: str
    sha256: str
    public_id: str = ""


@dataclass(frozen=True)
class Batch:
    """One import; `by` and `undone_by` are names, `by` is empty for the command line."""

    id: int
    public_id: str
    office_id: int
    filename: str
    format: str
    by: str | None
    imported_at: datetime
    added: int
    revised: int
    undone_by: str | None
    undone_at: datetime | None


@dataclass(frozen=True)
class TakenBack:
    """How many items were retired, and how many have their former wording again."""

    retired: int
    restored: int


def add(
    tx: Session, office_id: int, source: Source, arrived: Arrived, actor_id: int | None, now: datetime
) -> int:
    """The batch of what has arrived; its id."""
    batch = ImportBatch(
        public_id=source.public_id or new_public_id(), office_id=office_id, filename=source.filename,
        format=source.format, sha256=source.sha256, imported_by=actor_id, imported_at=now,
    )  # fmt: skip
    tx.add(batch)
    tx.flush()
    rows = [{"batch_id": batch.id, "revision_id": revision_id, "former_id": former_id}
            for revision_id, former_id in arrived.revisions]  # fmt: skip
    if rows:
        tx.execute(sa.insert(ImportRow), rows)
    return batch.id


def batches(tx: Session, offices: Collection[int] | None, public_id: str = "") -> list[Batch]:
    """Imports of these offices (None: of all), the newest first; of one `public_id` that one."""
    by, undone_by = sa.orm.aliased(Account), sa.orm.aliased(Account)
    statement = (
        sa.select(ImportBatch, by.name.label("by"), undone_by.name.label("undone_by"),
                  sa.func.count(ImportRow.revision_id).label("all"),
                  sa.func.count(ImportRow.former_id).label("revised"))
        .outerjoin(ImportRow, ImportRow.batch_id == ImportBatch.id)
        .outerjoin(by, by.id == ImportBatch.imported_by)
        .outerjoin(undone_by, undone_by.id == ImportBatch.undone_by)
        .group_by(ImportBatch.id, by.name, undone_by.name)
        .order_by(ImportBatch.imported_at.desc(), ImportBatch.id.desc())
    )  # fmt: skip
    if offices is not None:
        statement = statement.where(ImportBatch.office_id.in_(offices))
    if public_id:
        statement = statement.where(ImportBatch.public_id == public_id)
    return [
        Batch(one.id, one.public_id, one.office_id, one.filename, one.format, row.by, one.imported_at,
              row.all - row.revised, row.revised, row.undone_by, one.undone_at)
        for row in tx.execute(statement) for one in (row.ImportBatch,)
    ]  # fmt: skip


def take_back(db: Database, batch_id: int, actor_id: int, now: datetime) -> TakenBack:
    """Nothing of the batch is drawn from now on.

    Raises NotFound, AlreadyTakenBack, BatchUsed, BatchEdited; a draw at the same moment comes before it (and
    refuses it) or after it (and finds nothing of it).
    """
    with db.write() as tx:
        batch = tx.scalar(sa.select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update())
        if batch is None:
            raise NotFound
        if batch.undone_at is not None:
            raise AlreadyTakenBack
        holding.while_changed(tx, batch.office_id)
        _check_untouched(tx, batch)
        retired, restored = _retire(tx, batch.id), restoring.restore(tx, batch, actor_id, now)
        batch.undone_at, batch.undone_by = now, actor_id
        audit.record(tx, now=now, act="bank.import_undone", object_kind="import_batch", object_id=batch.id,
                     actor_id=actor_id, office_id=batch.office_id,
                     detail={"retired": retired, "restored": restored})  # fmt: skip
        return TakenBack(retired, restored)


def used(tx: Session, office_id: int, revision_ids: Collection[int], since: datetime) -> int:
    """How many of these revisions stand in papers of the office that were drawn since then."""
    wanted, found = set(revision_ids), set()
    papers = tx.scalars(
        sa.select(Paper.content)
        .join(Attempt, Attempt.id == Paper.attempt_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .where(Activity.office_id == office_id, Paper.drawn_at >= since)
        .execution_options(yield_per=500)
    )
    for content in papers:
        found |= wanted.intersection(revision_id for revision_id, _ in json.loads(content))
    return len(found)


def _check_untouched(tx: Session, batch: ImportBatch) -> None:
    revision_ids = list(tx.scalars(sa.select(ImportRow.revision_id).where(ImportRow.batch_id == batch.id)))
    if count := used(tx, batch.office_id, revision_ids, batch.imported_at - CLOCKS_APART):
        raise BatchUsed(count=count)
    later = sa.orm.aliased(ItemRevision)
    edited = tx.scalar(
        sa.select(sa.func.count(sa.distinct(ItemRevision.item_id)))
        .join(ImportRow, ImportRow.revision_id == ItemRevision.id)
        .join(later, sa.and_(later.item_id == ItemRevision.item_id, later.id > ItemRevision.id))
        .where(ImportRow.batch_id == batch.id)
    )
    if edited:
        raise BatchEdited(count=edited)


def _retire(tx: Session, batch_id: int) -> int:
    """The items that were new with this batch; how many."""
    new = (
        sa.select(ItemRevision.item_id)
        .join(ImportRow, ImportRow.revision_id == ItemRevision.id)
        .where(ImportRow.batch_id == batch_id, ImportRow.former_id.is_(None))
    )
    ids = list(tx.scalars(new))
    tx.execute(sa.update(BankItem).where(BankItem.id.in_(new)).values(state="retired"))
    return len(ids)
