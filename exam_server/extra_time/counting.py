"""A rescue file counts only when a second official grants it, and then only what is newer than what is safe.

Its answers are stored as of the deadline, or of now while the time still runs. What was handed in stays as it
was handed in, and what a replaced device wrote stays evidence.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.approvals import service as approvals
from exam_server.approvals.service import Question
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import fixed, late
from exam_server.extra_time import attempts, filing, rescue, rules
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.filing import KIND
from exam_server.extra_time.refusals import ClosedByOffice, HandedIn, NothingNewer, OlderDevice
from exam_server.extra_time.rescue import Kept
from exam_server.models import Approval, Attempt, RescueFile

ACT = "rescue.counted"


def ask(db: Database, attempt_id: int, file: str, reason: str, actor_id: int, now: datetime) -> str:
    """The public id of the question that now waits for a second official.

    Raises NotFound, HandedIn, ClosedByOffice, OlderDevice, NothingNewer, ResultFrozen, ReasonMissing,
    AlreadyAsked.
    """
    with db.write() as tx:
        attempt = attempts.one(tx, Attempt.id == attempt_id)
        row = _file(tx, attempt_id, file)
        counting = _counting(tx, attempt, row)
        payload = {"attempt": attempt.public_id, "rescue_file": row.public_id, "sha256": row.sha256}
        evidence = {
            "candidate": attempt.candidate, "label": attempt.place.label, "zone": attempt.place.zone.key,
            "positions": sorted(kept.item.position for kept in counting),
            "uploaded_at": to_ms(row.uploaded_at), "phase": attempt.phase(now)[0],
        }  # fmt: skip
        question = Question(KIND, attempt.place.office_id, "attempt", attempt_id, payload, evidence, reason)
        return approvals.ask(tx, question, actor_id, now)


def apply(tx: Session, approval: Approval, now: datetime) -> None:
    """The answers of that file count, and the attempt is scored again by itself.

    Raises NotFound, HandedIn, ClosedByOffice, OlderDevice, NothingNewer, ResultFrozen.
    """
    # Held from here on: a closing or a save that was a moment earlier is seen below, a later one sees this.
    attempt = attempts.one(tx, Attempt.id == approval.object_id, hold=True)
    row = _file(tx, attempt.id, approval.payload["rescue_file"])
    counting = _counting(tx, attempt, row)
    at = rules.rescued_at(attempt.facts.deadline_at or now, now)
    tx.execute(sa.update(Attempt).where(Attempt.id == attempt.id).values(rev=Attempt.rev + 1)
               .execution_options(synchronize_session=False))  # fmt: skip
    count = late.put(tx, attempt.id, "rescue", [(kept.item, at) for kept in counting], now)
    audit.record(
        tx, now=now, act=ACT, object_kind="attempt", object_id=attempt.id, actor_id=approval.decided_by,
        office_id=approval.office_id,
        detail=approval.payload | {"approval": approval.public_id, "asked_by": approval.asked_by,
                                   "count": count, "reason": approval.reason},
    )  # fmt: skip


def _file(tx: Session, attempt_id: int, public_id: str) -> RescueFile:
    row = tx.scalar(
        sa.select(RescueFile).where(RescueFile.attempt_id == attempt_id, RescueFile.public_id == public_id)
    )
    if row is None:
        raise NotFound
    return row


def _counting(tx: Session, attempt: OneAttempt, row: RescueFile) -> list[Kept]:
    """What of the file would count now."""
    if attempt.facts.how == "submitted":
        raise HandedIn
    if attempt.facts.how == "official":
        raise ClosedByOffice
    fixed.refuse(tx, [attempt.id])
    said = rescue.read(row.content.encode(), filing.belongs(attempt))
    if filing.older_device(attempt, said):
        raise OlderDevice
    if not (counting := filing.newer(tx, attempt, said)):
        raise NothingNewer
    return counting
