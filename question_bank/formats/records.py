"""Delimited text cut into records that know the line they begin on.

The csv module is not used for reading: it has a global limit on the length of a cell, stops at the first
fault, and reports the line where a record ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTE = '"'
_BLANKS = re.compile(r" *")


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
        found = (("",), position) if text[position] == "\n" else _record(text, position, delimiter, bare)
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
        quoted = _quoted(text, position, delimiter, bare)
        if quoted:
            cell, end = quoted
            cells.append(cell)
        elif text.startswith(QUOTE, position):
            return None
        else:
            end = _run(bare, text, position)
            cells.append(text[position:end])
        if not text.startswith(delimiter, end):
            return tuple(cells), end
        position = end + 1


def _quoted(text: str, position: int, delimiter: str, bare: re.Pattern[str]) -> tuple[str, int] | None:
    """Return a cell in quotes, with blanks around them perhaps, and the index after it."""
    opening = _run(_BLANKS, text, position)
    if not text.startswith(QUOTE, opening):
        return None
    closing, escapes = _closing_quote(text, opening, {delimiter, "\n", "", QUOTE})
    if closing is None:
        return None
    end = _run(bare, text, closing + 1)
    if text[closing + 1 : end].strip():
        return None
    cell = text[opening + 1 : closing].replace(QUOTE * 2, QUOTE)
    return cell.replace("\\" + QUOTE, QUOTE) if escapes else cell, end


def _closing_quote(text: str, opening: int, ends: set[str]) -> tuple[int | None, bool]:
    """Return the index of the quote that closes a cell, and whether backslashes make others part of its text.

    A quote that stands twice is text; so is one behind a backslash that nothing in `ends` follows, as
    databases write it.
    """
    position, escapes = opening + 1, False
    while (closing := text.find(QUOTE, position)) >= 0:
        escaped = text[closing - 1] == "\\" and text[closing + 1 : closing + 2] not in ends
        if not escaped and not text.startswith(QUOTE, closing + 1):
            return closing, escapes
        escapes = escapes or escaped
        position = closing + (1 if escaped else 2)
    return None, escapes


def _run(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
