"""The bank of an office as a file: what a format cannot hold is told before, and who took it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.bank import export
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import BankItem
from question_bank.formats import WRITERS, dump, losses
from question_bank.problems import Problem

FILES = {
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "gift": ("txt", "text/plain; charset=utf-8"),
    "moodle_xml": ("xml", "application/xml"),
    "qti30": ("zip", "application/zip"),
}
"""Format: ending and media type of its file."""


@dataclass(frozen=True)
class Offer:
    """A format, and for each kind of loss one example with how many items it is about."""

    format: str
    losses: tuple[tuple[Problem, int], ...]


@dataclass(frozen=True)
class Stock:
    """What would be taken: items that are not retired, less those whose key no file can hold."""

    items: int
    left_out: int
    offers: tuple[Offer, ...]


def stock(db: Database, office_id: int) -> Stock:
    """What a file of each format would hold."""
    with db.read() as tx:
        items, _ = export.items_of(tx, office_id)
        there = _count(tx, office_id)
    offers = []
    for name in WRITERS:
        told: dict[str, tuple[Problem, int]] = {}
        for problem in losses(items, name):
            told[problem.code] = (problem, told.get(problem.code, (problem, 0))[1] + 1)
        offers.append(Offer(name, tuple(told.values())))
    return Stock(len(items), there - len(items), tuple(offers))


def _count(tx: Session, office_id: int) -> int:
    wanted = sa.select(sa.func.count()).where(BankItem.office_id == office_id, BankItem.state != "retired")
    return tx.scalar(wanted) or 0


def take(db: Database, office_id: int, format: str, actor_id: int, now: datetime) -> bytes:
    """The file, with its keys: the trail says who has it. Raises NotFound for a format that nobody writes."""
    if format not in WRITERS:
        raise NotFound
    with db.write() as tx:
        items, pictures = export.items_of(tx, office_id)
        audit.record(tx, now=now, act="bank.exported", object_kind="office", object_id=office_id,
                     actor_id=actor_id, office_id=office_id,
                     detail={"count": len(items), "format": format})  # fmt: skip
    return dump(items, format, pictures)
