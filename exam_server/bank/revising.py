"""An item written by hand: each save is a further revision with its reason, and the item a draft again.

What an editor had before them is told by `seen`; who would save over somebody else's work is told so instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import holding, service, wording
from exam_server.bank.codec import unseal
from exam_server.bank.refusals import CodeTaken, ItemChanged, ItemThere, WhyMissing
from exam_server.bank.wording import Kept
from exam_server.errors import NotFound
from exam_server.models import BankItem, ItemKey, ItemRevision, ItemTag, RevisionNote
from question_bank.items import Item

SHORTEST_WORD = 3
"""Letters of a reason."""


@dataclass(frozen=True)
class Standing:
    """An item as it stands, with its newest revision; `seen` changes whenever a part of it does."""

    item: BankItem
    revision: ItemRevision
    tags: tuple[str, ...]
    seen: str


@dataclass(frozen=True)
class Wanted:
    """What an editor wants kept; `kept` are the pictures by the names that the item's texts call them."""

    item: Item
    kept: Mapping[str, Kept]
    tags: tuple[str, ...]
    why: str = ""


def standing(tx: Session, item_id: int, lock: bool = False) -> Standing:
    """The item with its newest revision; locked, nobody changes it until the end. Raises NotFound."""
    office_id = tx.scalar(sa.select(BankItem.office_id).where(BankItem.id == item_id))
    if office_id is None:
        raise NotFound
    if lock:
        holding.while_changed(tx, office_id)
    item = tx.scalars(sa.select(BankItem).where(BankItem.id == item_id)).one()
    revision = tx.scalars(
        sa.select(ItemRevision)
        .where(ItemRevision.item_id == item_id)
        .order_by(ItemRevision.number.desc())
        .limit(1)
    ).one()
    tags = tuple(tx.scalars(sa.select(ItemTag.tag).where(ItemTag.item_id == item_id).order_by(ItemTag.tag)))
    return Standing(item, revision, tags, _seen(item, revision, tags))


def _seen(item: BankItem, revision: ItemRevision, tags: Sequence[str]) -> str:
    said = json.dumps([item.topic, item.difficulty, item.state, *tags], ensure_ascii=False)
    return f"{revision.number}.{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def add(tx: Session, office_id: int, wanted: Wanted, author_id: int, now: datetime) -> int:
    """A new item, as a draft; its id. Raises CodeTaken, ItemThere."""
    made = "auto-" + hashlib.sha256(wording.visible(wanted.item, wanted.kept)).hexdigest()[:12]
    code = wanted.item.code or made
    if tx.scalar(sa.select(BankItem.id).where(BankItem.office_id == office_id, BankItem.code == code)):
        raise CodeTaken(taken=code) if wanted.item.code else ItemThere(known=code)
    place = BankItem(office_id=office_id, code=code, topic=wanted.item.topic,
                     difficulty=wanted.item.difficulty, state="draft", created_at=now)  # fmt: skip
    tx.add(place)
    tx.flush()
    _write(tx, place, wanted, author_id, now)
    replace_tags(tx, place.id, wanted.tags)
    _record(tx, "bank.item_added", place, author_id, now, version=1)
    return place.id


def revise(
    tx: Session, item_id: int, wanted: Wanted, seen: str, author_id: int, now: datetime
) -> int | None:  # fmt: skip
    """The number of the new revision; None when only labels differ, which are no wording and need no review.

    Raises NotFound, ItemChanged, WhyMissing.
    """
    was = standing(tx, item_id, lock=True)
    if seen != was.seen:
        raise ItemChanged(version=was.revision.number)
    rewords = differs(tx, was.revision, wanted)
    if rewords:
        why = usable_why(wanted.why)
        _write(tx, was.item, replace(wanted, why=why), author_id, now)
        was.item.state = "draft"
        _record(
            tx, "bank.item_revised", was.item, author_id, now, version=was.revision.number + 1, reason=why
        )
    labels = relabel(tx, was, wanted.item.topic, wanted.item.difficulty, wanted.tags)
    if labels and not rewords:
        _record(tx, "bank.item_labelled", was.item, author_id, now, parts=labels)
    return was.revision.number + 1 if rewords else None


def relabel(
    tx: Session, was: Standing, topic: str, difficulty: str | None, tags: Sequence[str]
) -> list[str]:  # fmt: skip
    """Names of the labels that change; they belong to the item and not to one of its wordings."""
    changed = [
        name
        for name, old, new in (
            ("topic", was.item.topic, topic),
            ("difficulty", was.item.difficulty, difficulty),
            ("tags", sorted(was.tags), sorted(tags)),
        )
        if old != new
    ]
    was.item.topic, was.item.difficulty = topic, difficulty
    if "tags" in changed:
        replace_tags(tx, was.item.id, tags)
    return changed


def replace_tags(tx: Session, item_id: int, tags: Sequence[str]) -> None:
    """These tags and no others."""
    tx.execute(sa.delete(ItemTag).where(ItemTag.item_id == item_id))
    tx.add_all(ItemTag(item_id=item_id, tag=tag) for tag in sorted(set(tags)))
    tx.flush()


def usable_why(typed: str) -> str:
    """The reason on one line; raises WhyMissing."""
    why = " ".join(typed.split())
    if len(why) < SHORTEST_WORD:
        raise WhyMissing(least=SHORTEST_WORD)
    return why


def differs(tx: Session, revision: ItemRevision, wanted: Wanted) -> bool:
    """True when saving would say something else than this revision, to candidates or behind them."""
    hidden = tx.scalars(
        sa.select(ItemKey.content)
        .where(ItemKey.revision_id == revision.id)
        .order_by(ItemKey.version.desc())
        .limit(1)
    ).one()
    item, kept = wanted.item, wanted.kept
    beside = kept[item.picture].id if item.picture else None
    was = (unseal(revision.content), unseal(hidden), revision.picture_id, revision.shuffle)
    return was != (wording.visible(item, kept), wording.hidden(item, kept), beside, item.shuffle)


def _write(tx: Session, place: BankItem, wanted: Wanted, author_id: int, now: datetime) -> None:
    revision_id = service.add_revision(tx, place.id, wanted.item, wanted.kept, now, author_id)
    tx.add(RevisionNote(revision_id=revision_id, why=wanted.why))
    tx.flush()


def _record(tx: Session, act: str, item: BankItem, author_id: int, now: datetime, **detail: object) -> None:
    audit.record(tx, now=now, act=act, object_kind="item", object_id=item.id, actor_id=author_id,
                 office_id=item.office_id, detail=detail)  # fmt: skip
