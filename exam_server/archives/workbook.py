"""Everything of one selection as a workbook, or its main list as CSV: made apart, into a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import instants
from exam_server.apart import Report
from exam_server.archives import rows
from exam_server.archives.rows import Ground
from exam_server.clock import from_ms
from exam_server.db import Database
from exam_server.scores import sheets
from exam_server.scores.sheets import Gathered
from exam_server.spreadsheets import Sheet, csv_bytes, write_xlsx
from question_bank.statistics.items import analyse_items

STEPS = 5


def build(db: Database, asked: dict[str, Any], report: Report) -> dict[str, Any]:
    """{path, activity, zone, now} to {size, sha256}; the workbook lies at the path then."""
    path, zone = Path(asked["path"]), ZoneInfo(asked["zone"])
    with db.read() as tx:
        _take_time(db, tx)
        report(0, STEPS)
        found = rows.ground(tx, asked["activity"], zone, from_ms(asked["now"]))
        report(1, STEPS)
        gathered = sheets.gather(tx, asked["activity"])
        report(3, STEPS)
        write_xlsx(path, _sheets(tx, asked["activity"], found, gathered))
    report(STEPS, STEPS)
    return summed(path)


def build_csv(db: Database, asked: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same with the main list alone."""
    path, zone = Path(asked["path"]), ZoneInfo(asked["zone"])
    with db.read() as tx:
        _take_time(db, tx)
        found = rows.ground(tx, asked["activity"], zone, from_ms(asked["now"]))
    report(1, 2)
    path.write_bytes(csv_bytes(rows.results_head(found, instants.zone_name(zone)), rows.results(found)))
    report(2, 2)
    return summed(path)


def _take_time(db: Database, tx: Session) -> None:
    """Who only reads may think between two statements: PostgreSQL would end the transaction."""
    if not db.sqlite:
        tx.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def summed(path: Path) -> dict[str, Any]:
    """How large the file is, and its hash."""
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _sheets(tx: Session, activity_id: int, found: Ground, gathered: Gathered) -> list[Sheet]:
    zone = instants.zone_name(found.zone)
    topics = sorted({*gathered.topics.values()})
    by_topic = ("Nomor peserta", "Nama",
                *(f"{one} ({what})" for one in topics for what in ("benar", "soal")))  # fmt: skip
    return [
        Sheet("Hasil", rows.results_head(found, zone), rows.results(found), (11, 14, 32, 20, 20)),
        Sheet("Nilai per topik", by_topic, _topics(found, gathered, topics), (14, 32)),
        Sheet("Butir soal", ITEMS, _items(gathered), (14, 24)),
        Sheet("Tidak hadir", ("Nomor peserta", "Nama", "Sesi", f"Sesi mulai ({zone})", "Keterangan"),
              rows.absent(found), (14, 32, 16, 20, 16)),
        Sheet("Perubahan", ("Hasil versi", "Jenis", "Soal", "Alasan", "Catatan pengumuman", "Diajukan",
                            "Disetujui", f"Berlaku ({zone})"),
              rows.corrections(tx, activity_id, found), (11, 20, 14, 40, 40, 24, 24, 20)),
        Sheet("Pengganti", (f"Waktu ({zone})", "Nomor peserta", "Nama", "Kejadian", "Tempat dari nomor",
                            f"Batas jawaban ({zone})", "Alasan", "Oleh"),
              rows.replacements(tx, activity_id, found), (20, 14, 32, 26, 16, 20, 40, 24)),
    ]  # fmt: skip


def _topics(found: Ground, gathered: Gathered, topics: list[str]) -> Iterator[list[Any]]:
    by_attempt = sheets.by_topic(gathered)
    for attempt_id in sorted(by_attempt, key=lambda one: found.people[one].number):
        person, scored = found.people[attempt_id], by_attempt[attempt_id]
        yield [person.number, person.name,
               *(number for one in topics for number in scored.get(one, (None, None)))]  # fmt: skip


ITEMS = ("Kode", "Topik", "Dijawab", "Benar", "Kosong", "Tingkat kemudahan", "Terendah (95%)",
         "Tertinggi (95%)", "Daya beda", "Daya beda atas-bawah", "Peluang menebak", "Cukup data")  # fmt: skip


def _items(gathered: Gathered) -> Iterator[list[Any]]:
    found = analyse_items(gathered.sheets, gathered.items)
    for one in sorted(found, key=lambda one: (gathered.codes[one.revision], one.revision)):
        low, high = one.facility_interval
        yield [
            gathered.codes[one.revision], gathered.topics[one.revision], one.n, one.right, one.blank,
            one.facility, low, high, one.discrimination, one.upper_lower, one.chance, one.enough,
        ]  # fmt: skip
