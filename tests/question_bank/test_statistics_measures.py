"""The statistics' own arithmetic beside that of numpy and scipy."""

import random

import numpy as np
import pytest
from bank_samples import many
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from question_bank.statistics.mantel import Table, mantel_haenszel
from question_bank.statistics.measures import (
    correlation,
    fisher_interval,
    quantile,
    spread,
    squares,
    variance,
    wilson_interval,
)
from question_bank.statistics.probability import benjamini_hochberg, chi_square_tail, sum_tail

NUMBERS = st.lists(st.integers(-1000, 1000).map(lambda n: n / 7), min_size=2, max_size=60)
BERKELEY = [
    Table(512, 313, 89, 19), Table(353, 207, 17, 8), Table(120, 205, 202, 391),
    Table(138, 279, 131, 244), Table(53, 138, 94, 299), Table(22, 351, 24, 317),
]  # fmt: skip
"""Admissions at Berkeley in 1973 (Bickel, Hammel & O'Connell 1975): men and women in six departments."""
FIFTEEN = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
           0.6528, 0.7590, 1.0000]  # fmt: skip
"""The example of Benjamini & Hochberg 1995."""


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@many
@given(NUMBERS)
def test_mean_variance_and_quantiles_are_numpys(values):
    found = spread(values)
    assert (found.n, found.least, found.most) == (len(values), min(values), max(values))
    assert found.mean == near(np.mean(values))
    assert found.sd == near(np.std(values, ddof=1))
    assert variance(values) == near(np.var(values, ddof=1))
    assert squares(values) == near(np.var(values) * len(values))
    assert found.quantiles == near(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))


def test_a_large_mean_costs_no_digits():
    values = [1e9 + step for step in (1, 2, 3, 4)]
    assert variance(values) == near(5 / 3)


@many
@given(NUMBERS, st.data())
def test_the_correlation_is_numpys_or_none(values, data):
    marks = data.draw(st.lists(st.integers(0, 1), min_size=len(values), max_size=len(values)))
    found = correlation(marks, values)
    if len(set(marks)) < 2 or len(set(values)) < 2:
        assert found is None
    else:
        assert found == near(np.corrcoef(marks, values)[0, 1])


def test_one_value_is_its_own_quantile():
    assert quantile([3.0], 0.9) == 3.0


@pytest.mark.parametrize("n", [4, 30, 500])
def test_the_interval_of_a_correlation_is_scipys(n):
    dice = random.Random(n)
    one = [dice.gauss(0, 1) for _ in range(n)]
    other = [value + dice.gauss(0, 1) for value in one]
    found = stats.pearsonr(one, other).confidence_interval(0.95)
    assert fisher_interval(correlation(one, other), n) == near((found.low, found.high))


def test_three_pairs_or_a_perfect_correlation_have_no_interval():
    assert fisher_interval(0.5, 3) is None
    assert fisher_interval(-1.0, 50) is None


@pytest.mark.parametrize(("right", "n"), [(0, 1), (0, 30), (7, 30), (30, 30), (999, 1000)])
def test_the_interval_of_a_share_is_scipys(right, n):
    found = stats.binomtest(right, n).proportion_ci(0.95, method="wilson")
    assert wilson_interval(right, n) == near((found.low, found.high))


@pytest.mark.parametrize("value", [0.0, 0.3, 3.84, 50.0])
def test_the_tail_of_chi_square_is_scipys(value):
    assert chi_square_tail(value) == pytest.approx(stats.chi2.sf(value, 1), rel=1e-9)


@many
@given(st.lists(st.floats(0, 1), max_size=30), st.integers(-1, 32))
def test_the_tail_of_a_sum_is_the_convolution(chances, at_least):
    exactly = np.array([1.0])
    for chance in chances:
        exactly = np.convolve(exactly, [1 - chance, chance])
    assert sum_tail(chances, at_least) == near(exactly[max(at_least, 0) :].sum())


def test_a_tail_that_is_large_enough_is_not_finished():
    chances = iter([0.5] * 20)
    assert sum_tail(chances, 2, until=0.2) == 0.25
    assert len(list(chances)) == 18


def test_a_tiny_tail_keeps_its_digits():
    assert sum_tail([0.01] * 20, 15) == pytest.approx(stats.binom.sf(14, 20, 0.01), rel=1e-9, abs=0)
    assert sum_tail([0.01] * 20, 15) < 1e-25


def test_the_published_example_rejects_four_of_fifteen():
    adjusted = benjamini_hochberg(FIFTEEN)
    assert [value <= 0.05 for value in adjusted] == [True] * 4 + [False] * 11


@many
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_tails_are_scipys(tails):
    assert benjamini_hochberg(tails) == near(stats.false_discovery_control(tails))


def test_no_comparison_needs_no_adjustment():
    assert benjamini_hochberg([]) == []


def test_the_berkeley_table_gives_its_printed_odds_and_chi_square():
    found = mantel_haenszel(BERKELEY)
    assert round(found.odds, 7) == 0.9046968
    assert (round(found.chi_square, 4), round(found.p, 4)) == (1.4269, 0.2323)


def test_the_odds_are_scipys_at_equal_strata():
    table = stats.contingency.odds_ratio([[30, 20], [10, 25]], kind="sample").statistic
    assert mantel_haenszel([Table(30, 20, 10, 25)] * 3).odds == near(table)


def test_the_difference_weighs_strata_by_both_groups():
    found = mantel_haenszel([Table(5, 5, 8, 2), Table(10, 30, 10, 10)])
    weights = (10 * 10 / 20, 40 * 20 / 60)
    assert found.difference == near((0.3 * weights[0] + 0.25 * weights[1]) / sum(weights))


def test_strata_of_one_group_or_of_one_answer_show_nothing():
    assert mantel_haenszel([Table(5, 5, 0, 0), Table(9, 0, 4, 0), Table(0, 0, 0, 0)]) is None
    assert mantel_haenszel([]) is None


def test_all_right_against_all_wrong_has_no_finite_odds():
    found = mantel_haenszel([Table(10, 0, 0, 10)])
    assert (found.odds, found.difference) == (None, -1.0)
