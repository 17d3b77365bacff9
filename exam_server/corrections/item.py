"""An item as a correction looks at it: one wording that papers hold, and the key that is in force for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.bank.codec import seal, unseal
from exam_server.bank.service import Shown
from exam_server.corrections import scoring
from exam_server.corrections.refusals import ItemNotDrawn
from exam_server.models import Activity, BankItem, ItemKey, ItemRevision, Picture
from question_bank.scoring import Key


@dataclass(frozen=True)
class KeyInForce:
    """The newest key of a revision; `content` is what lies sealed in the bank."""

    revision_id: int
    item_id: int
    code: str
    wording: int
    options: int
    version: int
    key: Key
    content: dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """The same with the texts that candidates saw; `picture` is the hash of the one beside them."""

    known: KeyInForce
    shown: Shown
    picture: str


def in_force(tx: Session, activity_id: int, revision_id: int) -> KeyInForce:
    """Of a revision on a paper of that activity; raises ItemNotDrawn."""
    row = tx.execute(
        sa.select(ItemRevision.item_id, BankItem.code, ItemRevision.number, ItemRevision.options,
                  ItemKey.version, ItemKey.content)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .join(Activity, Activity.office_id == BankItem.office_id)
        .join(ItemKey, ItemKey.revision_id == ItemRevision.id)
        .where(ItemRevision.id == revision_id, Activity.id == activity_id)
        .order_by(ItemKey.version.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if row is None or not scoring.is_drawn(tx, activity_id, revision_id):
        raise ItemNotDrawn
    said = json.loads(unseal(row.content))
    return KeyInForce(revision_id, row.item_id, row.code, row.number, row.options, row.version, key_of(said),
                      said)  # fmt: skip


def seen(tx: Session, activity_id: int, revision_id: int) -> Seen:
    """Raises ItemNotDrawn."""
    known = in_force(tx, activity_id, revision_id)
    shown = bank.shown(tx, [revision_id])[revision_id]
    picture = tx.scalar(sa.select(Picture.sha256).where(Picture.id == shown.picture_id))
    return Seen(known, shown, picture or "")


def wordings(tx: Session, activity_id: int, code: str) -> list[int]:
    """Ids of the revisions of that item that papers of the activity hold; raises ItemNotDrawn."""
    revisions = tx.scalars(
        sa.select(ItemRevision.id)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .join(Activity, Activity.office_id == BankItem.office_id)
        .where(Activity.id == activity_id, BankItem.code == code)
        .order_by(ItemRevision.number)
    )
    found = [one for one in revisions if scoring.is_drawn(tx, activity_id, one)]
    if not found:
        raise ItemNotDrawn
    return found


def key_of(said: dict[str, Any]) -> Key:
    """The key that this JSON tells."""
    return Key(frozenset(said["accepted"]), said.get("everyone", False), said.get("dropped", False))


def key_json(key: Key) -> dict[str, Any]:
    return {"accepted": sorted(key.accepted), "everyone": key.everyone, "dropped": key.dropped}


def write(tx: Session, known: KeyInForce, key: Key, author_id: int, now: datetime) -> None:
    """The key's next version; raises IntegrityError when somebody else has just written it."""
    content = known.content | key_json(key)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    tx.add(ItemKey(revision_id=known.revision_id, version=known.version + 1, content=seal(text.encode()),
                   created_at=now, author_id=author_id))  # fmt: skip
    tx.flush()
