"""Reliability from different draws: the published example, the truth of a simulation, and every refusal."""

import random
from dataclasses import replace

import numpy as np
import pytest
from results_of_an_exam import Truth, answer, bank, draw, dropped, exam, facts_of, mixed, sheet

from question_bank.statistics.facts import ItemFacts, points
from question_bank.statistics.intraclass import intraclass
from question_bank.statistics.reliability import Reliability, reliability
from question_bank.statistics.strata import pooled_strata

SIX = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]
"""Six targets and four judges of Shrout & Fleiss 1979, table 2."""
BANK = bank(20)
FACTS = facts_of(BANK)
SHEETS = exam(BANK, rooms=3, seats=100)
PLAIN = {item: replace(one, stratum="all") for item, one in FACTS.items()}


def test_the_published_example_to_its_printed_digits():
    found = intraclass(SIX)
    assert (round(found.between, 2), round(found.within, 2)) == (11.24, 6.26)
    assert (round(found.single, 2), round(found.average, 2)) == (0.17, 0.44)


@pytest.mark.parametrize("ratings", [[], [(1, 2)], [(1,), (2,)], [(1, 2), (1, 2, 3)]])
def test_too_few_or_unequal_ratings_are_refused(ratings):
    with pytest.raises(ValueError, match="two or more"):
        intraclass(ratings)


def test_targets_that_do_not_differ_have_no_intraclass_correlation():
    assert intraclass([(1, 2), (2, 1)]) is None


def test_with_one_stratum_it_is_the_intraclass_correlation_of_the_marks():
    found = reliability(SHEETS, PLAIN)
    marks = [[int(mark) for mark in paper.marks] for paper in SHEETS]
    assert found.value == pytest.approx(intraclass(marks).average, abs=1e-9)
    assert found.sem == pytest.approx(np.sqrt(30 * intraclass(marks).within), abs=1e-9)


def test_with_strata_the_error_is_summed_over_them_as_numpy_does():
    error = 0.0
    for stratum in {one.stratum for one in FACTS.values()}:
        own = [[mark for item, mark in zip(paper.items, paper.marks, strict=True)
                if FACTS[item].stratum == stratum] for paper in SHEETS]  # fmt: skip
        error += 5 * np.var(np.array(own, float), axis=1, ddof=1).mean()
    observed = np.var([points(paper)[0] for paper in SHEETS], ddof=1)
    found = reliability(SHEETS, FACTS)
    assert found.value == pytest.approx(1 - error / observed, abs=1e-9)
    assert found.sem == pytest.approx(np.sqrt(error), abs=1e-9)
    assert found.value > reliability(SHEETS, PLAIN).value


def test_the_jackknife_is_that_of_leaving_each_candidate_out():
    sheets = SHEETS[:40]
    found = reliability(sheets, PLAIN)
    marks = np.array([paper.marks for paper in sheets], float)

    def logged(rows):
        return np.log(30 * np.var(rows, axis=1, ddof=1).mean() / np.var(rows.sum(axis=1), ddof=1))

    left_out = np.array([logged(np.delete(marks, one, axis=0)) for one in range(40)])
    half = 1.959963984540054 * np.sqrt(39 / 40 * ((left_out - left_out.mean()) ** 2).sum())
    assert found.interval == pytest.approx(
        (1 - np.exp(logged(marks) + half), 1 - np.exp(logged(marks) - half))
    )


def test_it_is_near_the_correlation_of_two_papers_drawn_for_each():
    dice = random.Random(8)
    pairs, sheets = [], []
    for attempt in range(4000):
        ability, both = dice.gauss(0, 1), []
        for _ in range(2):
            paper = draw(BANK, 5, dice)
            both.append(sheet(attempt, 1, paper, [answer(item, ability, dice) for item in paper]))
        pairs.append([points(one)[0] for one in both])
        sheets.append(both[0])
    true = np.corrcoef(np.array(pairs).T)[0, 1]
    found = reliability(sheets, FACTS)
    assert found.value == pytest.approx(true, abs=0.02)
    assert found.interval.low < true < found.interval.high
    half_apart = np.std(np.diff(pairs, axis=1)) / np.sqrt(2)
    assert found.sem == pytest.approx(half_apart, rel=0.03)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    items = [Truth(ItemFacts(number, "all", 2, frozenset({1})), 0.0, 1) for number in range(20)]
    true, dice, held = 0.04 / (0.04 + 0.21 / 20), random.Random(4), 0
    for _ in range(150):
        chances = [dice.choice((0.3, 0.7)) for _ in range(60)]
        sheets = [sheet(n, 1, items, [int(dice.random() < chance) for _ in items])
                  for n, chance in enumerate(chances)]  # fmt: skip
        low, high = reliability(sheets, facts_of(items)).interval
        held += low < true < high
    assert held >= 0.9 * 150


def test_the_order_of_the_sheets_changes_nothing():
    assert reliability(mixed(SHEETS), FACTS) == reliability(SHEETS, FACTS)


def test_dropped_items_leave_papers_of_two_lengths_comparable():
    whole, without = reliability(SHEETS, FACTS), reliability(dropped(SHEETS, 100), FACTS)
    assert 29 < without.length < 30
    assert without.value == pytest.approx(whole.value, abs=0.02)


def test_a_stratum_of_one_item_is_measured_with_the_most_alike_name_and_told():
    names = {0: "Sampling/easy", 1: "Sampling/hard", 2: "Ethics/easy"}
    facts = {number: ItemFacts(number, names[min(number, 2)], 4, frozenset({0})) for number in range(4)}
    items = [Truth(facts[number], 0.0, 0) for number in range(4)]
    dice = random.Random(3)
    abilities = [dice.gauss(0, 2) for _ in range(60)]
    sheets = [sheet(n, 1, items, [answer(item, ability, dice) for item in items])
              for n, ability in enumerate(abilities)]  # fmt: skip
    assert pooled_strata(sheets, facts) == {
        "Sampling/easy": "Sampling/hard", "Sampling/hard": "Sampling/hard", "Ethics/easy": "Ethics/easy",
    }  # fmt: skip
    assert reliability(sheets, facts).pooled == (("Sampling/easy", "Sampling/hard"),)


def test_a_candidate_left_with_one_item_of_a_stratum_borrows_the_others_variance():
    facts = {number: ItemFacts(number, "ab"[number > 2], 4, frozenset({0})) for number in range(6)}
    items = [Truth(one, 0.0, 0) for one in facts.values()]
    sheets = [sheet(n, 1, items, [int(k > n % 7) for k in range(6)]) for n in range(42)]
    gone = replace(sheets[0], counted=(True, False, False, True, True, True))
    assert isinstance(reliability([gone, *sheets[1:]], facts), Reliability)


def test_29_candidates_are_too_few_and_30_are_not():
    assert reliability(SHEETS[:29], FACTS) == "few_candidates"
    assert reliability([], FACTS) == "few_candidates"
    assert isinstance(reliability(SHEETS[:30], FACTS), Reliability)


ONE = [Truth(ItemFacts(number, "all", 4, frozenset({0})), 0.0, 0) for number in range(4)]


def told(*rows):
    return reliability([sheet(n, 1, ONE[: len(row)], row) for n, row in enumerate(rows)], facts_of(ONE))


def test_equal_scores_have_no_variance():
    assert told(*[(0, 0, 1, 1), (1, 1, 0, 0)] * 20) == "no_variance"


def test_more_error_than_spread_gives_no_number():
    assert told(*[(0, 0, 1, 1), (1, 1, 0, 0), (1, 0, 0, 0)] * 20) == "not_positive"


def test_papers_of_one_item_give_no_number():
    assert told(*[(0,), (1,)] * 20) == "short_papers"


def test_a_spread_that_one_candidate_carries_has_no_interval():
    found = told(*[(0, 0, 0, 0)] * 40, (1, 1, 1, 1))
    assert (found.value, found.interval) == (1.0, None)


def test_an_item_without_facts_is_refused():
    with pytest.raises(KeyError):
        reliability(SHEETS, facts_of(BANK[1:]))
