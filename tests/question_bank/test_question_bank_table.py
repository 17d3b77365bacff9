from dataclasses import replace

import pytest
from bank_samples import codes, items, items_of, many, places
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats import dump, load, table
from question_bank.items import Item

HEADER = "kode,topik,kesulitan,soal,a,b,c,d,e,kunci,gambar,keterangan_gambar,pembahasan"
NEEDED = "soal,a,b,c,kunci"


def read(text, name="bank.csv"):
    return load(name, text.encode())


def one(text):
    loaded = read(text)
    assert loaded.errors == ()
    (item,) = items_of(loaded)
    return item


def test_a_full_row_is_read():
    item = one(
        HEADER + "\nK1,peta,sulit,Apa <b>ini</b>?,satu,dua,tiga,empat,,C,p.png,Peta desa,Karena tiga.\n"
    )
    assert item == Item(
        "Apa <b>ini</b>?",
        ("satu", "dua", "tiga", "empat"),
        2,
        "K1",
        "peta",
        "hard",
        "p.png",
        "Peta desa",
        "Karena tiga.",
    )


@pytest.mark.parametrize(
    "header",
    [
        "KODE,Topik,Tingkat,Pertanyaan,Pilihan A,PILIHAN_B,kunci jawaban,Gambar,Alt,Penjelasan,Acak",
        "id,topic,difficulty,question,option 1,option_2,answer,image,alt,feedback,shuffle",
        "code,topic,difficulty,stem,option_a,OptionB,correct,picture,alt text,explanation,Shuffle",
        "kode,topik,kesulitan,soal,opsi_a,opsi b,kunci_jawaban,gambar,alt,pembahasan,acak",
        "kode,topik,kesulitan,soal,jawaban_a,jawaban_b,jawaban,gambar,alt,pembahasan,acak",
    ],
)
def test_header_names_are_known_in_both_languages_and_any_spelling(header):
    assert one(f"{header}\nK1,t,Mudah,s,x,y,b,p.png,P,e,tidak\n") == Item(
        "s", ("x", "y"), 1, "K1", "t", "easy", "p.png", "P", "e", False
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_from_the_header(delimiter):
    row = ["Pilih; satu, saja|ya", "x", "y", "b"]
    text = (
        delimiter.join(["soal", "a", "b", "kunci"])
        + "\n"
        + delimiter.join(f'"{cell}"' for cell in row)
        + "\n"
    )
    assert one(text).stem == "Pilih; satu, saja|ya"


def test_the_separator_line_of_spreadsheets_is_obeyed_and_counted():
    loaded = read("sep=;\r\nsoal;a;b;kunci\r\ns;x;y;q\r\n")
    assert places(loaded.errors) == [("baris 3, kolom D", "key_unreadable")]


@pytest.mark.parametrize(
    ("word", "difficulty"),
    [
        ("mudah", "easy"),
        ("SEDANG", "medium"),
        ("sulit", "hard"),
        ("sukar", "hard"),
        ("easy", "easy"),
        ("Medium", "medium"),
        ("hard", "hard"),
        ("", None),
    ],
)
def test_difficulty_words(word, difficulty):
    assert one(f"soal,a,b,kunci,kesulitan\ns,x,y,a,{word}\n").difficulty == difficulty


@pytest.mark.parametrize(
    ("word", "shuffle"), [("ya", True), ("tidak", False), ("NO", False), ("yes", True), ("", True)]
)
def test_shuffle_words(word, shuffle):
    assert one(f"soal,a,b,kunci,acak\ns,x,y,a,{word}\n").shuffle is shuffle


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("b", 1),
        ("B", 1),
        ("(b)", 1),
        ("b.", 1),
        ("2", 1),
        ("merah tua", 2),
        ("<b>merah</b> tua", 2),
        (" c ", 2),
    ],
)
def test_the_key_is_a_letter_a_number_or_the_text_of_the_option(cell, key):
    assert one(f"{NEEDED}\ns,putih,biru,merah tua,{cell}\n").key == key


def test_a_letter_always_means_the_letter_but_a_warning_says_so():
    loaded = read(f"{NEEDED}\ns,C,B,A,A\n")
    assert items_of(loaded)[0].key == 0
    assert codes(loaded.warnings) == ["key_letter_is_text"]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("s,x,y,z,", "E", "key_missing"),
        ("s,x,y,z,w", "E", "key_unreadable"),
        ("s,x,y,z,D", "E", "key_range"),
        ("s,x,y,z,0", "E", "key_range"),
        ("s,2,4,8,2", "E", "key_ambiguous"),
        ("s,x,y,z,B. z", "E", "key_contradicts_itself"),
        ("s,x,,z,a", "C", "option_empty"),
        ("s,,,,a", "B", "options_few"),
        ("s,x,,,a", "", "options_few"),
        (",x,y,z,a", "A", "stem_empty"),
        ("s,x,x,z,a", "C", "option_doubled"),
        ("s,x,y,z", "", "cells_few"),
        ("s,x,y,z,a,lebih", "", "cells_many"),
        ('"s" x,x,y,z,a', "", "quote_open"),
    ],
)
def test_a_bad_row_is_an_error_at_its_cell(row, column, code):
    loaded = read(f"{NEEDED}\nbaik,x,y,z,a\n{row}\n")
    assert places(loaded.errors) == [(f"baris 3, kolom {column}" if column else "baris 3", code)]
    assert loaded.items[0].where == "baris 2"


@pytest.mark.parametrize(
    "row", ["s,4,2,1,2", "s,x,y,z,a,,", "s,x,y,,a", "s,x,y,z,B. y", "s,x,y,z,Jawaban: B"]
)
def test_a_row_that_only_looks_bad_is_taken(row):
    loaded = read(f"{NEEDED}\nbaik,x,y,z,a\n{row}\n")
    assert (loaded.errors, len(loaded.items)) == ((), 2)


@pytest.mark.parametrize("key", ['"A,C"', "a dan b", "AC", "1;3", "A & B"])
def test_a_row_with_several_right_options_is_another_kind(key):
    loaded = read(f"{NEEDED}\nbaik,x,y,z,a\ns,x,y,z,{key}\n")
    assert places(loaded.skipped) == [("baris 3", "skipped_several_right")]
    assert (loaded.errors, len(loaded.items)) == ((), 1)


def test_an_unknown_word_is_an_error_for_the_order_and_a_warning_for_the_difficulty():
    loaded = read("soal,a,b,kunci,kesulitan,acak\ns,x,y,a,entah,kadang\nt,x,y,a,C3,ya\n")
    assert places(loaded.errors) == [("baris 2, kolom F", "shuffle_unknown")]
    assert places(loaded.warnings) == [("baris 2, kolom E", "difficulty_dropped"),
                                       ("baris 3, kolom E", "difficulty_dropped")]  # fmt: skip
    assert items_of(loaded)[0].difficulty is None


def test_all_bad_rows_are_reported_and_the_good_ones_kept():
    loaded = read(f"{NEEDED}\ns1,x,y,z,a\n,x,,z,q\n\ns2,x,y,z,b\ns3,x,y\ns4,x,y,z,c\n")
    assert places(loaded.errors) == [
        ("baris 3, kolom E", "key_unreadable"),
        ("baris 3, kolom A", "stem_empty"),
        ("baris 3, kolom C", "option_empty"),
        ("baris 6", "cells_few"),
    ]
    assert [located.where for located in loaded.items] == ["baris 2", "baris 5", "baris 7"]


def test_a_record_is_placed_at_the_line_where_it_begins():
    loaded = read('\r\nsoal,a,b,kunci\r\n"satu\r\n\r\ndua",x,y,a\r\n,,,\r\n  \r\ntiga,x,y,a\r\n')
    assert [(located.where, located.item.stem) for located in loaded.items] == [
        ("baris 3", "satu<br><br>dua"),
        ("baris 8", "tiga"),
    ]


def test_a_forgotten_quote_does_not_hide_the_rows_below_it():
    loaded = read('soal,a,b,kunci\n"s1,x,y,a\ns2,x,y,a\ns3,x,"y",b\n')
    assert places(loaded.errors) == [("baris 2", "quote_open")]
    assert [located.where for located in loaded.items] == ["baris 3", "baris 4"]


@pytest.mark.parametrize(
    ("header", "missing"),
    [("a,b,kunci", ["soal"]), ("soal,b,kunci", ["a"]), ("foo,bar", ["soal", "a", "b", "kunci"])],
)
def test_a_missing_column_is_named(header, missing):
    errors = read(f"{header}\n1,2,3\n").errors
    assert [problem.params["column"] for problem in errors if problem.code == "column_missing"] == missing
    assert {problem.where for problem in errors} == {"baris 1"}


def test_a_column_that_stands_twice_is_an_error_and_an_unknown_one_a_warning():
    loaded = read("soal,a,b,kunci,pertanyaan,catatan\ns,x,y,a,t,u\n")
    assert codes(loaded.errors) == ["column_doubled"]
    assert codes(loaded.warnings) == ["column_unknown"]


def test_a_header_without_rows_is_an_error():
    assert places(read(HEADER + "\n").errors) == [("berkas", "nothing_found")]


def test_cells_that_look_like_formulas_are_text():
    item = one(f'{NEEDED}\n"=SUM(1,2)",=1+1,-5,@x,a\n')
    assert (item.stem, item.options) == ("=SUM(1,2)", ("=1+1", "-5", "@x"))


def test_no_cell_that_is_written_can_run_as_a_formula():
    item = Item("=cmd|' /C calc'!A0", ("-5", "+1", "@x", "-2+3"), 0, code="'=x", explanation="=1")
    data = table.dump([item]).decode().splitlines()[1]
    assert data.split(",")[:8] == ["''=x", "", "", "'=cmd|' /C calc'!A0", "-5", "+1", "'@x", "'-2+3"]
    assert items_of(load("x.csv", table.dump([item]))) == [item]


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'+", "'a", "'-5"])
def test_a_text_that_begins_like_the_guard_of_a_formula_keeps_every_apostrophe(text, format_name):
    item = Item(text, (text, "b", f"{text}x"), 0, code=text, topic=text, explanation=text)
    assert items_of(load("x", dump([item], format_name), format_name)) == [item]


def test_a_picture_inside_a_cell_is_dropped_with_a_warning():
    loaded = read(f"{NEEDED}\nLihat <img src=x>,x,y,z,a\n")
    assert (items_of(loaded)[0].stem, places(loaded.warnings)) == (
        "Lihat",
        [("baris 2, kolom A", "media_dropped")],
    )


def test_the_written_header_is_the_project_s_own_and_grows_only_when_needed():
    usual = Item("s", ("x", "y"), 1, difficulty="medium")
    assert table.dump([usual]).decode() == HEADER + "\r\n,,sedang,s,x,y,,,,B,,,\r\n"
    assert table.dump([]).decode() == HEADER + "\r\n"
    wide = replace(usual, options=tuple("xyzuvwt"), shuffle=False)
    assert table.dump([usual, wide]).decode().splitlines()[0] == (
        "kode,topik,kesulitan,soal,a,b,c,d,e,f,g,kunci,gambar,keterangan_gambar,pembahasan,acak"
    )


@pytest.mark.slow
@many
@given(st.lists(items(), min_size=1, max_size=5))
def test_what_is_written_is_read_back_unchanged(kept):
    assert items_of(load("bank.csv", table.dump(kept))) == kept
