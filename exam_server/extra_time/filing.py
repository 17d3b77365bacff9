"""Rescue files of an attempt: kept once each, as evidence; and what each would add if it were to count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.extra_time import attempts, rescue, rules
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.refusals import NotBegun
from exam_server.extra_time.rescue import Belongs, Kept, Rescue
from exam_server.models import Account, Approval, Attempt, RescueFile, Response, new_public_id

KIND = "rescue.counted"


@dataclass(frozen=True)
class Filed:
    """One file as officials see it; `newer` are positions at which it holds something newer, in time."""

    public_id: str
    sha256: str
    uploaded_by: str
    uploaded_at: datetime
    made_at: datetime | None
    positions: tuple[int, ...]
    newer: tuple[int, ...]
    older_device: bool
    waiting: bool
    """A second official is asked about it."""
    counted_at: datetime | None


def load(db: Database, attempt_id: int, content: bytes, actor_id: int, now: datetime) -> str:
    """The public id of the file, kept as evidence; the same file again is the one that is there already.

    Raises NotBegun, and what `rescue.read` raises.
    """
    with db.write() as tx:
        attempt = attempts.one(tx, Attempt.id == attempt_id)
        if attempt.facts.started_at is None:
            raise NotBegun
        found = rescue.read(content, belongs(attempt))
        digest = hashlib.sha256(content).hexdigest()
        row = RescueFile(public_id=new_public_id(), attempt_id=attempt_id, sha256=digest,
                         content=content.decode(), uploaded_by=actor_id, uploaded_at=now)  # fmt: skip
        try:
            with tx.begin_nested():
                tx.add(row)
        except IntegrityError:
            return _there(tx, attempt_id, digest)
        audit.record(
            tx, now=now, act="rescue.loaded", object_kind="attempt", object_id=attempt_id, actor_id=actor_id,
            office_id=attempt.place.office_id,
            detail={"rescue_file": row.public_id, "sha256": digest, "count": len(found.answers)},
        )  # fmt: skip
        return row.public_id


def _there(tx: Session, attempt_id: int, digest: str) -> str:
    same = sa.select(RescueFile.public_id).where(
        RescueFile.attempt_id == attempt_id, RescueFile.sha256 == digest
    )
    return tx.scalars(same).one()


def belongs(attempt: OneAttempt) -> Belongs:
    """What a file of this attempt has to agree with."""
    return Belongs(attempt.public_id, attempt.paper, attempt.options)


def newer(tx: Session, attempt: OneAttempt, said: Rescue) -> list[Kept]:
    """Answers of a file that are newer than what is durable and, by their own telling, chosen in time."""
    rows = tx.execute(sa.select(Response.position, Response.seq).where(Response.attempt_id == attempt.id))
    durable = {row.position: row.seq for row in rows}
    return [kept for kept in said.answers
            if kept.item.seq > durable.get(kept.item.position, 0)
            and rules.in_time(kept.chosen_at, attempt.facts)]  # fmt: skip


def older_device(attempt: OneAttempt, said: Rescue) -> bool:
    """True of a page that another device has replaced: what it wrote is never mixed with the newer's."""
    return said.lease not in (attempt.lease, 0)


def files(db: Database, attempt: OneAttempt, now: datetime) -> list[Filed]:
    """Every file of the attempt, oldest first."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(RescueFile, Account.name).join(Account, Account.id == RescueFile.uploaded_by)
            .where(RescueFile.attempt_id == attempt.id).order_by(RescueFile.id)
        ).all()  # fmt: skip
        asked = _asked(tx, attempt.id)
        return [_filed(tx, attempt, row, name, asked.get(row.public_id, []), now) for row, name in rows]


def _asked(tx: Session, attempt_id: int) -> dict[str, list[Approval]]:
    questions = tx.scalars(
        sa.select(Approval).where(
            Approval.kind == KIND, Approval.object_kind == "attempt", Approval.object_id == attempt_id
        )
    )
    found: dict[str, list[Approval]] = {}
    for one in questions:
        found.setdefault(str(one.payload["rescue_file"]), []).append(one)
    return found


def _filed(
    tx: Session, attempt: OneAttempt, row: RescueFile, name: str, asked: list[Approval], now: datetime
) -> Filed:
    said = rescue.read(row.content.encode(), belongs(attempt))
    granted = [one.decided_at for one in asked if one.outcome == "granted"]
    return Filed(
        public_id=row.public_id, sha256=row.sha256, uploaded_by=name, uploaded_at=row.uploaded_at,
        made_at=said.made_at, positions=tuple(sorted(kept.item.position for kept in said.answers)),
        newer=tuple(sorted(kept.item.position for kept in newer(tx, attempt, said))),
        older_device=older_device(attempt, said), counted_at=max(filter(None, granted), default=None),
        waiting=any(one.decided_at is None and now < one.expires_at for one in asked),
    )  # fmt: skip
