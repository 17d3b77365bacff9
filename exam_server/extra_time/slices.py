"""Time for single people of a sitting: refused when, with what others of it got lately, it is the sitting's.

Counted is whatever was given to somebody alone, by whomever and from whichever page. What was given to the
whole sitting is not: that was measured, or two officials decided it. Nor is a preset before the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.lookups import MAY_GET_TIME
from exam_server.extra_time import rules
from exam_server.extra_time.refusals import WholeSitting, WholeSittingWaits
from exam_server.extra_time.singly import BY_TWO, WHOLE
from exam_server.models import Attempt, LedgerEntry, Sitting

NOT_SINGLE = frozenset({WHOLE, BY_TWO})

BySitting = dict[int, set[int]]


def hold(tx: Session, sitting_id: int, attempt_ids: Collection[int]) -> None:
    """These, and all in the sitting who run or wait, until the end of the transaction, in all writers' order.

    Two who give time in slices of one sitting meet at those rows: the second sees what the first one gave.
    """
    whom = sa.or_(Attempt.id.in_(attempt_ids), sa.and_(Attempt.sitting_id == sitting_id, MAY_GET_TIME))
    tx.execute(sa.select(Attempt.id).where(whom).order_by(Attempt.id).with_for_update())


def whole(tx: Session, named: Mapping[int, Set[int]], now: datetime) -> tuple[set[int], set[int]]:
    """Sittings of which it is more than half of those who run, and more than half of those who wait.

    `named`: ids of attempts that are to get time, by sitting.
    """
    lately = _lately(tx, named, now)
    running = _open(tx, named, Attempt.started_at.is_not(None))
    waiting = _open(tx, named, Attempt.started_at.is_(None))
    return rules.whole_sittings(named, running, lately), rules.whole_sittings(named, waiting, lately)


def refuse(tx: Session, named: Mapping[int, Set[int]], now: datetime) -> None:
    """Raises WholeSitting (its detail `sitting`: public id), WholeSittingWaits."""
    run, wait = whole(tx, named, now)
    for sitting_id in sorted(run):
        sitting = tx.get_one(Sitting, sitting_id)
        raise WholeSitting(sitting.public_id, sitting.label)
    for sitting_id in sorted(wait):
        raise WholeSittingWaits(label=tx.get_one(Sitting, sitting_id).label)


def _open(tx: Session, sitting_ids: Collection[int], which: sa.ColumnElement[bool]) -> BySitting:
    """Ids of attempts that time given to the sitting could reach."""
    wanted = sa.select(Attempt.sitting_id, Attempt.id).where(Attempt.sitting_id.in_(sitting_ids))
    return _grouped(tx.execute(wanted.where(MAY_GET_TIME, which)))


def _lately(tx: Session, sitting_ids: Collection[int], now: datetime) -> BySitting:
    """Ids of attempts to which alone time was given within COUNTS_FOR."""
    running = LedgerEntry.entered_at >= Attempt.started_at
    rows = tx.execute(
        sa.select(Attempt.sitting_id, Attempt.id, LedgerEntry.evidence)
        .join(LedgerEntry, LedgerEntry.attempt_id == Attempt.id)
        .where(Attempt.sitting_id.in_(sitting_ids), LedgerEntry.entered_at > now - rules.COUNTS_FOR,
               sa.or_(LedgerEntry.kind == "extra", sa.and_(LedgerEntry.kind == "accommodation", running)))
    )  # fmt: skip
    return _grouped(row for row in rows if NOT_SINGLE.isdisjoint(row.evidence))


def _grouped(rows: Iterable[Any]) -> BySitting:
    found: BySitting = {}
    for row in rows:
        found.setdefault(row.sitting_id, set()).add(row.id)
    return found
