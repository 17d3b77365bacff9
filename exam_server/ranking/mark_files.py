"""A file of marks, cut into rows by the readers of the question bank, in a process apart."""

from __future__ import annotations

import base64
import resource
from dataclasses import dataclass
from typing import Any

from exam_server import apart
from exam_server.apart import Report
from exam_server.db import Database
from exam_server.ranking.refusals import (
    HeadingsMissing,
    MarksFileTooLarge,
    MarksFileUnreadable,
    NoMarksFile,
)
from question_bank.formats.decode import decode
from question_bank.formats.loaded import Unreadable
from question_bank.formats.records import Record, records
from question_bank.formats.sheets import column_name
from question_bank.formats.xlsx.book import open_book
from question_bank.formats.xlsx.cells import read_sheet
from question_bank.formats.zips import is_zip, open_zip

MOST_BYTES = 2 * 1024**2
MOST_ROWS = 20_000
MEMORY = 1_000_000_000
"""Bytes of address space of the process that reads."""

HEADING_ROWS = 30
LONGEST_CELL = 1000
COLUMNS = {
    "number": ("nomor peserta", "no peserta", "nomor ujian", "nomor", "participant number", "number"),
    "name": ("nama", "nama peserta", "name", "participant"),
    "value": ("nilai", "skor", "score", "mark", "value"),
    "note": ("catatan", "keterangan", "note", "notes", "remarks"),
}  # fmt: skip
"""What each column is called; the first name is the one to be told."""

NEEDED = ("number", "value")


@dataclass(frozen=True)
class Row:
    """One row below the heading as it was typed; `line` counts from 1, `cells` say where each text stood."""

    line: int
    number: str
    name: str
    value: str
    note: str
    cells: dict[str, str]


def read(database_url: str, filename: str, data: bytes) -> list[Row]:
    """The filled rows; raises NoMarksFile, MarksFileTooLarge, MarksFileUnreadable, HeadingsMissing.

    Slow: a view calls it through `run_blocking`.
    """
    if not data:
        raise NoMarksFile
    if len(data) > MOST_BYTES:
        raise MarksFileTooLarge(limit=MOST_BYTES // 1024**2, rows=MOST_ROWS)
    said = apart.reckon(database_url, cut, {"file": base64.b64encode(data).decode()})
    if said is None:
        raise MarksFileUnreadable(filename=filename)
    found = _rows([(line, tuple(cells)) for line, cells in said])
    if len(found) > MOST_ROWS:
        raise MarksFileTooLarge(limit=MOST_BYTES // 1024**2, rows=MOST_ROWS)
    return found


def cut(_: Database, arguments: dict[str, Any], report: Report) -> list[tuple[int, list[str]]] | None:
    """Rows of cells of the first sheet that has any; None for what is no table. In a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = _table(base64.b64decode(arguments["file"]))
    except (Unreadable, MemoryError, ValueError):
        return None
    filled = [row for row in found if any(cell.strip() for cell in row.cells)]
    return [(row.line, [cell[:LONGEST_CELL] for cell in row.cells]) for row in filled[: MOST_ROWS + 100]]


def _table(data: bytes) -> list[Record]:
    if is_zip(data):
        book = open_book(open_zip(data))
        for tab in book.tabs:
            rows = list(read_sheet(book, tab)[0].rows)
            if any(cell.strip() for row in rows for cell in row.cells):
                return rows
        return []
    text = decode(data)[0]
    head = text[:4000]
    delimiter = max(";,\t|", key=lambda sign: (_has_heading(records(head, sign)), head.count(sign)))
    return list(records(text, delimiter))


def _has_heading(rows: Any) -> bool:
    return any(_complete(_columns(row.cells)) for row in rows)


def _rows(table: list[tuple[int, tuple[str, ...]]]) -> list[Row]:
    for index, (_, cells) in enumerate(table[:HEADING_ROWS]):
        columns = _columns(cells)
        if _complete(columns):
            return [_row(line, below, columns) for line, below in table[index + 1 :]]
    raise HeadingsMissing(columns=", ".join(COLUMNS[name][0] for name in COLUMNS))


def _columns(cells: tuple[str, ...]) -> dict[str, int]:
    """Name -> index, by what the heading means and not by its place."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        said = " ".join(cell.lower().replace(".", " ").replace("_", " ").split())
        for name, words in COLUMNS.items():
            if name not in found and (said in words or (name == "value" and said.startswith("nilai "))):
                found[name] = index
    return found


def _complete(columns: dict[str, int]) -> bool:
    return all(name in columns for name in NEEDED)


def _row(line: int, cells: tuple[str, ...], columns: dict[str, int]) -> Row:
    def told(name: str) -> str:
        index = columns.get(name, len(cells))
        return " ".join(cells[index].split()) if index < len(cells) else ""

    places = {name: f"{column_name(index)}{line}" for name, index in columns.items()}
    return Row(line, told("number"), told("name"), told("value"), told("note"), places)
