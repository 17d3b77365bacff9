"""A planted leak is found, abler late candidates are not taken for one, and an honest exam has none."""

from bisect import bisect_right

import numpy as np
import pytest
from results_of_an_exam import bank, dropped, exam, facts_of, mixed

from question_bank.statistics.drift import drift, late_sittings
from question_bank.statistics.facts import points
from question_bank.statistics.mantel import Table, mantel_haenszel

BANK = bank(8)
FACTS = facts_of(BANK)
LEAKED = {104, 117, 130}
HONEST = exam(BANK, rooms=6, seats=100)
LEAKY = exam(
    BANK, rooms=6, seats=100, knows=lambda sitting, item: sitting >= 3 and item.facts.revision in LEAKED
)


def easier(sheets):
    return {one.revision for one in drift(sheets, FACTS).items if one.easier_later}


def test_the_leaked_items_are_found_and_no_others():
    assert easier(LEAKY) == LEAKED
    for one in drift(LEAKY, FACTS).items:
        if one.revision in LEAKED:
            assert one.late_facility == 1 > one.early_facility
            assert one.compared.difference > 0.1


@pytest.mark.parametrize("seed", range(10, 16))
def test_an_honest_exam_shows_no_leak(seed):
    assert easier(exam(BANK, rooms=6, seats=100, seed=seed)) == set()


@pytest.mark.parametrize("seed", [20, 21])
def test_abler_late_candidates_are_no_leak(seed):
    abler = exam(BANK, rooms=6, seats=100, seed=seed, lead=lambda sitting: 0.5 * (sitting >= 3))
    facilities = [one.late_facility - one.early_facility for one in drift(abler, FACTS).items]
    assert np.mean(facilities) > 0.05
    assert easier(abler) == set()


def test_an_item_is_compared_in_fifths_of_the_rest_score():
    found = next(one for one in drift(LEAKY, FACTS).items if one.revision == 104)
    held = [
        ((points(paper)[0] - mark) / 29, mark, paper.sitting >= 3)
        for paper in LEAKY
        for item, mark in zip(paper.items, paper.marks, strict=True)
        if item == 104
    ]
    cuts = list(np.quantile([rest for rest, _, _ in held], [0.2, 0.4, 0.6, 0.8]))
    tables = np.zeros((5, 4), int)
    for rest, mark, late in held:
        tables[bisect_right(cuts, rest), 2 * late + (not mark)] += 1
    expected = mantel_haenszel([Table(*map(int, row)) for row in tables])
    assert found.compared.chi_square == pytest.approx(expected.chi_square, abs=1e-9)
    assert found.compared.difference == pytest.approx(expected.difference, abs=1e-9)


def test_the_cut_parts_the_sittings_by_time_nearest_to_half():
    assert late_sittings(HONEST) == {3, 4, 5}
    assert late_sittings([*HONEST[:100], *HONEST[500:]]) == {5}
    assert late_sittings([]) == frozenset()


def test_one_sitting_has_no_early_and_late():
    found = drift(HONEST[:100], FACTS)
    assert (found.items, found.late_sittings) == ((), frozenset())
    assert len(found.unmeasured) == len(BANK)


def test_fewer_than_30_answers_on_a_side_are_not_compared():
    found = drift(exam(BANK, rooms=2, seats=40), FACTS)
    assert all(min(one.early, one.late) >= 30 for one in found.items)
    assert len(found.items) + len(found.unmeasured) == len(BANK)
    assert found.unmeasured


def test_a_dropped_item_is_not_asked_about():
    found = drift(dropped(LEAKY, 104), FACTS)
    assert 104 not in {one.revision for one in found.items} | set(found.unmeasured)


def test_the_order_of_the_sheets_changes_nothing():
    assert drift(mixed(LEAKY), FACTS) == drift(LEAKY, FACTS)


def test_an_item_without_facts_is_refused():
    with pytest.raises(KeyError):
        drift(HONEST, facts_of(BANK[1:]))
