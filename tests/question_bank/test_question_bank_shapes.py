"""Tables as offices, teachers and programs write them: what a careful person would import is imported."""

import time

import pytest
from bank_samples import codes, items_of, places

from question_bank.formats import load
from question_bank.items import plain

SHAPES = {
    "a teacher's table": (
        "BANK SOAL SELEKSI MITRA;;;;;;;\nTahun 2026;;;;;;;\n;;;;;;;\n"
        "NO;BUTIR SOAL;PILIHAN A;PILIHAN B;PILIHAN C;KUNCI JAWABAN;TINGKAT KESULITAN;MATERI\n"
        "1;Apa?;p;q;r;(B);Mudah;Sensus\n",
        ("Apa?", ("p", "q", "r"), 1),
    ),
    "a heading in two rows": (
        "No,Soal,Pilihan Jawaban,,,Kunci\n,,A,B,C,\n1,2,3,4,5,6\n1,Apa?,p,q,r,C\n",
        ("Apa?", ("p", "q", "r"), 2),
    ),
    "one heading over all options": (
        "No,Soal,Pilihan Jawaban,,,Kunci\n1,Apa?,p,q,r,C\n",
        ("Apa?", ("p", "q", "r"), 2),
    ),
    "options in one cell": ('Soal,Opsi,Kunci\nApa?,"A. p\nB. q\nC. r",b.\n', ("Apa?", ("p", "q", "r"), 1)),
    "options in one line": (
        "Soal,Opsi,Kunci\nApa?,A. p B. q C. r,Jawaban: B\n",
        ("Apa?", ("p", "q", "r"), 1),
    ),
    "options in the question": ('Soal,Kunci\n"Apa?\nA. p\nB. q\nC. r",B\n', ("Apa?", ("p", "q", "r"), 1)),
    "options with separators": ("Soal,Opsi,Jawaban\nApa?,p;q;r,q\n", ("Apa?", ("p", "q", "r"), 1)),
    "a list of a program": (
        "question,choices,answer\nApa?,\"['pa', 'qa', 'ra']\",qa\n",
        ("Apa?", ("pa", "qa", "ra"), 1),
    ),
    "letters before options": ("Soal,A,B,C,Kunci\nApa?,A. p,B. q,C. r,B. q\n", ("Apa?", ("p", "q", "r"), 1)),
    "a tick beside the right option": ("Soal,A,Kunci A,B,Kunci B\nApa?,p,,q,x\n", ("Apa?", ("p", "q"), 1)),
    "true beside the right option": (
        "Soal,Opsi 1,Benar,Opsi 2,Benar\nApa?,p,FALSE,q,TRUE\n",
        ("Apa?", ("p", "q"), 1),
    ),
    "a star at the right option": ("Soal,A,B\nApa?,p,*q\n", ("Apa?", ("p", "q"), 1)),
    "wrong answers by themselves": (
        "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2 (Optional)\nApa?,p,q,\n",
        ("Apa?", ("p", "q"), 0),
    ),
    "the limits in the heading": (
        "Kuis\nQuestion - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,"
        "Correct answer(s) - choose at least one\nApa?,p,q,2\n",
        ("Apa?", ("p", "q"), 1),
    ),
    "the name of the option as the key": (
        "question,option_a,option_b,correct_option\nApa?,p,q,option_b\n",
        ("Apa?", ("p", "q"), 1),
    ),
    "short names of options": ("id,question,opa,opb,cop\nx,Apa?,p,q,b\n", ("Apa?", ("p", "q"), 1)),
    "answers in their own columns": (
        "Soal,Jawaban A,Jawaban B,Jawaban\nApa?,p,q,b\n",
        ("Apa?", ("p", "q"), 1),
    ),
    "a number that is a text": ("soal,a,b,c,kunci\nApa?,10,20,30,20\n", ("Apa?", ("10", "20", "30"), 1)),
    "two keys that agree": ("Soal,A,B,Kunci,Jawaban Benar\nApa?,p,q,B,q\n", ("Apa?", ("p", "q"), 1)),
    "a stimulus of its own": ("Stimulus,Soal,A,B,Kunci\nBacaan,Apa?,p,q,B\n", ("Bacaan Apa?", ("p", "q"), 1)),
    "no heading at all": (
        "Apa saja?,pa,qa,ra,B\nSiapa ini?,pa,qa,ra,C\n",
        ("Apa saja?", ("pa", "qa", "ra"), 1),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_table_of_this_shape_is_read(shape):
    text, expected = SHAPES[shape]
    loaded = load("bank.csv", text.encode())
    assert loaded.errors == ()
    item = items_of(loaded)[0]
    assert (plain(item.stem), tuple(map(plain, item.options)), item.key) == expected


def test_two_keys_that_contradict_are_an_error_that_names_both_cells():
    loaded = load("b.csv", b"Soal,A,B,C,Kunci,Jawaban Benar\nQ,p,q,r,B,q\nR,p,q,r,A,r\n")
    assert len(loaded.items) == 1
    (error,) = loaded.errors
    assert error.code == "keys_contradict"
    assert (error.params["first"], error.params["second"]) == ("baris 3, kolom E", "baris 3, kolom F")


def test_keys_that_count_from_zero_are_known_from_their_column():
    loaded = load("b.csv", b"soal,a,b,c,answer\nQ,p,q,r,0\nR,p,q,r,2\n")
    assert ([item.key for item in items_of(loaded)], codes(loaded.warnings)) == ([0, 2], ["key_from_zero"])


def test_numbers_that_are_texts_in_every_row_are_texts():
    loaded = load("b.csv", b"soal,a,b,c,kunci\nQ,2,4,8,2\nR,10,20,30,30\nS,x,y,z,y\n")
    assert ([item.key for item in items_of(loaded)], loaded.errors) == ([0, 2, 1], ())


def test_questions_of_other_kinds_are_skipped_by_name():
    text = (
        "No,Jenis,Soal,A,B,C,Kunci\n1,PG,Q,x,y,z,A\n2,Essay,Q2,,,,bla\n3,Benar-Salah,Q3,Benar,Salah,,A\n"
        "4,PG Kompleks,Q4,x,y,z,A\n5,Menjodohkan,Q5,x,y,z,A\n6,Isian,Q6,,,,bla\n"
    )
    loaded = load("b.csv", text.encode())
    assert (len(loaded.items), loaded.errors) == (1, ())
    assert codes(loaded.skipped) == [
        "skipped_essay", "skipped_true_false", "skipped_several_right", "skipped_matching",
        "skipped_short_answer",
    ]  # fmt: skip


def test_a_part_without_options_is_skipped_row_by_row_and_its_title_told():
    loaded = load("b.csv", b"No,Soal,A,B,Kunci\n1,Q,x,y,A\n,II. ESAI,,,\n2,Jelaskan,,,panjang sekali\n")
    assert places(loaded.skipped) == [("baris 4", "skipped_essay")]
    assert places(loaded.warnings) == [("baris 3", "row_passed_over")]
    assert loaded.errors == ()


def test_a_table_of_questions_and_answers_only_is_skipped_row_by_row():
    loaded = load("b.csv", b"Question,Answer\nWhat is x?,A long answer\nIs y?,Another one\n")
    assert codes(loaded.skipped) == ["skipped_short_answer"] * 2


def test_nothing_beside_the_columns_is_lost_in_silence():
    loaded = load("b.csv", b"no,soal,a,b,kunci,bobot,catatan,\n1,Q,x,y,A,5,lihat,rahasia\n")
    assert [(p.where, p.code) for p in loaded.warnings] == [
        ("baris 1, kolom F", "column_unread"), ("baris 1, kolom G", "column_unknown"),
        ("baris 1, kolom H", "column_unnamed"),
    ]  # fmt: skip


def test_a_running_number_called_id_is_no_code():
    assert [item.code for item in items_of(load("b.csv", b"id,soal,a,b,kunci\n1,Q,x,y,A\nZ9,R,x,y,A\n"))] == [
        "",
        "Z9",
    ]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Kata \u201cbesar\u201d \u2013 di caf\u00e9"),
        ("cp850", "Caf\u00e9 cr\u00e8me f\u00fcr M\u00fcller"),
        ("cp437", "na\u00efve r\u00e9sum\u00e9"),
        ("utf-16-le", "Kata \u201cbesar\u201d di caf\u00e9"),
        ("utf-16-be", "Kata besar"),
        ("utf-16", "Kata besar"),
        ("utf-8-sig", "Kata \u201cbesar\u201d"),
    ],
)
def test_the_code_page_with_the_better_words_is_taken(encoding, text):
    loaded = load("b.csv", f"soal;a;b;kunci\r\n{text}?;x;y;a\r\n".encode(encoding))
    assert items_of(loaded)[0].stem == f"{text}?"
    assert codes(loaded.warnings) == (["encoding_guessed"] if encoding.startswith("cp") else [])


def test_a_stray_byte_does_not_spoil_a_whole_file_in_utf_8():
    data = (
        "soal,a,b,kunci\nCaf\u00e9 \u201cbaru\u201d di M\u00fcnchen?,x,y,a\n".encode() + b"Caf\xe9?,x,y,b\n"
    )
    loaded = load("b.csv", data)
    assert [item.stem for item in items_of(loaded)] == [
        "Caf\u00e9 \u201cbaru\u201d di M\u00fcnchen?",
        "Caf\u00e9?",
    ]
    assert codes(loaded.warnings) == ["encoding_mixed"]


HOSTILE = {
    "marks": ("soal,opsi,kunci", "A. " * 300_000),
    "marks in the question": ("soal,kunci", "A. " * 300_000),
    "blanks": ("soal,a,b", "x" + " " * 500_000 + "*x"),
    "quotes": ("soal,opsi,kunci", "['" + "\\'" * 100_000),
    "letters": ("soal,a,b,kunci", "s,x,y," + "A B " * 200_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_cell_that_was_made_to_be_slow_is_not(kind):
    heading, cell = HOSTILE[kind]
    start = time.process_time()
    loaded = load("b.csv", f"{heading}\n{cell},{cell},A\n".encode())
    assert loaded.items or loaded.errors or loaded.skipped
    assert time.process_time() - start < 4
