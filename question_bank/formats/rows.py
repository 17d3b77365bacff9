"""The rows of a table to items, whatever the table came from: nothing in it is passed over in silence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from question_bank.formats.columns import MAX_COLUMNS, Columns
from question_bank.formats.heading import find_heading
from question_bank.formats.heading_report import heading_problems
from question_bank.formats.headless import fits
from question_bank.formats.key_columns import KeyColumns
from question_bank.formats.keys import Style
from question_bank.formats.kinds import kind_code
from question_bank.formats.loaded import MAX_ITEMS, Harvest
from question_bank.formats.other_kinds import kind_of_all, other_kind, pictured
from question_bank.formats.ragged import one_width, rejoined
from question_bank.formats.records import Record
from question_bank.formats.row_items import Row, SeveralRight, option_texts, read_row
from question_bank.formats.shapes import reader_of
from question_bank.formats.sheets import Sheet
from question_bank.formats.stacked import unstacked
from question_bank.items import plain
from question_bank.problems import Problem, excerpt

_SECTION = re.compile(
    r"(?:[IVX]{1,4}\b|[A-Z]\.|bagian|section|petunjuk|part)\W*.{0,80}?(?:pilihan|ganda|es+a[iy]|uraian|isian|benar|"
    r"jodoh|soal|choice|question|blank|true|match)|"
    r"(?:pilihan ganda|es+a[iy]|uraian|isian(?: singkat)?|petunjuk)\b.{0,60}",
    re.IGNORECASE | re.DOTALL,
)
_EXPLAINS = re.compile(
    r"\b(?:required|optional|default is|wajib|opsional|diisi dengan|isi dengan)\b", re.IGNORECASE
)
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2})\)?\.?")


def filled_rows(sheet: Sheet) -> list[Record]:
    """Return the rows of a table that are not blank."""
    return [row for row in sheet.rows if row.broken or any(cell.strip() for cell in row.cells)]


def harvest_rows(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    """Read the heading and all items of a table into the harvest; `rows` are its filled rows."""
    reader = reader_of(rows) or _harvest_table
    reader(sheet, rows, harvest)


def _harvest_table(sheet: Sheet, rows: Sequence[Record], harvest: Harvest) -> None:
    heading = find_heading(rows)
    if heading is None:
        return
    below, mended = rejoined(rows[heading.below :], heading.columns.width, sheet.delimiter)
    one_each = unstacked(heading.columns, sheet, below)
    if one_each is not None:
        columns, sheet, below = one_each
        heading = replace(heading, columns=columns)
    kind = kind_of_all(heading, sheet, below)
    if kind:
        for record in below:
            code, said = other_kind(Row(record, heading.columns, sheet), kind) or (kind, "")
            harvest.skip(Problem(sheet.at(record.line), code, {"kind": said}))
        return
    if below and _explains_columns(heading.columns, below[0]):
        harvest.note(_passed_over(sheet, below[0]))
        below = below[1:]
    _widen(heading.columns, sheet, below)
    problems = list(heading_problems(heading, sheet, below))
    harvest.note(*problems)
    if not all(problem.is_warning for problem in problems):
        return
    keys = KeyColumns(heading.columns, sheet, below)
    heading.columns.key_is_option = keys.hold_one_more_option
    harvest.note(*keys.problems(heading.line))
    harvest.note(*(Problem(sheet.at(row.line), "row_rejoined") for row in mended))
    section = ""
    for count, record in enumerate(_items(below, rows[: heading.below])):
        if count == MAX_ITEMS:
            harvest.note(Problem(sheet.at(record.line), "too_many", {"limit": MAX_ITEMS}))
            break
        section = _harvest_row(Row(record, heading.columns, sheet), harvest, keys.styles, section)
    harvest.note(*_hidden(sheet, below), *_loose(sheet, below))


def _widen(columns: Columns, sheet: Sheet, below: Sequence[Record]) -> None:
    """Read rows that all have the same more cells than the heading, when their keys stand where it says."""
    width = one_width(below, columns) if sheet.delimiter and columns.keys and columns.options else 0
    if width and all(fits(columns, row) for row in below):
        columns.names = [*columns.names, *[""] * (width - columns.width)]


def _items(below: Sequence[Record], above: Sequence[Record]) -> Iterator[Record]:
    """The rows without the line that numbers the columns and without repeated headings."""
    headings = {tuple(cell.strip() for cell in row.cells) for row in above}
    for index, row in enumerate(below):
        if not (index == 0 and _numbers_columns(row)) and tuple(map(str.strip, row.cells)) not in headings:
            yield row


def _explains_columns(columns: Columns, row: Record) -> bool:
    """Whether the line below the heading tells how each column is to be filled in, as templates do."""
    explains = sum(_EXPLAINS.search(cell) is not None for cell in row.cells) > 2
    return explains and bool(columns.keys) and not fits(columns, row)


def _passed_over(sheet: Sheet, row: Record) -> Problem:
    text = next((plain(cell) for cell in row.cells if cell.strip()), "")
    return Problem(sheet.at(row.line), "row_passed_over", {"text": excerpt(text)})


def _numbers_columns(row: Record) -> bool:
    found = [_COLUMN_NUMBER.fullmatch(cell.strip()) for cell in row.cells if cell.strip()]
    return len(found) > 2 and [int(mark[1]) if mark else 0 for mark in found] == list(
        range(1, len(found) + 1)
    )


def _harvest_row(row: Row, harvest: Harvest, styles: dict[int, Style], section: str) -> str:
    """Read a row in a part of the paper that holds questions of kind `section`; return the part after it."""
    where = row.place("stem") if row.sheet.title else row.at(None)
    if row.record.broken:
        harvest.note(Problem(where, "quote_open"))
        return section
    skipped = other_kind(row, section)
    if skipped:
        harvest.skip(Problem(where, skipped[0], {"kind": skipped[1]}))
    elif _is_passed_over(row):
        told = _passed_over(row.sheet, row.record)
        harvest.note(told)
        code = kind_code(str(told.params["text"]))
        return section if code in (None, "skipped_description") else code
    elif not _is_surplus(row, harvest):
        _harvest_item(row, where, harvest, styles)
    return section


def _harvest_item(row: Row, where: str, harvest: Harvest, styles: dict[int, Style]) -> None:
    try:
        item = read_row(row, harvest, styles)
    except SeveralRight:
        harvest.skip(Problem(where, "skipped_several_right"))
        return
    if not item.options:
        columns = row.columns
        place = min(columns.options.values(), default=columns.fields.get("all_options"))
        absent = [problem for problem in row.problems if problem.code == "picture_not_inside"]
        harvest.note(Problem(row.at(place), "options_few", {"count": 0}), *absent)
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


def _is_passed_over(row: Row) -> bool:
    """A row with neither question nor options, or a lone line without a number of its own."""
    options = any(text.strip() for text in option_texts(row)) or pictured(row)
    keys = any(row.raw(index).strip() for index in (*row.columns.keys, *row.columns.marks.values()))
    if options or keys:
        return False
    stem = plain(row.cell("stem"))
    alone = sum(bool(cell.strip()) for cell in row.record.cells) == 1
    return not stem or (alone and (bool(row.columns.numbering) or _SECTION.fullmatch(stem) is not None))


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
    elif problem.code == "picture_alt_missing" and not _has_picture_cell(row):
        index = None  # it is a picture inside a text, of which the picture column knows nothing
    else:
        part = problem.code.rpartition("_")[0] if problem.code != "picture_alt_missing" else "picture"
        index = columns.fields.get(part if part in columns.fields else part.partition("_")[0])
    return where if index is None else row.at(index)


def _has_picture_cell(row: Row) -> bool:
    index = row.columns.fields.get("picture")
    return bool(row.raw(index).strip() or row.lying_on(index))


def _loose(sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    lines = {row.line for row in below}
    for line, cell in sorted(sheet.drawings):
        if line not in lines:
            yield Problem(sheet.at(line, cell), "picture_loose")


def _hidden(sheet: Sheet, below: Sequence[Record]) -> Iterator[Problem]:
    lines = [row.line for row in below if row.line in sheet.hidden_rows]
    if lines:
        yield Problem(sheet.at(lines[0]), "rows_hidden", {"count": len(lines)})
