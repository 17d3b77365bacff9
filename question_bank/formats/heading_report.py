"""What is to be said of a heading before the rows below it are read."""

from collections.abc import Iterator, Sequence

from question_bank.formats.columns import Columns
from question_bank.formats.heading import Heading
from question_bank.formats.option_marks import flagged, is_marked
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, option_texts
from question_bank.formats.sheets import Sheet, column_name
from question_bank.items import plain
from question_bank.problems import Problem, excerpt

_TOLD_AT_MOST = 20


def heading_problems(heading: Heading, sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    """Yield what is wrong with the heading, and every column that is not read."""
    where = sheet.at(heading.line)
    columns = heading.columns
    if heading.broken:
        yield Problem(where, "quote_open")
        return
    if heading.guessed:
        yield Problem(where, "heading_by_content" if heading.below else "heading_guessed")
    for name in _missing(columns, sheet, below):
        yield Problem(where, "column_missing", {"column": name})
    told = (("column_doubled", columns.doubled), ("column_unread", columns.unread),
            ("column_unknown", columns.unknown), ("column_unnamed", _unnamed(columns, below)))  # fmt: skip
    for code, names in told:
        for index, name in names[:_TOLD_AT_MOST]:
            yield Problem(sheet.at(heading.line, index), code, {"column": excerpt(plain(name))})


def _missing(columns: Columns, sheet: Sheet, below: Sequence[Record]) -> list[str]:
    """What is missing after options inside the question and marks at options were looked for."""
    missing = columns.missing
    if "stem" in columns.fields and {"a", "b"} & set(missing) and not columns.options:
        inside = [len(option_texts(Row(row, columns, sheet))) > 1 for row in below[:50]]
        if any(inside):
            missing = [name for name in missing if name == "kunci"]
    if missing == ["kunci"] and any(_marks_right_ones(Row(row, columns, sheet)) for row in below[:50]):
        missing = []
    return missing


def _marks_right_ones(row: Row) -> bool:
    """Whether options carry a mark of their own, also those inside the question."""
    starred = any("*" in cell for cell in row.record.cells)
    return starred or bool(flagged(row.cell("all_options"))) or any(map(is_marked, option_texts(row)))


def _unnamed(columns: Columns, below: Sequence[Record]) -> list[tuple[int, str]]:
    used = {*columns.options.values(), *columns.marks.values(), *columns.fields.values(), *columns.keys,
            *columns.distractors, *columns.numbering, *columns.option_pictures.values()}  # fmt: skip
    blank = [index for index, name in enumerate(columns.names) if not name and index not in used]
    return [(index, column_name(index)) for index in blank[:_TOLD_AT_MOST]
            if any(len(row.cells) > index and row.cells[index].strip() for row in below)]  # fmt: skip
