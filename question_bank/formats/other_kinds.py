"""Which rows of a table ask another kind of question, by what they say of themselves or lack."""

import re
from collections.abc import Sequence

from question_bank.formats.heading import Heading
from question_bank.formats.kinds import kind_code
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, option_texts
from question_bank.formats.sheets import Sheet
from question_bank.items import plain
from question_bank.problems import excerpt

_MARK = re.compile(r"\(?(?:[A-Ja-j]|\d)[.)]?")  # the key of options that stand elsewhere
_TRUE_FALSE = frozenset(["true", "false", "benar", "salah", "b", "s", "t", "f", "betul"])


def kind_of_all(heading: Heading, sheet: Sheet, below: Sequence[Record]) -> str:
    """Return the kind of a table that has questions and answers but no options, "" for any other table."""
    columns = heading.columns
    if "stem" not in columns.fields or columns.options or columns.holds_options or heading.broken:
        return ""
    rows = [Row(record, columns, sheet) for record in below if not record.broken]
    if not rows or any(len(option_texts(row)) > 1 for row in rows):
        return ""
    answers = [plain(row.raw(index)) for row in rows for index in columns.keys]
    if "kind" in columns.fields and all(kind_code(plain(row.cell("kind")) or "mc") != "" for row in rows):
        return "skipped_kind"
    are_open = sum(_MARK.fullmatch(answer) is None for answer in answers if answer) * 2 >= len(rows)
    return kind_code(sheet.title) or (_answered_by(answers) if are_open else "")


def other_kind(row: Row, section: str = "") -> tuple[str, str] | None:
    """Return the code and words of another kind of question, None for a question with one right choice.

    `section` is the kind that the last line announced which stands alone in the table.
    """
    said = plain(row.cell("kind"))
    code = kind_code(said) if said else ""
    if code:
        return code, excerpt(said)
    has_options = sum(bool(text.strip()) for text in option_texts(row)) > 1
    if has_options or not row.cell("stem") or pictured(row):
        return None
    if said and code is None:
        return "skipped_kind", excerpt(said)
    answers = [plain(row.raw(index)) for index in row.columns.keys if row.raw(index).strip()]
    if said or row.columns.distractors:
        return None
    if any(len(answer) > 2 for answer in answers):
        return section or _answered_by(answers), ""
    return (section, "") if section and not answers else None


def _answered_by(answers: Sequence[str]) -> str:
    true_false = all(answer.casefold() in _TRUE_FALSE for answer in answers)
    return "skipped_true_false" if true_false else "skipped_short_answer"


def pictured(row: Row) -> bool:
    """Tell whether a picture lies on an option."""
    return any(row.lying_on(index) for index in row.columns.options.values())
