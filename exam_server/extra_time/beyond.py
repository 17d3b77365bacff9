"""Time for one attempt beyond what one official may give it: asked for by one, granted by another."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.db import Database
from exam_server.exam import ledger
from exam_server.exam.ledger import Grant
from exam_server.extra_time import admission, attempts
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.singly import BY_TWO
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Approval, Attempt

KIND = "attempt.time_granted"


def ask(tx: Session, attempt: OneAttempt, wanted: Wanted, spent: int, actor_id: int, now: datetime) -> str:
    """The public id of the question that now waits; `spent`: seconds given singly before.

    Raises AlreadyAsked.
    """
    payload = {"attempt": attempt.public_id, "seconds": wanted.seconds, "reason_code": wanted.reason_code}
    evidence = {
        "candidate": attempt.candidate, "label": attempt.place.label, "spent": spent,
        "allowed": attempt.facts.allowed_seconds, "phase": attempt.phase(now)[0],
    }  # fmt: skip
    question = Question(KIND, attempt.place.office_id, "attempt", attempt.id, payload, evidence,
                        wanted.reason)  # fmt: skip
    return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """The time as it was asked for.

    Raises AlreadySubmitted, ClosedByOfficial, EntryWouldClose, ResultFrozen.
    """
    attempt = attempts.one(tx, Attempt.id == approval.object_id, hold=True)
    asked = approval.payload
    admission.check(attempt, asked["seconds"], now)
    known = {BY_TWO: approval.public_id, "asked_by": approval.asked_by}
    given = Grant("extra", asked["seconds"], asked["reason_code"], approval.reason,
                  approval.decided_by or approval.asked_by, evidence=known)  # fmt: skip
    ledger.enter(tx, attempt.id, given, now)


def waiting(db: Database, attempt_id: int, now: datetime) -> str | None:
    """The public id of the question about this attempt's time that waits for a second official."""
    with db.read() as tx:
        return tx.scalar(
            sa.select(Approval.public_id).where(
                Approval.kind == KIND, Approval.object_kind == "attempt", Approval.object_id == attempt_id,
                Approval.decided_at.is_(None), Approval.expires_at > now,
            )
        )  # fmt: skip
