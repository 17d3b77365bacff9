"""The keys of revisions, read where scores are made and nowhere else; a score names the versions it used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank.codec import unseal
from exam_server.models import ItemKey
from question_bank.scoring import Key


def newest(tx: Session, revision_ids: Sequence[int]) -> dict[int, int]:
    """The newest key version of each revision."""
    rows = tx.execute(
        sa.select(ItemKey.revision_id, sa.func.max(ItemKey.version).label("version"))
        .where(ItemKey.revision_id.in_(revision_ids))
        .group_by(ItemKey.revision_id)
    )
    return {row.revision_id: row.version for row in rows}


def keys(tx: Session, versions: Mapping[int, int]) -> dict[int, Key]:
    """The keys of these revisions in these versions; what is not there is left out."""
    rows = tx.execute(
        sa.select(ItemKey.revision_id, ItemKey.version, ItemKey.content)
        .where(ItemKey.revision_id.in_(list(versions)))
    )  # fmt: skip
    return {row.revision_id: _key(unseal(row.content)) for row in rows
            if versions[row.revision_id] == row.version}  # fmt: skip


def _key(content: bytes) -> Key:
    said = json.loads(content)
    return Key(frozenset(said["accepted"]), said.get("everyone", False), said.get("dropped", False))
