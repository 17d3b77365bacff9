"""Ten thousand candidates who sit at once, written in bulk: only what a board reads of them is there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.models import (
    Account,
    Activity,
    Application,
    ApplicationVersion,
    Attempt,
    Booking,
    Document,
    JournalEntry,
    LedgerEntry,
    Profile,
    Response,
    Screening,
    Sitting,
)

ANSWERS = 20
"""Of each, half way through."""

AT_ONCE = 1_000
JOINED = '{"device":"Android","lease":1,"session":1,"took_over":false}'


def crowd(url: str, candidates: int) -> None:
    """So many more candidates in the only sitting of a filled database."""
    db, now = Database(url), Clock().now()
    with db.write() as tx:
        sitting = tx.scalars(sa.select(Sitting)).one()
        sitting.capacity += candidates
        for first in range(0, candidates, AT_ONCE):
            _sit(tx, sitting, _people(tx, first, min(AT_ONCE, candidates - first), now), now)
    db.close()


def _people(tx: Session, first: int, count: int, now: datetime) -> list[int]:
    names = [f"Peserta {number:05d}" for number in range(first, first + count)]
    accounts = [
        {"email": f"{name.replace(' ', '').lower()}@bench.example", "name": name, "password_hash": "!",
         "created_at": now, "activated_at": now}
        for name in names
    ]  # fmt: skip
    people = list(tx.scalars(sa.insert(Account).returning(Account.id), accounts))
    lives = [{"account_id": one, "kecamatan": f"Kecamatan {one % 16}", "saved_at": now} for one in people]
    tx.execute(sa.insert(Profile), lives)
    return people


def _accept(tx: Session, registration: Activity, people: list[int], now: datetime) -> None:
    """Each with a photo that the office accepted: the board asks for it in every row."""
    photos = {
        row.account_id: row.id
        for row in tx.execute(sa.insert(Document).returning(Document.id, Document.account_id), [
            {"account_id": one, "kind": "photo", "sha256": "0" * 64, "size": 1, "media_type": "image/jpeg",
             "pages": 1, "stored_name": f"bench{one}", "uploaded_at": now} for one in people
        ])
    }  # fmt: skip
    entries = tx.execute(sa.insert(Application).returning(Application.id, Application.candidate_id), [
        {"candidate_id": one, "activity_id": registration.id, "year": registration.year,
         "kind": registration.kind, "applied_at": now, "accepted_at": now} for one in people
    ]).all()  # fmt: skip
    tx.execute(sa.insert(ApplicationVersion), [
        {"application_id": one.id, "number": 1, "sent_at": now, "data": {},
         "documents": {"photo": photos[one.candidate_id]}} for one in entries
    ])  # fmt: skip
    tx.execute(sa.insert(Screening), [
        {"application_id": one.id, "activity_id": registration.id, "version": 1, "sent_at": now,
         "decided_at": now, "decision": "accepted"} for one in entries
    ])  # fmt: skip


def _sit(tx: Session, sitting: Sitting, people: list[int], now: datetime) -> None:
    activity = tx.get_one(Activity, sitting.activity_id)
    registration = tx.scalars(sa.select(Activity).where(
        Activity.recruitment_id == activity.recruitment_id, Activity.kind == "registration"
    )).one()  # fmt: skip
    _accept(tx, registration, people, now)
    tx.execute(sa.insert(Application), [
        {"candidate_id": one, "activity_id": activity.id, "year": activity.year, "kind": activity.kind,
         "applied_at": now} for one in people
    ])  # fmt: skip
    here = {"activity_id": activity.id, "sitting_id": sitting.id}
    booked = tx.execute(
        sa.insert(Booking).returning(Booking.id, Booking.candidate_id),
        [here | {"candidate_id": one, "chosen_at": now} for one in people],
    )
    sat = here | {
        "allowed_seconds": sitting.allowed_seconds, "grace_seconds": 10, "started_at": now, "lease": 1,
        "deadline_at": now + timedelta(seconds=sitting.allowed_seconds), "last_contact_at": now,
        "device": "Mozilla/5.0 (Linux; Android 13)",
    }  # fmt: skip
    attempts = tx.scalars(
        sa.insert(Attempt).returning(Attempt.id),
        [sat | {"booking_id": row.id, "candidate_id": row.candidate_id} for row in booked],
    ).all()
    _answer(tx, list(attempts), now)


def _answer(tx: Session, attempts: list[int], now: datetime) -> None:
    def each(table: Any, **values: Any) -> None:
        tx.execute(sa.insert(table), [{"attempt_id": one} | values for one in attempts])

    each(LedgerEntry, kind="start", seconds=3600, reason_code="allowance", reason="", evidence={},
         entered_at=now)  # fmt: skip
    each(JournalEntry, number=1, at=now, kind="joined", data=JOINED, seal="0" * 64)
    for position in range(1, ANSWERS + 1):
        each(Response, position=position, seq=1, option=1, flagged=False, arrived_at=now)
