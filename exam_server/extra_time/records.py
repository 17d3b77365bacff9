"""What has happened in one attempt, for its officials: ledger, devices, and what came in vain.

What a candidate chose is told to nobody here: only positions and instants.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.models import Account, JournalEntry, LateAnswer, LedgerEntry, Response


@dataclass(frozen=True)
class Entry:
    """One line of the ledger, with who entered it and when."""

    kind: str
    seconds: int
    reason_code: str
    reason: str
    author: str
    entered_at: datetime


@dataclass(frozen=True)
class Joined:
    """A page that took its seat; `took_over` when another browser had held it."""

    at: datetime
    device: str
    took_over: bool


@dataclass(frozen=True)
class Late:
    """One answer kept as evidence; `counted` when it has become the response."""

    position: int
    arrived_at: datetime
    reason: str
    counted: bool


@dataclass(frozen=True)
class Record:
    """What has happened in it."""

    ledger: tuple[Entry, ...]
    answered: int
    saved_at: datetime | None
    joined: tuple[Joined, ...]
    late: tuple[Late, ...]


def record(db: Database, attempt_id: int) -> Record:
    """Ledger, answers counted, devices and evidence of an attempt."""
    with db.read() as tx:
        answered, saved_at = tx.execute(
            sa.select(sa.func.count(Response.option), sa.func.max(Response.arrived_at))
            .where(Response.attempt_id == attempt_id)
        ).one()  # fmt: skip
        return Record(_ledger(tx, attempt_id), answered, saved_at, _joined(tx, attempt_id),
                      _late(tx, attempt_id))  # fmt: skip


def _ledger(tx: Session, attempt_id: int) -> tuple[Entry, ...]:
    rows = tx.execute(
        sa.select(LedgerEntry, Account.name)
        .outerjoin(Account, Account.id == LedgerEntry.author_id)
        .where(LedgerEntry.attempt_id == attempt_id)
        .order_by(LedgerEntry.kind != "start", LedgerEntry.id)
    )
    return tuple(
        Entry(line.kind, line.seconds, line.reason_code, line.reason, name or "", line.entered_at)
        for line, name in rows
    )


def _joined(tx: Session, attempt_id: int) -> tuple[Joined, ...]:
    rows = tx.execute(
        sa.select(JournalEntry.at, JournalEntry.data)
        .where(JournalEntry.attempt_id == attempt_id, JournalEntry.kind == "joined")
        .order_by(JournalEntry.number)
    )
    told = [(row.at, json.loads(row.data)) for row in rows]
    return tuple(Joined(at, said["device"], said["took_over"]) for at, said in told)


def _late(tx: Session, attempt_id: int) -> tuple[Late, ...]:
    same = sa.and_(Response.attempt_id == LateAnswer.attempt_id, Response.position == LateAnswer.position,
                   Response.seq == LateAnswer.seq, Response.arrived_at == LateAnswer.arrived_at)  # fmt: skip
    rows = tx.execute(
        sa.select(LateAnswer.position, LateAnswer.arrived_at, LateAnswer.reason, Response.seq)
        .outerjoin(Response, same)
        .where(LateAnswer.attempt_id == attempt_id)
        .order_by(LateAnswer.id)
    )
    return tuple(Late(row.position, row.arrived_at, row.reason, row.seq is not None) for row in rows)
