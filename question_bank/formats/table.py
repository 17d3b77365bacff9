"""CSV: one item per row, the header says what each column means."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType

from question_bank.formats.cells import guarded
from question_bank.formats.decode import decode, is_text
from question_bank.formats.heading import find_heading
from question_bank.formats.loaded import Harvest, Loaded
from question_bank.formats.records import records
from question_bank.formats.rows import filled_rows, harvest_rows
from question_bank.formats.shapes import reader_of
from question_bank.formats.sheets import Sheet
from question_bank.formats.written import data_url, written_rows
from question_bank.items import Item

DELIMITERS = ",;\t|"
_RARE = "|\t"  # what no sentence holds
_FEWEST_ROWS = 2  # without a heading
_FEWEST_CELLS = 4  # a question, two options, the key
_HEADING_ROWS = 30
_LOOKED_AT = 5_000  # lines, blank ones too

_MARKUP = re.compile(r"\s*<(?:\?xml|!DOCTYPE|html|quiz|questestinterop)\b", re.IGNORECASE)
_IMAGE = re.compile(r'<img src="([^"<>]+)"')


def detect(name: str, data: bytes) -> bool:
    """Tell whether the file is a table of items, by its ending or a heading that has all it needs."""
    ending = PurePath(name).suffix.lower()
    if ending == ".gift" or not is_text(data):
        return False
    text = decode(data)[0]
    if _MARKUP.match(text):
        return False
    if ending in {".csv", ".tsv"}:
        return True
    below = _without_separator_line(text)[0]
    return _sniff(below)[1] or (ending == ".txt" and _is_headless(below))


def load(data: bytes) -> Loaded:
    """Return the items and all problems of a CSV file; raises Unreadable."""
    text, warnings = decode(data)
    text, first_line, stated = _without_separator_line(text)
    harvest = Harvest(warnings)
    delimiter = stated or _sniff(text)[0]
    sheet = Sheet(records(text, delimiter, first_line), delimiter=delimiter)
    harvest_rows(sheet, filled_rows(sheet), harvest)
    return harvest.loaded("csv")


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return the items as CSV in UTF-8, which `load` reads back unchanged.

    `pictures` stand inside the texts that show them; a picture beside an item stays a file of its own.
    """
    kept = list(items)
    names, rows = written_rows(kept)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow(guarded(_with_data(cell, pictures)) for cell in row)
    return out.getvalue().encode()


def _with_data(text: str, pictures: Mapping[str, bytes]) -> str:
    def packed(found: re.Match[str]) -> str:
        data = pictures.get(found[1])
        return f'<img src="{data_url(data)}"' if data else found[0]

    return _IMAGE.sub(packed, text) if pictures and "<img" in text else text


def _sniff(text: str) -> tuple[str, bool]:
    """Return the delimiter under which the heading says most, and whether it says all that items need."""
    found = {delimiter: _heading(text, delimiter) for delimiter in DELIMITERS}
    best = max(found, key=lambda delimiter: found[delimiter])
    return best, found[best][0]


def _is_headless(text: str) -> bool:
    """Whether every line has the same cells between upright bars or tabs, and one of them is the key."""
    for delimiter in _RARE:
        rows = [row for row in islice(records(text, delimiter), _LOOKED_AT) if "".join(row.cells).strip()]
        widths = {len(row.cells) for row in rows}
        if len(rows) >= _FEWEST_ROWS and len(widths) == 1 and widths.pop() >= _FEWEST_CELLS:
            heading = find_heading(rows[:_HEADING_ROWS])
            return heading is not None and heading.guessed and heading.columns.complete
    return False


def _heading(text: str, delimiter: str) -> tuple[bool, int, int]:
    """Whether the heading is complete, its known columns, and how many rows have cells as it has."""
    every = islice(records(text, delimiter), _LOOKED_AT)
    rows = list(islice((row for row in every if any(cell.strip() for cell in row.cells)), _HEADING_ROWS))
    if reader_of(rows):
        return True, len(rows), len(rows)
    heading = find_heading(rows)
    if heading is None:
        return False, 0, 0
    columns = heading.columns
    width = len(rows[min(heading.below, len(rows) - 1)].cells)
    alike = sum(len(row.cells) == width for row in rows) if width > 1 else 0
    return columns.complete and not heading.guessed, columns.known, alike


def _without_separator_line(text: str) -> tuple[str, int, str | None]:
    """Take off the line "sep=;" that spreadsheets write; return text, number of its first line, delimiter."""
    first, _, rest = text.partition("\n")
    stated = first.strip('" \ufeff')
    if stated.startswith("sep=") and stated[4:] in tuple(DELIMITERS):
        return rest, 2, stated[4:]
    return text, 1, None
