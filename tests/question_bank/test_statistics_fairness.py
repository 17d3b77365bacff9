"""What the luck of the draw was worth, beside numpy; and what a sitting did beyond its papers."""

import numpy as np
import pytest
from results_of_an_exam import Truth, bank, dropped, exam, mixed, sheet

from question_bank.statistics.facts import ItemFacts, points
from question_bank.statistics.fairness import fairness

BANK = bank(8)
SHEETS = exam(BANK, rooms=6, seats=50)
TWO = [Truth(ItemFacts(number, "all", 2, frozenset({0})), 0.0, 0) for number in (1, 2)]


def facility_without(own, item, sheets):
    others = [one.marks[one.items.index(item)] for one in sheets if item in one.items and one is not own]
    return np.mean([mark is True for mark in others])


def test_the_expected_score_is_the_sum_of_what_the_others_made_of_the_items():
    found = fairness(SHEETS)
    for paper, told in list(zip(SHEETS, found.papers, strict=True))[::60]:
        own = sum(facility_without(paper, item, SHEETS) for item in paper.items)
        assert told.expected == pytest.approx(own, abs=1e-9)
        assert (told.attempt, told.score) == (paper.attempt, points(paper)[0])


def test_a_score_is_suggested_that_an_average_paper_would_have_given():
    found = fairness(SHEETS)
    expected = [paper.expected for paper in found.papers]
    assert found.expected.mean == pytest.approx(np.mean(expected), abs=1e-9)
    assert found.expected.sd == pytest.approx(np.std(expected, ddof=1), abs=1e-9)
    for paper in found.papers:
        assert paper.suggested - paper.score == pytest.approx(np.mean(expected) - paper.expected, abs=1e-9)


def test_the_expected_score_follows_the_true_ease_of_the_paper():
    hardness = {item.facts.revision: item.hardness for item in BANK}
    true = [-sum(map(hardness.__getitem__, paper.items)) for paper in SHEETS]
    assert np.corrcoef(true, [paper.expected for paper in fairness(SHEETS).papers])[0, 1] > 0.8


def test_equal_papers_differ_by_the_own_answers_only_that_are_left_out():
    same = exam(bank(5), rooms=2, seats=100)
    spread_of_scores = np.std([points(paper)[0] for paper in same], ddof=1)
    assert fairness(same).expected.sd == pytest.approx(spread_of_scores / 199, abs=1e-9)


def test_sittings_that_differ_by_chance_alone_lie_about_their_expectation():
    found = fairness(SHEETS).sittings
    assert [one.sitting for one in found] == list(range(6))
    assert all(one.interval.low < 0 < one.interval.high for one in found)


def test_a_sitting_that_had_help_is_above_its_papers():
    helped = exam(BANK, rooms=6, seats=50, knows=lambda sitting, item: sitting == 3 and not item.right)
    found = {one.sitting: one for one in fairness(helped).sittings}
    assert found[3].interval.low > 0
    apart = [points(paper)[0] for paper in helped if paper.sitting == 3]
    assert found[3].score == pytest.approx(np.mean(apart))
    assert found[3].difference == pytest.approx(found[3].score - found[3].expected)


def test_the_interval_of_a_sitting_is_that_of_its_mean():
    one, papers = fairness(SHEETS).sittings[0], fairness(SHEETS).papers[:50]
    half = 1.959963984540054 * np.std([paper.score - paper.expected for paper in papers], ddof=1) / 50**0.5
    assert one.interval == pytest.approx((one.difference - half, one.difference + half), abs=1e-9)


def test_a_small_sitting_has_no_interval():
    assert all(one.interval is None for one in fairness(exam(BANK, rooms=3, seats=29)).sittings)


def test_an_item_that_nobody_else_had_counts_as_the_average_of_all_other_answers():
    sheets = [sheet(1, 1, TWO, (0, 0)), sheet(2, 1, TWO[:1], (0,)), sheet(3, 1, TWO[:1], (1,))]
    assert fairness(sheets).papers[0].expected == pytest.approx(1 / 2 + 2 / 3)


def test_a_blank_is_no_point():
    sheets = [sheet(1, 1, TWO, (0, 0)), sheet(2, 1, TWO, (None, 0))]
    assert fairness(sheets).papers[0].expected == 1


def test_a_dropped_item_is_in_no_expectation():
    for paper, whole in zip(dropped(SHEETS, 100), SHEETS, strict=True):
        assert sum(paper.counted) == 30 - (100 in whole.items)
    lower = fairness(dropped(SHEETS, 100)).papers
    for paper, before, whole in zip(lower, fairness(SHEETS).papers, SHEETS, strict=True):
        assert (paper.expected < before.expected) == (100 in whole.items)


def test_the_order_of_the_sheets_changes_nothing():
    assert fairness(mixed(SHEETS)) == fairness(SHEETS)


def test_without_two_answers_there_is_nothing_to_compare():
    assert fairness([]) is None
    assert fairness([sheet(1, 1, TWO[:1], (0,))]) is None
