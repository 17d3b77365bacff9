"""The audit trail: every act on a candidate becomes one row, sealed over the row before it.

A row changed or removed by SQL breaks the chain at that row, and `broken_at` names it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from datetime import datetime
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database, at_the_end
from exam_server.errors import NotFound
from exam_server.models import AuditEntry, to_micros

FIRST_SEAL = "0" * 64
NEWEST_SEAL = "newest seal"
ONE_AT_A_TIME = 7206  # an arbitrary number that names this lock among PostgreSQL's advisory locks


def record(
    tx: Session, *, now: datetime, act: str, object_kind: str, object_id: int,
    actor_id: int | None = None, office_id: int | None = None, detail: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """One more row when this transaction commits; writers of the trail wait for each other only then.

    Written at the very end, because several acts share a transaction: an act that came after would wait for
    its own rows while it holds the lock of the trail, and two workers could wait for each other for good.
    """
    entry = AuditEntry(
        at=now, actor_id=actor_id, office_id=office_id, act=act,
        object_kind=object_kind, object_id=object_id, detail=detail or {},
    )  # fmt: skip
    at_the_end(tx, functools.partial(_append, entry))


def refuse_foreign(db: Database, viewer_id: int, object_kind: str, object_id: int, now: datetime) -> NoReturn:
    """Somebody asked for another person's thing: the trail keeps it, the asker learns nothing (NotFound)."""
    with db.write() as tx:
        record(tx, now=now, act="access.refused", object_kind=object_kind, object_id=object_id,
               actor_id=viewer_id)  # fmt: skip
    raise NotFound


def _append(entry: AuditEntry, tx: Session) -> None:
    """Sealed over the row before it; one transaction's rows are written together when it commits."""
    former = tx.info.get(NEWEST_SEAL) or _newest_seal(tx)
    entry.seal = tx.info[NEWEST_SEAL] = _seal(former, entry)
    tx.add(entry)


def _newest_seal(tx: Session) -> str:
    """It stays the newest until this transaction ends, whoever else wants to write."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    return tx.scalar(sa.select(AuditEntry.seal).order_by(AuditEntry.id.desc()).limit(1)) or FIRST_SEAL


def broken_at(tx: Session) -> list[int]:
    """Ids of the rows whose seal does not follow from the row before; empty when nobody touched the trail."""
    former, broken = FIRST_SEAL, []
    for entry in tx.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)):
        if entry.seal != _seal(former, entry):
            broken.append(entry.id)
        former = entry.seal
    return broken


def _seal(former: str, entry: AuditEntry) -> str:
    said = [former, to_micros(entry.at), entry.actor_id, entry.office_id, entry.act,
            entry.object_kind, entry.object_id, entry.detail]  # fmt: skip
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
