"""What each kind of correction makes of a key, and what an effect says: exact, and the same told twice."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.corrections import effect, picture, words
from exam_server.corrections.effect import Effect, Line, Standing
from exam_server.corrections.refusals import NoteMissing, NoteTooLong, NothingChanges, UnknownOption
from exam_server.corrections.rules import Wish, corrected, public_note
from exam_server.errors import Refusal
from question_bank.blueprint import Drawn
from question_bank.scoring import Key, score

OPTIONS = 4
keys = st.builds(
    Key, st.frozensets(st.integers(0, OPTIONS - 1), min_size=1), everyone=st.booleans(), dropped=st.booleans()
)
wishes = st.one_of(
    st.builds(Wish, st.sampled_from(["key", "second"]), st.integers(0, OPTIONS - 1)),
    st.builds(Wish, st.sampled_from(["void", "drop"])),
)


def mark(key: Key, option: int | None) -> bool | None:
    return score([Drawn(1, tuple(range(OPTIONS)))], {0: option}, {1: key}).per_position[0]


@pytest.mark.parametrize(
    ("wish", "new"),
    [
        (Wish("key", 0), Key(frozenset({0}))), (Wish("second", 0), Key(frozenset({0, 2}))),
        (Wish("void"), Key(frozenset({2}), everyone=True)), (Wish("drop"), Key(frozenset({2}), dropped=True)),
    ],
)  # fmt: skip
def test_each_kind_makes_its_key(wish: Wish, new: Key) -> None:
    assert corrected(wish, Key(frozenset({2})), OPTIONS) == new


@given(keys, wishes)
def test_the_same_correction_twice_changes_nothing_more(key: Key, wish: Wish) -> None:
    try:
        new = corrected(wish, key, OPTIONS)
    except NothingChanges:
        return
    assert new != key
    with pytest.raises(NothingChanges):
        corrected(wish, new, OPTIONS)


@given(keys, st.integers(0, OPTIONS - 1), st.none() | st.integers(0, OPTIONS - 1))
def test_a_second_key_or_a_void_item_makes_nobody_s_answer_wrong(
    key: Key, option: int, chosen: int | None
) -> None:
    for wish in (Wish("second", option), Wish("void")):
        try:
            new = corrected(wish, key, OPTIONS)
        except NothingChanges:
            continue
        if not key.dropped:
            assert mark(new, chosen) or not mark(key, chosen)


@pytest.mark.parametrize("option", [None, -1, OPTIONS])
def test_an_option_that_the_item_has_not_is_refused(option: int | None) -> None:
    with pytest.raises(UnknownOption):
        corrected(Wish("key", option), Key(frozenset({2})), OPTIONS)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"id": "x"}, NoteMissing), ({"id": "x", "en": "\u200b "}, NoteMissing),
        ({"id": "x", "en": "y" * 1001}, NoteTooLong),
    ],
)  # fmt: skip
def test_a_note_is_written_in_both_languages(typed: dict[str, str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        public_note(typed)


def lines() -> list[Line]:
    accepted, reserve = Standing("accepted", 1), Standing("reserve", 2, 1)
    return [
        Line(1, "A", (3, 4), (2, 4), accepted, reserve), Line(2, "B", (2, 4), (3, 4), reserve, accepted),
        Line(3, "C", (1, 4), (1, 4), Standing("not_accepted", 3), Standing("not_accepted", 3)),
    ]  # fmt: skip


def test_an_effect_counts_who_changes_and_by_how_much() -> None:
    told = effect.told(lines(), [1, 2, 3], (1, 2, 0, 0, 0), with_names=True)
    sums = told.sums
    assert (sums.drawn, sums.scores, sums.up, sums.down) == (3, 2, 1, 1)
    assert (sums.most_up, sums.most_down) == (2500, -2500)
    assert (sums.ranks, sums.statuses, sums.gained, sums.lost) == (2, 2, 1, 1)
    assert [one.attempt for one in told.lines] == [1, 2]
    assert told.steps == ((-2500, 1), (0, 1), (2500, 1))


def test_an_effect_told_as_json_and_read_again_is_the_same() -> None:
    told = effect.told(lines(), [1, 2], (1, 1, 0, 0, 0), with_names=True)
    again = Effect.from_json(json.loads(json.dumps(told.to_json())))
    assert (again, again.sha256) == (told, told.sha256)


def test_a_dropped_item_changes_points_though_nobody_s_right_answers_change() -> None:
    assert Line(1, "A", (2, 4), (2, 3)).change == Fraction(200, 3) - 50


def test_where_no_item_counts_there_are_no_points() -> None:
    assert effect.points((0, 0)) == 0


@given(st.dictionaries(st.integers(-10000, 10000), st.integers(1, 500), min_size=1, max_size=60))
def test_the_bars_show_everybody_once_and_stay_in_the_picture(steps: dict[int, int]) -> None:
    bars = picture.bars(tuple(sorted(steps.items())))
    assert sum(one.count for one in bars) == sum(steps.values())
    assert all(one.x >= 0 and one.x + one.width <= picture.WIDTH + 0.1 for one in bars)
    assert all(one.y >= 0 and one.height <= picture.HEIGHT for one in bars)
    assert all(one.lowest <= one.highest for one in bars)
    assert [one.tone for one in bars] == sorted(
        (one.tone for one in bars), key=["down", "same", "up"].index
    ), "losses, then no change, then gains"


def test_without_steps_there_is_no_picture() -> None:
    assert picture.bars(()) == []


@pytest.mark.parametrize(
    ("hundredths", "said"), [(1250, "+12,5"), (-2500, "−25"), (333, "+3,33"), (0, "0"), (-5, "−0,05")]
)
def test_points_are_written_as_people_here_write_them(hundredths: int, said: str) -> None:
    assert words.signed(hundredths, "id") == said
