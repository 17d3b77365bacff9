"""The practice paper: items that the bank's own examination finds fit, each with one right answer."""

from __future__ import annotations

from exam_server.practice.items import ITEMS, KEYS, PAPER, PICTURE
from question_bank.scoring import score
from question_bank.validate import problems_of


def test_the_items_are_fit_for_a_bank() -> None:
    assert len(ITEMS) == 5
    assert [problem for item in ITEMS for problem in problems_of(item, "latihan")] == []


def test_all_keys_together_score_everything() -> None:
    right = {place: item.key for place, item in enumerate(ITEMS)}
    assert score(PAPER, right, KEYS).correct == len(ITEMS)
    assert score(PAPER, {place: (key + 1) % 4 for place, key in right.items()}, KEYS).wrong == len(ITEMS)


def test_the_right_answers_stand_at_different_letters() -> None:
    assert len({item.key for item in ITEMS}) == 4


def test_the_picture_is_told_in_words_too() -> None:
    (pictured,) = [item for item in ITEMS if item.picture]
    assert PICTURE.name == pictured.picture
    assert PICTURE.read_text("utf-8").startswith("<svg")
    right = pictured.options[pictured.key].lower()
    assert right in pictured.picture_alt
