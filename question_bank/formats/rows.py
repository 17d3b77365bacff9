"""The rows of a table to items, whatever the table came from: nothing in it is passed over in silence."""

import re
from collections.abc import Iterator, Sequence

from question_bank.formats.columns import MAX_COLUMNS, Columns
from question_bank.formats.heading import Heading, find_heading
from question_bank.formats.keys import Style, style_of
from question_bank.formats.kinds import kind_code
from question_bank.formats.loaded import MAX_ITEMS, Harvest
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, SeveralRight, option_texts, read_row
from question_bank.formats.sheets import Sheet
from question_bank.items import plain
from question_bank.problems import Problem, excerpt

_TOLD_AT_MOST = 20
_SECTION = re.compile(
    r"(?:[IVX]{1,4}\b|[A-Z]\.|bagian|section|petunjuk|part)\W*.{0,80}?(?:pilihan|ganda|es+a[iy]|uraian|isian|benar|"
    r"jodoh|soal|choice|question|blank|true|match)|"
    r"(?:pilihan ganda|es+a[iy]|uraian|isian(?: singkat)?|petunjuk)\b.{0,60}",
    re.IGNORECASE | re.DOTALL,
)
_TRUE_FALSE = frozenset(["true", "false", "benar", "salah", "b", "s", "t", "f", "betul"])
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2})\)?\.?")


def filled_rows(sheet: Sheet) -> list[Record]:
    """Return the rows of a table that are not blank."""
    return [row for row in sheet.rows if row.broken or any(cell.strip() for cell in row.cells)]


def harvest_rows(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    """Read the heading and all items of a table into the harvest; `rows` are its filled rows."""
    heading = find_heading(rows)
    if heading is None:
        return
    below = rows[heading.below :]
    kind = _kind_of_all(heading, sheet, below)
    if kind:
        for record in below:
            harvest.skip(Problem(sheet.at(record.line), kind))
        return
    problems = list(_heading_problems(heading, sheet, below))
    harvest.note(*problems)
    if not all(problem.is_warning for problem in problems):
        return
    styles = _styles(sheet, below, heading.columns)
    harvest.note(*(Problem(sheet.at(heading.line, index), "key_from_zero")
                   for index, style in styles.items() if style == "zero"))  # fmt: skip
    for count, record in enumerate(_items(below, rows[: heading.below])):
        if count == MAX_ITEMS:
            harvest.note(Problem(sheet.at(record.line), "too_many", {"limit": MAX_ITEMS}))
            break
        _harvest_row(Row(record, heading.columns, sheet), harvest, styles)
    harvest.note(*_hidden(sheet, below), *_loose(sheet, below))


def _kind_of_all(heading: Heading, sheet: Sheet, below: Sequence[Record]) -> str:
    """The kind of a table that has questions and answers but no options anywhere, "" for any other table."""
    columns = heading.columns
    if "stem" not in columns.fields or columns.options or columns.holds_options or heading.broken:
        return ""
    rows = [Row(record, columns, sheet) for record in below if not record.broken]
    if not rows or any(len(option_texts(row)) > 1 for row in rows):
        return ""
    answers = [plain(row.raw(index)) for row in rows for index in columns.keys]
    are_open = sum(len(answer) > 2 for answer in answers) * 2 > len(rows)
    return kind_code(sheet.title) or (_answered_by(answers) if are_open else "")


def _items(below: Sequence[Record], above: Sequence[Record]) -> Iterator[Record]:
    """The rows without the line that numbers the columns and without repeated headings."""
    headings = {tuple(cell.strip() for cell in row.cells) for row in above}
    for index, row in enumerate(below):
        if not (index == 0 and _numbers_columns(row)) and tuple(map(str.strip, row.cells)) not in headings:
            yield row


def _numbers_columns(row: Record) -> bool:
    found = [_COLUMN_NUMBER.fullmatch(cell.strip()) for cell in row.cells if cell.strip()]
    return len(found) > 2 and [int(mark[1]) if mark else 0 for mark in found] == list(
        range(1, len(found) + 1)
    )


def _heading_problems(heading: Heading, sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    where = sheet.at(heading.line)
    columns = heading.columns
    if heading.broken:
        yield Problem(where, "quote_open")
        return
    if heading.guessed:
        yield Problem(where, "heading_guessed")
        return
    for name in _missing(columns, sheet, below):
        yield Problem(where, "column_missing", {"column": name})
    told = (("column_doubled", columns.doubled), ("column_unread", columns.unread),
            ("column_unknown", columns.unknown), ("column_unnamed", _unnamed(columns, below)))  # fmt: skip
    for code, names in told:
        for index, name in names[:_TOLD_AT_MOST]:
            yield Problem(sheet.at(heading.line, index), code, {"column": excerpt(plain(name))})


def _missing(columns: Columns, sheet: Sheet, below: Sequence[Record]) -> list[str]:
    """What is missing after options inside the question and stars at options were looked for."""
    missing = columns.missing
    if "stem" in columns.fields and {"a", "b"} & set(missing) and not columns.options:
        inside = [len(option_texts(Row(row, columns, sheet))) > 1 for row in below[:50]]
        if any(inside):
            missing = [name for name in missing if name == "kunci"]
    if missing == ["kunci"] and any("*" in text for row in below[:50] for text in row.cells):
        missing = []
    return missing


def _unnamed(columns: Columns, below: Sequence[Record]) -> list[tuple[int, str]]:
    used = {*columns.options.values(), *columns.marks.values(), *columns.fields.values(), *columns.keys}
    blank = [index for index, name in enumerate(columns.names) if not name and index not in used]
    return [(index, _letters(index)) for index in blank[:_TOLD_AT_MOST]
            if any(len(row.cells) > index and row.cells[index].strip() for row in below)]  # fmt: skip


def _letters(index: int) -> str:
    return Sheet(()).at(1, index).rpartition(" ")[2]


def _styles(sheet: Sheet, below: Sequence[Record], columns: Columns) -> dict[int, Style]:
    """How each key column is to be read, from all its rows together."""
    if columns.distractors and not columns.options:
        return {}
    rows = [Row(record, columns, sheet) for record in below if not record.broken]
    options = [[text for text in option_texts(row) if text.strip()] for row in rows]
    return {index: style_of((row.raw(index), texts) for row, texts in zip(rows, options, strict=True))
            for index in columns.keys}  # fmt: skip


def _harvest_row(row: Row, harvest: Harvest, styles: dict[int, Style]) -> None:
    where = row.place("stem") if row.sheet.title else row.at(None)
    if row.record.broken:
        harvest.note(Problem(where, "quote_open"))
        return
    skipped = _other_kind(row)
    if skipped:
        harvest.skip(Problem(where, skipped[0], {"kind": skipped[1]}))
    elif _is_passed_over(row):
        text = next(plain(cell) for cell in row.record.cells if cell.strip())
        harvest.note(Problem(row.at(None), "row_passed_over", {"text": excerpt(text)}))
    elif not _is_surplus(row, harvest):
        _harvest_item(row, where, harvest, styles)


def _harvest_item(row: Row, where: str, harvest: Harvest, styles: dict[int, Style]) -> None:
    try:
        item = read_row(row, harvest, styles)
    except SeveralRight:
        harvest.skip(Problem(where, "skipped_several_right"))
        return
    if not item.options:
        columns = row.columns
        place = min(columns.options.values(), default=columns.fields.get("all_options"))
        harvest.note(Problem(row.at(place), "options_few", {"count": 0}))
        return
    faults = list(_faults(row))
    if faults and not all(problem.is_warning for problem in faults):
        harvest.note(*faults)
        return
    if row.sheet.ragged and _needs_more_cells(row):
        harvest.note(
            Problem(where, "cells_few", {"count": len(row.record.cells), "wanted": row.columns.width})
        )
        return
    harvest.add(where, item, [*faults, *row.problems], lambda problem: _cell_of(problem, row, where))


def _other_kind(row: Row) -> tuple[str, str] | None:
    """The code and words of another kind of question, None for a question with one right choice."""
    said = plain(row.cell("kind"))
    code = kind_code(said) if said else ""
    if code:
        return code, excerpt(said)
    has_options = sum(bool(text.strip()) for text in option_texts(row)) > 1
    if has_options or not row.cell("stem") or _pictured(row):
        return None
    if said and code is None:
        return "skipped_kind", excerpt(said)
    answers = [plain(row.raw(index)) for index in row.columns.keys if row.raw(index).strip()]
    if said or row.columns.distractors:
        return None
    return (_answered_by(answers), "") if any(len(answer) > 2 for answer in answers) else None


def _answered_by(answers: Sequence[str]) -> str:
    true_false = all(answer.casefold() in _TRUE_FALSE for answer in answers)
    return "skipped_true_false" if true_false else "skipped_short_answer"


def _pictured(row: Row) -> bool:
    return any(row.lying_on(index) for index in row.columns.options.values())


def _is_passed_over(row: Row) -> bool:
    """A row with neither question nor options, or a lone line that announces a part of the paper."""
    options = any(text.strip() for text in option_texts(row)) or _pictured(row)
    keys = any(row.raw(index).strip() for index in (*row.columns.keys, *row.columns.marks.values()))
    if options or keys:
        return False
    stem = plain(row.cell("stem"))
    filled = sum(bool(cell.strip()) for cell in row.record.cells)
    return not stem or (filled == 1 and _SECTION.fullmatch(stem) is not None)


def _is_surplus(row: Row, harvest: Harvest) -> bool:
    beyond = row.record.cells[row.columns.width :]
    if row.columns.width == MAX_COLUMNS or not any(cell.strip() for cell in beyond):
        return False
    if row.sheet.ragged:
        params = {"count": len(row.record.cells), "wanted": row.columns.width}
        harvest.note(Problem(row.at(None), "cells_many", params))
        return True
    first = next(index for index, cell in enumerate(beyond, row.columns.width) if cell.strip())
    row.problems.append(Problem(row.at(first), "cell_unnamed", {"text": excerpt(plain(row.raw(first)))}))
    return False


def _needs_more_cells(row: Row) -> bool:
    """Whether cells are missing at the end that a row cannot do without."""
    needed = [*row.columns.keys, *row.columns.marks.values(), row.columns.fields["stem"]]
    return len(row.record.cells) <= max(needed)


def _faults(row: Row) -> Iterator[Problem]:
    """What a spreadsheet says of cells that this table reads."""
    columns = row.columns
    read = {*columns.fields.values(), *columns.options.values(), *columns.marks.values(), *columns.keys,
            *columns.distractors}  # fmt: skip
    for source in (row.sheet.faults, row.sheet.notes):
        for index in sorted(read) if source else ():
            if (row.record.line, index) in source:
                code, value = source[row.record.line, index]
                yield Problem(row.at(index), code, {"value": excerpt(value)})


def _cell_of(problem: Problem, row: Row, where: str) -> str:
    """The cell of a problem that the validation found in the item of a row."""
    columns = row.columns
    letter = problem.params.get("letter")
    if problem.code.startswith("option_") and isinstance(letter, str):
        index = columns.options.get(ord(letter) - ord("A"), columns.fields.get("all_options"))
    elif problem.code == "key_range":
        index = columns.keys[0] if columns.keys else None
    else:
        part = problem.code.rpartition("_")[0] if problem.code != "picture_alt_missing" else "picture"
        index = columns.fields.get(part if part in columns.fields else part.partition("_")[0])
    return where if index is None else row.at(index)


def _loose(sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    lines = {row.line for row in below}
    for line, cell in sorted(sheet.drawings):
        if line not in lines:
            yield Problem(sheet.at(line, cell), "picture_loose")


def _hidden(sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    lines = [row.line for row in below if row.line in sheet.hidden_rows]
    if lines:
        yield Problem(sheet.at(lines[0]), "rows_hidden", {"count": len(lines)})
