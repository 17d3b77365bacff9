"""A picture that a table only names is never left out silently: an error or a warning stands at its cell."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from workbooks import picture

from question_bank.formats import Loaded, load
from question_bank.parcel import packed, unpacked
from question_bank.problems import sentence

HEADING = ("soal", "a", "b", "c", "kunci")
ROW = ("Di mana letaknya?", "Jepara", "Kudus", "Pati", "A")


def csv(heading: tuple[str, ...], *rows: tuple[str, ...]) -> Loaded:
    lines = [",".join(HEADING + heading), *(",".join(ROW + row) for row in rows)]
    return load("soal.csv", "\n".join(lines).encode())


def workbook(said: str, drawn_at: str) -> Loaded:
    """One item whose picture column (F) says this, with a picture on that cell."""
    book = Workbook()
    page = book.active
    page.append([*HEADING, "gambar"])
    page.append([*ROW, said])
    page.add_image(Image(io.BytesIO(picture(1))), drawn_at)
    out = io.BytesIO()
    book.save(out)
    return load("soal.xlsx", out.getvalue())


def told(problems: object) -> list[tuple[str, str]]:
    return [(one.where, one.code) for one in problems]  # type: ignore[attr-defined]


@pytest.mark.parametrize("heading", ["gambar", "picture", "Nama Gambar", "image", "foto"])
def test_the_cell_that_names_a_picture_travels_with_the_item(heading: str) -> None:
    (located,) = csv((heading,), ("peta.png",)).items
    assert (located.item.picture, located.picture_at) == ("peta.png", "baris 2, kolom F")
    (again,) = unpacked(packed(csv((heading,), ("peta.png",)))).items
    assert again == located


@pytest.mark.parametrize("said", ["", "-", "tidak ada", "Tidak", "no", "FALSE", "0", "None"])
def test_a_cell_that_says_there_is_no_picture_needs_none(said: str) -> None:
    loaded = csv(("gambar",), (said,))
    assert told([*loaded.errors, *loaded.warnings]) == []
    assert [one.item.picture for one in loaded.items] == [""]


@pytest.mark.parametrize("said", ["ada", "Ya", "terlampir", "lihat lampiran"])
def test_a_picture_that_is_promised_without_a_name_is_an_error_at_its_cell(said: str) -> None:
    loaded = csv(("gambar",), (said,))
    assert told(loaded.errors) == [("baris 2, kolom F", "picture_not_inside")]
    assert loaded.items == ()
    assert "tidak ikut dalam berkas" in sentence(loaded.errors[0])


def test_a_picture_that_is_named_for_an_option_is_an_error_at_its_cell() -> None:
    loaded = csv(("gambar a", "gambar b"), ("jepara.png", ""), ("", ""))
    assert told(loaded.errors) == [("baris 2, kolom F", "picture_not_inside")]
    assert len(loaded.items) == 1


def test_options_that_are_nothing_but_named_pictures_say_so() -> None:
    heading = "soal,a,b,gambar a,gambar b,kunci"
    loaded = load("soal.csv", f"{heading}\nYang mana?,,,p.png,q.png,A\nBerapa?,1,2,,,B".encode())
    (said,) = loaded.broken
    assert told(said)[1:] == [("baris 2, kolom D", "picture_not_inside"),
                              ("baris 2, kolom E", "picture_not_inside")]  # fmt: skip


def test_a_second_column_that_names_the_only_picture_is_an_error_at_its_cell() -> None:
    heading = ("gambar", "berkas gambar")
    assert told(csv(heading, ("", "peta.png")).errors) == [("baris 2, kolom G", "picture_not_inside")]
    assert told(csv(heading, ("peta.png", "peta.png")).errors) == []
    assert told(csv(heading, ("", "12")).errors) == []


@pytest.mark.parametrize("heading", ["gambar", "gambar a"])
def test_a_picture_on_another_site_is_a_warning_at_its_cell(heading: str) -> None:
    loaded = csv((heading,), ("https://situs.example/peta.png",))
    assert told(loaded.warnings) == [("baris 2, kolom F", "picture_elsewhere")]
    assert len(loaded.items) == 1


def test_an_option_that_is_the_name_of_a_file_is_taken_with_a_warning() -> None:
    loaded = load("soal.csv", b"soal,a,b,kunci\nYang mana?,jepara.png,Kudus,A\nEkstensi?,.png,.exe,A")
    assert told(loaded.warnings) == [("baris 2, kolom B", "picture_name_as_text")]
    assert len(loaded.items) == 2


def test_options_that_are_files_of_several_kinds_name_no_picture() -> None:
    loaded = load("soal.csv", b"soal,a,b,kunci\nBerkas mana yang berupa tabel?,daftar.csv,daftar.png,A")
    assert (told(loaded.warnings), len(loaded.items)) == ([], 1)


@pytest.mark.parametrize("said", ["", "peta.png", "ada"])
def test_a_picture_that_lies_on_its_cell_needs_no_name(said: str) -> None:
    loaded = workbook(said, "F2")
    assert loaded.errors == ()
    (located,) = loaded.items
    assert located.item.picture in loaded.pictures
    assert located.picture_at == "Sheet!F2"


@pytest.mark.parametrize("said", ["peta.png", "ada"])
def test_the_name_of_a_picture_that_lies_on_the_question_is_taken_for_that_one(said: str) -> None:
    loaded = workbook(said, "A2")
    assert told(loaded.warnings)[0] == ("Sheet!F2", "picture_taken_as_lying")
    (located,) = loaded.items
    assert located.item.picture == ""
    assert "<img" in located.item.stem


def test_an_option_picture_without_a_description_is_told_at_its_row_and_not_at_an_empty_cell() -> None:
    loaded = workbook("", "B2")
    assert told(loaded.warnings) == [("Sheet!A2", "picture_alt_missing")]
