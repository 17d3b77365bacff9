"""An announcement as files that people keep: a table for calculating, and the very bytes that were sealed."""

from __future__ import annotations

import base64
import io
from typing import Any

from exam_server.announcements import reading
from exam_server.announcements.document import (
    KECAMATAN,
    NAME,
    NUMBER,
    OUTCOME,
    QUOTA,
    RANK,
    RESERVE,
    TOTAL,
    Content,
    Row,
)
from exam_server.announcements.reading import Read
from exam_server.apart import Report
from exam_server.db import Database
from exam_server.errors import N_
from exam_server.language import say
from exam_server.spreadsheets import Sheet, csv_bytes, write_xlsx

TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
OUTCOMES = {"accepted": N_("Diterima"), "offered": N_("Cadangan, sedang ditawari tempat"),
            "reserve": N_("Cadangan"), "not_accepted": N_("Tidak diterima")}  # fmt: skip
HEADS = (N_("Nomor peserta"), N_("Nama"), N_("Kecamatan"), N_("Peringkat"), N_("Nilai akhir"), N_("Hasil"),
         N_("Cadangan ke-"), N_("Kuota"))  # fmt: skip
WIDTHS = (16, 34, 20, 10, 12, 32, 12, 30)
MANY = 1000
"""Rows of which a file is made in the asking process; a longer one is made apart."""


def reckon(db: Database, asked: dict[str, Any], report: Report) -> str:
    """What `make` makes, in a process of its own and as text."""
    report(1, 2)
    made = make(reading.Shelf().read(db, asked["public_id"]), asked["kind"], asked["address"])
    return base64.b64encode(made).decode()


def make(read: Read, kind: str, address: str) -> bytes:
    """In Indonesian, which is what was decided."""
    if kind == "pdf":
        from exam_server.announcements import pdf  # long to read, and seldom needed

        return pdf.draw(read.content, read.sha256, address)
    if kind == "csv":
        return csv_bytes(HEADS, (cells(read.content, row) for row in read.content["rows"]))
    out = io.BytesIO()
    about = [(f"{n}.", said) for n, said in enumerate(read.content["method"], 1)]
    write_xlsx(out, [
        Sheet("Hasil", HEADS, (cells(read.content, row) for row in read.content["rows"]), WIDTHS),
        Sheet("Keterangan", ("", "Keterangan"), [*about, ("", read.content["final"]),
                                                 ("SHA-256", read.sha256), ("Periksa", address)], (10, 60)),
    ])  # fmt: skip
    return out.getvalue()


def cells(content: Content, row: Row, language: str = "id") -> list[Any]:
    """A row with words instead of codes; the total is a number of points."""
    total = row[TOTAL]
    return [
        row[NUMBER], row[NAME], row[KECAMATAN], row[RANK], None if total is None else total / 1_000_000,
        say(OUTCOMES[row[OUTCOME]], language), row[RESERVE], quota_word(content, row[QUOTA], language),
    ]  # fmt: skip


def quota_word(content: Content, index: int | None, language: str) -> str:
    """Desa Tempur, Kecamatan Keling"""
    if index is None:
        return ""
    quota = content["quotas"][index]
    parts = [
        quota["desa"] and f"Desa {quota['desa']}",
        quota["kecamatan"] and f"Kecamatan {quota['kecamatan']}",
    ]
    return ", ".join(filter(None, parts)) or say(N_("Umum"), language)
