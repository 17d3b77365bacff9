"""Tables without a heading whose first cell names the kind of question, as Blackboard reads them.

Each row of a choice goes on with the question and then, for each option, its text and "correct" or
"incorrect".
"""

from collections.abc import Sequence

from question_bank.formats.choice import Answer
from question_bank.formats.loaded import Harvest
from question_bank.formats.marked import add_marked
from question_bank.formats.records import Record
from question_bank.formats.sheets import Sheet
from question_bank.problems import Problem, excerpt

_SEARCHED_ROWS = 30
_KINDS = {
    "MC": "", "MA": "skipped_several_right", "TF": "skipped_true_false", "ESS": "skipped_essay",
    "ORD": "skipped_ordering", "MAT": "skipped_matching", "FIB": "skipped_short_answer",
    "FIB_PLUS": "skipped_cloze", "MULTI_FIB": "skipped_cloze", "FIL": "skipped_kind",
    "NUM": "skipped_numerical",
    "SR": "skipped_short_answer", "OP": "skipped_kind", "JUMBLED_SENTENCE": "skipped_cloze",
    "QUIZ_BOWL": "skipped_short_answer",
}  # fmt: skip
_RIGHT = {"correct": 100.0, "incorrect": 0.0}


def is_typed(rows: Sequence[Record]) -> bool:
    """Tell whether every row begins with the kind of its question, and a choice marks its options."""
    looked_at = [row for row in rows[:_SEARCHED_ROWS] if not row.broken]
    kinds = [_kind(row) for row in looked_at]
    if not kinds or any(kind not in _KINDS for kind in kinds) or any(len(row.cells) < 2 for row in looked_at):
        return False
    return all(_marks(row) for row, kind in zip(looked_at, kinds, strict=True) if kind == "MC")


def harvest_typed(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    """Read all questions into the harvest."""
    for row in rows:
        where = sheet.at(row.line)
        if row.broken:
            harvest.note(Problem(where, "quote_open"))
            continue
        code = _KINDS.get(_kind(row), "skipped_kind")
        if code:
            harvest.skip(Problem(where, code, {"kind": excerpt(row.cells[0].strip())}))
        else:
            _harvest(row, where, harvest)


def _kind(row: Record) -> str:
    return row.cells[0].strip().upper() if row.cells else ""


def _marks(row: Record) -> list[str]:
    """What stands behind each option, [] when nothing there is a mark."""
    marks = [cell.strip().casefold() for cell in _trimmed(row)[3::2]]
    return marks if any(mark in _RIGHT for mark in marks) else []


def _trimmed(row: Record) -> list[str]:
    cells = list(row.cells)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _harvest(row: Record, where: str, harvest: Harvest) -> None:
    cells = _trimmed(row)
    unknown = [mark for mark in cells[3::2] if mark.strip().casefold() not in _RIGHT]
    if unknown or len(cells) % 2:
        value = excerpt(unknown[0] if unknown else cells[-1])
        harvest.note(Problem(where, "option_unmarked", {"value": value}))
        return
    answers = [Answer(text, _RIGHT[mark.strip().casefold()])
               for text, mark in zip(cells[2::2], cells[3::2], strict=True)]  # fmt: skip
    add_marked(harvest, where, cells[1], answers, [where] * len(answers))
