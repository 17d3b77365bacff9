"""Workbooks: what a person sees in a sheet is what is read, and what cannot be read is named by its cell."""

import io
import time
from datetime import UTC, datetime

import pytest
from bank_samples import few, items, items_of, places
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.drawing.image import Image
from workbooks import by_hand, inline, made, picture, rows, zipped

from question_bank.formats import Loaded, Unreadable, detect, dump, load, xlsx
from question_bank.formats.xlsx.numbers import shown
from question_bank.items import Item, plain
from question_bank.pictures import name_of

HEADING = ["No", "Soal", "A", "B", "C", "Kunci"]


def read(data):
    return load("bank.xlsx", data)


def one(*cells):
    loaded = read(rows(HEADING, [1, *cells]))
    assert loaded.errors == ()
    return items_of(loaded)[0]


def refusal(data, name="bank.xlsx"):
    with pytest.raises(Unreadable) as refused:
        load(name, data)
    return refused.value.problem.code


def test_numbers_are_read_as_they_are_shown():
    assert one("Berapa?", 2, 2.5, 10, "B").options == ("2", "2.5", "10")


@pytest.mark.parametrize(
    ("raw", "code", "text"),
    [
        ("2", "", "2"),
        ("2.0", "General", "2"),
        ("0.30000000000000004", "", "0.3"),
        ("0.33333333333333331", "", "0.333333333"),
        ("1234567", "#,##0", "1,234,567"),
        ("0.25", "0%", "25%"),
        ("0.125", "0.0%", "12.5%"),
        ("2.5", "0.00", "2.50"),
        ("2.675", "0.00", "2.68"),
        ("7", "000", "007"),
        ("1500", '"Rp"#,##0', "Rp1,500"),
        ("1500", "[$Rp-421]#,##0.00", "Rp1,500.00"),
        ("-3", "0;(0)", "(3)"),
        ("0.5", "# ?/?", "1/2"),
        ("1.25", "# ??/??", "1 1/4"),
        ("12000", "0.00E+00", "1.20E+04"),
        ("3201234567890001", "", "3201234567890001"),
        ("5", '0" orang"', "5 orang"),
        ("46000", "dd/mm/yyyy", "09/12/2025"),
        ("46000.5", "h:mm", "12:00"),
        ("46000", "d mmmm yyyy", "9 Desember 2025"),
        ("60", "d/m/yyyy", "29/2/1900".replace("29/2", "28/2")),
        ("abc", "", "abc"),
        ("1e999999999", "0%", "1e999999999"),
    ],
)
def test_a_stored_number_looks_as_its_format_says(raw, code, text):
    assert shown(raw, code)[0] == text


def test_a_date_is_read_with_a_warning_at_its_cell():
    loaded = read(
        rows(HEADING, [1, "Kapan?", datetime(2026, 8, 17, tzinfo=UTC).replace(tzinfo=None), "x", "y", "B"])
    )
    assert places(loaded.warnings) == [("Soal!C2", "cell_date")]
    assert "17" in items_of(loaded)[0].options[0]


def test_a_formula_counts_with_its_value_and_without_one_it_is_an_error_at_its_cell():
    formula = '<c r="C2" t="str"><f>UPPER("p")</f><v>P</v></c>'
    text = "<row>" + "".join(
        f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("no", "soal", "a", "b", "kunci")
    )
    good = by_hand(f'{text}</row><row r="2"><c r="B2" t="inlineStr"><is><t>Apa?</t></is></c>{formula}'
                   '<c r="D2"><v>7</v></c><c r="E2" t="str"><v>a</v></c></row>')  # fmt: skip
    assert items_of(read(good))[0].options == ("P", "7")
    assert places(read(rows(HEADING, [1, "Q", "=1+1", "x", "y", "B"])).errors) == [
        ("Soal!C2", "formula_unknown")
    ]


def test_an_error_value_is_an_error_at_its_cell_only_where_it_is_read():
    def fill(sheet):
        sheet.append([*HEADING, "Catatan"])
        sheet.append([1, "Q", "x", "y", "z", "B", "#REF!"])
        sheet.append([2, "R", "#NAME?", "y", "z", "B"])

    assert places(read(made(fill)).errors) == [("Soal!C3", "cell_error")]


def test_raised_lowered_and_bold_parts_of_a_text_survive():
    water = CellRichText("Air H", TextBlock(InlineFont(vertAlign="subscript"), "2"), "O ",
                         TextBlock(InlineFont(b=True), "bukan"), " apa?")  # fmt: skip
    assert one(water, "x", "y", "z", "A").stem == "Air H<sub>2</sub>O <b>bukan</b> apa?"


def test_a_heading_below_merged_titles_and_in_two_rows_is_found():
    def fill(sheet):
        sheet.append(["BANK SOAL"])
        sheet.merge_cells("A1:H1")
        sheet.append([])
        sheet.append(["No", "Butir Soal", "Pilihan Jawaban", None, None, None, "Kunci"])
        sheet.merge_cells("C3:F3")
        sheet.append([None, None, "A", "B", "C", "D"])
        sheet.append([1, 2, 3, 4, 5, 6, 7])
        sheet.append([1, "Apa?", "p", "q", "r", "s", "D"])

    loaded = read(made(fill))
    assert [(one.where, one.item.options, one.item.key) for one in loaded.items] == [
        ("Soal!B6", ("p", "q", "r", "s"), 3)
    ]
    assert (loaded.errors, loaded.warnings) == ((), ())


def test_what_is_merged_over_several_rows_is_meant_for_each():
    def fill(sheet):
        sheet.append(["Topik", "Soal", "A", "B", "Kunci"])
        sheet.append(["Sensus", "Q", "x", "y", "A"])
        sheet.append([None, "R", "x", "y", "A"])
        sheet.merge_cells("A2:A3")

    assert [item.topic for item in items_of(read(made(fill)))] == ["Sensus", "Sensus"]


def test_all_sheets_with_questions_are_read_and_the_others_named():
    table = [["Soal", "A", "B", "Kunci"], ["R?", "x", "y", "B"]]
    data = made(lambda sheet: [sheet.append(row) for row in (HEADING, [1, "Q?", "x", "y", "z", "A"])],
                ("Lanjutan", table), ("Catatan", [["ingat rapat"]]), ("Kosong", []),
                ("Esai", [["No", "Soal", "Jawaban"], [1, "Jelaskan", "panjang"]]))  # fmt: skip
    loaded = read(data)
    assert [located.where for located in loaded.items] == ["Soal!B2", "Lanjutan!A2"]
    assert places(loaded.skipped) == [("Esai!A2", "skipped_essay")]
    assert places(loaded.warnings) == [("Catatan", "sheet_without_heading")]


def test_hidden_rows_and_sheets_are_read_and_told():
    def fill(sheet):
        for row in (HEADING, [1, "Q?", "x", "y", "z", "A"], [2, "R?", "x", "y", "z", "B"]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True

    data = load_workbook(
        io.BytesIO(made(fill, ("Simpanan", [["Soal", "A", "B", "Kunci"], ["S?", "x", "y", "B"]])))
    )
    data["Simpanan"].sheet_state = "hidden"
    out = io.BytesIO()
    data.save(out)
    loaded = read(out.getvalue())
    assert len(loaded.items) == 3
    assert places(loaded.warnings) == [("Soal!A3", "rows_hidden"), ("Simpanan", "sheet_hidden")]


def test_pictures_belong_to_the_cell_that_they_lie_on():
    def fill(sheet):
        sheet.append([*HEADING, "Gambar"])
        sheet.append([1, "Q?", "x", "y", None, "A"])
        sheet.append([2, "R?", "x", "y", None, "C"])
        for number, place in enumerate(("B2", "E3", "G3", "A9"), 1):
            sheet.add_image(Image(io.BytesIO(picture(number))), place)

    loaded = read(made(fill))
    first, second = items_of(loaded)
    names = [name_of("", picture(number)) for number in (1, 2, 3)]
    assert first.stem == f'Q?<br><img src="{names[0]}" alt="">'
    assert (second.options[2], second.key) == (f'<img src="{names[1]}" alt="">', 2)
    assert second.picture == names[2]
    assert set(loaded.pictures) >= set(names)


def test_a_workbook_without_a_table_of_questions_says_so():
    assert places(read(rows(["Daftar hadir"], ["Ani"])).errors) == [("Soal!A1", "heading_missing")]


def test_a_missing_column_is_told_at_the_heading():
    errors = read(rows(["No", "Soal", "A", "B"], [1, "Q", "x", "y"])).errors
    assert [(problem.where, problem.params["column"]) for problem in errors] == [("Soal!A1", "kunci")]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("lama.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_old"),
        (
            "templat.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "workbook_old",
        ),
        (
            "surat.docx",
            zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
            "workbook_other",
        ),
        ("tabel.ods", zipped({"mimetype": b"x", "content.xml": b"<x/>"}), "workbook_other"),
        ("rusak.xlsx", by_hand("")[:300], "zip_damaged"),
        ("rusak.xlsx", by_hand("<row><c"), "workbook_damaged"),
        ("kosong.xlsx", zipped({"xl/styles.xml": b"<x/>"}), "workbook_damaged"),
    ],
)
def test_what_is_no_readable_workbook_is_refused_with_its_reason(name, data, code):
    assert refusal(data, name) == code


LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    "document", [LAUGHS, "<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>']
)
def test_entities_in_any_part_are_refused(document):
    strings = f'{document}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a9;</t></si></sst>'
    assert refusal(by_hand(inline("soal", "a", "b", "kunci"), strings)) == "workbook_damaged"


@pytest.mark.slow
def test_a_sheet_of_sixteen_thousand_columns_is_refused_at_once():
    start = time.process_time()
    assert refusal(by_hand(inline(*(f"x{n * 7919 % 10007}" for n in range(16_384))))) == "sheet_wide"
    assert time.process_time() - start < 2


def test_a_million_blank_rows_are_passed_over_and_too_many_filled_ones_refused(monkeypatch):
    table = inline("soal", "a", "b", "kunci") + inline("Q?", "x", "y", "a")
    blank = "".join(f'<row r="{n}" ht="15"/>' for n in range(3, 60_000))
    last = '<row r="1048576"><c r="A1048576" s="1"/></row>'
    assert len(read(by_hand(table + blank + last)).items) == 1
    monkeypatch.setattr("question_bank.formats.xlsx.cells.MOST_ROWS", 10)
    assert refusal(by_hand(table * 10)) == "sheet_long"


@pytest.mark.slow
@few
@given(st.lists(items(), min_size=1, max_size=4))
def test_what_is_written_is_read_back_unchanged(kept):
    loaded = read(xlsx.dump(kept))
    assert (items_of(loaded), loaded.errors) == (kept, ())


def test_pictures_are_written_on_their_cells_and_read_back():
    inside, beside = name_of("", picture(1)), name_of("", picture(2))
    stem, option = f'Lihat <img src="{inside}" alt="peta &quot;A&quot;"> ini', f'<img src="{beside}" alt="q">'
    item = Item(stem, ("p", option), 1, picture=beside, picture_alt="Peta")
    pictures = {inside: picture(1), beside: picture(2)}
    loaded = read(dump([item], "xlsx", pictures))
    assert (items_of(loaded), dict(loaded.pictures)) == ([item], pictures)


def test_nothing_that_is_written_is_a_formula_and_the_heading_stays_in_sight():
    sheet = load_workbook(io.BytesIO(xlsx.dump([Item("=1+1", ("@x", "+2-1"), 0, code="-a")])))["Soal"]
    assert sheet.freeze_panes == "A2"
    assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in sheet[2] if cell.value is not None} == {"@"}


def test_another_reader_sees_the_same_texts():
    sheet = load_workbook(io.BytesIO(xlsx.dump([Item("Apa?", ("p", "q"), 1, "K1", "t", "easy")])))["Soal"]
    assert [cell.value for cell in sheet[2]][:6] == ["K1", "t", "mudah", "Apa?", "p", "q"]
    assert plain(str(sheet["J2"].value)) == "B"


@few
@given(st.binary(max_size=200), st.integers(0, 3000))
def test_damaged_workbooks_are_reports_too(noise, place):
    data = rows(HEADING, [1, "Q", "x", "y", "z", "B"])
    hurt = data[: place % len(data)] + noise + data[place % len(data) + len(noise) :]
    try:
        loaded = load("x", hurt, "xlsx")
    except Unreadable as refused:
        loaded = Loaded("xlsx", (), (), (), (refused.problem,))
    assert loaded.items or loaded.errors


_CELLS = st.sampled_from(
    ["<c/>", '<c t="s"><v>9</v></c>', '<c t="s"><v>-1</v></c>', '<c r="ZZZ9999999"/>', '<c><v>1e400</v></c>',
     '<c t="b"><v>x</v></c>', '<c t="d"><v>kapan</v></c>', '<c t="e"/>', '<c s="99"><v>1</v></c>', "<row/>",
     '<c t="inlineStr"/>', '<c t="inlineStr"><is><r><t/></r></is></c>', '<c vm="1" t="e"><v>#VALUE!</v></c>',
     '<c><f t="shared" si="0"/></c>', '<mergeCell ref="A1:A9999999"/>', '<c r="A0"><v>NaN</v></c>']
)  # fmt: skip


@few
@given(st.lists(st.lists(_CELLS, max_size=6).map("".join), max_size=5))
def test_odd_cells_never_make_the_reader_fail(lines):
    body = inline("soal", "a", "b", "kunci") + "".join(f"<row>{line}</row>" for line in lines)
    try:
        loaded = read(by_hand(body))
    except Unreadable as refused:
        loaded = Loaded("xlsx", (), (), (), (refused.problem,))
    assert loaded.items or loaded.errors or loaded.skipped


@pytest.mark.slow
def test_the_time_grows_with_the_rows():
    def seconds(count):
        data = xlsx.dump([Item(f"Soal {n}?", (f"a{n}", f"b{n}"), n % 2) for n in range(count)])
        start = time.process_time()
        assert len(read(data).items) == count
        return time.process_time() - start

    seconds(50)
    assert seconds(2_000) < 14 * max(seconds(200), 0.02)


def test_the_ending_is_only_a_hint():
    assert detect("soal.csv", rows(HEADING)) == detect("soal", rows(HEADING)) == "xlsx"
