"""Two officials: one asks for an act, another looks at exactly that act and grants or refuses it.

The act is done in the transaction that grants it, so a grant without its act, or an act without its grant,
cannot be. What an act does is told by the mapping `Acts`, which `create_app` puts together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import Account, Approval
from exam_server.unseen import without_unseen

LIFE = timedelta(days=3)

Act = Callable[[Session, Approval, datetime], None]
Acts = Mapping[str, Act]
"""By kind; an act may raise a Refusal, and then nothing was granted."""


class SamePerson(Refusal):
    code = "same_person"
    sentence = N_("Permintaan ini Anda ajukan sendiri. Persetujuannya harus oleh petugas lain.")


class ApprovalOver(Refusal):
    code = "approval_over"
    sentence = N_("Permintaan ini sudah diputuskan atau sudah lewat batas waktunya. Tidak ada yang berubah.")


class AlreadyAsked(Refusal):
    code = "already_asked"
    sentence = N_(
        "Permintaan yang sama masih menunggu persetujuan petugas lain. Tidak ada yang diajukan lagi."
    )


class ReasonMissing(Refusal):
    code = "reason_missing"
    status = 422
    field = "reason"
    sentence = N_("Tulis alasannya. Alasan dibaca oleh petugas kedua dan tercatat di jejak audit.")


@dataclass(frozen=True)
class Question:
    """What somebody wants to be done: `payload` is exactly what the act will be told."""

    kind: str
    office_id: int
    object_kind: str
    object_id: int
    payload: dict[str, Any]
    evidence: dict[str, Any]
    reason: str


@dataclass(frozen=True)
class Asked:
    """One question as officials see it."""

    approval: Approval
    asked_by: str
    decided_by: str | None

    def open(self, now: datetime) -> bool:
        return self.approval.decided_at is None and now < self.approval.expires_at

    def outcome(self, now: datetime) -> str:
        """open, granted, refused, withdrawn, or expired: the clock alone, whether or not it was put away."""
        approval = self.approval
        over = approval.decided_at is None or approval.decided_at == approval.expires_at
        return "open" if self.open(now) else "expired" if over else str(approval.outcome)


def ask(tx: Session, question: Question, actor_id: int, now: datetime) -> str:
    """The public id of the question that now waits; raises ReasonMissing, AlreadyAsked.

    A question that ran out unanswered makes room for a new one.
    """
    reason = without_unseen(question.reason).strip()
    if not reason:
        raise ReasonMissing
    _put_away_expired(tx, question, now)
    approval = Approval(
        kind=question.kind, office_id=question.office_id, object_kind=question.object_kind,
        object_id=question.object_id, payload=question.payload, evidence=question.evidence,
        reason=reason, asked_by=actor_id, asked_at=now, expires_at=now + LIFE,
    )  # fmt: skip
    try:
        with tx.begin_nested():
            tx.add(approval)
    except IntegrityError as problem:
        raise AlreadyAsked from problem
    _record(tx, approval, "approval.asked", actor_id, now)
    return approval.public_id


def grant(db: Database, acts: Acts, public_id: str, actor_id: int, now: datetime) -> None:
    """The act is done; raises NotFound, SamePerson, ApprovalOver, and whatever the act refuses."""
    with db.write() as tx:
        approval = _decide(tx, public_id, actor_id, "granted", "", now)
        acts[approval.kind](tx, approval, now)


def refuse(db: Database, public_id: str, actor_id: int, answer: str, now: datetime) -> None:
    """Nothing is done, and the asker reads why; raises NotFound, SamePerson, ApprovalOver, ReasonMissing."""
    said = without_unseen(answer).strip()
    if not said:
        raise ReasonMissing
    with db.write() as tx:
        _decide(tx, public_id, actor_id, "refused", said, now)


def withdraw(db: Database, public_id: str, actor_id: int, now: datetime) -> None:
    """The asker takes the question back; raises NotFound (also for anybody else), ApprovalOver."""
    with db.write() as tx:
        if _found(tx, public_id).asked_by != actor_id:
            raise NotFound
        _decide(tx, public_id, actor_id, "withdrawn", "", now)


def of_offices(db: Database, office_ids: list[int] | None, now: datetime) -> list[Asked]:
    """Questions of these offices (None: of all), open ones first, then the newest hundred."""
    with db.read() as tx:
        wanted = _asked()
        if office_ids is not None:
            wanted = wanted.where(Approval.office_id.in_(office_ids))
        waits = sa.and_(Approval.decided_at.is_(None), Approval.expires_at > now)
        rows = tx.execute(wanted.order_by(sa.not_(waits), Approval.id.desc()).limit(100))
        return [Asked(*row) for row in rows]


def waiting_for(db: Database, office_ids: list[int] | None, viewer_id: int, now: datetime) -> int:
    """How many open questions of these offices (None: of all) this official may decide."""
    wanted = sa.select(sa.func.count(Approval.id)).where(
        Approval.decided_at.is_(None), Approval.expires_at > now, Approval.asked_by != viewer_id
    )
    if office_ids is not None:
        wanted = wanted.where(Approval.office_id.in_(office_ids))
    with db.read() as tx:
        return tx.scalar(wanted) or 0


def own(db: Database, public_id: str, office_ids: list[int] | None, viewer_id: int, now: datetime) -> Asked:
    """The question, if it is of one of these offices (None: of any); anybody else leaves a row in the trail
    and finds nothing (NotFound).
    """
    asked = one(db, public_id)
    if office_ids is not None and asked.approval.office_id not in office_ids:
        audit.refuse_foreign(db, viewer_id, "approval", asked.approval.id, now)
    return asked


def one(db: Database, public_id: str) -> Asked:
    """The question of that name; raises NotFound."""
    with db.read() as tx:
        row = tx.execute(_asked().where(Approval.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return Asked(*row)


def _asked() -> sa.Select[Approval, str, str]:
    asker, decider = aliased(Account), aliased(Account)
    return (
        sa.select(Approval, asker.name, decider.name)
        .join(asker, asker.id == Approval.asked_by)
        .outerjoin(decider, decider.id == Approval.decided_by)
    )


def _decide(tx: Session, public_id: str, actor_id: int, outcome: str, answer: str, now: datetime) -> Approval:
    """One statement decides who answers; the schema refuses a second answer and the asker's own grant."""
    approval = _found(tx, public_id)
    if approval.asked_by == actor_id and outcome != "withdrawn":
        raise SamePerson
    decided = tx.execute(
        sa.update(Approval)
        .where(Approval.id == approval.id, Approval.decided_at.is_(None), Approval.expires_at > now)
        .values(decided_by=actor_id, decided_at=now, outcome=outcome, answer=answer)
        .returning(Approval.id)
        .execution_options(synchronize_session="fetch")
    ).one_or_none()
    if decided is None:
        raise ApprovalOver
    _record(tx, approval, f"approval.{outcome}", actor_id, now)
    return approval


def _put_away_expired(tx: Session, question: Question, now: datetime) -> None:
    tx.execute(
        sa.update(Approval)
        .where(
            Approval.kind == question.kind, Approval.object_kind == question.object_kind,
            Approval.object_id == question.object_id, Approval.decided_at.is_(None),
            Approval.expires_at <= now,
        )
        .values(outcome="withdrawn", decided_at=Approval.expires_at, decided_by=Approval.asked_by)
    )  # fmt: skip


def _found(tx: Session, public_id: str) -> Approval:
    approval = tx.scalar(sa.select(Approval).where(Approval.public_id == public_id))
    if approval is None:
        raise NotFound
    return approval


def _record(tx: Session, approval: Approval, act: str, actor_id: int, now: datetime) -> None:
    audit.record(
        tx, now=now, act=act, object_kind=approval.object_kind, object_id=approval.object_id,
        actor_id=actor_id, office_id=approval.office_id,
        detail={"kind": approval.kind, "payload": approval.payload, "reason": approval.reason},
    )  # fmt: skip
