"""What stands behind the numbers: items as they were shown, their keys over time, sittings, participants."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank.codec import unseal
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import (
    Account,
    Attempt,
    BankItem,
    ItemKey,
    ItemRevision,
    ResultVersion,
    Sitting,
)
from exam_server.questions import history
from exam_server.questions.history import Wording
from exam_server.selection import numbers as people
from question_bank.validate import LETTERS


@dataclass(frozen=True)
class KeyVersion:
    """One key of a revision; `made` is the version of the results that it made, None for the first key.

    `letters` are the accepted options; `void` is "" or how the item was made void: "everyone", "dropped".
    """

    version: int
    at: datetime
    by: str
    letters: str
    void: str
    made: int | None
    reason: str


@dataclass(frozen=True)
class Wanted:
    """An item whose analysis is looked at: its revision, all its keys (newest first), and what it says."""

    item_id: int
    code: str
    number: int
    wording: Wording
    keys: tuple[KeyVersion, ...]


@dataclass(frozen=True)
class Room:
    """A sitting as people know it."""

    label: str
    starts_at: datetime


def wanted(db: Database, revision_id: int) -> Wanted:
    """Raises NotFound."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(BankItem.id, BankItem.code)
            .join(ItemRevision, ItemRevision.item_id == BankItem.id)
            .where(ItemRevision.id == revision_id)
        ).one_or_none()
        if row is None:
            raise NotFound
        one = next(one for one in history.revisions(tx, row.id) if one.id == revision_id)
        return Wanted(row.id, row.code, one.number, one.wording, _keys(tx, revision_id))


def _keys(tx: Session, revision_id: int) -> tuple[KeyVersion, ...]:
    rows = tx.execute(
        sa.select(ItemKey.version, ItemKey.created_at, Account.name, ItemKey.content,
                  ResultVersion.number, ResultVersion.reason)
        .outerjoin(Account, Account.id == ItemKey.author_id)
        .outerjoin(ResultVersion, (ResultVersion.revision_id == ItemKey.revision_id)
                   & (ResultVersion.key_version == ItemKey.version))
        .where(ItemKey.revision_id == revision_id)
        .order_by(ItemKey.version.desc())
    )  # fmt: skip
    return tuple(_key(*row) for row in rows)


def _key(
    version: int, at: datetime, by: str | None, content: bytes, made: int | None, reason: str | None
) -> KeyVersion:
    said = json.loads(unseal(content))
    letters = ", ".join(LETTERS[one] for one in sorted(said["accepted"]))
    void = "dropped" if said.get("dropped") else "everyone" if said.get("everyone") else ""
    return KeyVersion(version, at, by or "", letters, void, made, reason or "")


def rooms(db: Database, activity_id: int) -> dict[int, Room]:
    """Sittings by id."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(Sitting.id, Sitting.label, Sitting.starts_at).where(Sitting.activity_id == activity_id)
        )
        return {one.id: Room(one.label, one.starts_at) for one in rows}


def numbers(db: Database, attempts: Collection[int]) -> dict[int, str]:
    """The participant's number by attempt; never a name."""
    with db.read() as tx:
        return people.numbers(tx, Attempt.id.in_(attempts))
