"""Answers kept as evidence, and the one act that makes them count: time or a file that officials granted.

A late answer counts when it lies before the deadline as it stands now (and its grace, as for everybody), was
written under the newest lease, and is newer than what is durable. The evidence itself stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import announce
from exam_server.exam import journal
from exam_server.exam.rules import Item
from exam_server.models import LateAnswer, to_micros

_COUNTING = sa.text("""
SELECT l.position, l.seq, l.option, l.flagged, l.arrived_at, COALESCE(r.seq, 0) AS durable
FROM late_answer l JOIN attempt a ON a.id = l.attempt_id
LEFT JOIN response r ON r.attempt_id = l.attempt_id AND r.position = l.position
WHERE l.attempt_id = :attempt_id AND l.reason IN ('deadline_passed', 'closed')
  AND l.lease = a.lease
  AND l.arrived_at < COALESCE(CAST(:until AS BIGINT), a.deadline_at) + a.grace_seconds * 1000000
ORDER BY l.position, l.seq, l.id
""").columns(arrived_at=LateAnswer.__table__.c.arrived_at.type, flagged=sa.Boolean)

_PUT = sa.text("""
INSERT INTO response (attempt_id, position, seq, option, flagged, arrived_at)
VALUES (:attempt_id, :position, :seq, :option, :flagged, :arrived_at)
ON CONFLICT (attempt_id, position) DO UPDATE SET
  seq = excluded.seq, option = excluded.option, flagged = excluded.flagged, arrived_at = excluded.arrived_at
  WHERE excluded.seq > response.seq
RETURNING position
""")


def kept_for(tx: Session, attempt_ids: Sequence[int]) -> list[int]:
    """Those of these attempts for which anything was kept as evidence."""
    kept = sa.select(LateAnswer.attempt_id).where(LateAnswer.attempt_id.in_(attempt_ids)).distinct()
    return sorted(tx.scalars(kept))


def count(tx: Session, attempt_id: int, now: datetime) -> int:
    """How many late answers have become responses; the attempt's row is held by the caller."""
    rows = tx.execute(_COUNTING, {"attempt_id": attempt_id, "until": None})
    return put(tx, attempt_id, "late", [(Item(row.position, row.seq, row.option, row.flagged), row.arrived_at)
                                        for row in rows], now)  # fmt: skip


def would_count(tx: Session, attempt_id: int, until: datetime) -> int:
    """At how many positions a late answer would become the response if `until` were the deadline."""
    rows = tx.execute(_COUNTING, {"attempt_id": attempt_id, "until": to_micros(until)})
    return len({row.position for row in rows if row.seq > row.durable})


def put(
    tx: Session, attempt_id: int, source: str, answers: Iterable[tuple[Item, datetime]], now: datetime
) -> int:
    """Store and seal what officials let count, each with its own instant; how many were newer than before."""
    counted: list[list[Any]] = []
    for item, arrived_at in answers:
        values = {"attempt_id": attempt_id, "position": item.position, "seq": item.seq, "option": item.option,
                  "flagged": item.flagged, "arrived_at": to_micros(arrived_at)}  # fmt: skip
        if tx.execute(_PUT, values).one_or_none() is not None:
            counted.append([item.position, item.seq, item.option, item.flagged, to_micros(arrived_at)])
    if counted:
        journal.append(tx, attempt_id, "counted", now, {"source": source, "items": counted})
        announce(tx, "attempts", {"attempt_ids": {attempt_id}})
        announce(tx, "unsettled", {"attempt_id": attempt_id})
    return len(counted)
