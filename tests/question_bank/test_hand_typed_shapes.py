"""What people type that is easily misread: tags meant as text, numbered keys, other marks behind letters."""

import time

import pytest
from bank_samples import active_markup, codes, items_of

from question_bank.formats import Unreadable, load
from question_bank.items import plain
from question_bank.typed_tags import shown


def read(name: str, text: str) -> list[tuple[str, list[str], int]]:
    loaded = load(name, text.encode())
    assert (loaded.errors, loaded.skipped) == ((), ())
    return [(plain(one.stem), [plain(text) for text in one.options], one.key) for one in items_of(loaded)]


def test_a_tag_that_is_a_whole_option_is_text():
    table = "Soal,A,B,C,Kunci\nTag teks tebal?,<b>,<i>,<p>,A\nTag baris baru?,<hr>,<br>,</br>,B\n"
    assert read("x.csv", table) == [
        ("Tag teks tebal?", ["<b>", "<i>", "<p>"], 0),
        ("Tag baris baru?", ["<hr>", "<br>", "</br>"], 1),
    ]
    gift = read("x.gift", "Tag teks tebal? {=<b> ~<i> ~<p>}")
    assert gift == [("Tag teks tebal?", ["<b>", "<i>", "<p>"], 0)]


@pytest.mark.parametrize(
    "stem",
    [
        "Tag <script> dipakai untuk apa?",
        "Apa fungsi <img> dan <a href='x'>?",
        "Apa arti </i> di sini?",
        "Untuk apa <input type='text'> dan <form>?",
    ],
)
def test_a_tag_without_its_other_half_is_text(stem):
    loaded = load("x.csv", f"Soal,A,B,Kunci\n{stem},p,q,A\n".encode())
    (item,) = items_of(loaded)
    assert (plain(item.stem), active_markup(item.stem), codes(loaded.warnings)) == (stem, [], [])


def test_markup_with_both_halves_stays_markup():
    (item,) = items_of(load("x.csv", b"Soal,A,B,Kunci\nLuas <b>m<sup>2</sup></b><br>apa?,<i>p</i>,<p>q,A\n"))
    assert (item.stem, item.options) == ("Luas <b>m<sup>2</sup></b><br>apa?", ("<i>p</i>", "<p>q</p>"))


@pytest.mark.parametrize("piece", ["<b ", "<b>", "</b", "<img ", "<", "<p\n"])
def test_tags_are_judged_in_linear_time(piece):
    start = time.perf_counter()
    assert shown(piece * 200_000).count("b") == piece.count("b") * 200_000
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("key", ["1. C", "1) c", "15. (C)", "7 C."])
def test_the_number_of_the_question_before_a_key_is_no_key(key):
    assert read("x.csv", f"Soal,A,B,C,D,Kunci\nApa?,p,q,r,s,{key}\n") == [("Apa?", ["p", "q", "r", "s"], 2)]


def test_a_letter_behind_a_number_that_is_no_option_is_refused():
    loaded = load("x.csv", b"Soal,A,B,Kunci\nApa?,p,q,1. D\n")
    assert (items_of(loaded), codes(loaded.errors)) == ([], ["key_range"])


def test_columns_called_by_number_are_the_options():
    table = "No,Soal,1,2,3,Kunci\n1,Apa?,p,q,r,3\n2,Siapa?,p,q,r,1\n"
    assert [key for _, _, key in read("x.csv", table)] == [2, 0]


def test_numbered_columns_with_a_gap_are_no_options():
    loaded = load("x.csv", b"Soal,1,3,Kunci\nApa?,p,q,1\n")
    assert codes(loaded.errors) == ["column_missing", "column_missing"]


def test_a_key_cell_has_one_problem():
    loaded = load("x.csv", b"Soal,A,B,C,Kunci\nApa?,p,q,r,A\nSiapa?,1,0,2,0\n")
    assert codes(loaded.errors) == ["key_ambiguous"]


def test_a_poll_is_named_and_skipped():
    loaded = load("x.csv", b"Soal,Tipe,A,B,Kunci\nApa?,Poll,p,q,\nSiapa?,Multiple Choice,p,q,2\n")
    assert (codes(loaded.skipped), codes(loaded.errors), len(loaded.items)) == (["skipped_kind"], [], 1)


@pytest.mark.parametrize("mark", [":", " -", " \u2013"])
def test_options_with_another_mark_behind_their_letters_are_read(mark):
    text = f"Apa?\nA{mark} p\nB{mark} q\nJwb: B\n\nSiapa?\nA{mark} r\nB{mark} s\nANSWER: A\n"
    assert read("x.txt", text) == [("Apa?", ["p", "q"], 1), ("Siapa?", ["r", "s"], 0)]


def test_a_dialogue_above_usual_options_stays_text():
    text = "A: Selamat pagi\nB: Selamat siang\nSiapa yang benar?\nA. p\nB. q\nANSWER: B\n"
    assert read("x.txt", text) == [("A: Selamat pagi B: Selamat siang Siapa yang benar?", ["p", "q"], 1)]


def test_three_bytes_that_no_console_would_write_are_no_text():
    with pytest.raises(Unreadable) as refused:
        load("x.csv", b"\x81\x8d\x8f")
    assert refused.value.problem.code == "file_not_text"
