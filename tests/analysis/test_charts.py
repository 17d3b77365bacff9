"""Marks stand where their numbers say, inside the picture, and letters never on top of each other."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from exam_server.analysis import charts
from question_bank.statistics.fairness import SittingMean
from question_bank.statistics.measures import Interval
from question_bank.statistics.options import OptionUse


def use(option: int, *trace: float | None) -> OptionUse:
    return OptionUse(option, option == 0, 1, 0.1, 0.5, 0.1, 0.1, 0.1, trace)


@given(some.lists(some.integers(0, 20_000), min_size=1, max_size=61))
def test_bars_stand_side_by_side_within_the_picture(counts: list[int]) -> None:
    drawn = charts.histogram(counts)
    assert sum(bar.count for bar in drawn.bars) == sum(counts)
    assert all(bar.y >= charts.TOP - 1e-9 and bar.height >= 0 for bar in drawn.bars)
    assert all(one.x + one.width <= other.x + 1e-9 for one, other in pairwise(drawn.bars))
    assert all(bar.x + bar.width <= charts.WIDTH - charts.RIGHT + 1e-9 for bar in drawn.bars)


def test_the_highest_bar_is_as_high_as_its_number() -> None:
    drawn = charts.histogram([0, 5, 10])
    assert [bar.value for bar in drawn.bars] == [1, 2]
    assert drawn.bars[1].height == 2 * drawn.bars[0].height


def test_nobody_makes_no_bar() -> None:
    assert charts.histogram([0, 0]).bars == charts.histogram([]).bars == ()


@given(some.lists(some.floats(0, 1), min_size=2, max_size=10))
def test_letters_beside_the_lines_keep_apart(ends: list[float]) -> None:
    lines = charts.traces([use(option, 0.5, end) for option, end in enumerate(ends)])
    places = sorted(one.letter_y for one in lines)
    assert all(high - low >= charts.GAP - 1e-9 for low, high in pairwise(places))
    assert max(places) <= charts.HEIGHT - charts.BOTTOM + charts.GAP


def test_an_empty_group_has_no_mark() -> None:
    (line,) = charts.traces([use(0, 0.2, None, 0.4)])
    assert len(line.marks) == 2


def test_a_difference_stands_on_its_side_of_nothing() -> None:
    drawn = charts.whiskers([
        SittingMean(1, 40, 20.0, 18.0, 2.0, Interval(1.0, 3.0)), SittingMean(2, 5, 17.0, 18.0, -1.0, None),
    ])  # fmt: skip
    better, few = drawn.rows
    assert better.low is not None
    assert drawn.zero < better.low < better.at
    assert few.at < drawn.zero
    assert (few.low, few.high) == (None, None)


def test_no_sitting_and_no_difference_are_drawn_too() -> None:
    assert charts.whiskers([]).rows == ()
    assert charts.whiskers([SittingMean(1, 1, 3.0, 3.0, 0.0, None)]).rows[0].at == charts.whiskers([]).zero
