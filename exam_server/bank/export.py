"""The bank of an office out again, as items of the library with the pictures that they name."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import wording
from exam_server.bank.codec import unseal
from exam_server.models import BankItem, ItemKey, ItemRevision, Picture
from question_bank.items import Item
from question_bank.pictures import name_of

MADE_CODE = "auto-"
"""How codes begin that the bank gave itself; outside they mean nothing."""


def items_of(tx: Session, office_id: int) -> tuple[list[Item], dict[str, bytes]]:
    """The newest revision of every item that is not retired, by code, and its pictures by the names in it.

    An item whose key takes several options, or which was made void, is left out: no file can say that.
    """
    newest = sa.select(sa.func.max(ItemRevision.id)).group_by(ItemRevision.item_id)
    rows = tx.execute(
        sa.select(BankItem.code, BankItem.topic, BankItem.difficulty, ItemRevision.shuffle,
                  ItemRevision.picture_id, ItemRevision.content, ItemKey.content.label("hidden"))
        .join(ItemRevision, ItemRevision.item_id == BankItem.id)
        .join(ItemKey, ItemKey.revision_id == ItemRevision.id)
        .where(BankItem.office_id == office_id, BankItem.state != "retired", ItemRevision.id.in_(newest),
               ItemKey.version == _newest_key())
        .order_by(BankItem.code)
    ).all()  # fmt: skip
    pictures = _Pictures(tx)
    items = [item for row in rows if (item := _item(row, pictures)) is not None]
    return items, pictures.found


def _newest_key() -> sa.ScalarSelect[int]:
    other = sa.orm.aliased(ItemKey)
    return sa.select(sa.func.max(other.version)).where(other.revision_id == ItemRevision.id).scalar_subquery()


class _Pictures:
    """Pictures of the bank by their hash or id, each read once and called by a name of its content."""

    def __init__(self, tx: Session) -> None:
        self._tx = tx
        self._names: dict[object, str] = {}
        self.found: dict[str, bytes] = {}

    def by_hash(self, sha256: str) -> str:
        return self._name(Picture.sha256 == sha256, sha256)

    def by_id(self, picture_id: int | None) -> str:
        return "" if picture_id is None else self._name(Picture.id == picture_id, picture_id)

    def _name(self, wanted: sa.ColumnElement[bool], known_as: object) -> str:
        if known_as not in self._names:
            data = unseal(self._tx.execute(sa.select(Picture.content).where(wanted)).scalar_one())
            self._names[known_as] = name_of("", data)
            self.found[self._names[known_as]] = data
        return self._names[known_as]


def _item(row: Any, pictures: _Pictures) -> Item | None:
    seen, hidden = json.loads(unseal(row.content)), json.loads(unseal(row.hidden))
    if len(hidden["accepted"]) != 1 or hidden.get("everyone") or hidden.get("dropped"):
        return None
    return Item(
        stem=wording.shown_at(seen["stem"], pictures.by_hash),
        options=tuple(wording.shown_at(one, pictures.by_hash) for one in seen["options"]),
        key=hidden["accepted"][0],
        code="" if row.code.startswith(MADE_CODE) else row.code,
        topic=row.topic,
        difficulty=row.difficulty,
        picture=pictures.by_id(row.picture_id),
        picture_alt=seen["picture_alt"],
        explanation=wording.shown_at(hidden["explanation"], pictures.by_hash),
        shuffle=row.shuffle,
    )
