"""Workbooks as teachers keep them: keys on another sheet or told by colour, one option on each row."""

import io
from collections.abc import Callable

import pytest
from bank_samples import codes, items_of, places
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import made

from question_bank.formats import Loaded, load

HEADING = ["No", "Soal", "A", "B", "C"]
ROWS = [[1, "Kota apa?", "p", "q", "r"], [2, "Hari apa?", 5, 6, 7], [3, "Arah apa?", "s", "t", "u"]]
YELLOW = PatternFill("solid", fgColor="FFFFFF00")


def questions(sheet: Worksheet) -> None:
    for row in (HEADING, *ROWS):
        sheet.append(row)


def with_list(*rows: list[object], title: str = "Kunci Jawaban") -> Loaded:
    return load("x.xlsx", made(questions, (title, list(rows))))


def styled(change: Callable[[Worksheet], None]) -> Loaded:
    book = Workbook()
    book.active.title = "Soal"
    questions(book.active)
    change(book.active)
    out = io.BytesIO()
    book.save(out)
    return load("x.xlsx", out.getvalue())


@pytest.mark.parametrize(
    "rows",
    [
        [["No", "Kunci"], [1, "B"], [2, "C"], [3, "A"]],
        [["KUNCI"], [1, "B", None, 3, "A"], [2, "C"]],
        [["Kunci:"], ["1. B", "3) A"], ["2. c"]],
        [["Nomor Soal", "Jawaban"], ["3", "a"], ["1", "(B)"], ["2", "C."]],
    ],
)
def test_keys_on_another_sheet_are_joined_by_the_number_of_the_question(rows):
    loaded = with_list(*rows)
    assert ([item.key for item in items_of(loaded)], loaded.errors) == ([1, 2, 0], ())
    assert places(loaded.warnings) == [("Soal", "keys_joined")]


@pytest.mark.parametrize("heading", [["No", "Paket", "Kunci"], ["No", "Kunci 1", "Kunci 2"]])
def test_two_letters_for_one_number_are_no_list_of_keys(heading):
    loaded = with_list(heading, [1, "A", "B"], [2, "A", "C"], [3, "A", "A"])
    assert (items_of(loaded), codes(loaded.errors)) == ([], ["column_missing"] * 3)


def test_a_question_without_a_key_on_the_other_sheet_is_an_error_of_its_own():
    loaded = with_list(["No", "Kunci"], [1, "B"], [3, "A"])
    assert ([item.key for item in items_of(loaded)], codes(loaded.errors)) == ([1, 0], ["key_missing"])


def test_a_key_that_names_no_option_is_told_where_it_stands():
    loaded = with_list(["No", "Kunci"], [1, "B"], [2, "E"], [3, "A"])
    assert places(loaded.errors) == [("Kunci Jawaban!B3", "key_range")]


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("Kunci", [["No", "Kunci"], [1, "B"], [1, "C"], [2, "A"]]),
        ("Kunci", [["No", "Kunci"], [11, "B"], [12, "C"]]),
        ("Nilai", [["No", "Predikat"], [1, "B"], [2, "C"]]),
    ],
)
def test_a_list_that_contradicts_itself_or_fits_no_question_is_not_joined(title, rows):
    loaded = with_list(*rows, title=title)
    assert loaded.items == ()
    assert [(one.code, one.params["column"]) for one in loaded.errors] == [("column_missing", "kunci")]


def test_two_lists_of_keys_are_not_chosen_between():
    keys = [["No", "Kunci"], [1, "B"], [2, "C"], [3, "A"]]
    loaded = load("x.xlsx", made(questions, ("Kunci A", keys), ("Kunci B", keys)))
    assert (loaded.items, codes(loaded.errors)) == ((), ["column_missing"])


@pytest.mark.parametrize(
    "look", [{"fill": YELLOW}, {"font": Font(color="FFFF0000")}, {"font": Font(bold=True)}]
)
def test_an_option_set_apart_in_every_row_is_the_key(look):
    def mark(sheet: Worksheet) -> None:
        for cell in ("D2", "E3", "C4"):
            for name, value in look.items():
                setattr(sheet[cell], name, value)

    loaded = styled(mark)
    assert ([item.key for item in items_of(loaded)], loaded.errors) == ([1, 2, 0], ())
    assert places(loaded.warnings) == [("Soal", "keys_by_look")]


def test_a_row_with_two_options_set_apart_has_several_right_ones_and_one_with_none_lacks_its_key():
    def mark(sheet: Worksheet) -> None:
        sheet.append([4, "Warna apa?", "v", "w", "x"])
        sheet.append([5, "Rasa apa?", "v", "w", "x"])
        for cell in ("D2", "E3", "C4", "C5", "D5"):
            sheet[cell].fill = YELLOW

    loaded = styled(mark)
    assert [item.key for item in items_of(loaded)] == [1, 2, 0]
    assert (codes(loaded.skipped), codes(loaded.errors)) == (["skipped_several_right"], ["key_missing"])


@pytest.mark.parametrize("cells", [("A2", "B2", "C2", "D2", "E2"), ("C2", "C3", "B4"), ()])
def test_colours_that_do_not_choose_an_option_are_no_key(cells):
    def mark(sheet: Worksheet) -> None:
        for cell in cells:
            sheet[cell].fill = YELLOW

    assert codes(styled(mark).errors) in (["column_missing"], ["key_missing"])


def test_a_column_of_keys_counts_more_than_any_colour():
    def mark(sheet: Worksheet) -> None:
        for line, key in enumerate(["Kunci", "A", "B", "C"], 1):
            sheet.cell(line, 6, key)
        for cell in ("D2", "E3", "C4"):
            sheet[cell].fill = YELLOW

    loaded = styled(mark)
    assert ([item.key for item in items_of(loaded)], loaded.warnings) == ([0, 1, 2], ())


def test_one_option_on_each_row_below_merged_questions_is_read():
    def fill(sheet: Worksheet) -> None:
        for row in (["NO", "SOAL", "OPSI", "JAWABAN", "KUNCI"], [1, "Kota apa?", "A", "Bogor", None],
                    [None, None, "B", "Bandung", "V"], [2, "Hari apa?", "A", "Galungan", "V"],
                    [None, None, "B", "Waisak", None]):  # fmt: skip
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B2:B3")

    loaded = load("x.xlsx", made(fill))
    assert [(one.where, one.item.options, one.item.key) for one in loaded.items] == [
        ("Soal!A2", ("Bogor", "Bandung"), 1),
        ("Soal!A4", ("Galungan", "Waisak"), 0),
    ]


def test_a_sheet_with_one_row_for_each_part_of_a_question_is_read():
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["NewQuestion", "MC"],
            ["QuestionText", "Apa?"],
            ["Option", 100, "p"],
            ["Option", 0, "q"],
        ):
            sheet.append(row)

    assert [(item.options, item.key) for item in items_of(load("x.xlsx", made(fill)))] == [(("p", "q"), 0)]
