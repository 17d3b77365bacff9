"""Where something stands in a file is told in the language of the page."""

from __future__ import annotations

import pytest

from exam_server.imports.places import place


@pytest.mark.parametrize(
    ("where", "english"),
    [("baris 7", "line 7"), ("baris 12, kolom AB", "line 12, column AB"), ("berkas", "file"),
     ("Soal!B7", "Soal!B7"), ("items/q1.xml: q1", "items/q1.xml: q1"), ("baris tujuh", "baris tujuh")],
)  # fmt: skip
def test_a_place_is_told_in_each_language(where: str, english: str) -> None:
    assert (place(where, "id"), place(where, "en")) == (where, english)
