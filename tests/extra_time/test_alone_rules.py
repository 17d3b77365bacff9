"""What one official may give one attempt alone: all of it counts together, however it was cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.extra_time import alone
from exam_server.extra_time.alone import Given

ALLOWED = 3600
SLICES = st.lists(st.integers(1, 2000), max_size=12)


def singly(*seconds: int) -> list[Given]:
    return [Given("extra", one) for one in seconds]


def test_it_is_half_of_what_the_test_allows_and_ten_minutes_at_least() -> None:
    assert [alone.most(allowed) for allowed in (3600, 2700, 1202, 1200, 1)] == [1800, 1350, 601, 600, 600]


@pytest.mark.parametrize(("before", "left"), [((), 1800), ((600,), 1200), ((600, 1199), 1), ((600, 1200), 0)])
def test_what_was_given_singly_is_taken_off(before: tuple[int, ...], left: int) -> None:
    assert alone.left(ALLOWED, alone.spent(singly(*before))) == left


@pytest.mark.parametrize(
    "entry",
    [Given("start", 3600), Given("outage", 420), Given("accommodation", 1080),
     Given("extra", 900, to_all=True), Given("extra", 900, by_two=True),
     Given("extra", 900, to_all=True, by_two=True)],
)  # fmt: skip
def test_what_was_measured_foreseen_or_decided_by_two_takes_nothing(entry: Given) -> None:
    assert alone.spent([entry, *singly(600)]) == 600


@given(slices=SLICES)
def test_no_way_of_cutting_it_gives_more_than_one_piece_would(slices: list[int]) -> None:
    spent = 0
    for seconds in slices:
        if seconds <= alone.left(ALLOWED, spent):
            spent += seconds
    assert spent <= alone.most(ALLOWED)
    assert alone.left(ALLOWED, spent) == alone.most(ALLOWED) - spent


@given(slices=SLICES, others=st.lists(st.integers(1, 9000), max_size=4))
def test_what_two_decided_opens_nothing_for_one(slices: list[int], others: list[int]) -> None:
    both = singly(*slices) + [Given("extra", one, by_two=True) for one in others]
    assert alone.left(ALLOWED, alone.spent(both)) == alone.left(ALLOWED, alone.spent(singly(*slices)))
