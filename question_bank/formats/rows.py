"""Table rows to items, whatever the table came from (CSV today, a spreadsheet through the same door)."""

from collections.abc import Iterable, Iterator
from typing import cast

from question_bank.formats.cells import unguarded
from question_bank.formats.columns import Columns, identify
from question_bank.formats.keys import read_key
from question_bank.formats.loaded import FILE, MAX_ITEMS, Harvest, at_line
from question_bank.formats.records import Record
from question_bank.items import Difficulty, Item
from question_bank.problems import Problem, excerpt
from question_bank.text import clean, drops_media, line, with_breaks

_DIFFICULTIES = {
    "mudah": "easy", "easy": "easy", "sedang": "medium", "medium": "medium",
    "sulit": "hard", "sukar": "hard", "hard": "hard",
}  # fmt: skip
_YES = {"", "ya", "y", "yes", "true", "1", "acak"}
_NO = {"tidak", "t", "no", "n", "false", "0"}


def harvest_rows(rows: Iterable[Record], harvest: Harvest) -> None:
    """Read a header row and the item rows below it into the harvest; blank rows are passed over."""
    filled = (row for row in rows if row.broken or any(cell.strip() for cell in row.cells))
    header = next(filled, None)
    if header is None:
        return
    columns = identify(header.cells)
    problems = list(_header_problems(columns, header))
    harvest.note(*problems)
    if all(problem.is_warning for problem in problems):
        for count, row in enumerate(filled):
            if count == MAX_ITEMS:
                harvest.note(Problem(FILE, "too_many", {"limit": MAX_ITEMS}))
                break
            _harvest_row(row, columns, harvest)


def _header_problems(columns: Columns, header: Record) -> Iterator[Problem]:
    where = at_line(header.line)
    if header.broken:
        yield Problem(where, "quote_open")
        return
    for code, names in (
        ("column_missing", columns.missing),
        ("column_doubled", columns.doubled),
        ("column_unknown", columns.unknown),
    ):
        yield from (Problem(where, code, {"column": excerpt(name)}) for name in names)


def _harvest_row(row: Record, columns: Columns, harvest: Harvest) -> None:
    where = at_line(row.line)
    if row.broken:
        harvest.note(Problem(where, "quote_open"))
        return
    count = len(row.cells)
    surplus = any(cell.strip() for cell in row.cells[columns.width :])
    if count < columns.width or surplus:
        code = "cells_many" if surplus else "cells_few"
        harvest.note(Problem(where, code, {"count": count, "wanted": columns.width}))
        return
    item, problems = _item(row, columns, where)
    harvest.add(where, item, problems)


def _item(row: Record, columns: Columns, where: str) -> tuple[Item, list[Problem]]:
    def cell(name: str) -> str:
        return unguarded(row.cells[columns.fields[name]]) if name in columns.fields else ""

    options = _options(row, columns)
    key, key_problems = read_key(cell("key"), options, where)
    shuffle, shuffle_problems = _shuffle(cell("shuffle"), where)
    dropped = [Problem(where, "media_dropped")] if any(map(drops_media, row.cells)) else []
    item = Item(
        stem=_fragment(cell("stem")),
        options=options,
        key=key,
        code=line(cell("code")),
        topic=line(cell("topic")),
        difficulty=_difficulty(cell("difficulty")),
        picture=line(cell("picture")),
        picture_alt=line(cell("picture_alt")),
        explanation=_fragment(cell("explanation")),
        shuffle=shuffle,
    )
    return item, [*dropped, *key_problems, *shuffle_problems]


def _options(row: Record, columns: Columns) -> tuple[str, ...]:
    """Return the options up to the last filled one; a gap stays in its place, the validation names it."""
    texts = [
        _fragment(unguarded(row.cells[columns.options[number]])) if number in columns.options else ""
        for number in range(max(columns.options) + 1)
    ]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _fragment(text: str) -> str:
    return clean(with_breaks(text))


def _difficulty(cell: str) -> Difficulty | None:
    word = line(cell)
    # An unknown word goes on as it is: the validation names it.
    return cast(Difficulty, _DIFFICULTIES.get(word.casefold(), word)) if word else None


def _shuffle(cell: str, where: str) -> tuple[bool, list[Problem]]:
    word = line(cell).casefold()
    known = word in _YES or word in _NO
    return word not in _NO, [] if known else [Problem(where, "shuffle_unknown", {"value": excerpt(word)})]
