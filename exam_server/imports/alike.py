"""Which of the coming items the bank has already: by their code, or by what they ask."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from exam_server.bank import wording
from exam_server.bank.arrival import auto_code
from exam_server.bank.codec import unseal
from exam_server.bank.keeping import ReadPicture
from exam_server.bank.wording import Kept
from exam_server.db import Database
from exam_server.models import BankItem, ItemKey, ItemRevision, Picture
from question_bank.items import Item
from question_bank.validate import Fingerprint, fingerprint

NEW, SAME, CHANGES, DOUBLES = "new", "same", "changes", "doubles"


@dataclass(frozen=True)
class Fate:
    """What importing an item would do; `item_id` and `code` are of the item of the bank it is about.

    `new`; `same`: it is there as it is; `changes`: that item would get a further wording; `doubles`: it would
    be new, but that item asks the same.
    """

    kind: str = NEW
    item_id: int = 0
    code: str = ""


@dataclass(frozen=True)
class _Known:
    item_id: int
    code: str
    retired: bool
    said: tuple[bytes, str, bool, bytes]


class Bank:
    """The newest wordings of an office's bank, as they were when they were fetched."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._by_code: dict[str, _Known] = {}
        self._by_text: dict[Fingerprint, _Known] = {}
        for row in rows:
            visible = unseal(row.content)
            known = _Known(row.id, row.code, row.state == "retired",
                           (visible, row.sha256 or "", row.shuffle, unseal(row.hidden)))  # fmt: skip
            self._by_code[row.code] = known
            if not known.retired:
                self._by_text.setdefault(_fingerprint(visible, row.sha256 or ""), known)

    def fates(self, items: Sequence[Item], pictures: Mapping[str, ReadPicture]) -> list[Fate]:
        """What importing each of the items would do; `pictures` by the names in them."""
        kept = {name: Kept(0, picture[0]) for name, picture in pictures.items()}
        taken: set[str] = set()
        return [self._fate(item, kept, taken) for item in items]

    def _fate(self, item: Item, kept: Mapping[str, Kept], taken: set[str]) -> Fate:
        """A code that comes again names its first item only: as `arrival` has it."""
        visible = wording.visible(item, kept)
        beside = kept[item.picture].sha256 if item.picture else ""
        code = item.code if item.code and item.code not in taken else auto_code(visible)
        taken.add(code)
        known = self._by_code.get(code)
        if known and not known.retired:
            same = known.said == (visible, beside, item.shuffle, wording.hidden(item, kept))
            return Fate(SAME if same else CHANGES, known.item_id, known.code)
        other = self._by_text.get(_fingerprint(visible, beside))
        return Fate(DOUBLES, other.item_id, other.code) if other else Fate()


def _fingerprint(visible: bytes, picture: str) -> Fingerprint:
    said = json.loads(visible)
    return fingerprint(Item(said["stem"], tuple(said["options"]), 0, picture=picture))


def rows(db: Database, office_id: int) -> Sequence[Any]:
    """What `Bank` is made of: making it takes a while and needs no database."""
    newest = sa.select(sa.func.max(ItemRevision.id)).group_by(ItemRevision.item_id)
    other = sa.orm.aliased(ItemKey)
    last = sa.select(sa.func.max(other.version)).where(other.revision_id == ItemRevision.id).scalar_subquery()
    with db.read() as tx:
        return tx.execute(
            sa.select(BankItem.id, BankItem.code, BankItem.state, ItemRevision.content, ItemRevision.shuffle,
                      ItemKey.content.label("hidden"), Picture.sha256)
            .join(ItemRevision, ItemRevision.item_id == BankItem.id)
            .join(ItemKey, ItemKey.revision_id == ItemRevision.id)
            .outerjoin(Picture, Picture.id == ItemRevision.picture_id)
            .where(BankItem.office_id == office_id, ItemRevision.id.in_(newest), ItemKey.version == last)
        ).all()  # fmt: skip


def by_hash(item: Item, pictures: Mapping[str, ReadPicture]) -> Item:
    """The item with its pictures called by their hashes, as texts of the bank call them."""
    kept = {name: Kept(0, picture[0]) for name, picture in pictures.items()}
    said = json.loads(wording.visible(item, kept))
    behind = json.loads(wording.hidden(item, kept))
    return replace(item, stem=said["stem"], options=tuple(said["options"]), explanation=behind["explanation"],
                   picture=kept[item.picture].sha256 if item.picture else "")  # fmt: skip
