"""On how many drawn papers wordings stand: counted from the papers themselves, which never change."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Activity, Attempt, BankItem, ItemRevision, Paper

_REVISION = re.compile(r"\[([0-9]+),\[")
"""How each item begins in a stored paper: [revision, [order of the options]]."""


def of_revisions(tx: Session, item_id: int) -> Counter[int]:
    """Papers by the id of each revision of that item that stands on one."""
    return _counted(tx, _items(tx, [item_id]).keys())


def of_items(tx: Session, item_ids: Sequence[int]) -> Counter[int]:
    """Papers by item, whichever of its wordings was drawn: a paper has an item once."""
    items = _items(tx, item_ids)
    found: Counter[int] = Counter()
    for revision_id, papers in _counted(tx, items.keys()).items():
        found[items[revision_id]] += papers
    return found


def _items(tx: Session, item_ids: Sequence[int]) -> dict[int, int]:
    """The item of each of their revisions."""
    wanted = sa.select(ItemRevision.id, ItemRevision.item_id).where(ItemRevision.item_id.in_(item_ids))
    return {row.id: row.item_id for row in tx.execute(wanted)}


def _counted(tx: Session, revision_ids: Collection[int]) -> Counter[int]:
    offices = (
        sa.select(BankItem.office_id)
        .join(ItemRevision, ItemRevision.item_id == BankItem.id)
        .where(ItemRevision.id.in_(revision_ids))
    )
    papers = (
        sa.select(Paper.content)
        .join(Attempt, Attempt.id == Paper.attempt_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .where(Activity.office_id.in_(offices))
        .execution_options(yield_per=500)
    )
    wanted, found = {str(one) for one in revision_ids}, Counter[int]()
    for content in tx.scalars(papers):
        found.update(int(one) for one in _REVISION.findall(content) if one in wanted)
    return found
