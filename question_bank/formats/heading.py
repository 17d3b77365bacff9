"""Where the heading of a table stands: it need not be the first row, and it may take two."""

from collections.abc import Sequence
from dataclasses import dataclass

from question_bank.formats.columns import Columns, identify, is_group, joined
from question_bank.formats.headings import is_letter
from question_bank.formats.headless import columns_by_content, fits
from question_bank.formats.records import Record

SEARCHED_ROWS = 40


@dataclass(frozen=True)
class Heading:
    """The columns, the line and cells of the heading, and the index of the first row below it.

    `sure` when enough of it was recognised to call the table a table of questions; `guessed` when the columns
    were told from what stands in them, since there is no heading (`below` is 0) or none that says enough.
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
    if best is None:
        return None
    by_content = _by_content(rows, best)
    if by_content is not None:
        return by_content
    if _is_promising(best.columns) and best.columns.known > 1:
        return best
    return Heading(identify(rows[0].cells), rows[0].line, 1, sure=False, broken=rows[0].broken)


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


def _by_content(rows: Sequence[Record], best: Heading) -> Heading | None:
    """The columns told by what stands in them, below no heading or below one that says too little."""
    found = columns_by_content(rows)
    if found is not None and fits(found, rows[0]):
        return Heading(found, rows[0].line, 0, guessed=True)
    for below in dict.fromkeys((best.below if best.columns.known > 1 else 1, 1)):
        told = columns_by_content(rows[below:]) if _may_be_heading(rows[below - 1]) else None
        said = identify(rows[below - 1].cells)
        if told is not None and _agree(told, said):
            _add_known(told, said)
            return Heading(told, rows[below - 1].line, below, guessed=True)
    if found is None or _may_be_heading(rows[0]):
        return None
    return Heading(found, rows[0].line, 0, guessed=True)


def _agree(told: Columns, said: Columns) -> bool:
    """Whether the heading calls no column something else than its content tells."""
    others = {index for name, index in said.fields.items() if name not in ("stem", "all_options")}
    return not said.doubled and not others & {*told.options.values(), *told.keys}


def _may_be_heading(row: Record) -> bool:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return not row.broken and len(filled) > 2 and all(len(cell) < 60 and "?" not in cell for cell in filled)


def _add_known(found: Columns, said: Columns) -> None:
    """Add what the heading says of other columns."""
    used = {*found.fields.values(), *found.options.values(), *found.keys}
    found.names = [*said.names, *found.names[len(said.names) :]]
    found.unread, found.unknown = said.unread, [one for one in said.unknown if one[0] not in used]
    for name, index in said.fields.items():
        if index not in used and name not in ("stem", "all_options"):
            found.fields.setdefault(name, index)
            found.ranks[name] = said.ranks[name]


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
