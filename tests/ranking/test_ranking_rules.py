"""Who comes before whom: the same facts always make the same list, and nothing good ever harms."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exam_server.ranking.rules import (
    APPLIED,
    LOT,
    TEST,
    Component,
    Criteria,
    Quota,
    Runner,
    lot,
    quota_of,
    rank,
    select,
    total,
)
from tests.ranking.fields import KEYS, MARK, WISH, all_criteria, all_quotas, fields, shares

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
CRITERIA = Criteria(
    (Component(TEST, Fraction(60)), Component(WISH, Fraction(15)), Component(MARK, Fraction(25), 100)),
    ties=(MARK, APPLIED), lot="kegiatan",
)  # fmt: skip


def runner(attempt: int, test: Fraction = HALF, **changed: object) -> Runner:
    values: dict[str, object] = {
        "number": f"P{attempt}", "kecamatan": "Bangsri", "desa": "Bangsri", "shares": {TEST: test},
    }  # fmt: skip
    return Runner(attempt, **(values | changed))  # type: ignore[arg-type]


def test_a_total_is_the_exact_sum_of_weighted_shares() -> None:
    one = runner(1, shares={TEST: THIRD, WISH: Fraction(1), MARK: Fraction(7, 9)})
    assert total(CRITERIA, one) == 20 + 15 + Fraction(175, 9)


def test_what_was_not_given_counts_nothing() -> None:
    assert total(CRITERIA, runner(1, shares={})) == 0


@given(all_criteria(), fields(), all_quotas(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_are_told_changes_nothing(
    criteria: Criteria, told: list[Runner], quotas: list[Quota], reserves: int, dice: random.Random
) -> None:
    other = list(told)
    dice.shuffle(other)
    assert select(criteria, told, quotas, reserves) == select(criteria, other, quotas, reserves)


@given(all_criteria(), fields(), all_quotas(), st.integers(0, 3))
def test_reckoning_twice_changes_nothing(
    criteria: Criteria, told: list[Runner], quotas: list[Quota], reserves: int
) -> None:
    first = select(criteria, told, quotas, reserves)
    assert select(criteria, iter(told), quotas, reserves) == first


@given(all_criteria(), fields(), st.data())
def test_a_better_component_never_worsens_a_rank(
    criteria: Criteria, told: list[Runner], data: st.DataObject
) -> None:
    assume(told)
    one, key = data.draw(st.sampled_from(told)), data.draw(st.sampled_from(KEYS))
    better = data.draw(shares.filter(lambda share: share >= one.shares[key]))
    raised = [replace(one, shares={**one.shares, key: better}) if other is one else other for other in told]
    before = {ranked.attempt: ranked.rank for ranked in rank(criteria, told)}
    after = {ranked.attempt: ranked.rank for ranked in rank(criteria, raised)}
    assert after[one.attempt] <= before[one.attempt]


@given(all_criteria(), fields())
def test_ranks_are_1_2_3_without_a_gap_and_totals_never_grow(criteria: Criteria, told: list[Runner]) -> None:
    ranked = rank(criteria, told)
    assert [one.rank for one in ranked] == list(range(1, len(told) + 1))
    assert all(one.total >= other.total for one, other in itertools.pairwise(ranked))


@given(all_criteria(), fields(), all_quotas(), st.integers(0, 3))
def test_a_quota_is_filled_exactly_when_so_many_are_meant_for_it(
    criteria: Criteria, told: list[Runner], quotas: list[Quota], reserves: int
) -> None:
    placed = select(criteria, told, quotas, reserves)
    meant = Counter(quota_of(one, quotas) for one in told if not one.failed)
    for index, quota in enumerate(quotas):
        mine = [one for one in placed if one.quota == index]
        taken = sum(one.outcome == "accepted" for one in mine)
        waiting = [one.reserve for one in mine if one.outcome == "reserve"]
        assert taken == min(quota.places, meant[index])
        assert waiting == list(range(1, min(reserves, max(0, meant[index] - quota.places)) + 1))


@given(all_criteria(), fields(), all_quotas(), st.integers(0, 3))
def test_within_a_quota_nobody_is_passed_over(
    criteria: Criteria, told: list[Runner], quotas: list[Quota], reserves: int
) -> None:
    order = ["accepted", "reserve", "not_accepted"]
    for index in range(len(quotas)):
        mine = [one for one in select(criteria, told, quotas, reserves) if one.quota == index]
        outcomes = [order.index(one.outcome) for one in mine]
        assert outcomes == sorted(outcomes)


@given(all_criteria(), fields(), all_quotas())
def test_who_fails_a_must_have_is_named_but_has_no_rank_and_takes_no_place(
    criteria: Criteria, told: list[Runner], quotas: list[Quota]
) -> None:
    failed = {one.attempt for one in told if one.failed}
    placed = select(criteria, told, quotas, 2)
    out = [one for one in placed if one.outcome == "not_eligible"]
    assert {one.attempt for one in out} == failed
    assert all((one.rank, one.quota, one.failed) == (None, None, (1,)) for one in out)
    rest = placed[: len(placed) - len(out)]
    assert select(criteria, [one for one in told if not one.failed], quotas, 2) == rest


def test_the_narrowest_quota_counts_and_who_has_none_is_not_accepted() -> None:
    quotas = [Quota(1, "Keling"), Quota(1, "Bangsri"), Quota(1, "Bangsri", "Jerukwangi")]
    placed = select(CRITERIA, [
        runner(1, desa="Jerukwangi"), runner(2), runner(3, kecamatan="", desa=""),
        runner(4, kecamatan="Keling", desa="Jerukwangi"),
    ], quotas, 0)  # fmt: skip
    assert {one.attempt: (one.quota, one.outcome) for one in placed} == {
        1: (2, "accepted"), 2: (1, "accepted"), 3: (None, "not_accepted"), 4: (0, "accepted"),
    }  # fmt: skip


def test_a_quota_for_everybody_takes_who_has_none_of_their_own() -> None:
    placed = select(CRITERIA, [runner(1), runner(2, kecamatan="Keling")], [Quota(1), Quota(1, "Keling")], 0)
    assert {one.attempt: one.quota for one in placed} == {1: 0, 2: 1}


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ({"shares": {TEST: Fraction(1), WISH: Fraction(0)}}, {"shares": {TEST: HALF}}, None),
        # 60 x 7/12 + 25 x 1 = 60: the same total, and the better mark comes first
        ({"shares": {TEST: Fraction(7, 12), MARK: Fraction(1)}}, {"shares": {TEST: Fraction(1)}}, MARK),
        ({"applied_at": 1}, {"applied_at": 2}, APPLIED),
        ({}, {}, LOT),
    ],
)
def test_a_tie_is_broken_by_the_first_recorded_rule_that_tells_them_apart(
    first: dict[str, object], second: dict[str, object], rule: str | None
) -> None:
    if rule == LOT:  # whoever draws the smaller lot is the first
        one, other = sorted((runner(1), runner(2)), key=lambda found: lot(CRITERIA.lot, found.number))
    else:
        one, other = runner(1, **first), runner(2, **second)
    ranked = rank(CRITERIA, [other, one])
    assert [(found.attempt, found.tie) for found in ranked] == [(one.attempt, None), (other.attempt, rule)]


def test_the_lot_can_be_drawn_again_by_anybody() -> None:
    assert lot("kegiatan", "AB12CD34") == hashlib.sha256(b"kegiatan\nAB12CD34").hexdigest()


def test_another_lot_may_decide_otherwise_and_the_same_never_does() -> None:
    names = [f"undian {number}" for number in range(40)]
    firsts = [rank(replace(CRITERIA, lot=name), [runner(1), runner(2)])[0].attempt for name in names]
    assert set(firsts) == {1, 2}
    assert firsts == [rank(replace(CRITERIA, lot=name), [runner(2), runner(1)])[0].attempt for name in names]


def test_a_rule_that_does_not_tell_them_apart_passes_them_on() -> None:
    criteria = replace(CRITERIA, ties=(WISH, MARK, APPLIED))
    ranked = rank(criteria, [runner(1, applied_at=5), runner(2, applied_at=3)])
    assert [(one.attempt, one.tie) for one in ranked] == [(2, None), (1, APPLIED)]
