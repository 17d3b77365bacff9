from dataclasses import replace

import pytest
from bank_samples import codes, items, many
from hypothesis import given

from question_bank import validate
from question_bank.items import Item
from question_bank.problems import SENTENCES, WARNINGS, Problem, sentence
from question_bank.validate import doubles, problems_of, similarity

GOOD = Item("Ibu kota Jawa Tengah?", ("Semarang", "Solo", "Tegal"), 0, "K1", "umum", "easy")


def found(**changes):
    return codes(problems_of(replace(GOOD, **changes), "baris 2"))


def test_a_good_item_has_no_problems():
    assert found() == []
    assert found(picture="peta-1 (a).png", picture_alt="Peta", difficulty=None, explanation="Karena.") == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"stem": " <br>&nbsp;"}, "stem_empty"),
        ({"stem": "x" * (validate.STEM_LIMIT + 1)}, "stem_long"),
        ({"options": ("Semarang",)}, "options_few"),
        ({"options": tuple("abcdefghijk")}, "options_many"),
        ({"options": ("Semarang", "<b></b>")}, "option_empty"),
        ({"options": ("Semarang", "x" * (validate.OPTION_LIMIT + 1))}, "option_long"),
        ({"options": ("Semarang", "<b>Solo</b>", "Solo")}, "option_doubled"),
        ({"options": ("SOLO", "Solo", "Solo")}, "option_doubled"),
        ({"key": 3}, "key_range"),
        ({"key": -1}, "key_range"),
        ({"difficulty": "susah"}, "difficulty_unknown"),
        ({"explanation": "x" * (validate.EXPLANATION_LIMIT + 1)}, "explanation_long"),
        ({"code": "x" * (validate.CODE_LIMIT + 1)}, "code_long"),
        ({"topic": "x" * (validate.TOPIC_LIMIT + 1)}, "topic_long"),
        ({"picture": "../rahasia.png", "picture_alt": "a"}, "picture_name"),
        ({"picture": "C:\\a.png", "picture_alt": "a"}, "picture_name"),
        ({"picture": ".env", "picture_alt": "a"}, "picture_name"),
        ({"picture": "a.png", "picture_alt": "a" * (validate.PICTURE_ALT_LIMIT + 1)}, "picture_alt_long"),
    ],
)
def test_an_item_with_this_fault_is_an_error(changes, code):
    assert code in found(**changes)
    assert code not in WARNINGS


def test_options_that_differ_in_their_lines_are_not_equal():
    assert found(options=("a<br>b<br>c", "a b c", "a b<br>c")) == []
    assert "option_doubled" in found(options=("a<br>b", "<p>a</p><p>b</p>"))


@pytest.mark.parametrize(
    "option",
    [
        "Semua benar",
        "semua jawaban benar.",
        "Semua pilihan di atas benar",
        "Tidak ada yang benar",
        "a dan b benar",
        "Jawaban A dan C",
        "A, B, dan C",
        "Hanya (a) dan (b)",
        "benar semua",
        "All of the above",
        "none of the above",
        "Bukan salah satu di atas",
        "Jawaban b",
    ],
)
def test_an_option_that_refers_to_others_is_a_warning_only_when_shuffled(option):
    options = ("Semarang", option)
    assert found(options=options) == ["option_refers"]
    assert found(options=options, shuffle=False) == []
    assert "option_refers" in WARNINGS


@pytest.mark.parametrize(
    "option",
    [
        "Semua penduduk berumur 5 tahun ke atas",
        "Tidak ada anggota rumah tangga",
        "A",
        "b",
        "1 dan 3 benar",
        "Vitamin A dan D",
        "Adi dan Budi",
        "Semua rumah tangga di blok sensus",
        "Benar",
    ],
)
def test_an_option_that_only_sounds_alike_is_no_warning(option):
    assert found(options=("Semarang", option)) == []


def test_a_picture_without_alternative_text_is_a_warning():
    assert found(picture="peta.png") == ["picture_alt_missing"]
    assert "picture_alt_missing" in WARNINGS


def test_options_that_differ_in_capitals_only_are_a_warning_because_items_on_spelling_need_them():
    assert found(options=("pasal 5", "Pasal 5", "PASAL 5")) == ["option_alike", "option_alike"]
    assert "option_alike" in WARNINGS


def test_powers_are_not_taken_for_equal_options():
    assert found(options=("10<sup>2</sup>", "102", "10<sub>2</sub>")) == []


def test_the_same_item_in_other_words_of_markup_and_order_is_a_double():
    again = replace(GOOD, stem="<p>ibu kota  Jawa Tengah?</p>", options=("Tegal", "solo", "Semarang"), key=2)
    other = replace(GOOD, stem="Ibu kota Jawa Timur?")
    assert doubles([GOOD, other, again, again]) == [(0, 2), (0, 3)]


def test_the_same_words_over_another_picture_are_no_double():
    assert doubles([replace(GOOD, picture="a.png"), replace(GOOD, picture="b.png")]) == []


def test_similarity_is_the_share_of_common_words():
    a, b = Item("satu dua", ("tiga", "empat"), 0), Item("Satu <b>dua</b>", ("lima", "enam"), 0)
    assert similarity(a, b) == pytest.approx(2 / 6)
    assert similarity(a, a) == 1.0
    assert similarity(a, Item("x", ("y", "z"), 0)) == 0.0


@pytest.mark.slow
@many
@given(items(), items())
def test_similarity_is_symmetric_and_within_bounds(a, b):
    assert 0.0 <= similarity(a, b) == similarity(b, a) <= 1.0


def test_a_sentence_is_translated_before_its_values_are_put_in():
    problem = Problem("baris 3", "option_empty", {"letter": "B"})
    assert (
        sentence(problem)
        == "Pilihan B kosong. Isi teksnya, atau hapus pilihan itu tanpa meninggalkan lompatan."
    )
    english = {SENTENCES["option_empty"]: "Option %(letter)s is empty."}
    assert sentence(problem, english.__getitem__) == "Option B is empty."


def test_values_from_a_file_are_never_taken_for_a_template():
    problem = Problem("baris 3", "key_unreadable", {"value": "%(limit)s %s {0}"})
    assert "%(limit)s %s {0}" in sentence(problem)


def test_every_sentence_is_calm_and_ends_as_a_sentence():
    assert all(text.endswith(".") and "!" not in text for text in SENTENCES.values())
    assert SENTENCES.keys() >= WARNINGS
