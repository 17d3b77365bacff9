"""XLSX: every sheet whose heading tells of questions, the others named."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from question_bank.formats.decode import decode
from question_bank.formats.heading import find_heading
from question_bank.formats.key_lists import key_list, needs_keys, with_keys
from question_bank.formats.key_looks import with_keys_by_look
from question_bank.formats.kinds import kind_code
from question_bank.formats.loaded import FILE, Harvest, Loaded, Unreadable
from question_bank.formats.records import Record
from question_bank.formats.rows import filled_rows, harvest_rows
from question_bank.formats.shapes import reader_of
from question_bank.formats.sheets import Sheet
from question_bank.formats.xlsx.book import Tab, open_book
from question_bank.formats.xlsx.cells import read_sheet
from question_bank.formats.zips import is_office, is_zip, open_zip, peek
from question_bank.items import Item
from question_bank.problems import Problem, excerpt

__all__ = ["detect", "dump", "load"]

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_MARKUP = re.compile(rb"<[^<>]*urn:schemas-microsoft-com:office:(?:spreadsheet|excel)\b", re.IGNORECASE)
_BEGINNING = 2_000  # bytes


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return the items as XLSX, which `load` reads back unchanged, with the pictures that they name."""
    # openpyxl is needed here only, and every process that reads a bank would wait for it
    from question_bank.formats.xlsx.write import dump as write

    return write(items, pictures)


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is a workbook, or one of those that look alike and deserve a sentence."""
    if _is_old(data):
        return True
    return is_zip(data) and is_office(name, peek(data))


def _is_old(data: bytes) -> bool:
    """Whether these are the bytes of an .xls, or markup that other programs call so and Excel opens."""
    return data.startswith(_OLD_OFFICE) or _OLD_MARKUP.search(data[:_BEGINNING]) is not None


def load(data: bytes) -> Loaded:
    """Return the items and all problems of a workbook; raises Unreadable."""
    if _is_old(data):
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
    lists = _joined_keys(filled, harvest)
    filled = [table for table in filled if table not in lists]
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


def _joined_keys(tables: Sequence["_Table"], harvest: Harvest) -> list["_Table"]:
    """Join the one list of keys to the one table that lacks them; return the sheets that were only lists."""
    lists = [table for table in tables if not table.is_complete and key_list(table.sheet, table.rows)]
    lacking = [table for table in tables if table not in lists and needs_keys(table.rows)]
    if len(lists) != 1 or len(lacking) != 1:
        return []
    joined = with_keys(lacking[0].sheet, lacking[0].rows, key_list(lists[0].sheet, lists[0].rows))
    if joined is None:
        return []
    lacking[0].take(*joined)
    title = excerpt(lists[0].tab.title)
    harvest.note(Problem(lacking[0].tab.title, "keys_joined", {"sheet": title}))
    return lists


class _Table:
    """A sheet with its filled rows and its heading."""

    def __init__(self, tab: Tab, sheet: Sheet, shapes: list[tuple[int, int]]) -> None:
        self.tab, self.shapes = tab, shapes
        self.keys_by_look = False
        self.take(sheet, filled_rows(sheet))
        looked = with_keys_by_look(self.sheet, self.rows) if sheet.looks and needs_keys(self.rows) else None
        if looked is not None:
            self.keys_by_look = True
            self.take(*looked)

    def take(self, sheet: Sheet, rows: Sequence[Record]) -> None:
        """Hold this sheet, and what its heading tells."""
        self.sheet, self.rows = sheet, rows
        heading = find_heading(self.rows)
        readable = heading is not None and (heading.columns.complete or heading.guessed)
        self.is_complete = readable or reader_of(self.rows) is not None
        self.is_promising = heading is not None and (heading.sure or heading.guessed)
        only_questions = heading is not None and heading.sure and "stem" in heading.columns.fields
        self.asks_otherwise = only_questions and bool(kind_code(self.tab.title))


def _harvest(table: _Table, harvest: Harvest) -> None:
    if table.tab.hidden:
        harvest.note(Problem(table.tab.title, "sheet_hidden", {"sheet": excerpt(table.tab.title)}))
    if table.keys_by_look:
        harvest.note(Problem(table.tab.title, "keys_by_look"))
    harvest_rows(table.sheet, table.rows, harvest)
    for line, column in table.shapes:
        harvest.note(Problem(table.sheet.at(line, column), "shape_dropped"))
