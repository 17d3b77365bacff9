"""Tables for people who calculate: XLSX with real types, and CSV, in which no text is ever a formula.

XLSX is written row by row, so that memory holds only the different texts. Every text is a string cell that a
spreadsheet shows as it stands; only numbers are numbers. In CSV, which knows no types, a text that a
spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | float | bool | Decimal | Fraction | date | datetime | None
"""A `datetime` is written as it stands, without its zone: say in the heading which one it is."""
Row = Sequence[Cell]

LONGEST = 32_767
"""Characters that one cell of XLSX can hold."""

MOST_ROWS = 1_048_576
WIDEST, NARROWEST = 60, 8
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a CSV text must not begin with: the last four are taken for the first ones."""

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - days of a spreadsheet have no zone
TEXT, INSTANT, DAY, HEAD, NUMBER = 1, 2, 3, 4, 0
"""Positions among the formats of `STYLES`."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name (31 characters at most), its heading row, and rows as they come."""

    name: str
    head: Sequence[str]
    rows: Iterable[Row]
    widths: Sequence[int] = ()
    """In characters; a column without one is as wide as its heading."""


def write_xlsx(target: Path | IO[bytes], sheets: Sequence[Sheet]) -> None:
    """The workbook; headings are frozen and can be filtered by. Raises ValueError for too many rows."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for number, sheet in enumerate(sheets, 1):
            with file.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                for piece in _sheet(sheet, texts):
                    part.write(piece)
        with file.open(_part("xl/sharedStrings.xml"), "w") as part:
            for piece in _strings(texts):
                part.write(piece)
        for name, said in _frame(sheets).items():
            file.writestr(_part(name), said)


def csv_bytes(head: Sequence[str], rows: Iterable[Row], delimiter: str = ";") -> bytes:
    """UTF-8 with a mark at its beginning; lines end as spreadsheets expect.

    As spreadsheets in Indonesian read it: divided by semicolons, with a decimal comma.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([csv_text(one) for one in head])
    writer.writerows([_csv_cell(one) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def csv_text(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would calculate it."""
    return "'" + text if text.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def _csv_cell(value: Cell) -> str:
    if isinstance(value, str):
        return csv_text(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else _number(value).replace(".", ",")


def _part(name: str) -> zipfile.ZipInfo:
    """The same bytes for the same content: no part carries the hour at which it was written."""
    found = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def fit(text: str) -> str:
    """What XML can hold of a text, and a cell: other characters become a question mark in a diamond."""
    return _UNFIT.sub("\ufffd", text[:LONGEST])


def column(number: int) -> str:
    """A, B, ... Z, AA for 1, 2, ... 26, 27"""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _sheet(sheet: Sheet, texts: dict[str, int]) -> Iterator[bytes]:
    yield (_HEAD + _columns(sheet) + "<sheetData>").encode()
    names = [column(number) for number in range(1, len(sheet.head) + 1)]
    yield _row(1, names, sheet.head, texts, HEAD).encode()
    count, batch = 1, []
    for count, row in enumerate(sheet.rows, 2):
        batch.append(_row(count, names, row, texts, TEXT))
        if len(batch) == 500:
            yield "".join(batch).encode()
            batch.clear()
    if count > MOST_ROWS:
        raise ValueError("too many rows")
    batch.append(f'</sheetData><autoFilter ref="A1:{names[-1]}{count}"/></worksheet>')
    yield "".join(batch).encode()


def _columns(sheet: Sheet) -> str:
    widths = [*sheet.widths, *(0 for _ in sheet.head[len(sheet.widths) :])]
    said = [f'<col min="{n}" max="{n}" width="{_width(width, head)}" customWidth="1"/>'
            for n, (width, head) in enumerate(zip(widths, sheet.head, strict=True), 1)]  # fmt: skip
    return f"<cols>{''.join(said)}</cols>"


def _width(width: int, head: str) -> int:
    return min(WIDEST, max(NARROWEST, width, len(head) + 3))


def _row(number: int, names: Sequence[str], row: Row, texts: dict[str, int], style: int) -> str:
    cells = []
    for name, value in zip(names, row, strict=True):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            index = texts.setdefault(value, len(texts))
            cells.append(f'<c r="{name}{number}" s="{style}" t="s"><v>{index}</v></c>')
        else:
            cells.append(_value(f"{name}{number}", value))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _value(where: str, value: bool | float | Decimal | Fraction | date) -> str:
    if isinstance(value, bool):
        return f'<c r="{where}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        since = value.replace(tzinfo=None) - EPOCH
        return f'<c r="{where}" s="{INSTANT}"><v>{since.days + since.seconds / 86_400:.8f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{where}" s="{DAY}"><v>{(value - EPOCH.date()).days}</v></c>'
    return f'<c r="{where}"><v>{_number(value)}</v></c>'


def _number(value: float | Decimal | Fraction) -> str:
    if isinstance(value, Fraction):
        return repr(float(value))
    return repr(value) if isinstance(value, float) else str(value)


def _strings(texts: dict[str, int]) -> Iterator[bytes]:
    yield (f'{_XML}<sst xmlns="{_MAIN}" uniqueCount="{len(texts)}">').encode()
    for text in texts:
        # what looks like an escape of the format itself is escaped, so that it is read as it was written
        said = escape(_LOOKS_ESCAPED.sub("_x005F_", fit(text))).replace("\r", "_x000D_")
        yield f'<si><t xml:space="preserve">{said}</t></si>'.encode()
    yield b"</sst>"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = (f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
         '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
         '<sheetFormatPr defaultRowHeight="15"/>')  # fmt: skip
# `quotePrefix` says: what is typed here is text, also when somebody edits the cell
STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" '
    'formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders count=\"1\"><border/></borders>"
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>'
    '<xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" quotePrefix="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)  # fmt: skip


def _frame(sheets: Sequence[Sheet]) -> dict[str, str]:
    """The parts that say which other parts there are."""
    numbers = range(1, len(sheets) + 1)
    named = "".join(
        f'<sheet name={quoteattr(_name(one.name))} sheetId="{n}" r:id="rId{n}"/>' for n, one in
        zip(numbers, sheets, strict=True)
    )  # fmt: skip
    links = "".join(f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
                    for n in numbers)  # fmt: skip
    last = len(sheets)
    links += (
        f'<Relationship Id="rId{last + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId{last + 2}" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
                    for n in numbers)  # fmt: skip
    relations = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{_TYPE}.sheet.main+xml"/>{kinds}<Override PartName="/xl/styles.xml" '
        f'ContentType="{_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" '
        f'ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'{relations}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{links}</Relationships>",
        "xl/styles.xml": STYLES,
    }  # fmt: skip


def _name(text: str) -> str:
    """Without what the name of a sheet may not hold."""
    return re.sub(r"[\[\]:*?/\\]", " ", fit(text))[:31]
