"""Workbooks for tests: whole ones by another writer, and small ones by hand where that writer is too tidy."""

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Pixels

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def made(fill: Callable[[Worksheet], None], *others: tuple[str, list[list[object]]]) -> bytes:
    """A workbook whose first sheet "Soal" is filled by `fill`; the others are (title, rows)."""
    book = Workbook()
    book.active.title = "Soal"
    fill(book.active)
    for title, rows in others:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows(*lines: list[object]) -> bytes:
    """A workbook with these rows."""

    def fill(sheet: Worksheet) -> None:
        for line in lines:
            sheet.append(line)

    return made(fill)


def picture(colour: int = 1) -> bytes:
    out = io.BytesIO()
    Pixels.new("RGB", (12, 8), (colour, 2, 3)).save(out, "PNG")
    return out.getvalue()


def by_hand(sheet_data: str, strings: str = "", parts: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook whose one sheet holds this XML."""
    members = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Target="xl/workbook.xml" '
        f'Type="{LINKS}/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="Soal" '
        'sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Target="worksheets/sheet1.xml" Type="{LINKS}/worksheet"/>'
        f'<Relationship Id="r2" Target="sharedStrings.xml" Type="{LINKS}/sharedStrings"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData>'
        "</worksheet>",
        "xl/sharedStrings.xml": strings or f'<sst xmlns="{MAIN}"/>',
    }  # fmt: skip
    return zipped({**{name: text.encode() for name, text in members.items()}, **(parts or {})})


def zipped(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def inline(*texts: str) -> str:
    """One row of inline strings."""
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"
