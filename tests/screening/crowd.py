"""Thousands of applications at once, inserted as rows: kecamatan, contradictions and standings by turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Account, Activity, Application, ApplicationVersion, Office, Screening

EVERY_FLAGGED = 7
"""Each seventh lives elsewhere; each fifth of a made crowd is not waiting any more."""

STANDINGS: tuple[dict[str, Any], ...] = (
    {},
    {"decision": "accepted"},
    {},
    {"decision": "rejected", "reason_code": "identity_mismatch"},
    {"asked": timedelta(days=2)},
    {"asked": timedelta(hours=-1)},
)
"""What becomes of the fifth ones, in turn; `asked` is when the correction is due, counted from now."""


@dataclass(frozen=True)
class Place:
    """The activity that the crowd applies to."""

    activity: Activity
    office: Office


def add_crowd(db: Database, place: Place, count: int, now: datetime) -> None:
    """`count` applications, one a minute before the other, all sent before `now`."""
    first = _next_id(db, Account)
    ids = range(first, first + count)
    entry = _next_id(db, Application)
    with db.write() as tx:
        tx.execute(sa.insert(Account), [_account(number, now) for number in ids])
        tx.execute(sa.insert(Application), [
            {"id": entry + at, "candidate_id": number, "activity_id": place.activity.id,
             "kind": "registration", "year": place.activity.year, "applied_at": _sent(at, count, now)}
            for at, number in enumerate(ids)
        ])  # fmt: skip
        tx.execute(sa.insert(ApplicationVersion), [
            {"application_id": entry + at, "number": 1, "sent_at": _sent(at, count, now), "documents": {},
             "data": _data(at, place.office)}
            for at in range(count)
        ])  # fmt: skip
        tx.execute(sa.insert(Screening), [
            {"application_id": entry + at, "activity_id": place.activity.id, "version": 1,
             "sent_at": _sent(at, count, now), **_standing(at, now)}
            for at in range(count)
        ])  # fmt: skip
    _move_sequences(db)


def _account(number: int, now: datetime) -> dict[str, Any]:
    return {"id": number, "email": f"ramai{number}@surel.example", "name": f"Ramai {number:05d}",
            "password_hash": "-", "created_at": now - timedelta(days=60), "activated_at": now}  # fmt: skip


def _sent(at: int, count: int, now: datetime) -> datetime:
    return now - timedelta(minutes=count - at)


def _data(at: int, office: Office) -> dict[str, Any]:
    elsewhere = at % EVERY_FLAGGED == EVERY_FLAGGED - 1
    return {
        "name": f"Ramai {at}", "nik": f"{office.code}01170598{at % 10_000:04d}", "birth_place": "Uji",
        "birth_date": date(1998, 5, 17).isoformat(), "sex": "m", "phone": "081200000000", "address": "J",
        "office_id": None if elsewhere else office.id,
        "regency": "Kabupaten Lain" if elsewhere else office.regency,
        "kecamatan": office.kecamatan[at % len(office.kecamatan)], "desa": "Uji", "education": "sma",
        "major": "IPA", "occupation": "self_employed", "civil_servant": False, "devices": ["smartphone"],
        "vehicles": ["motorcycle"], "experienced": False, "experience": None, "statements": [],
    }  # fmt: skip


def _standing(at: int, now: datetime) -> dict[str, Any]:
    """The columns of Screening for the at-th; every row needs the same names."""
    told = STANDINGS[(at // 5) % len(STANDINGS)] if at % 5 == 4 else {}
    due = told.get("asked")
    return {
        "public_id": f"ramai-{at:05d}-{int(now.timestamp())}",
        "decision": told.get("decision"), "reason_code": told.get("reason_code"),
        "decided_at": now if "decision" in told else None,
        "asked_at": now - timedelta(days=3) if due is not None else None,
        "due_at": now + due if due is not None else None,
    }  # fmt: skip


def _next_id(db: Database, table: type[Account] | type[Application]) -> int:
    with db.read() as tx:
        return (tx.scalar(sa.select(sa.func.max(table.id))) or 0) + 1


def _move_sequences(db: Database) -> None:
    """PostgreSQL counts on from the rows that were given their numbers here."""
    if db.sqlite:
        return
    with db.write() as tx:
        for name in ("account", "application"):
            tx.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                )
            )
