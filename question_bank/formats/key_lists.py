"""Keys on a sheet of their own, by the number of the question: "1 B" or "1. B", in as many columns as fit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from question_bank.formats.heading import find_heading
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet

Keys = Mapping[int, tuple[str, str]]
"""From the number of a question to the letter of its key and the place where that stands."""

_FEWEST = 2
_NUMBER = re.compile(r"(\d{1,3})(?:[.,]0)?[.)]?")
_LETTER = re.compile(r"\(?([A-Ja-j])[.)]?")
_BOTH = re.compile(r"(\d{1,3})\s*[.):=-]?\s*\(?([A-Ja-j])\)?\.?")
_SAYS_KEY = re.compile(r"kunci|jawaban|\bkeys?\b|answer|\bkj\b", re.IGNORECASE)


def key_list(sheet: Sheet, rows: Sequence[Record]) -> Keys:
    """Return the keys that a sheet lists, {} when it is no list of keys or may name two for one question.

    It may where two letters stand behind a number: the keys of two papers, or the name of a paper and a key.
    """
    titles = [sheet.title, *(cell for row in rows[:5] for cell in row.cells)]
    if not any(_SAYS_KEY.search(title[:200]) for title in titles):
        return {}
    found: dict[int, tuple[str, str]] = {}
    if any(_LETTER.fullmatch(beyond) for row in rows for beyond in _behind_pairs(row)):
        return {}
    for number, letter, where in _pairs(sheet, rows):
        if found.setdefault(number, (letter, where))[0] != letter:
            return {}
    return found if len(found) >= _FEWEST else {}


def needs_keys(rows: Sequence[Record]) -> bool:
    """Tell whether these rows are questions with options that lack nothing but their keys."""
    heading = find_heading(rows)
    return heading is not None and heading.columns.missing == ["kunci"] and not heading.broken


def with_keys(sheet: Sheet, rows: Sequence[Record], keys: Keys) -> tuple[Sheet, list[Record]] | None:
    """Return the table with its keys as one more column; None when numbers and keys do not fit together."""
    heading = find_heading(rows)
    if heading is None or not (heading.columns.numbering or "code" in heading.columns.fields):
        return None
    column = [*heading.columns.numbering, heading.columns.fields.get("code", 0)][0]
    numbers = {row.line: _number(row, column) for row in rows[heading.below :]}
    known = [number for number in numbers.values() if number]
    if len(known) < _FEWEST or len(set(known)) < len(known) or not set(known) & set(keys):
        return None
    width = max(len(row.cells) for row in rows)
    added = {line: keys[number] for line, number in numbers.items() if number in keys}
    added[heading.line] = ("kunci", sheet.at(heading.line))
    joined = [replace(row, cells=_with_key(row, width, added)) for row in rows]
    places = {(line, width): where for line, (_, where) in added.items()}
    return replace(sheet, rows=joined, elsewhere=places), joined


def _with_key(row: Record, width: int, added: Mapping[int, tuple[str, str]]) -> tuple[str, ...]:
    return (*row.cells, *[""] * (width - len(row.cells)), added.get(row.line, ("", ""))[0])


def _number(row: Record, column: int) -> int:
    found = _NUMBER.fullmatch(row.cells[column].strip()) if column < len(row.cells) else None
    return int(found[1]) if found else 0


def _behind_pairs(row: Record) -> Iterator[str]:
    """The cells that stand right behind a number and its letter."""
    cells = [cell.strip() for cell in row.cells]
    for number, letter, beyond in zip(cells, cells[1:], cells[2:], strict=False):
        if _NUMBER.fullmatch(number) and _LETTER.fullmatch(letter):
            yield beyond


def _pairs(sheet: Sheet, rows: Sequence[Record]) -> Iterator[tuple[int, str, str]]:
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        for index, cell in enumerate(cells):
            both = _BOTH.fullmatch(cell)
            number = _NUMBER.fullmatch(cell)
            letter = _LETTER.fullmatch(cells[index + 1]) if number and index + 1 < len(cells) else None
            if both:
                yield int(both[1]), both[2].upper(), sheet.at(row.line, index)
            elif number and letter:
                yield int(number[1]), letter[1].upper(), sheet.at(row.line, index + 1)
