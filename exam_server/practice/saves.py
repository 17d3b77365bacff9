"""Storing practice answers: one statement whose predicates are the rule, as in the exam, without evidence."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.saves import Fate, Save, Stored
from exam_server.models import PracticeRun, to_micros
from exam_server.practice.service import GRACE

STORE = sa.text("""
INSERT INTO practice_response (run_id, position, seq, option, flagged)
SELECT r.id, :position, :seq, CAST(:option AS BIGINT), :flagged
FROM practice_run r
JOIN server_session v ON v.id = :session_id AND v.account_id = r.account_id
WHERE r.id = :run_id AND r.deadline_at > :too_old AND r.finalised_at IS NULL
  AND r.lease = :lease AND r.lease_session_id = :session_id
  AND v.ended_at IS NULL AND v.expires_at > :arrived_at
ON CONFLICT (run_id, position) DO UPDATE SET
  seq = excluded.seq, option = excluded.option, flagged = excluded.flagged
  WHERE excluded.seq > practice_response.seq
RETURNING seq
""")

WHY = sa.text("""
SELECT r.deadline_at <= :too_old AS past, r.finalised_at, p.seq AS durable,
       r.lease = :lease AND r.lease_session_id = :session_id AS held,
       v.ended_at IS NULL AND v.expires_at > :arrived_at AS alive
FROM practice_run r
LEFT JOIN server_session v ON v.id = :session_id AND v.account_id = r.account_id
LEFT JOIN practice_response p ON p.run_id = r.id AND p.position = :position
WHERE r.id = :run_id
""")


def store(tx: Session, save: Save) -> Stored:
    """The fate of every item of `save`, whose `attempt_id` is that of a practice run."""
    # A save and a submission of the same run wait for each other.
    tx.execute(sa.select(PracticeRun.id).where(PracticeRun.id == save.attempt_id).with_for_update())
    result = Stored()
    for item in save.items:
        names = {
            "run_id": save.attempt_id, "session_id": save.session_id, "lease": save.lease,
            "position": item.position, "arrived_at": to_micros(save.arrived_at),
            "too_old": to_micros(save.arrived_at - GRACE),
        }  # fmt: skip
        answer = {"seq": item.seq, "option": item.option, "flagged": item.flagged}
        if tx.execute(STORE, names | answer).first():
            result.fates[item.position] = ("saved", item.seq)
        else:
            row = tx.execute(WHY, names).one()
            result.fates[item.position] = (_fate(row, item.seq, save.lease), int(row.durable or 0))
    return result


def _fate(row: Any, seq: int, lease: int) -> Fate:
    """Which predicate said no, in the order in which a person should hear it.

    Who joins after the end gets lease 0: such a page hears that time is up, not that another took over.
    """
    if not row.alive:
        return "signed_out"
    if not row.held and (lease or not (row.past or row.finalised_at)):
        return "taken_over"
    if row.durable and row.durable >= seq:
        return "stale"
    if row.past:
        return "deadline_passed"
    return "closed" if row.finalised_at is not None else "stale"
