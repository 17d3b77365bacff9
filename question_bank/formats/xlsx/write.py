"""Items as a workbook: text cells that nothing can run, a frozen heading, pictures on their cells."""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from question_bank.formats.cells import guarded
from question_bank.formats.written import written_rows
from question_bank.items import Item, images
from question_bank.pictures import kind_of

_WIDTHS = {"soal": 60, "pembahasan": 50, "topik": 20, "keterangan_gambar": 30}
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PICTURE_PIXELS = 160
_WRITTEN_AS_THEY_ARE = ("png", "jpg", "gif")


def dump(items: Iterable[Item], pictures: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """Return the items as XLSX, which `load` reads back unchanged, with the pictures that they name."""
    kept = list(items)
    names, rows = written_rows(kept)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Soal")
    sheet.freeze_panes = "A2"
    for index, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(
            name, 25 if len(name) == 1 else 12
        )
    looks = _Looks(sheet)
    sheet.append([looks.cell(name, looks.heading) for name in names])
    for number, (item, row) in enumerate(zip(kept, rows, strict=True), 2):
        shown = [
            cell if name != "gambar" or cell not in pictures else ""
            for name, cell in zip(names, row, strict=True)
        ]
        sheet.append([looks.cell(text, looks.text) for text in shown])
        _draw(sheet, item, names, row, number, pictures)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class _Looks:
    """The look of heading and text cells, made once: one for every cell would take most of the time."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.text, self.heading = self._look(bold=False), self._look(bold=True)

    def _look(self, bold: bool) -> Any:
        cell = WriteOnlyCell(self._sheet)
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=bold)
        return cell._style

    def cell(self, text: str, look: Any) -> Any:
        """A cell that shows this text and is never a formula, whatever it begins with."""
        if not text:
            return None
        written = _LOOKS_ESCAPED.sub("_x005F_", _UNWRITABLE.sub("\ufffd", guarded(text)))
        cell = WriteOnlyCell(self._sheet, written.replace("\r", "_x000D_"))
        cell.data_type = "s"
        cell._style = look
        return cell


def _draw(
    sheet: Any,
    item: Item,
    names: Sequence[str],
    row: Sequence[str],
    number: int,
    pictures: Mapping[str, bytes],
) -> None:
    """Lay every picture of an item on the cell that shows it."""
    for index, (name, text) in enumerate(zip(names, row, strict=True), 1):
        for wanted in [item.picture] if name == "gambar" else images(text):
            data = pictures.get(wanted)
            if data and kind_of(data) in _WRITTEN_AS_THEY_ARE:
                _lay(sheet, data, f"{get_column_letter(index)}{number}")


def _lay(sheet: Any, data: bytes, place: str) -> None:
    try:
        image = Image(BytesIO(data))
    except (OSError, ValueError, SyntaxError):
        return  # no picture; its name still stands in the text
    scale = min(1.0, _PICTURE_PIXELS / max(image.width, image.height, 1))
    image.width, image.height = int(image.width * scale), int(image.height * scale)
    sheet.add_image(image, place)
