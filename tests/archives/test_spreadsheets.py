"""Tables survive any text, keep their types, and never calculate what somebody wrote into a name."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from exam_server.spreadsheets import Cell, Sheet, csv_bytes, fit, write_xlsx

FORMULA = '=HYPERLINK("http://jahat.example";"klik")'


def book(rows: list[list[Cell]], head: tuple[str, ...] = ("Nama", "Nilai")) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, [Sheet("Hasil", head, rows)])
    return out.getvalue()


def read(data: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def test_a_formula_in_a_name_is_a_text_for_the_reader_and_in_the_file() -> None:
    data = book([[FORMULA, 1]])
    cell = load_workbook(io.BytesIO(data)).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)
    raw = part(data, "xl/worksheets/sheet1.xml")
    assert "<f>" not in raw
    assert re.search(r'<c r="A2" s="1" t="s">', raw)
    assert "HYPERLINK" in part(data, "xl/sharedStrings.xml")


EIGHT, MIDNIGHT = datetime(2026, 11, 4, 8, 0, 30), datetime(2026, 11, 4)  # noqa: DTZ001 - as a cell holds it


def test_numbers_dates_and_truths_keep_their_types() -> None:
    row: list[Cell] = [
        "007",
        12,
        Fraction(1, 4),
        87.5,
        EIGHT,
        date(2026, 11, 4),
        True,
        None,
    ]
    (told,) = read(book([row], tuple("abcdefgh")))
    assert told == ("007", 12, 0.25, 87.5, EIGHT, MIDNIGHT, True, None)


def test_headings_stay_in_sight_and_can_be_filtered_by() -> None:
    sheet = load_workbook(io.BytesIO(book([["Ani", 1], ["Budi", 2]]))).worksheets[0]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B3")
    assert sheet.column_dimensions["A"].width >= 8
    assert [cell.value for cell in sheet[1]] == ["Nama", "Nilai"]


def test_the_same_rows_are_the_same_bytes() -> None:
    assert book([["Ani", 1]]) == book([["Ani", 1]])


def test_several_sheets_share_their_texts_and_keep_their_names() -> None:
    out = io.BytesIO()
    write_xlsx(out, [Sheet("Hasil/1", ("A",), [["x"]]), Sheet("Kosong", ("B", "C"), [])])
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == ["Hasil 1", "Kosong"]
    assert book.worksheets[1]["B1"].value == "C"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_text_survives(texts: list[str]) -> None:
    told = [row[0] for row in read(book([[text, 1] for text in texts]))]
    # openpyxl leaves the escape of a carriage return as it stands in the file; spreadsheets do not
    assert [str(one).replace("_x000D_", "\r") for one in told] == [fit(text) for text in texts]


@pytest.mark.parametrize("text", ["_x0041_", "a_x000A_b", "_x", "_x00_"])
def test_what_looks_like_an_escape_of_the_format_is_read_as_it_was_written(text: str) -> None:
    assert read(book([[text, 1]])) == [(text, 1)]


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_in_csv_a_formula_gets_an_apostrophe(first: str) -> None:
    data = csv_bytes(("Nama",), [[first + "1+1"]])
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["Nama"], ["'" + first + "1+1"]]


def test_in_csv_numbers_stay_numbers_also_below_zero() -> None:
    assert (
        csv_bytes(("a", "b", "c"), [[-1, Fraction(1, 2), None]]).decode("utf-8-sig") == "a;b;c\r\n-1;0,5;\r\n"
    )
