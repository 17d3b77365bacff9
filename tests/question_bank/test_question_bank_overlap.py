"""How many items two papers have in common on average: exact where strata share no item, else estimated."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.blueprint import BankTooSmall, Blueprint, Ref, Stratum, draw, expected_overlap

DIFFICULTIES = ("easy", "medium", "hard")


def bank(size: int, topics: str = "abc") -> list[Ref]:
    return [Ref(n, topics[n % len(topics)], DIFFICULTIES[n % 2], 4) for n in range(size)]


def plan(*strata: Stratum) -> Blueprint:
    return Blueprint(strata)


@pytest.mark.parametrize(
    ("strata", "common"),
    [
        ([Stratum(30)], 30 * 30 / 90),
        ([Stratum(10, "a"), Stratum(20, "b")], 10 * 10 / 30 + 20 * 20 / 30),
        ([Stratum(30, "a")], 30.0),
        ([Stratum(15, None, "easy"), Stratum(9, None, "medium")], 15 * 15 / 45 + 9 * 9 / 45),
        ([Stratum(5, "a"), Stratum(7, "a")], 12 * 12 / 30),
        ([Stratum(10, "a"), Stratum(0)], 10 * 10 / 30),
        ([], 0.0),
    ],
)
def test_strata_that_share_no_item_are_told_exactly(strata: list[Stratum], common: float) -> None:
    found = expected_overlap(bank(90), plan(*strata))
    assert (found.items, found.papers) == (pytest.approx(common), 0)


def test_strata_that_differ_in_words_but_share_no_item_of_this_bank_are_exact() -> None:
    refs = [Ref(1, "a", "easy", 4), Ref(2, "a", "easy", 4), Ref(3, "b", "hard", 4), Ref(4, "b", "hard", 4)]
    found = expected_overlap(refs, plan(Stratum(1, "a"), Stratum(1, None, "hard")))
    assert (found.items, found.papers) == (1.0, 0)


def test_overlapping_strata_are_estimated_the_same_way_each_time() -> None:
    shared = plan(Stratum(5, "a"), Stratum(20))
    first, second = (expected_overlap(reversed(bank(90)), shared) for _ in range(2))
    assert first == second
    assert first.papers > 0


def test_an_estimate_is_near_what_real_draws_have_in_common() -> None:
    refs, shared = bank(60), plan(Stratum(6, "a"), Stratum(14))
    papers = [{one.id for one in draw(refs, shared, bytes([n]))} for n in range(120)]
    pairs = list(combinations(papers, 2))
    seen = sum(len(one & other) for one, other in pairs) / len(pairs)
    assert expected_overlap(refs, shared).items == pytest.approx(seen, rel=0.05)


def test_an_exact_number_is_near_what_real_draws_have_in_common() -> None:
    refs, apart = bank(60), plan(Stratum(6, "a"), Stratum(14, "b"))
    papers = [{one.id for one in draw(refs, apart, bytes([n]))} for n in range(120)]
    pairs = list(combinations(papers, 2))
    seen = sum(len(one & other) for one, other in pairs) / len(pairs)
    assert expected_overlap(refs, apart).items == pytest.approx(seen, rel=0.05)


def test_a_bank_that_cannot_fill_the_plan_has_no_overlap() -> None:
    with pytest.raises(BankTooSmall):
        expected_overlap(bank(9), plan(Stratum(4, "a")))


ROWS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from([None, "a", "b"])), max_size=4)


@given(st.integers(1, 40), ROWS)
def test_an_overlap_lies_between_nothing_and_the_whole_paper(
    size: int, rows: list[tuple[int, str | None]]
) -> None:
    asked = plan(*(Stratum(count, topic) for count, topic in rows))
    try:
        found = expected_overlap(bank(size), asked)
    except BankTooSmall:
        return
    assert -1e-9 <= found.items <= asked.total + 1e-9
    assert found.items >= asked.total**2 / size - 0.75  # no plan does better than spreading evenly
