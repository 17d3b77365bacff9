"""Many items into the bank in few statements: new, a further revision, or there already.

Everything that takes time is done before the transaction (`prepare`), so that a thousand items hold up an
exam no longer than a handful. A code that comes twice in one file names its first item only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import holding, keeping, wording
from exam_server.bank.codec import seal, unseal
from exam_server.bank.keeping import ReadPicture
from exam_server.bank.wording import Kept
from exam_server.models import BankItem, ItemKey, ItemRevision, Picture, RevisionPicture
from question_bank.items import Item

MOST_NAMES = 500
"""Values in one list of a statement."""


@dataclass(frozen=True)
class Ready:
    """An item as it will lie in the bank; `beside` and `inside` are hashes of its pictures."""

    item: Item
    code: str
    visible: bytes
    hidden: bytes
    beside: str
    inside: tuple[str, ...]


@dataclass(frozen=True)
class Former:
    """What an item of the bank was before it was changed."""

    item_id: int
    state: str
    topic: str
    difficulty: str | None


@dataclass
class Arrived:
    """What became of the items: `revisions` that came, each with the one before it (None: a new item)."""

    added: int = 0
    revised: int = 0
    unchanged: int = 0
    revisions: list[tuple[int, int | None]] = field(default_factory=list)
    former: list[Former] = field(default_factory=list)


@dataclass(frozen=True)
class _Newest:
    """An item of the bank with its newest wording."""

    former: Former
    revision_id: int
    number: int
    said: tuple[bytes, str, bool, bytes]
    """What can be seen, the picture beside it, whether options are shuffled, and what is hidden."""


@dataclass(frozen=True)
class _Before:
    """The wording before the one that comes; nothing is `undone` to it where the item had been retired."""

    newest: _Newest
    was_retired: bool


Coming = tuple[int, Ready, _Before | None]
"""(item, its further wording, the one before)"""


def prepare(items: Sequence[Item], pictures: Mapping[str, ReadPicture]) -> list[Ready]:
    """The items as they will lie in the bank, equal ones once each; `pictures` by the names in them."""
    kept = {name: Kept(0, picture[0]) for name, picture in pictures.items()}
    return [_ready(item, kept) for item in items]


def _ready(item: Item, kept: Mapping[str, Kept]) -> Ready:
    visible = wording.visible(item, kept)
    inside = {kept[name].sha256 for name in wording.names_inside(item)}
    return Ready(item, item.code or auto_code(visible), visible, wording.hidden(item, kept),
                 kept[item.picture].sha256 if item.picture else "", tuple(sorted(inside)))  # fmt: skip


def auto_code(visible: bytes) -> str:
    """The code of an item that came without one: made of what it says, so that it is known again."""
    return "auto-" + hashlib.sha256(visible).hexdigest()[:12]


def bring_in(
    tx: Session, office_id: int, ready: Sequence[Ready], pictures: Mapping[str, ReadPicture],
    now: datetime, author_id: int | None, reviewed: bool,
) -> Arrived:  # fmt: skip
    """Every item is in the office's bank.

    Where they were `reviewed` before they came, new ones are drawn at once and others keep their state. Else
    what is new or changed is a draft, and an item that was retired comes back as a new one.
    """
    holding.while_changed(tx, office_id)
    ids = keeping.keep(tx, list(pictures.values()))
    named = _each_by_its_own_code(ready)
    present = _present(tx, office_id, [code for code, _ in named])
    arrived = Arrived(unchanged=len(ready) - len(named))
    fresh = [(code, one) for code, one in named if code not in present]
    places = _add_items(tx, office_id, fresh, now, "reviewed" if reviewed else "draft")
    coming: list[Coming] = [(places[code], one, None) for code, one in fresh]
    arrived.added = len(fresh)
    known = [_again(present[code], one, reviewed, arrived) for code, one in named if code in present]
    changes = [change for change, _ in known if change]
    if changes:
        tx.execute(sa.update(BankItem), changes)
    coming += [one for _, one in known if one]
    arrived.revisions += _add_revisions(tx, coming, ids, now, author_id)
    return arrived


def _each_by_its_own_code(ready: Sequence[Ready]) -> list[tuple[str, Ready]]:
    """Equal ones once; a second wording under the same code goes by what it says."""
    found: dict[str, Ready] = {}
    for one in ready:
        if found.setdefault(one.code, one) is not one and _said(found[one.code]) != _said(one):
            found.setdefault(auto_code(one.visible), one)
    return list(found.items())


def _said(one: Ready) -> tuple[bytes, str, bool, bytes]:
    return one.visible, one.beside, one.item.shuffle, one.hidden


def _again(
    newest: _Newest, one: Ready, reviewed: bool, arrived: Arrived
) -> tuple[dict[str, Any] | None, Coming | None]:
    """What changes of an item that the bank knows, and the revision that it needs."""
    former = newest.former
    back, same = former.state == "retired" and not reviewed, newest.said == _said(one)
    if same and not back:
        arrived.unchanged += 1
        return None, None
    arrived.added += back
    arrived.revised += not back
    if same:
        arrived.revisions.append((newest.revision_id, None))
    if not back:
        arrived.former.append(former)
    change = {"id": former.item_id, "state": former.state if reviewed else "draft",
              "topic": one.item.topic, "difficulty": one.item.difficulty}  # fmt: skip
    return change, None if same else (former.item_id, one, _Before(newest, back))


def _present(tx: Session, office_id: int, codes: Sequence[str]) -> dict[str, _Newest]:
    """Those of the codes that the office's bank knows, with their newest wording and newest key."""
    newest = sa.select(sa.func.max(ItemRevision.id)).group_by(ItemRevision.item_id)
    other = sa.orm.aliased(ItemKey)
    last_key = (
        sa.select(sa.func.max(other.version)).where(other.revision_id == ItemRevision.id).scalar_subquery()
    )
    statement = (
        sa.select(BankItem, ItemRevision, ItemKey.content.label("hidden"), Picture.sha256)
        .join(ItemRevision, ItemRevision.item_id == BankItem.id)
        .join(ItemKey, ItemKey.revision_id == ItemRevision.id)
        .outerjoin(Picture, Picture.id == ItemRevision.picture_id)
        .where(BankItem.office_id == office_id, ItemRevision.id.in_(newest), ItemKey.version == last_key)
    )
    found = {}
    for start in range(0, len(codes), MOST_NAMES):
        part = codes[start : start + MOST_NAMES]
        for row in tx.execute(statement.where(BankItem.code.in_(part))):
            found[row.BankItem.code] = _newest(row)
    return found


def _newest(row: Any) -> _Newest:
    item, revision = row.BankItem, row.ItemRevision
    said = (unseal(revision.content), row.sha256 or "", revision.shuffle, unseal(row.hidden))
    former = Former(item.id, item.state, item.topic, item.difficulty)
    return _Newest(former, revision.id, revision.number, said)


def _add_items(
    tx: Session, office_id: int, fresh: Sequence[tuple[str, Ready]], now: datetime, state: str
) -> dict[str, int]:
    """Ids of the new items by their codes."""
    if not fresh:
        return {}
    rows = [
        {"office_id": office_id, "code": code, "topic": one.item.topic, "difficulty": one.item.difficulty,
         "state": state, "created_at": now}
        for code, one in fresh
    ]  # fmt: skip
    made = tx.execute(sa.insert(BankItem).returning(BankItem.code, BankItem.id), rows)
    return {row.code: row.id for row in made}


def _add_revisions(
    tx: Session, coming: Sequence[Coming], pictures: Mapping[str, int], now: datetime, author_id: int | None
) -> list[tuple[int, int | None]]:
    """(id, id of the one before) of each; one that follows a retired item follows nothing."""
    if not coming:
        return []
    rows = [
        {"item_id": item_id, "number": before.newest.number + 1 if before else 1,
         "content": seal(one.visible), "options": len(one.item.options), "shuffle": one.item.shuffle,
         "picture_id": pictures[one.beside] if one.beside else None, "created_at": now,
         "author_id": author_id}
        for item_id, one, before in coming
    ]  # fmt: skip
    made = tx.execute(
        sa.insert(ItemRevision).returning(ItemRevision.id, sort_by_parameter_order=True), rows
    ).scalars()
    told = []
    keys: list[dict[str, Any]] = []
    inside: list[dict[str, Any]] = []
    for revision_id, (_, one, before) in zip(made, coming, strict=True):
        former = before.newest.revision_id if before and not before.was_retired else None
        told.append((revision_id, former))
        keys.append({"revision_id": revision_id, "version": 1, "content": seal(one.hidden),
                     "created_at": now, "author_id": author_id})  # fmt: skip
        inside += [{"revision_id": revision_id, "picture_id": pictures[sha256]} for sha256 in one.inside]
    tx.execute(sa.insert(ItemKey), keys)
    if inside:
        tx.execute(sa.insert(RevisionPicture), inside)
    return told
