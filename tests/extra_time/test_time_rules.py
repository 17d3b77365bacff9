"""What is due after outages: on one official's word never more than was measured, no second of it twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.exam.rules import Facts
from exam_server.extra_time import rules
from exam_server.extra_time.rules import Lost
from exam_server.extra_time.words import spell, summed
from tests.factories import HOUR, MINUTE, START

GAPS = st.dictionaries(st.integers(1, 6), st.integers(1, 900), max_size=6)


@given(gaps=GAPS, beyond=st.integers(0, 2000), data=st.data())
def test_clicking_every_offer_in_any_order_gives_back_what_was_measured_and_not_yet_given(
    gaps: dict[int, int], beyond: int, data: st.DataObject
) -> None:
    given: dict[int, int | None] = dict.fromkeys(gaps)
    for outage in data.draw(st.permutations(list(gaps))):
        seconds = Lost(gaps, given, beyond).due.get(outage, 0)
        assert 0 <= seconds <= gaps[outage]
        given[outage] = seconds or None
    assert sum(seconds or 0 for seconds in given.values()) == max(0, sum(gaps.values()) - beyond)
    assert Lost(gaps, given, beyond).due == {}


@given(lost=st.lists(st.tuples(GAPS, st.integers(0, 2000)), max_size=5))
def test_one_official_alone_never_lifts_anybody_above_the_hardest_hit(
    lost: list[tuple[dict[int, int], int]],
) -> None:
    everybody = {n: Lost(gaps, dict.fromkeys(gaps), beyond) for n, (gaps, beyond) in enumerate(lost)}
    alone = rules.alone(everybody)
    measured = max((one.measured for one in everybody.values()), default=0)
    assert alone >= 0
    assert all(alone == 0 or one.returned + alone <= measured for one in everybody.values())


def test_who_was_not_in_an_outage_is_due_nothing() -> None:
    assert Lost({}, {}, 155).due == {}
    assert rules.alone({}) == 0


def test_a_second_outage_is_due_whole_after_the_first_was_given_back_in_two_parts() -> None:
    assert Lost({1: 155, 2: 60}, {1: 55, 2: None}, beyond=100).due == {2: 60}


def test_the_preset_is_thirty_percent() -> None:
    assert rules.accommodation(3600) == 18 * 60
    assert rules.accommodation(1) == 1


@pytest.mark.parametrize(
    ("minutes", "at", "open_"), [(59, START, True), (60, START, False), (29, START + 30 * MINUTE, True),
                                 (30, START + 30 * MINUTE, False), (60, START - HOUR, False)],
)  # fmt: skip
def test_more_time_may_not_shut_the_door(minutes: int, at: object, open_: bool) -> None:
    facts = Facts(starts_at=START, ends_at=START + 2 * HOUR, allowed_seconds=3600, grace_seconds=10)
    assert rules.may_still_enter(facts, minutes * 60, at) is open_  # type: ignore[arg-type]


def test_a_rescued_answer_is_stored_as_of_the_deadline_at_the_latest() -> None:
    assert rules.rescued_at(START, START + HOUR) == START
    assert rules.rescued_at(START, START - HOUR) == START - HOUR


def test_an_answer_that_its_own_file_places_behind_the_grace_is_too_late() -> None:
    facts = Facts(START, START + 2 * HOUR, 3600, 10, started_at=START, deadline_at=START + HOUR)
    end = START + HOUR + timedelta(seconds=10)
    assert rules.in_time(end - timedelta(milliseconds=1), facts)
    assert not rules.in_time(end, facts)
    assert rules.in_time(None, facts)


@pytest.mark.parametrize(
    ("allowed", "extra", "said"),
    [(3600, 1080, "60 + 18 menit"), (3600, 0, "60 menit"), (3600, 155, "60 menit + 2 menit 35 detik"),
     (150, 60, "2 menit 30 detik + 1 menit"), (40, 0, "40 detik")],
)  # fmt: skip
def test_the_sum_is_told_in_peoples_units(allowed: int, extra: int, said: str) -> None:
    assert summed(allowed, extra, "id") == said
    assert spell(0, "id") == "0 detik"


@pytest.mark.parametrize(
    ("running", "reached", "whole"),
    [(10, 5, False), (10, 6, True), (3, 2, False), (3, 3, True), (2, 2, False), (5, 3, True), (6, 3, False)],
)
def test_more_than_half_and_at_least_three_are_a_sitting(running: int, reached: int, whole: bool) -> None:
    there = {1: set(range(running))}
    assert rules.whole_sittings({1: set(range(reached))}, there, {}) == ({1} if whole else set())


def test_slices_of_one_sitting_count_together() -> None:
    there, slice_ = {1: set(range(10))}, {1: {0, 1, 2}}
    assert rules.whole_sittings(slice_, there, {1: {3, 4}}) == set()
    assert rules.whole_sittings(slice_, there, {1: {3, 4, 5}}) == {1}
    assert rules.whole_sittings(slice_, there, {1: {0, 1, 2}}) == set(), "the same people again are the same"
    assert rules.whole_sittings({1: {7}}, there, {1: set(range(7))}) == {1}


def test_each_sitting_is_measured_by_itself_and_who_has_not_begun_counts_for_none() -> None:
    there = {1: {1, 2, 3}, 2: set(range(10, 30))}
    reached = {1: {1, 2}, 2: {10, 11, 40}}
    assert rules.whole_sittings(reached, there, {}) == set()
    assert rules.whole_sittings(reached | {1: {1, 2, 3}}, there, {}) == {1}
    assert rules.whole_sittings({3: {7}}, there, {}) == set()
