"""What the tables of an export are made of: read in columns, since there are thousands of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exam_server.announcements.method import percent
from exam_server.corrections.words import KINDS
from exam_server.models import (
    Account,
    Attempt,
    BankItem,
    Booking,
    Criteria,
    ItemRevision,
    PlaceEvent,
    Placing,
    Quota,
    ResultVersion,
    Score,
    SelectionList,
    Sitting,
)
from exam_server.placings import rows as places
from exam_server.ranking.chain import standings
from exam_server.ranking.rules import Placed
from exam_server.scores import service as scores
from exam_server.scores.service import Scored
from exam_server.selection.numbers import number_of, stored_number

WHERE = {
    "accepted": "Diterima", "offered": "Cadangan, sedang ditawari tempat", "reserve": "Cadangan",
    "not_accepted": "Tidak diterima", "not_eligible": "Tidak memenuhi syarat",
    "withdrew": "Mengundurkan diri",
    "disqualified": "Didiskualifikasi", "cancelled": "Dibatalkan", "declined": "Menolak tawaran",
    "lapsed": "Tawaran lewat batas waktu", "took": "Menerima tawaran",
}  # fmt: skip
EVENTS = WHERE | {"offered": "Ditawari tempat"}


@dataclass(frozen=True)
class Person:
    """Somebody with a booking; `started_at` is empty for who did not come."""

    attempt_id: int
    number: str
    name: str
    sitting: str
    sitting_at: datetime
    started_at: datetime | None
    finalised_at: datetime | None


@dataclass(frozen=True)
class Ground:
    """Everything the tables share; `newest` is the list's id, None before it is frozen."""

    people: dict[int, Person]
    scored: dict[int, Scored]
    newest: int | None
    criteria: dict[str, Any]
    quotas: list[Any]
    lines: dict[int, Any]
    where: dict[int, str]
    zone: ZoneInfo

    def at(self, instant: datetime | None) -> datetime | None:
        """As the office's clocks show it, for a cell."""
        return None if instant is None else instant.astimezone(self.zone).replace(tzinfo=None)


def ground(tx: Session, activity_id: int, zone: ZoneInfo, now: datetime) -> Ground:
    """As one moment of the database tells it."""
    newest = tx.scalars(
        sa.select(SelectionList).where(SelectionList.activity_id == activity_id)
        .order_by(SelectionList.number.desc()).limit(1)
    ).one_or_none()  # fmt: skip
    lines = _lines(tx, newest.id) if newest else {}
    placed = [Placed(one.attempt_id, one.outcome, Fraction(one.total), one.rank, one.quota, one.reserve)
              for one in lines.values()]  # fmt: skip
    events = [places.event_of(one) for one in places.stored(tx, activity_id)]
    stands = standings(placed, events, now)
    return Ground(
        _people(tx, activity_id), scores.in_force(tx, activity_id), newest.id if newest else None,
        tx.get_one(Criteria, newest.criteria_id).content if newest else {"components": []},
        list(tx.get_one(Quota, newest.quota_id).content) if newest else [], lines,
        {attempt: one.where for attempt, one in stands.items()}, zone,
    )  # fmt: skip


def results_head(found: Ground, zone_name: str) -> tuple[str, ...]:
    parts = [f"{_label(one)} (bobot {percent(one['weight'], 'id')})" for one in found.criteria["components"]]
    return ("Peringkat", "Nomor peserta", "Nama", "Kecamatan", "Desa", *parts, "Nilai akhir",
            "Hasil saat dibekukan", "Cadangan ke-", "Keadaan sekarang", "Penentu nilai sama", "Benar",
            "Salah", "Kosong", "Soal dihitung", "Sesi",
            f"Mulai ({zone_name})", f"Selesai ({zone_name})")  # fmt: skip


def results(found: Ground) -> Iterator[list[Any]]:
    """Who sat, by rank; then who is on no list yet, by number."""

    def order(attempt_id: int) -> tuple[bool, int, str]:
        line = found.lines.get(attempt_id)
        rank = line.rank if line else None
        return rank is None, rank or 0, found.people[attempt_id].number

    for attempt_id in sorted(found.scored.keys() & found.people.keys(), key=order):
        yield _result(found, attempt_id)


def _result(found: Ground, attempt_id: int) -> list[Any]:
    person, scored, line = found.people[attempt_id], found.scored[attempt_id], found.lines.get(attempt_id)
    detail = line.detail if line else {}
    shares = detail.get("shares", {})
    parts = [float(Fraction(shares[one["key"]]) * Fraction(one["weight"])) if one["key"] in shares else None
             for one in found.criteria["components"]]  # fmt: skip
    return [
        line.rank if line else None, person.number, person.name, detail.get("kecamatan"), detail.get("desa"),
        *parts, line.total / 1_000_000 if line else None, WHERE[line.outcome] if line else None,
        line.reserve if line else None, WHERE.get(found.where.get(attempt_id, "")), detail.get("tie"),
        scored.correct, scored.wrong, scored.blank, scored.out_of, person.sitting,
        found.at(person.started_at), found.at(person.finalised_at),
    ]  # fmt: skip


def absent(found: Ground) -> Iterator[list[Any]]:
    """Who chose a sitting and has no score."""
    away = [one for one in found.people.values() if one.attempt_id not in found.scored]
    for one in sorted(away, key=lambda one: one.number):
        said = "Belum dinilai" if one.started_at else "Tidak hadir"
        yield [one.number, one.name, one.sitting, found.at(one.sitting_at), said]


def corrections(tx: Session, activity_id: int, found: Ground) -> Iterator[list[Any]]:
    """Every corrected key, in order."""
    asker, granter = aliased(Account), aliased(Account)
    rows = tx.execute(
        sa.select(ResultVersion.number, ResultVersion.kind, BankItem.code, ResultVersion.reason,
                  ResultVersion.note, asker.name, granter.name, ResultVersion.applied_at)
        .join(ItemRevision, ItemRevision.id == ResultVersion.revision_id)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .join(asker, asker.id == ResultVersion.asked_by)
        .join(granter, granter.id == ResultVersion.granted_by)
        .where(ResultVersion.activity_id == activity_id).order_by(ResultVersion.number)
    )  # fmt: skip
    for number, kind, code, reason, note, asked, granted, at in rows:
        yield [number, KINDS.get(kind, kind), code, reason, note.get("id", ""), asked, granted, found.at(at)]


def replacements(tx: Session, activity_id: int, found: Ground) -> Iterator[list[Any]]:
    """What happened to places, in order."""
    rows = tx.execute(
        sa.select(PlaceEvent.at, PlaceEvent.attempt_id, PlaceEvent.kind, PlaceEvent.reason, PlaceEvent.due_at,
                  PlaceEvent.vacated_by, Account.name)
        .outerjoin(Account, Account.id == PlaceEvent.actor_id)
        .where(PlaceEvent.activity_id == activity_id).order_by(PlaceEvent.at, PlaceEvent.id)
    )  # fmt: skip
    for at, attempt_id, kind, reason, due_at, vacated_by, by in rows:
        person = found.people[attempt_id]
        other = found.people[vacated_by].number if vacated_by else None
        yield [found.at(at), person.number, person.name, EVENTS[kind], other, found.at(due_at), reason,
               by or "Sistem"]  # fmt: skip


def _label(component: dict[str, Any]) -> str:
    named = {"test": "Tes Kompetensi"}.get(component["key"]) or component["label"]
    return str(named or component["key"])


def _people(tx: Session, activity_id: int) -> dict[int, Person]:
    rows = tx.execute(
        sa.select(Attempt.id, Booking.public_id, Account.name, Sitting.label, Sitting.starts_at,
                  Attempt.started_at, Attempt.finalised_at)
        .join(Booking, Booking.id == Attempt.booking_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.activity_id == activity_id)
    )  # fmt: skip
    return {
        row.id: Person(row.id, number_of(row.public_id), row.name, row.label, row.starts_at, row.started_at,
                       row.finalised_at)
        for row in rows
    }  # fmt: skip


def _lines(tx: Session, list_id: int) -> dict[int, Any]:
    rows = tx.execute(
        sa.select(Placing.attempt_id, Placing.outcome, Placing.rank, Placing.quota, Placing.reserve,
                  Placing.total, Placing.detail)
        .where(Placing.list_id == list_id)
    )  # fmt: skip
    return {row.attempt_id: row for row in rows}


def of_number(tx: Session, activity_id: int, typed: str) -> list[int]:
    """The attempts whose participant's number is this one, however it was typed."""
    wanted = "".join(typed.split()).upper()
    rows = tx.scalars(
        sa.select(Attempt.id)
        .join(Booking, Booking.id == Attempt.booking_id)
        .where(Attempt.activity_id == activity_id, stored_number() == wanted)
        .order_by(Attempt.id)
    )
    return list(rows)


def sat(tx: Session, activity_id: int) -> list[int]:
    """Attempts that were scored, in order."""
    scored = sa.exists().where(Score.attempt_id == Attempt.id)
    wanted = sa.select(Attempt.id).where(Attempt.activity_id == activity_id, scored)
    return list(tx.scalars(wanted.order_by(Attempt.id)))
