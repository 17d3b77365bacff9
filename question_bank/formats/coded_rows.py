"""Tables in which a letter tells the row of a question from those of its answers, as TCExam writes them.

A digit behind the letter numbers the questions, or names other kinds where single choices have none: Q, Q2.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from question_bank.formats.choice import Answer
from question_bank.formats.keys import ticked
from question_bank.formats.kinds import kind_code
from question_bank.formats.loaded import Harvest
from question_bank.formats.marked import add_marked
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.problems import Problem, excerpt

_QUESTION = frozenset({"q", "soal", "question", "pertanyaan"})
_ANSWER = frozenset({"a", "jawaban", "answer", "pilihan", "opsi"})
_WITH_DIGIT = re.compile(r"q ?(\d{1,3})")
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
        elif _said(row, parts.code) not in ("question", "answer"):
            text = excerpt(" ".join(filter(None, map(str.strip, row.cells))))
            harvest.note(Problem(sheet.at(row.line), "row_passed_over", {"text": text}))
    groups = list(_groups(rows, parts.code))
    with_kinds = _name_kinds(groups, parts.code)
    for group in groups:
        digit = _digit(group, parts.code) if with_kinds else 1
        if digit == 1:
            _harvest(group, parts, sheet, harvest)
        else:
            _skip(group[0], parts, sheet, harvest)


def _parts(rows: Sequence[Record]) -> _Parts | None:
    for code in range(_FIRST_COLUMNS):
        groups = [group for group in _groups(rows, code) if len(group) > 1]
        used = sum(map(len, groups))
        if groups and used > 2 * len(groups) and used >= _ENOUGH * len(rows):
            with_kinds = _name_kinds(groups, code)
            single = [group for group in groups if _digit(group, code) == 1 or not with_kinds]
            return _told_by_content(single, code)
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
        said = _said(row, code)
        if said == "question":
            if group:
                yield group
            group = [row]
        elif said == "answer" and group:
            group.append(row)
    if group:
        yield group


def _said(row: Record, code: int) -> str:
    word = _cell(row, code).casefold()
    if word in _QUESTION or _WITH_DIGIT.fullmatch(word):
        return "question"
    return "answer" if word in _ANSWER else ""


def _digit(group: Sequence[Record], code: int) -> int:
    """The digit behind the letter of a question, 1 for none."""
    found = _WITH_DIGIT.fullmatch(_cell(group[0], code).casefold())
    return int(found[1]) if found else 1


def _name_kinds(groups: Sequence[Sequence[Record]], code: int) -> bool:
    """Whether digits are kinds, since some questions have none; their numbers all of them would have."""
    return any(_cell(group[0], code).casefold() in _QUESTION for group in groups)


def _cell(row: Record, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _skip(row: Record, parts: _Parts, sheet: Sheet, harvest: Harvest) -> None:
    """Skip a question of another kind, which the cell beside its letter may name."""
    said = _cell(row, parts.code)
    beside = [kind_code(_cell(row, index)) for index in range(parts.code)]
    code = next((one for one in beside if one), "skipped_kind")
    harvest.skip(Problem(sheet.at(row.line, parts.text if sheet.title else None), code, {"kind": said}))


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
