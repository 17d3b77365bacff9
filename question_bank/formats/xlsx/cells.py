"""One sheet of a workbook as a table: values as they are shown, and what is to be said of single cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from question_bank.formats.loaded import FILE, Unreadable
from question_bank.formats.records import Record
from question_bank.formats.sheets import Drawing, Sheet
from question_bank.formats.xlsx.book import Book, Tab
from question_bank.formats.xlsx.drawings import floating, member_drawing
from question_bank.formats.xlsx.merges import merged_values
from question_bank.formats.xlsx.numbers import shown
from question_bank.formats.xlsx.texts import string, unescaped
from question_bank.formats.xlsx.tree import attribute, ended, local
from question_bank.problems import Problem, excerpt

MOST_COLUMNS = 256
MOST_ROWS = 60_000  # rows with content
MOST_CELLS = 1_500_000

_WANTED = frozenset({"row", "mergeCell"})
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class _Reading:
    """A sheet while it is read; (line, column) as in `Sheet`."""

    book: Book
    tab: Tab
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    notes: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    rich: set[tuple[int, int]] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    looks: dict[tuple[int, int], str] = field(default_factory=dict)
    pictures: dict[tuple[int, int], list[Drawing]] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    line: int = 0
    cells: int = 0


def read_sheet(book: Book, tab: Tab) -> tuple[Sheet, list[tuple[int, int]]]:
    """Return the sheet, and the corners of shapes that hold text or charts; raises Unreadable."""
    reading = _Reading(book, tab)
    for name, element in ended(book.archive, tab.member, _WANTED):
        if name == "row":
            _row(reading, element)
        elif len(reading.merges) < 20_000:
            reading.merges.append(element.get("ref") or "")
    drawings, shapes = floating(book.archive, tab.member)
    for corner, found in reading.pictures.items():
        drawings.setdefault(corner, []).extend(found)
    sheet = Sheet(
        [Record(line, _filled_up(cells)) for line, cells in sorted(reading.rows.items())],
        tab.title, _onto_rows(drawings, sorted(reading.rows)), reading.faults, reading.notes,
        merged=merged_values(reading.merges, reading.rows), hidden_rows=frozenset(reading.hidden),
        rich=frozenset(reading.rich), looks=reading.looks,
    )  # fmt: skip
    return sheet, shapes


def _row(reading: _Reading, element: Element) -> None:
    number = element.get("r") or ""
    reading.line = (
        int(number) if number.isascii() and number.isdigit() and len(number) < 9 else reading.line + 1
    )
    column = -1
    cells: dict[int, str] = {}
    for cell in element:
        if local(cell) != "c":
            continue
        column = _column(cell.get("r") or "", column)
        text = _value(reading, cell, (reading.line, column))
        if text.strip():
            cells[column] = text
            look = _styled(reading.book.looks, cell)
            if look:
                reading.looks[reading.line, column] = look
    _keep(reading, cells)
    if element.get("hidden") in ("1", "true"):
        reading.hidden.add(reading.line)


def _keep(reading: _Reading, cells: dict[int, str]) -> None:
    if not cells:
        return
    reading.cells += len(cells)
    named = {"sheet": excerpt(reading.tab.title)}
    if cells and max(cells) >= MOST_COLUMNS:
        raise Unreadable(Problem(FILE, "sheet_wide", {**named, "limit": MOST_COLUMNS}))
    if len(reading.rows) >= MOST_ROWS or reading.cells > MOST_CELLS:
        raise Unreadable(Problem(FILE, "sheet_long", {**named, "limit": MOST_ROWS}))
    reading.rows.setdefault(reading.line, {}).update(cells)


def _column(reference: str, before: int) -> int:
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return before + 1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _value(reading: _Reading, cell: Element, place: tuple[int, int]) -> str:
    """Return what a cell shows, and note what must be said of it."""
    kind = cell.get("t") or "n"
    parts = {local(child): child for child in cell}
    raw = parts["v"].text or "" if "v" in parts else ""
    picture = reading.book.pictures.get(attribute(cell, "vm"))
    if picture:
        reading.pictures.setdefault(place, []).append(member_drawing(reading.book.archive, picture))
        return ""
    if "f" in parts and not raw and kind not in ("str", "inlineStr"):
        reading.faults[place] = ("formula_unknown", "")
        return "=" + (parts["f"].text or "")
    if kind == "s" or (kind == "inlineStr" and "is" in parts):
        text, rich = _string(reading.book, raw) if kind == "s" else string(parts["is"])
        if rich:
            reading.rich.add(place)
        return text
    return _plain_value(reading, cell, kind, raw, place)


def _string(book: Book, raw: str) -> tuple[str, bool]:
    known = raw.isascii() and raw.strip().isdigit() and len(raw) < 9 and int(raw) < len(book.strings)
    return book.strings[int(raw)] if known else ("", False)


def _plain_value(reading: _Reading, cell: Element, kind: str, raw: str, place: tuple[int, int]) -> str:
    if kind == "str":
        return unescaped(raw)
    if kind == "b":
        return "TRUE" if raw.strip() == "1" else "FALSE"
    if kind == "e":
        reading.faults[place] = ("cell_error", raw)
        return raw
    if not raw.strip():
        return ""
    text, is_date = (
        (raw, True)
        if kind == "d"
        else shown(raw.strip(), _styled(reading.book.formats, cell), reading.book.from_1904)
    )
    if is_date:
        reading.notes[place] = ("cell_date", text)
    return text


def _styled(styles: Sequence[str], cell: Element) -> str:
    """What a list by style number holds for a cell, "" when nothing."""
    style = cell.get("s") or "0"
    known = style.isascii() and style.isdigit() and len(style) < 7 and int(style) < len(styles)
    return styles[int(style)] if known else ""


def _filled_up(cells: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(cells.get(index, "") for index in range(max(cells, default=-1) + 1))


def _onto_rows(
    drawings: Mapping[tuple[int, int], list[Drawing]], lines: list[int]
) -> dict[tuple[int, int], list[Drawing]]:
    """Pictures below a row, on blank rows that were made to give them room, belong to that row."""
    known = set(lines)
    found: dict[tuple[int, int], list[Drawing]] = {}
    above = 0
    position = 0
    for (line, column), lying in sorted(drawings.items(), key=lambda one: one[0]):
        while position < len(lines) and lines[position] <= line:
            above, position = lines[position], position + 1
        found.setdefault((line if line in known or not above else above, column), []).extend(lying)
    return found
