"""Tables with one option on each row: the rows of a question put together into one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from question_bank.formats.columns import Columns
from question_bank.formats.keys import ticked
from question_bank.formats.listed import listed
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.validate import LETTERS

_MOST_OPTIONS = len(LETTERS)
_KEPT = ("topic", "difficulty", "kind", "explanation", "stimulus", "code")


@dataclass(frozen=True)
class _Parts:
    """The columns of such a table (cell indices)."""

    stem: int
    option: int
    key: int
    number: int | None
    letter: int | None = None


def unstacked(
    columns: Columns, sheet: Sheet, below: Sequence[Record]
) -> tuple[Columns, Sheet, list[Record]] | None:
    """Return the table with each question on one row, None when it is no table of this shape."""
    for parts in _candidates(columns):
        groups = _groups(below, parts)
        if _is_stacked(groups, parts):
            rows = [_one_row(group, parts, columns) for group in groups]
            made = _columns(columns, max(len(group) for group in groups))
            return made, replace(sheet, rows=rows, drawings={}, stacked=True), rows
    return None


def _candidates(columns: Columns) -> Iterator[_Parts]:
    """The column of options may be called "answer", beside another one that ticks or names the right one."""
    stem, option = columns.fields.get("stem"), columns.fields.get("all_options")
    number = columns.numbering[0] if columns.numbering else columns.fields.get("code")
    if stem is None or columns.options or columns.distractors:
        return
    if option is not None:
        yield from (_Parts(stem, option, key, number) for key in columns.keys)
        if any(option + 1 == index for index, _ in (*columns.unread, *columns.unknown)):
            yield from (_Parts(stem, option + 1, key, number, option) for key in columns.keys)
    if len(columns.keys) > 1:
        yield _Parts(stem, columns.keys[0], columns.keys[1], number)


def _cell(row: Record, index: int | None) -> str:
    return row.cells[index].strip() if index is not None and index < len(row.cells) else ""


def _groups(below: Sequence[Record], parts: _Parts) -> list[list[Record]]:
    """The rows of each question: a new one begins where another question or number stands."""
    groups: list[list[Record]] = []
    for row in below:
        if row.broken or not (groups and _goes_on(groups[-1][0], row, parts)):
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _goes_on(first: Record, row: Record, parts: _Parts) -> bool:
    same_number = _cell(row, parts.number) in ("", _cell(first, parts.number))
    return _cell(row, parts.stem) in ("", _cell(first, parts.stem)) and same_number


def _is_stacked(groups: Sequence[Sequence[Record]], parts: _Parts) -> bool:
    """Whether most questions have several rows, each with one option, and marks or a key in the first row."""
    several = [group for group in groups if len(group) > 1]
    if len(several) * 2 <= len(groups) or any(len(group) > _MOST_OPTIONS for group in groups):
        return False
    options = [_cell(row, parts.option) for group in several for row in group]
    if sum(map(bool, options)) * 10 < len(options) * 9 or all(len(text) < 2 for text in options):
        return False
    if sum(len(listed(text)) > 1 for text in options) * 2 > len(options):
        return False
    if parts.letter is not None and not all(_is_lettered(group, parts.letter) for group in groups):
        return False
    return all(_key(group, parts) for group in several)


def _is_lettered(group: Sequence[Record], column: int) -> bool:
    """Whether the rows carry the letters A, B, C in this order, so that a letter names a place."""
    letters = [_cell(row, column).strip("(.)").upper() for row in group]
    return letters == list(LETTERS[: len(group)])


def _key(group: Sequence[Record], parts: _Parts) -> str:
    """The letters of the ticked options, or what the key column of the first row says."""
    cells = [_cell(row, parts.key) for row in group]
    right = ticked(cells)
    if right and len(right) < len(cells):
        return ", ".join(LETTERS[index] for index in right)
    said = {cell for cell in cells if cell}
    return said.pop() if len(said) == 1 else ""


def _one_row(group: Sequence[Record], parts: _Parts, columns: Columns) -> Record:
    first = group[0]
    kept = [_cell(first, columns.fields.get(name)) for name in _KEPT]
    options = [_cell(row, parts.option) for row in group]
    cells = (_cell(first, parts.stem), _key(group, parts), *kept, *options)
    return Record(first.line, cells, first.broken)


def _columns(columns: Columns, most: int) -> Columns:
    places: Mapping[str, int] = {name: index for index, name in enumerate(_KEPT, 2) if name in columns.fields}
    begin = 2 + len(_KEPT)
    return Columns(
        [""] * (begin + most), {"stem": 0, **places}, {number: begin + number for number in range(most)},
        keys=[1], ranks=dict(columns.ranks),
    )  # fmt: skip
