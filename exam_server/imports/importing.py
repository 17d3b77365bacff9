"""A draft into the bank: all of it or none, once, whoever else presses the same button.

Making the items ready takes its time outside of any transaction, and its progress is kept where every worker
finds it. Then one transaction takes the draft away and puts the batch there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.bank import wording
from exam_server.bank.arrival import Ready, prepare
from exam_server.bank.batches import Source
from exam_server.bank.service import Imported
from exam_server.db import Database
from exam_server.imports import rules, service
from exam_server.imports.refusals import DraftChanged, HasErrors, ImportOver, ImportRunning, NothingToImport
from exam_server.imports.report import Report
from exam_server.imports.service import IMPORTING, Draft
from exam_server.models import ImportDraft
from question_bank.items import Item

PIECE = 250
"""Items made ready at a time."""

RunBlocking = Callable[..., Any]


def import_draft(
    db: Database, draft: Draft, seen: str, actor_id: int, now: datetime, run_blocking: RunBlocking
) -> Imported:  # fmt: skip
    """Every item that was not left out is in the bank as a draft, and can be taken back with the others.

    `seen` is what the draft was when it was shown. Raises HasErrors, NothingToImport, DraftChanged,
    ImportRunning, ImportOver.
    """
    if seen != draft.seen:
        raise DraftChanged
    report = service.report_of(db, draft)
    if report.has_errors:
        raise HasErrors(count=report.broken)
    items = wanted(report, draft)
    if not items:
        raise NothingToImport
    _begin(db, draft, len(items), now)
    try:
        ready = _prepare(db, draft, items, report, now, run_blocking)
        return _finish(db, draft, ready, report, actor_id, now)
    except BaseException:
        _give_up(db, draft)
        raise


def wanted(report: Report, draft: Draft) -> list[Item]:
    """What is to be imported, labelled as it was chosen."""
    items = [located.item for located in report.items]
    return [rules.labelled(item, key, draft.choices)
            for item, key in zip(items, rules.item_keys(items), strict=True)
            if key not in draft.choices.left_out]  # fmt: skip


def _begin(db: Database, draft: Draft, total: int, now: datetime) -> None:
    with db.write() as tx:
        row = _as_shown(tx, draft, now)
        if service.progress_of(row.choices, now):
            raise ImportRunning
        _mark(row, 0, total, now)


def _prepare(
    db: Database, draft: Draft, items: Sequence[Item], report: Report, now: datetime,
    run_blocking: RunBlocking,
) -> list[Ready]:  # fmt: skip
    ready: list[Ready] = []
    for start in range(0, len(items), PIECE):
        ready += run_blocking(prepare, items[start : start + PIECE], report.pictures)
        with db.write() as tx:
            row = tx.scalar(sa.select(ImportDraft).where(ImportDraft.id == draft.id).with_for_update())
            if row is not None:
                _mark(row, len(ready), len(items), now)
    return ready


def _finish(
    db: Database, draft: Draft, ready: Sequence[Ready], report: Report, actor_id: int, now: datetime
) -> Imported:  # fmt: skip
    used = {name for one in ready for name in wording.names(one.item)}
    pictures = {name: picture for name, picture in report.pictures.items() if name in used}
    source = Source(draft.filename, report.loaded.format, draft.sha256, draft.public_id)
    with db.write() as tx:
        _as_shown(tx, draft, now)
        taken = sa.delete(ImportDraft).where(ImportDraft.id == draft.id).returning(ImportDraft.id)
        if tx.scalar(taken) is None:
            raise ImportOver
        return bank.bring_in(tx, draft.office_id, ready, pictures, now, actor_id, source, reviewed=False)


def _as_shown(tx: Session, draft: Draft, now: datetime) -> ImportDraft:
    """The row of the draft, locked; raises ImportOver, DraftChanged."""
    row = tx.scalar(sa.select(ImportDraft).where(ImportDraft.id == draft.id).with_for_update())
    if row is None:
        raise ImportOver
    same = rules.Choices.from_json(row.choices.get("chosen", {})) == draft.choices
    if row.sha256 != draft.sha256 or not same:
        raise DraftChanged
    return row


def _mark(row: ImportDraft, done: int, total: int, now: datetime) -> None:
    row.choices = row.choices | {IMPORTING: {"at": now.isoformat(), "done": done, "total": total}}


def _give_up(db: Database, draft: Draft) -> None:
    """The draft can be imported again at once."""
    with db.write() as tx:
        row = tx.scalar(sa.select(ImportDraft).where(ImportDraft.id == draft.id).with_for_update())
        if row is not None:
            row.choices = {name: kept for name, kept in row.choices.items() if name != IMPORTING}
