"""Choices belong to what an item says, and questions are counted as a person would count them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exam_server.imports import rules
from exam_server.imports.report import PictureFault, Report
from exam_server.imports.rules import Choices
from question_bank.formats import Loaded, Located
from question_bank.problems import Problem
from tests.factories import make_item

ONE, TWO = make_item(1, topic=""), make_item(2, topic="hitung", difficulty="easy")


def key(item: object) -> str:
    return rules.item_keys([item])[0]  # type: ignore[list-item]


def test_a_key_stays_when_the_answer_the_labels_or_the_order_of_the_options_change() -> None:
    changed = replace(ONE, key=0, topic="lain", code="X9", options=tuple(reversed(ONE.options)))
    assert key(changed) == key(ONE)
    assert key(replace(ONE, stem="Lain")) != key(ONE)


def test_equal_items_have_keys_of_their_own() -> None:
    first, second, other = rules.item_keys([ONE, ONE, TWO])
    assert len({first, second, other}) == 3


def test_choices_come_back_as_they_were_kept() -> None:
    chosen = rules.leave_out(Choices(), ["a", "b"])
    chosen = rules.label(chosen, ["c"], "picked", "umum", "easy")
    chosen = rules.label(chosen, [], "empty", "lain", "")
    assert Choices.from_json(chosen.to_json()) == chosen
    assert Choices.from_json({}) == Choices()


def test_what_is_left_out_can_be_taken_in_again() -> None:
    chosen = rules.take_in(rules.leave_out(Choices(), ["a", "b"]), ["a"])
    assert chosen.left_out == {"b"}


@pytest.mark.parametrize(
    ("scope", "topics", "levels"),
    [("empty", ("baru", "hitung"), ("hard", "easy")), ("all", ("baru", "baru"), ("hard", "hard")),
     ("picked", ("", "baru"), (None, "hard"))],
)  # fmt: skip
def test_a_label_is_given_to_whom_it_is_meant_for(
    scope: str, topics: tuple[str, ...], levels: tuple[str | None, ...]
) -> None:
    chosen = rules.label(Choices(), [key(TWO)], scope, "baru", "hard")
    told = [rules.labelled(item, key(item), chosen) for item in (ONE, TWO)]
    assert tuple(item.topic for item in told) == topics
    assert tuple(item.difficulty for item in told) == levels


def test_for_everything_goes_before_what_was_given_to_one_earlier() -> None:
    chosen = rules.label(Choices(), [key(ONE)], "picked", "satu", "")
    chosen = rules.label(chosen, [], "all", "semua", "")
    assert rules.labelled(ONE, key(ONE), chosen).topic == "semua"
    chosen = rules.label(chosen, [key(ONE)], "picked", "satu", "")
    assert rules.labelled(ONE, key(ONE), chosen).topic == "satu"


@pytest.mark.parametrize(
    ("where", "place"),
    [("Soal!B7", "Soal!7"), ("Lembar 2!AA12", "Lembar 2!12"), ("baris 7, kolom D", "baris 7"),
     ("baris 7", "baris 7"), ("items/q1.xml: q1", "items/q1.xml: q1"), ("berkas", "berkas")],
)  # fmt: skip
def test_a_cell_belongs_to_the_question_of_its_row(where: str, place: str) -> None:
    assert rules.place_of(where) == place


@pytest.mark.parametrize(
    ("places", "wanted"),
    [(["Soal!K7", "Soal!G8", "Soal!J6", "Soal!B12"], ["Soal!J6", "Soal!K7", "Soal!G8", "Soal!B12"]),
     (["baris 10", "baris 9, kolom C"], ["baris 9, kolom C", "baris 10"]),
     (["berkas", "Dua!B9", "Satu!B2", "Dua!A3"], ["berkas", "Dua!A3", "Dua!B9", "Satu!B2"]),
     (["q/b.xml", "q/a.xml"], ["q/b.xml", "q/a.xml"]), ([], [])],
)  # fmt: skip
def test_what_is_wrong_is_told_in_the_order_of_the_file(places: list[str], wanted: list[str]) -> None:
    assert [places[one] for one in rules.in_order(places)] == wanted


def test_a_report_comes_back_as_it_was_kept() -> None:
    loaded = Loaded("xlsx", (Located("Soal!B2", ONE),), (Problem("baris 3", "skipped_essay"),),
                    (Problem("berkas", "encoding_guessed", {"encoding": "cp1252"}),),
                    (Problem("Soal!B4", "stem_empty"), Problem("Soal!G4", "key_missing")),
                    questions=(1, 1))  # fmt: skip
    pictures = {
        "a.png": ("a" * 64, "image/png", b"isi-a", 4, 3),
        "b.jpg": ("b" * 64, "image/jpeg", b"", 1, 1),
    }
    report = Report(loaded, pictures, (PictureFault("Soal!B5", "bad_picture", {"name": "c.png"}),))
    assert Report.from_bytes(report.to_bytes()) == report
    assert (report.broken, report.has_errors) == (2, True)
