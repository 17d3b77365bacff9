"""Where the heading of a table stands: it need not be the first row, and it may take two."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.formats.columns import Columns, identify, is_group, joined
from question_bank.formats.headings import is_letter
from question_bank.formats.keys import read_key
from question_bank.formats.records import Record

SEARCHED_ROWS = 40
_FEWEST_COLUMNS = 4  # a table without a heading: a question, two options, the key


@dataclass(frozen=True)
class Heading:
    """The columns, the line and cells of the heading, and the index of the first row below it.

    `sure` when enough of it was recognised to call the table a table of questions; `guessed` when there is no
    heading and the columns were told from what stands in them.
    """

    columns: Columns
    line: int
    below: int
    sure: bool = True
    guessed: bool = False
    broken: bool = False


def find_heading(rows: Sequence[Record]) -> Heading | None:
    """Return the heading of rows that are not blank, None when there are no rows."""
    best: Heading | None = None
    for index in range(min(len(rows), SEARCHED_ROWS)):
        found = _heading_at(rows, index)
        if found.columns.complete:
            return found
        if best is None or found.columns.known > best.columns.known:
            best = found
    if best is not None and not (_is_promising(best.columns) and best.columns.known > 1):
        return _without(rows) or Heading(
            identify(rows[0].cells), rows[0].line, 1, sure=False, broken=rows[0].broken
        )
    return best


def _is_promising(columns: Columns) -> bool:
    return "stem" in columns.fields or len(columns.options) > 1


def _heading_at(rows: Sequence[Record], index: int) -> Heading:
    row = rows[index]
    alone = Heading(identify(row.cells), row.line, index + 1, broken=row.broken)
    if index + 1 < len(rows) and not row.broken:
        below = rows[index + 1]
        both = identify(joined(row.cells, below.cells))
        if identify(below.cells).complete:
            return alone
        if both.complete and (_gains(alone.columns, both) or _is_lower_half(row.cells, below.cells)):
            return Heading(both, row.line, index + 2)
    return alone


def _is_lower_half(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the lower row only gives letters to columns that the upper one left unnamed or grouped."""
    filled = [(index, cell) for index, cell in enumerate(lower) if cell.strip()]
    return len(filled) > 1 and all(
        is_letter(cell) and (index >= len(upper) or not upper[index].strip() or is_group(upper[index]))
        for index, cell in filled
    )


def _gains(alone: Columns, both: Columns) -> bool:
    more_options = len(both.options) > 1 and len(both.options) > len(alone.options)
    return more_options or len(both.marks) > max(len(alone.marks), 1) or not alone.complete


def _without(rows: Sequence[Record]) -> Heading | None:
    """A table without a heading whose rows all read: question, options, key, perhaps numbered."""
    width = max(len(row.cells) for row in rows)
    if len(rows) < 2 or any(row.broken or len(row.cells) != width for row in rows):
        return None
    numbered = all(row.cells[0].strip().rstrip(".").isdigit() for row in rows)
    stem, key = int(numbered), width - 1
    if key - stem + 1 < _FEWEST_COLUMNS or not all(_reads(row.cells, stem, key) for row in rows):
        return None
    columns = Columns(
        [""] * width, {"stem": stem}, {n: stem + 1 + n for n in range(key - stem - 1)}, keys=[key]
    )
    return Heading(columns, rows[0].line, 0, guessed=True)


def _reads(cells: Sequence[str], stem: int, key: int) -> bool:
    options = [cell for cell in cells[stem + 1 : key] if cell.strip()]
    found = read_key(cells[key], options, "")
    longest = len(cells[stem].strip()) > 3
    return longest and len(options) > 1 and not found.problems and found.index < len(options)
