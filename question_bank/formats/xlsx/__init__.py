"""XLSX: every sheet whose heading tells of questions, the others named."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from question_bank.formats.decode import decode
from question_bank.formats.heading import find_heading
from question_bank.formats.kinds import kind_code
from question_bank.formats.loaded import FILE, Harvest, Loaded, Unreadable
from question_bank.formats.rows import filled_rows, harvest_rows
from question_bank.formats.sheets import Sheet
from question_bank.formats.xlsx.book import Tab, open_book
from question_bank.formats.xlsx.cells import read_sheet
from question_bank.formats.zips import is_office, is_zip, open_zip, peek
from question_bank.items import Item
from question_bank.problems import Problem, excerpt

__all__ = ["detect", "dump", "load"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return the items as XLSX, which `load` reads back unchanged, with the pictures that they name."""
    # openpyxl is needed here only, and every process that reads a bank would wait for it
    from question_bank.formats.xlsx.write import dump as write

    return write(items, pictures)


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is a workbook, or one of those that look alike and deserve a sentence."""
    if data.startswith(_OLD_OFFICE):
        return True
    return is_zip(data) and is_office(name, peek(data))


def load(data: bytes) -> Loaded:
    """Return the items and all problems of a workbook; raises Unreadable."""
    if data.startswith(_OLD_OFFICE):
        raise Unreadable(Problem(FILE, "workbook_old"))
    if not is_zip(data):
        decode(data)  # says better than "damaged" why nothing can read an empty or binary file
        raise Unreadable(Problem(FILE, "workbook_damaged"))
    archive = open_zip(data)
    for member, kind in (
        ("word/document.xml", "Word"),
        ("xl/workbook.bin", "XLSB"),
        ("content.xml", "OpenDocument"),
    ):
        if member in archive and "xl/workbook.xml" not in archive:
            raise Unreadable(Problem(FILE, "workbook_other", {"kind": kind}))
    book = open_book(archive)
    harvest = Harvest()
    tables = [_Table(tab, *read_sheet(book, tab)) for tab in book.tabs]
    filled = [table for table in tables if table.rows]
    chosen = [table for table in filled if table.is_complete] or [
        table for table in filled if table.is_promising
    ]
    for table in filled:
        if table in chosen or table.asks_otherwise:
            _harvest(table, harvest)
        elif chosen:
            harvest.note(
                Problem(table.tab.title, "sheet_without_heading", {"sheet": excerpt(table.tab.title)})
            )
    if filled and not chosen:
        harvest.note(Problem(filled[0].sheet.at(filled[0].rows[0].line), "heading_missing"))
    return harvest.loaded("xlsx")


class _Table:
    """A sheet with its filled rows and its heading."""

    def __init__(self, tab: Tab, sheet: Sheet, shapes: list[tuple[int, int]]) -> None:
        self.tab, self.sheet, self.shapes = tab, sheet, shapes
        self.rows = filled_rows(sheet)
        heading = find_heading(self.rows)
        self.is_complete = heading is not None and (heading.columns.complete or heading.guessed)
        self.is_promising = heading is not None and (heading.sure or heading.guessed)
        only_questions = heading is not None and heading.sure and "stem" in heading.columns.fields
        self.asks_otherwise = only_questions and bool(kind_code(tab.title))


def _harvest(table: _Table, harvest: Harvest) -> None:
    if table.tab.hidden:
        harvest.note(Problem(table.tab.title, "sheet_hidden", {"sheet": excerpt(table.tab.title)}))
    harvest_rows(table.sheet, table.rows, harvest)
    for line, column in table.shapes:
        harvest.note(Problem(table.sheet.at(line, column), "shape_dropped"))
