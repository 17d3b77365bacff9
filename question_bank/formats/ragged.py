"""Rows of delimited text with more cells than the heading: what can be put right without a guess."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.columns import MAX_COLUMNS, Columns
from question_bank.formats.records import Record

_EVENLY = 0.9  # share of sound rows with a blank behind every delimiter
_FEWEST = 3  # such rows
_SPACED = 0.2  # share of sound rows with a blank behind a delimiter; above it the blank tells nothing


def rejoined(rows: Sequence[Record], width: int, delimiter: str) -> tuple[list[Record], list[Record]]:
    """Return the rows with texts put together that a delimiter cut, and those of them that were mended.

    A delimiter with a blank behind it belongs to the text where the rest of the file has no such blanks, one
    without where the rest has them everywhere, and both only where this gives the row exactly the cells of
    the heading.
    """
    sound = [row for row in rows if not row.broken and len(row.cells) <= width]
    spaced = sum(bool(_loose(row)) for row in sound)
    evenly = sum(not _tight(row) for row in sound)
    if not width or (spaced > _SPACED * len(sound) and (spaced < _FEWEST or evenly < _EVENLY * len(sound))):
        return list(rows), []
    cut = _tight if spaced > _SPACED * len(sound) else _loose
    found = [_mended(row, cut(row), width, delimiter) for row in rows]
    return found, [new for old, new in zip(rows, found, strict=True) if new is not old]


def one_width(rows: Sequence[Record], columns: Columns) -> int:
    """Return the number of cells that all rows have when it is more than the heading has, else 0."""
    widths = {len(row.cells) for row in rows if not row.broken}
    width = widths.pop() if len(widths) == 1 and len(rows) > 1 else 0
    return width if columns.width < width <= MAX_COLUMNS else 0


def _loose(row: Record) -> list[int]:
    return [index for index, cell in enumerate(row.cells) if index and cell[:1] == " " and cell.strip()]


def _tight(row: Record) -> list[int]:
    return [index for index, cell in enumerate(row.cells) if index and cell[:1] != " " and cell.strip()]


def _mended(row: Record, cut: Sequence[int], width: int, delimiter: str) -> Record:
    filled = max((index for index, cell in enumerate(row.cells, 1) if cell.strip()), default=0)
    if row.broken or not cut or len(cut) not in (len(row.cells) - width, filled - width):
        return row
    return replace(row, cells=tuple(_together(row.cells, set(cut), delimiter)))


def _together(cells: Sequence[str], cut: set[int], delimiter: str) -> Iterator[str]:
    text = cells[0]
    for index, cell in enumerate(cells[1:], 1):
        if index in cut:
            text += delimiter + cell
        else:
            yield text
            text = cell
    yield text
