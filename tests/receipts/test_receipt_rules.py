"""How codes are read as people type them, and how names are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.receipts.rules import HIDDEN, LONGEST, letters, masked

MEANT = "OIBACDEFGHJKLMNPQRST"
BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@pytest.mark.parametrize(
    "typed",
    [
        "OIBA-CDEF-GHJK-LMNP-QRST",
        "oiba-cdef-ghjk-lmnp-qrst",
        "  oiba cdef ghjk lmnp qrst\n",
        "oibacdefghjklmnpqrst",
        "018a-cdef-ghjk-lmnp-qrst",
        "OIBA–CDEF—GHJK‑LMNP.QRST",
        "ＯＩＢＡ－ＣＤＥＦ－ＧＨＪＫ－ＬＭＮＰ－ＱＲＳＴ",
        "https://ujian.example.go.id/receipt/OIBA-CDEF-GHJK-LMNP-QRST",
        "https://ujian.example.go.id/receipt/OIBA-CDEF-GHJK-LMNP-QRST/",
    ],
)
def test_a_code_is_read_however_it_was_copied_down(typed: str) -> None:
    assert letters(typed) == MEANT


@given(st.text(BASE_32, min_size=20, max_size=20), st.data())
def test_every_code_survives_its_digits_being_taken_for_letters(code: str, data: st.DataObject) -> None:
    mistaken = "".join(data.draw(st.sampled_from([one, {"O": "0", "I": "1", "B": "8"}.get(one, one)]))
                       for one in code)  # fmt: skip
    assert letters(mistaken.lower()) == code


@given(st.text())
def test_anything_typed_is_read_as_something_that_can_be_looked_up(typed: str) -> None:
    found = letters(typed)
    assert len(found) <= 4 * LONGEST
    assert found == "" or found.isalnum()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Budi Santoso", "B••• S•••"),
        ("  Siti   Nur  Aminah ", "S••• N••• A•••"),
        ("Sukarno", "S•••"),
        ("I", "I•••"),
        ("", "•••"),
        ("   ", "•••"),
    ],
)
def test_of_a_name_the_first_letters_are_shown_and_no_length(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(st.text(st.characters(categories=["L"]), min_size=2))
def test_no_more_than_one_letter_of_a_word_is_ever_shown(word: str) -> None:
    assert masked(word) == word[0] + HIDDEN
