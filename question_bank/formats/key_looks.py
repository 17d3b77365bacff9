"""Keys that only the look of a cell tells: the right option coloured or bold in every row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from question_bank.formats.columns import Columns
from question_bank.formats.heading import find_heading
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.validate import LETTERS

_FEWEST = 2
_NEARLY_ALL = 0.8  # of the questions mark one option


def with_keys_by_look(sheet: Sheet, rows: Sequence[Record]) -> tuple[Sheet, list[Record]] | None:
    """Return the table with a column of keys, None unless one look sets one option apart in most rows."""
    heading = find_heading(rows)
    if heading is None or not sheet.looks or len(heading.columns.options) < 2:
        return None
    below = [row for row in rows[heading.below :] if len(_options(row, heading.columns)) > 1]
    look = _look_of_keys(sheet, below, heading.columns)
    if not look:
        return None
    width = max(len(row.cells) for row in rows)
    marked = {row.line: _marked(sheet, row, heading.columns, look) for row in below}
    keys = {line: ", ".join(LETTERS[number] for number in found) for line, found in marked.items()}
    keys[heading.line] = "kunci"
    joined = [replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)), keys.get(row.line, "")))
              for row in rows]  # fmt: skip
    places = {(line, width): sheet.at(line, heading.columns.options[found[0] if found else 0])
              for line, found in marked.items()}  # fmt: skip
    return replace(sheet, rows=joined, elsewhere=places), joined


def _options(row: Record, columns: Columns) -> list[int]:
    return [number for number, index in columns.options.items()
            if index < len(row.cells) and row.cells[index].strip() and number < len(LETTERS)]  # fmt: skip


def _look_of_keys(sheet: Sheet, below: Sequence[Record], columns: Columns) -> str:
    """The look that one option alone has in nearly every row."""
    odd: Counter[str] = Counter()
    for row in below:
        looks = [sheet.looks.get((row.line, columns.options[number]), "")
                 for number in _options(row, columns)]  # fmt: skip
        once = [look for look, count in Counter(looks).items() if count == 1 and look]
        if len(once) == 1 and len(set(looks)) == 2 and len(looks) > 2:
            odd[once[0]] += 1
    look, count = max(odd.items(), key=lambda one: one[1], default=("", 0))
    enough = count >= _FEWEST and count >= _NEARLY_ALL * sum(odd.values()) and count * 2 > len(below)
    return look if enough else ""


def _marked(sheet: Sheet, row: Record, columns: Columns, look: str) -> list[int]:
    return [number for number in sorted(_options(row, columns))
            if sheet.looks.get((row.line, columns.options[number])) == look]  # fmt: skip
