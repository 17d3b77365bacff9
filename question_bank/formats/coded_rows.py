"""Tables in which a letter tells the row of a question from those of its answers, as TCExam writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.formats.choice import Answer
from question_bank.formats.keys import ticked
from question_bank.formats.loaded import Harvest
from question_bank.formats.marked import add_marked
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.problems import Problem, excerpt

_QUESTION = frozenset({"q", "soal", "question", "pertanyaan"})
_ANSWER = frozenset({"a", "jawaban", "answer", "pilihan", "opsi"})
_FIRST_COLUMNS = 3
_SEARCHED_ROWS = 300
_ENOUGH = 0.6  # of the rows are questions or answers


@dataclass(frozen=True)
class _Parts:
    """The columns with the letter, the text and the tick of a right answer (cell indices)."""

    code: int
    text: int
    tick: int


def is_coded(rows: Sequence[Record]) -> bool:
    """Tell whether rows say of themselves that they are questions or answers."""
    return _parts(rows[:_SEARCHED_ROWS]) is not None


def harvest_coded(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    """Read all questions into the harvest."""
    parts = _parts(rows[:_SEARCHED_ROWS])
    if parts is None:
        return
    harvest.note(Problem(sheet.at(rows[0].line), "heading_by_content"))
    for row in rows:
        if row.broken:
            harvest.note(Problem(sheet.at(row.line), "quote_open"))
        elif _cell(row, parts.code).casefold() not in _QUESTION | _ANSWER:
            text = excerpt(" ".join(filter(None, map(str.strip, row.cells))))
            harvest.note(Problem(sheet.at(row.line), "row_passed_over", {"text": text}))
    for group in _groups(rows, parts.code):
        _harvest(group, parts, sheet, harvest)


def _parts(rows: Sequence[Record]) -> _Parts | None:
    for code in range(_FIRST_COLUMNS):
        groups = [group for group in _groups(rows, code) if len(group) > 1]
        used = sum(map(len, groups))
        if groups and used > 2 * len(groups) and used >= _ENOUGH * len(rows):
            return _told_by_content(groups, code)
    return None


def _told_by_content(groups: Sequence[Sequence[Record]], code: int) -> _Parts | None:
    width = max(len(row.cells) for group in groups for row in group)
    others = [index for index in range(width) if index != code]
    lengths = {index: sum(len(_cell(row, index)) for group in groups for row in group) for index in others}
    text = max(others, key=lambda index: lengths[index], default=code)
    found = {}
    for tick in others:
        right = [ticked([_cell(row, tick) for row in group[1:]]) for group in groups]
        if tick != text and None not in right and sum(len(one or ()) == 1 for one in right) * 2 > len(groups):
            found[tick] = right
    first = next(iter(found), None)
    if first is None or any(right != found[first] for right in found.values()):
        return None  # no ticks, or two columns of them that do not agree
    return _Parts(code, text, first)


def _groups(rows: Sequence[Record], code: int) -> Iterator[list[Record]]:
    """Each question with its answers; other rows are passed over."""
    group: list[Record] = []
    for row in rows:
        said = _cell(row, code).casefold()
        if said in _QUESTION:
            if group:
                yield group
            group = [row]
        elif said in _ANSWER and group:
            group.append(row)
    if group:
        yield group


def _cell(row: Record, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _harvest(group: Sequence[Record], parts: _Parts, sheet: Sheet, harvest: Harvest) -> None:
    where = sheet.at(group[0].line, parts.text if sheet.title else None)
    if len(group) == 1:
        harvest.skip(Problem(where, "skipped_essay"))
        return
    right = ticked([_cell(row, parts.tick) for row in group[1:]]) or []
    answers = [Answer(_cell(row, parts.text), 100.0 if number in right else 0.0)
               for number, row in enumerate(group[1:])]  # fmt: skip
    places = [sheet.at(row.line, parts.text) for row in group[1:]]
    add_marked(harvest, where, _cell(group[0], parts.text), answers, places)
