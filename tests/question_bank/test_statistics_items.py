"""Facility, discrimination and the use of options, beside numpy and on papers counted by hand."""

import numpy as np
import pytest
from results_of_an_exam import Truth, bank, dropped, exam, facts_of, mixed, sheet
from scipy import stats

from question_bank.statistics.facts import ItemFacts, points, voids
from question_bank.statistics.items import analyse_items

BANK = bank(8)
FACTS = facts_of(BANK)
SHEETS = exam(BANK, rooms=4, seats=60)
TINY = [Truth(ItemFacts(number, "all", 3, frozenset({0})), 0.0, 0) for number in (1, 2, 3)]
ROWS = [(0, 0, 0), (0, 0, 1), (0, 1, 2), (1, None, 0), (2, 1, None), (-1, 1, 1)]
FEW = [sheet(attempt, 1, TINY, row) for attempt, row in enumerate(ROWS)]


def of(item, sheets, facts=FACTS):
    return next(one for one in analyse_items(sheets, facts) if one.revision == item)


def test_every_number_of_an_item_is_numpys():
    for one in analyse_items(SHEETS, FACTS):
        held = [paper for paper in SHEETS if one.revision in paper.items]
        right = np.array([paper.marks[paper.items.index(one.revision)] is True for paper in held])
        rest = np.array([(points(paper)[0] - mark) / 29 for paper, mark in zip(held, right, strict=True)])
        assert (one.n, one.right) == (len(held), right.sum())
        assert one.facility == pytest.approx(right.mean(), abs=1e-12)
        assert one.discrimination == pytest.approx(stats.pointbiserialr(right, rest).statistic, abs=1e-9)
        key = next(use for use in one.options if use.is_key)
        assert (key.rest, key.rest_sd) == pytest.approx((rest[right].mean(), rest[right].std(ddof=1)))


def test_the_share_of_choices_adds_up_in_every_group():
    for one in analyse_items(SHEETS, FACTS):
        assert sum(use.count for use in one.options) + one.blank + one.outside == one.n
        for group in range(5):
            assert sum(use.trace[group] for use in one.options) == pytest.approx(1)
        assert sum(use.upper_share for use in one.options) == pytest.approx(1)
        key = next(use for use in one.options if use.is_key)
        assert one.upper_lower == pytest.approx(key.upper_share - key.lower_share)


def test_blanks_and_strays_are_wrong_and_counted_apart():
    first, second = of(1, FEW, facts_of(TINY)), of(2, FEW, facts_of(TINY))
    assert (first.n, first.right, first.blank, first.outside) == (6, 3, 0, 1)
    assert (second.right, second.blank, second.facility) == (2, 1, 2 / 6)
    assert [use.count for use in first.options] == [3, 1, 1]


def test_the_item_itself_is_not_in_its_rest():
    first = of(1, FEW, facts_of(TINY))
    assert first.options[0].rest == pytest.approx((1 + 0.5 + 0) / 3)
    assert first.options[1].rest == pytest.approx(0.5)


def test_extreme_groups_are_cut_at_27_per_cent_and_ties_by_attempt():
    first = of(1, FEW, facts_of(TINY))  # rests 1, .5, 0, .5, 0, 0: lowest 2 and 4, highest 3 and 0
    assert [use.lower_share for use in first.options] == [0.5, 0, 0.5]
    assert [use.upper_share for use in first.options] == [0.5, 0.5, 0]
    assert first.upper_lower == 0


def test_few_answers_say_so():
    assert not of(1, FEW, facts_of(TINY)).enough
    assert of(100, SHEETS).enough


def test_a_void_item_has_no_discrimination_and_stands_in_nobodys_rest():
    given = [sheet(9, 1, TINY, (0, 0, 1)), sheet(8, 1, TINY, (1, 0, 1))]
    void = [paper.__class__(paper.attempt, 1, 0, paper.items, paper.chosen, (*paper.marks[:2], True),
                            paper.counted) for paper in given]  # fmt: skip
    assert voids(void, facts_of(TINY)) == {3}
    third, first = of(3, void, facts_of(TINY)), of(1, void, facts_of(TINY))
    assert (third.void, third.facility, third.discrimination, third.upper_lower) == (True, 1, None, None)
    assert first.options[0].rest == 1  # of the second item alone


def test_an_item_that_all_have_right_has_no_discrimination():
    sheets = [sheet(attempt, 1, TINY, (0, attempt % 2, 0)) for attempt in range(40)]
    assert of(1, sheets, facts_of(TINY)).discrimination is None


def test_a_dropped_item_counts_for_nobody():
    without = dropped(SHEETS, 100)
    assert 100 not in {one.revision for one in analyse_items(without, FACTS)}
    assert {len(paper.items) - sum(paper.counted) for paper in without} == {0, 1}


def test_a_paper_of_one_item_has_no_rest_and_is_left_out():
    assert analyse_items([sheet(1, 1, TINY[:1], (0,))], facts_of(TINY)) == ()


def test_the_order_of_the_sheets_changes_nothing():
    assert analyse_items(mixed(SHEETS), FACTS) == analyse_items(SHEETS, FACTS)


def test_an_item_without_facts_is_refused():
    with pytest.raises(KeyError):
        analyse_items(SHEETS, facts_of(BANK[1:]))
