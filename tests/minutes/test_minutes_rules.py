"""The document itself: written down one way, read back, compared; and text that could do harm."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from exam_server.minutes import pdf, rules
from exam_server.minutes.rules import Document, Part
from tests.factories import MINUTE, START

TEXT = st.text(max_size=20)
PART = st.builds(Part, TEXT, TEXT, st.tuples(TEXT), st.tuples(st.tuples(TEXT, TEXT)), st.tuples(TEXT))
DOCUMENT = st.builds(
    Document, TEXT, TEXT, st.tuples(TEXT), TEXT, st.tuples(PART, PART), PART, st.tuples(st.tuples(TEXT, TEXT))
)
SAMPLE = Document(
    "s1", "Berita Acara", ("BPS Jepara",), "Hari Rabu",
    (Part("counts", "Kehadiran", (), (("Hadir", "2 peserta"),)),),
    Part("attendance", "Daftar Hadir", ("No.", "Nama"), (("1", "Ani"),)), (("Pengawas", "Rahayu"),),
)  # fmt: skip


@given(DOCUMENT)
def test_what_was_written_down_is_read_back_and_written_the_same(document: Document) -> None:
    content = rules.canonical(document)
    assert rules.read(content) == document
    assert rules.canonical(rules.read(content)) == content


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", "7", '{"format":1}', "{"])
def test_what_is_no_document_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match="no document"):
        rules.read(content)


@given(DOCUMENT, DOCUMENT)
def test_two_documents_have_one_hash_only_when_they_say_the_same(one: Document, other: Document) -> None:
    sealed = [rules.seal(rules.canonical(document)) for document in (one, other)]
    assert (sealed[0] == sealed[1]) is (one == other)


def test_a_change_is_told_by_its_part_with_what_was_there_and_what_is_new() -> None:
    later = replace(SAMPLE, parts=(Part("counts", "Kehadiran", (), (("Hadir", "3 peserta"),)),))
    (change,) = rules.changes(SAMPLE, later)
    assert (change.title, change.gone, change.new) == (
        "Kehadiran", ("Hadir | 2 peserta",), ("Hadir | 3 peserta",),
    )  # fmt: skip
    assert rules.changes(SAMPLE, SAMPLE) == ()


def test_a_change_of_who_signs_is_told() -> None:
    later = replace(SAMPLE, signatures=(("Pengawas", "Wibowo"),))
    assert [change.title for change in rules.changes(SAMPLE, later)] == ["Tanda tangan"]


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (299, 0), (300, 0), (301, 5), (359, 5), (360, 6), (3600, 60)]
)
def test_who_begins_within_five_minutes_is_in_time(seconds: int, minutes: int) -> None:
    assert rules.late_by(START, START + timedelta(seconds=seconds)) == minutes


def test_who_could_begin_before_the_opening_is_not_late() -> None:
    assert rules.late_by(START, START - MINUTE) == 0


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ([], ""),
        ([3], "3"),
        ([4, 3], "3, 4"),
        ([1, 2, 3], "1–3"),
        ([9, 1, 7, 8, 4], "1, 4, 7–9"),
        ([2, 2], "2"),
    ],
)
def test_numbers_are_told_as_ranges(numbers: list[int], told: str) -> None:
    assert rules.ranges(numbers) == told


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("  Ani \n\t Lestari ", "Ani Lestari"), ("\x1b[31mAni\x07", "[31mAni"), ("A\u202eni\u2066", "Ani"),
     ("=SUM(A1)", "=SUM(A1)"), ("Zoë Ḥasan", "Zoë Ḥasan"), ("a\u2028b\x85c", "a b c")],
)  # fmt: skip
def test_characters_that_control_a_screen_are_left_out(raw: str, kept: str) -> None:
    assert rules.tidy(raw) == kept


@pytest.mark.parametrize(
    ("text", "written"),
    [("Zoë – “Ni’mah”", "Zoë – “Ni’mah”"), ("Ḥasan Şükrü", "Hasan Sükrü"), ("李", "?"), ("e\u0301", "e"),
     ("→", "?")],
)  # fmt: skip
def test_letters_that_the_fonts_lack_are_replaced_by_their_base(text: str, written: str) -> None:
    assert pdf.plain(text) == written


@pytest.mark.parametrize(("key", "cells"), [("outages", 6), ("counts", 2)])
def test_the_numbers_of_a_large_sitting_go_on_from_page_to_page(key: str, cells: int) -> None:
    odd = list(range(1, 4000, 2))
    row = (*[""] * (cells - 1), f"2000 peserta: no. {rules.ranges(odd)}")
    document = replace(SAMPLE, parts=(Part(key, "Bagian", (), (row,)),))
    drawn = PdfReader(io.BytesIO(pdf.draw(document, pdf.Mark("Versi 1", "0" * 64, START))))
    written = "".join(page.extract_text() for page in drawn.pages)
    assert [number for number in odd if str(number) not in written] == []
