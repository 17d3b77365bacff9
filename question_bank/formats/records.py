"""Delimited text cut into records that know the line they begin on.

The csv module is not used for reading: it has a global limit on the length of a cell, stops at the first
fault, and reports the line where a record ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTE = '"'


@dataclass(frozen=True)
class Record:
    """The cells of one record; `broken` when its quotes do not match (its cells are then worthless)."""

    line: int
    cells: tuple[str, ...]
    broken: bool = False


def records(text: str, delimiter: str, first_line: int = 1) -> Iterator[Record]:
    """Yield the records of a text with \\n line ends, blank lines included.

    After a broken record reading goes on at the line below its beginning, so that one forgotten quote does
    not hide the rest.
    """
    bare = re.compile(rf"[^{re.escape(delimiter)}\n]*")
    position, line = 0, first_line
    while position < len(text):
        found = _record(text, position, delimiter, bare)
        if found is None:
            yield Record(line, (), broken=True)
            end = _line_end(text, position)
        else:
            cells, end = found
            yield Record(line, cells)
        line += text.count("\n", position, end + 1)
        position = end + 1


def _record(
    text: str, position: int, delimiter: str, bare: re.Pattern[str]
) -> tuple[tuple[str, ...], int] | None:
    """Return the cells and the index of the line end after them; None when a quote does not match."""
    cells = []
    while True:
        if text.startswith(QUOTE, position):
            closing = _closing_quote(text, position)
            if closing is None:
                return None
            cells.append(text[position + 1 : closing].replace(QUOTE * 2, QUOTE))
            end = _run(bare, text, closing + 1)
            if text[closing + 1 : end].strip():
                return None
        else:
            end = _run(bare, text, position)
            cells.append(text[position:end])
        if not text.startswith(delimiter, end):
            return tuple(cells), end
        position = end + 1


def _closing_quote(text: str, opening: int) -> int | None:
    position = opening + 1
    while (closing := text.find(QUOTE, position)) >= 0:
        if not text.startswith(QUOTE, closing + 1):
            return closing
        position = closing + 2
    return None


def _run(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
