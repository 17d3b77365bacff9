"""Frozen lists, read again: which one is the newest, and what it says of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.models import Account, Attempt, Placing, Score, SelectionList
from exam_server.ranking.listing import Line, placed_of
from exam_server.ranking.rules import Placed

COLUMNS = (
    Placing.attempt_id, Placing.receipt_number, Placing.keys_sha256, Placing.rank, Placing.outcome,
    Placing.reserve, Placing.quota, Placing.total, Placing.detail,
)  # fmt: skip


@dataclass(frozen=True)
class Frozen:
    """A frozen list without its lines."""

    id: int
    public_id: str
    activity_id: int
    number: int
    criteria_id: int
    quota_id: int
    result_number: int
    reason: str
    sha256: str
    asked_by: str
    granted_by: str
    frozen_at: datetime


def newest_list(tx: Session, activity_id: int) -> Frozen | None:
    """None while nothing is frozen."""
    asker, granter = aliased(Account), aliased(Account)
    row = tx.execute(
        sa.select(
            SelectionList.id, SelectionList.public_id, SelectionList.activity_id, SelectionList.number,
            SelectionList.criteria_id, SelectionList.quota_id, SelectionList.result_number,
            SelectionList.reason, SelectionList.sha256, asker.name.label("asked_by"),
            granter.name.label("granted_by"), SelectionList.frozen_at,
        )
        .join(asker, asker.id == SelectionList.asked_by)
        .join(granter, granter.id == SelectionList.granted_by)
        .where(SelectionList.activity_id == activity_id)
        .order_by(SelectionList.number.desc())
    ).first()  # fmt: skip
    return None if row is None else Frozen(**row._asdict())


def lines(tx: Session, list_id: int) -> list[Line]:
    """Its lines as they were frozen, in the order of ranks; then who is not eligible, by number."""
    rows = tx.execute(sa.select(*COLUMNS).where(Placing.list_id == list_id)).mappings()
    found = [dict(row) for row in rows]
    return sorted(found, key=lambda one: (one["rank"] is None, one["rank"] or 0, one["detail"]["number"]))


def placed(tx: Session, list_id: int) -> list[Placed]:
    """The same as the rules tell it."""
    return [placed_of(one) for one in lines(tx, list_id)]


def absent(tx: Session, activity_id: int) -> int:
    """How many chose a sitting and have no score: they are out, and on no list."""
    scored = sa.exists().where(Score.attempt_id == Attempt.id)
    return tx.scalar(
        sa.select(sa.func.count(Attempt.id)).where(Attempt.activity_id == activity_id, ~scored)
    ) or 0  # fmt: skip
