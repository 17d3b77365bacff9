"""A list of desa from a table: two columns, kecamatan and desa; every fault is named with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from exam_server.errors import N_
from exam_server.recruitments.fields import tidy
from exam_server.recruitments.refusals import DesaRefused, TooManyRows
from question_bank.formats.decode import decode
from question_bank.formats.loaded import Unreadable
from question_bank.formats.records import Record, records

DELIMITERS = (",", ";", "\t")
NAMES = {"kecamatan": "kecamatan", "kec": "kecamatan", "desa": "desa", "kelurahan": "desa",
         "desa/kelurahan": "desa"}  # fmt: skip
LONGEST = 60
MOST_DESA, MOST_BYTES = 3000, 1_000_000
"""Several times the largest regency: whoever chooses a desa is sent the whole list, and while it is written
nothing else is."""

MOST_FAULTS = 50
"""Whoever has more repairs these first."""

UNREADABLE = {
    "file_empty": N_("Berkas ini kosong."),
    "file_too_large": N_("Berkas ini lebih besar dari {limit} MB."),
    "file_not_text": N_("Berkas ini bukan teks. Simpan lembar kerjanya sebagai CSV, lalu unggah lagi."),
}
NO_HEADER = N_("Baris pertama harus memuat judul kolom kecamatan dan desa.")
BROKEN = N_("Tanda petik pada baris ini tidak berpasangan.")
NO_KECAMATAN = N_("Kolom kecamatan kosong.")
NO_DESA = N_("Kolom desa kosong.")
TOO_LONG = N_("Nama lebih panjang dari {most} huruf.")
UNKNOWN = N_("Kecamatan {kecamatan} tidak ada pada daftar kecamatan kantor.")
TWICE = N_("Desa {desa} di kecamatan {kecamatan} sudah tertulis pada baris {first}.")
NO_ROWS = N_("Tidak ada desa di bawah judul kolom.")


class Place(NamedTuple):
    """A desa, its kecamatan spelt as the office's own list spells it."""

    kecamatan: str
    name: str


Fault = tuple[int, str, dict[str, object]]


def read(data: bytes, kecamatan: Sequence[str]) -> list[Place]:
    """Every desa of the file; raises DesaRefused, which names each fault with its line."""
    if len(data) > MOST_BYTES:
        raise DesaRefused([(1, UNREADABLE["file_too_large"], {"limit": MOST_BYTES // 1_000_000})])
    try:
        text = decode(data)[0]
    except Unreadable as problem:
        told = problem.problem
        raise DesaRefused(
            [(1, UNREADABLE.get(told.code, UNREADABLE["file_not_text"]), dict(told.params))]
        ) from problem
    first_line = 1
    if text.startswith("sep="):  # a line that spreadsheets write
        text, first_line = text.partition("\n")[2], 2
    rows, columns = _table(text, first_line)
    if columns is None:
        raise DesaRefused([(first_line, NO_HEADER, {})])
    reader = _Reader({name.casefold(): name for name in kecamatan}, columns)
    for row in rows:
        reader.take(row)
    if not reader.places and not reader.faults:
        reader.faults.append((first_line, NO_ROWS, {}))
    if len(reader.places) > MOST_DESA:
        reader.faults.append((first_line, TooManyRows.sentence, {"most": MOST_DESA}))
    if reader.faults:
        raise DesaRefused(reader.faults[:MOST_FAULTS])
    return reader.places


def _table(text: str, first_line: int) -> tuple[list[Record], tuple[int, int] | None]:
    """(rows below the header, places of both columns) under the delimiter that fits the header."""
    for delimiter in DELIMITERS:
        rows = [
            row
            for row in records(text, delimiter, first_line)
            if row.broken or any(map(str.strip, row.cells))
        ]
        names = [NAMES.get(cell.strip().casefold(), "") for cell in rows[0].cells] if rows else []
        if "kecamatan" in names and "desa" in names:
            return rows[1:], (names.index("kecamatan"), names.index("desa"))
    return [], None


class _Reader:
    def __init__(self, known: dict[str, str], columns: tuple[int, int]) -> None:
        self.known, self.columns = known, columns
        self.places: list[Place] = []
        self.faults: list[Fault] = []
        self.seen: dict[Place, int] = {}

    def take(self, row: Record) -> None:
        """The desa of one row, or its first fault."""
        if row.broken:
            self.faults.append((row.line, BROKEN, {}))
            return
        cells = [tidy(row.cells[at]) if at < len(row.cells) else "" for at in self.columns]
        kecamatan = self.known.get(cells[0].removeprefix("Kecamatan ").casefold(), "")
        fault = _fault(cells[0], cells[1], kecamatan)
        place = Place(kecamatan, cells[1])
        key = Place(kecamatan, cells[1].casefold())
        if fault is None and key in self.seen:
            fault = TWICE, {"desa": place.name, "kecamatan": kecamatan, "first": self.seen[key]}
        if fault:
            self.faults.append((row.line, *fault))
            return
        self.seen[key] = row.line
        self.places.append(place)


def _fault(typed: str, name: str, kecamatan: str) -> tuple[str, dict[str, object]] | None:
    if not typed:
        return NO_KECAMATAN, {}
    if not name:
        return NO_DESA, {}
    if max(len(typed), len(name)) > LONGEST:
        return TOO_LONG, {"most": LONGEST}
    return None if kecamatan else (UNKNOWN, {"kecamatan": typed})
