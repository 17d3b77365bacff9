"""A planted pair who copied is found, independent candidates are not, and the tail is that of the model."""

import random
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from results_of_an_exam import bank, dropped, exam, mixed, sheet

from question_bank.statistics.facts import points
from question_bank.statistics.twins import twins
from question_bank.statistics.wrongness import answers_of, chances_of, habits

BANK = {item.facts.revision: item for item in bank(8)}
ITEMS = list(BANK.values())
HONEST = exam(ITEMS, rooms=4, seats=100)


def copied(sheets, source, copier, share=1.0):
    """`copier` takes over what `source` chose on that share of the items that both were drawn."""
    one, other, dice = sheets[source], sheets[copier], random.Random(1)
    seen = dict(zip(one.items, one.chosen, strict=True))
    chosen = [seen[item] if item in seen and dice.random() < share else own
              for item, own in zip(other.items, other.chosen, strict=True)]  # fmt: skip
    paper = [BANK[item] for item in other.items]
    return [*sheets[:copier], sheet(copier, other.sitting, paper, chosen), *sheets[copier + 1 :]]


def weakest_with_a_neighbour(sheets):
    """The candidate of the first sitting with the most wrong answers, and who shares the most items."""
    weak = min(sheets[:100], key=lambda one: points(one)[0])
    near = max((one for one in sheets[:100] if one is not weak),
               key=lambda one: len(set(one.items) & set(weak.items)))  # fmt: skip
    return weak.attempt, near.attempt


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_a_pair_that_copied_is_first_on_the_list_and_alone(share):
    pair = weakest_with_a_neighbour(HONEST)
    found = twins(copied(HONEST, *pair, share)).pairs
    assert [(one.first, one.second) for one in found] == [tuple(sorted(pair))]
    assert found[0].identical > 3 * found[0].expected
    assert found[0].adjusted < 0.05


@pytest.mark.parametrize("seed", range(30, 34))
@pytest.mark.parametrize("per_stratum", [5, 8])
def test_independent_candidates_are_not_listed(seed, per_stratum):
    found = twins(exam(bank(per_stratum), rooms=2, seats=120, seed=seed))
    assert found.pairs == ()
    assert found.compared > 10_000


def test_the_same_answers_in_two_sittings_are_not_compared():
    weak, near = weakest_with_a_neighbour(HONEST)
    sheets = copied(HONEST, weak, near)
    assert twins([*sheets[:near], replace(sheets[near], sitting=2), *sheets[near + 1 :]]).pairs == ()


def test_identical_right_answers_prove_nothing():
    able = [replace(one, chosen=tuple(BANK[item].right for item in one.items), marks=(True,) * 30)
            for one in HONEST[:40]]  # fmt: skip
    assert twins([*able, *HONEST[40:]]).pairs == ()


def test_pairs_are_compared_that_share_ten_items_in_one_sitting():
    by_hand = sum(
        one.sitting == other.sitting and len(set(one.items) & set(other.items)) >= 10
        for one, other in combinations(HONEST, 2)
    )
    assert twins(HONEST).compared == by_hand
    assert twins(exam(bank(70), rooms=1, seats=60)).compared < 10


def test_the_numbers_of_a_pair_are_those_of_the_model():
    weak, near = weakest_with_a_neighbour(HONEST)
    sheets = copied(HONEST, weak, near)
    found = twins(sheets).pairs[0]
    usual, one, other = habits(sheets), sheets[weak], sheets[near]
    both = [chances_of(one, usual), chances_of(other, usual)]
    shared = [item for item in one.items if item in other.items]
    wrong = [dict(answers_of(one)), dict(answers_of(other))]
    assert found.shared == len(shared)
    assert found.identical == sum(
        wrong[0][item] is not None and wrong[0][item] == wrong[1][item] for item in shared
    )
    exactly = np.array([1.0])
    for item in shared:
        chance = both[0][item] * both[1][item] * usual.alike[item]
        exactly = np.convolve(exactly, [1 - chance, chance])
    assert found.p == pytest.approx(exactly[found.identical :].sum(), rel=1e-9)
    assert found.expected == pytest.approx(exactly @ np.arange(len(exactly)))
    assert found.adjusted == pytest.approx(found.p * twins(sheets).compared)


def test_the_chances_of_a_candidate_add_up_to_the_wrong_answers_given():
    usual = habits(HONEST)
    for one in HONEST[::20]:
        given = sum(option is not None for _, option in answers_of(one))
        assert sum(chances_of(one, usual).values()) == pytest.approx(max(given, 0.5), abs=1e-8)


def test_two_who_are_wrong_choose_alike_as_often_as_the_options_are_popular():
    usual, chosen = habits(HONEST), np.zeros(4)
    for one in HONEST:
        for item, option in answers_of(one):
            if item == 100 and option is not None:
                chosen[option] += 1
    assert usual.alike[100] == pytest.approx(((chosen / chosen.sum()) ** 2).sum())


def instead_of_wrong(one, put):
    """The sheet with `put` (blank or outside) wherever a wrong option was chosen."""
    drawn = list(zip(one.chosen, one.marks, strict=True))
    chosen = tuple(option if mark else put for option, mark in drawn)
    return replace(
        one, chosen=chosen, marks=tuple(mark or (None if put is None else False) for _, mark in drawn)
    )


def test_blanks_strays_and_dropped_items_are_no_identical_answers():
    weak, near = weakest_with_a_neighbour(HONEST)
    sheets = copied(HONEST, weak, near)
    silent = [instead_of_wrong(one, None) for one in sheets]
    strays = [instead_of_wrong(one, -1) for one in sheets]
    assert twins(silent).pairs == twins(strays).pairs == ()
    gone = next(
        item for item, option in answers_of(sheets[weak]) if option is not None and item in sheets[near].items
    )
    assert twins(dropped(sheets, gone)).pairs[0].identical == twins(sheets).pairs[0].identical - 1


def test_the_order_of_the_sheets_changes_nothing():
    sheets = copied(HONEST, *weakest_with_a_neighbour(HONEST))
    assert twins(mixed(sheets)) == twins(sheets)


def test_nobody_has_no_twin():
    assert twins([]).pairs == ()
