"""A paper drawn to be looked at: by the rule of the draw, for nobody, and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.bank.service import Shown
from exam_server.bank.wording import shown_at
from exam_server.db import Database
from exam_server.exam.papers import ShownItem
from exam_server.models import Picture
from question_bank.blueprint import Blueprint, Drawn, draw

Address = Callable[[str], str]
"""From a picture's hash to where the viewer finds it."""


@dataclass(frozen=True)
class Previewed:
    """An item of the paper as its candidate would see it, and where its picture is, if it has one."""

    item: ShownItem
    picture_at: str


def paper(
    db: Database, office_id: int, blueprint: Blueprint, number: int, address: Address
) -> list[Previewed]:  # fmt: skip
    """One paper; the same number gives the same one while the bank stays as it is. Raises BankTooSmall."""
    with db.read() as tx:
        drawn = draw(bank.refs(tx, office_id), blueprint, b"preview" + number.to_bytes(4, "big"))
        said = bank.shown(tx, [one.id for one in drawn])
        beside = _hashes(tx, [one.picture_id for one in said.values() if one.picture_id])
    return [_previewed(place, one, said[one.id], beside, address) for place, one in enumerate(drawn, 1)]


def _hashes(tx: Session, picture_ids: list[int]) -> dict[int, str]:
    rows = tx.execute(sa.select(Picture.id, Picture.sha256).where(Picture.id.in_(picture_ids)))
    return {row.id: row.sha256 for row in rows}


def _previewed(place: int, one: Drawn, said: Shown, beside: dict[int, str], address: Address) -> Previewed:
    options = tuple(shown_at(said.options[original], address) for original in one.order)
    picture = beside.get(said.picture_id or 0, "")
    item = ShownItem(place, shown_at(said.stem, address), options, bool(picture), said.picture_alt)
    return Previewed(item, address(picture) if picture else "")
