"""Common trouble: the rule against a slow count of every second, and the cases that made it what it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_server.exam.stretches import Stretch, joined, length, whole_seconds, within, without
from exam_server.extra_time import evidence
from exam_server.extra_time.evidence import FEWEST, LEAST, SETTLED, SHORTEST, Gap, Kind, Ran, Window
from tests.factories import HOUR, MINUTE, START

SECOND = timedelta(seconds=1)
DAY_SECONDS = 400
"""Length of the axis on which the properties are counted second by second."""

STRETCHES = st.tuples(st.integers(0, DAY_SECONDS), st.integers(1, 200)).map(lambda one: (one[0], sum(one)))
KINDS: tuple[Kind, ...] = ("contact", "saves", "late")


def at(second: int) -> datetime:
    return START + second * SECOND


def second_of(instant: datetime) -> int:
    return int((instant - START).total_seconds())


def stretch(began: int, ended: int) -> Stretch:
    return at(began), at(ended)


def gap(attempt_id: int, began: int, ended: int, kind: Kind = "contact") -> Gap:
    return Gap(attempt_id, kind, at(began), at(ended))


def ran(count: int, began: int = 0, until: int = 3600) -> list[Ran]:
    return [Ran(one, at(began), at(until)) for one in range(count)]


def seconds_of(stretches: Iterable[Stretch]) -> set[int]:
    """The seconds that lie in them; all bounds here are whole seconds."""
    return {
        second for began, ended in stretches
        for second in range(second_of(began), second_of(ended))
    }  # fmt: skip


def told(windows: Sequence[Window]) -> list[tuple[int, int, list[int]]]:
    return [(second_of(one.began), second_of(one.ended), list(one.lost)) for one in windows]


@st.composite
def sittings(draw: st.DrawFn) -> tuple[list[Ran], list[Gap], list[Stretch]]:
    people = draw(st.lists(STRETCHES, max_size=9))
    gaps = [
        gap(attempt_id, *draw(STRETCHES), draw(st.sampled_from(KINDS)))
        for attempt_id in range(len(people)) for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    covered = draw(st.lists(STRETCHES, max_size=2))
    left = draw(st.lists(st.lists(STRETCHES, max_size=1), min_size=len(people), max_size=len(people)))
    ran = [Ran(n, *stretch(*one), tuple(stretch(*each) for each in left[n])) for n, one in enumerate(people)]
    return ran, gaps, [stretch(*one) for one in covered]


@settings(max_examples=200)
@given(sittings())
def test_the_windows_are_exactly_the_long_enough_stretches_of_a_count_second_by_second(
    sitting: tuple[list[Ran], list[Gap], list[Stretch]],
) -> None:
    people, gaps, covered = sitting
    running = {one.attempt_id: seconds_of([(one.began, one.until)]) - seconds_of(one.left) for one in people}
    away = {one: seconds_of((each.began, each.ended) for each in gaps if each.attempt_id == one) & seconds
            for one, seconds in running.items()}  # fmt: skip
    bad = set()
    for second in range(2 * DAY_SECONDS):
        troubled = sum(second in seconds for seconds in away.values())
        begun = sum(one.began <= at(second) for one in people)
        half = 2 * troubled >= sum(second in seconds for seconds in running.values())
        if troubled >= FEWEST and half and 3 * troubled >= begun:
            bad.add(second)
    bad -= seconds_of(covered)
    found = evidence.windows(people, gaps, covered)
    assert seconds_of((one.began, one.ended) for one in found) == long_runs(bad)
    for one in found:
        inside = seconds_of([(one.began, one.ended)])
        lost = {who: away[who] & inside for who in away}
        assert {who: seconds_of(parts) for who, parts in one.lost.items()} == {
            who: seconds for who, seconds in lost.items() if len(seconds) >= LEAST.total_seconds()
        }
        assert one.running == sum(bool(seconds & inside) for seconds in running.values())
        assert one.begun == sum(each.began < one.ended for each in people)


def long_runs(seconds: set[int]) -> set[int]:
    """Those of them that stand in a row of at least SHORTEST."""
    kept: set[int] = set()
    row: list[int] = []
    for second in [*sorted(seconds), -1]:
        if row and second != row[-1] + 1:
            kept |= set(row) if len(row) >= SHORTEST.total_seconds() else set()
            row = []
        row.append(second)
    return kept


@settings(max_examples=100)
@given(sittings(), st.data())
def test_what_was_told_of_a_window_is_never_told_again(
    sitting: tuple[list[Ran], list[Gap], list[Stretch]], data: st.DataObject
) -> None:
    people, gaps, covered = sitting
    some = data.draw(st.lists(st.sampled_from(gaps), unique=True)) if gaps else []
    known: dict[int, list[Stretch]] = {}
    for heard in (some, gaps, gaps):  # the last come back later, and then nothing new is heard
        last = 0
        for window in evidence.windows(people, heard, covered):
            for one, parts in evidence.not_told_yet(window, {k: tuple(v) for k, v in known.items()}).items():
                assert length(within(parts, (window.began, window.ended))) == length(parts) >= LEAST
                assert without(parts, known.get(one, [])) == list(parts), "some second is told twice"
                known.setdefault(one, []).extend(parts)
                last += 1
    assert last == 0
    own = {one: joined((each.began, each.ended) for each in gaps if each.attempt_id == one) for one in known}
    assert all(without(parts, own[one]) == [] for one, parts in known.items()), "more than was ever lost"


SEVEN = (840, 1260)
"""From minute 14 to minute 21."""


def test_twelve_of_twenty_are_told_and_the_eight_who_went_on_are_not() -> None:
    gaps = [gap(one, *SEVEN) for one in range(12)]
    (window,) = evidence.windows(ran(20), gaps, [])
    assert (window.running, list(window.lost)) == (20, list(range(12)))
    assert {whole_seconds(parts) for parts in window.lost.values()} == {420}


@pytest.mark.parametrize(("away", "of", "is_one"), [(3, 6, True), (3, 7, False), (2, 2, False), (3, 3, True),
                                                    (10, 20, True), (9, 20, False)])  # fmt: skip
def test_at_least_three_and_at_least_half(away: int, of: int, is_one: bool) -> None:
    assert bool(evidence.windows(ran(of), [gap(one, *SEVEN) for one in range(away)], [])) is is_one


@pytest.mark.parametrize(("seconds", "is_one"), [(59, False), (60, True)])
def test_a_minute_at_least(seconds: int, is_one: bool) -> None:
    gaps = [gap(one, 840, 840 + seconds) for one in range(5)]
    assert bool(evidence.windows(ran(5), gaps, [])) is is_one


def test_troubles_one_after_another_are_not_common() -> None:
    gaps = [gap(one, 100 * one, 100 * one + 90) for one in range(20)]
    assert evidence.windows(ran(20), gaps, []) == []


def test_who_handed_in_or_began_later_counts_neither_way() -> None:
    people = [*ran(4), Ran(4, at(0), at(800)), *(Ran(one, at(1300), at(3600)) for one in range(5, 12))]
    gaps = [gap(one, *SEVEN) for one in (0, 1, 2, 4)]
    assert told(evidence.windows(people, gaps, [])) == [(*SEVEN, [0, 1, 2])]


def test_each_is_struck_for_as_long_as_it_was_away_itself() -> None:
    gaps = [gap(0, 830, 1270), gap(1, *SEVEN), gap(2, *SEVEN), gap(3, 840, 960), gap(3, 1200, 1260),
            gap(4, 1240, 1400)]  # fmt: skip
    (window,) = evidence.windows(ran(5), gaps, [])
    lost = {one: whole_seconds(parts) for one, parts in window.lost.items()}
    assert lost == {0: 420, 1: 420, 2: 420, 3: 180}, "the last fell silent for a reason of its own"


def test_what_an_outage_of_the_whole_server_covers_is_not_told_again() -> None:
    gaps = [gap(one, 832, 1281) for one in range(20)]
    assert evidence.windows(ran(20), gaps, [stretch(840, 1260)]) == []
    assert told(evidence.windows(ran(20), gaps, [stretch(840, 1100)]))[0][:2] == (1100, 1281)


def test_a_window_is_over_when_whoever_fell_silent_in_it_has_come_back_or_was_waited_for() -> None:
    (window,) = evidence.windows(ran(4), [gap(one, *SEVEN) for one in range(3)], [])
    end = window.ended + SETTLED
    assert not evidence.finished(window, [], end - SECOND)
    assert evidence.finished(window, [], end)
    assert not evidence.finished(window, [at(850)], end)
    assert not evidence.finished(window, [at(830)], end), "its last sign of life came a moment before"
    assert evidence.finished(window, [at(600), at(1261)], end), "who left before, or after, is not waited for"
    assert evidence.finished(window, [at(850)], window.ended + evidence.PATIENT)


def test_time_given_to_who_was_closed_tells_when_it_was() -> None:
    entries = [(START, 3600), (START - HOUR, 600), (at(4500), 900), (at(4600), 60)]
    assert evidence.closed_while(START, entries) == [stretch(4200, 4500)]
    assert evidence.closed_while(START, [(START, 3600), (at(600), 60)]) == []


def test_answers_after_the_deadline_tell_when_a_page_came_back() -> None:
    tell = evidence.came_back_late
    assert tell([at(4020), at(4000)], at(3500), []) == [stretch(3500, 4000)]
    assert tell([at(3510)], at(3500), []) == [], "that is no silence"
    assert tell([at(4000)], at(4300), [stretch(3500, 4300)]) == [stretch(3500, 4000)], "it runs again since"
    assert tell([at(4000)], at(4300), []) == []


def test_who_left_for_good_ceases_to_run_and_who_comes_back_late_does_not() -> None:
    deadline = at(3600)
    assert evidence.ran_until(deadline, at(3599), []) == deadline
    assert evidence.ran_until(deadline, at(600), []) == at(600) + evidence.GONE
    assert evidence.ran_until(deadline, at(3500), [gap(1, 3500, 4000)]) == at(4000)
    assert evidence.ran_until(deadline, at(4500), [gap(1, 4300, 4500)]) == deadline


@given(st.lists(STRETCHES), st.lists(STRETCHES), STRETCHES)
def test_stretches_are_sets_of_instants(
    some: list[tuple[int, int]], others: list[tuple[int, int]], bounds: tuple[int, int]
) -> None:
    one, other = [stretch(*each) for each in some], [stretch(*each) for each in others]
    assert seconds_of(joined(one)) == seconds_of(one)
    assert seconds_of(without(one, other)) == seconds_of(one) - seconds_of(other)
    assert seconds_of(within(one, stretch(*bounds))) == seconds_of(one) & set(range(*bounds))
    assert whole_seconds(joined(one)) == len(seconds_of(one))
    for parts in (joined(one), without(one, other), within(one, stretch(*bounds))):
        assert all(first[1] < second[0] for first, second in pairwise(parts))


def test_a_part_of_a_second_is_a_second_of_all_together() -> None:
    half = timedelta(seconds=0.5)
    assert whole_seconds([(START, START + half)]) == 1
    assert whole_seconds([(START, START + half), (START + MINUTE, START + MINUTE + half)]) == 1


@pytest.mark.parametrize(("away", "is_one"), [(3, False), (4, True)])
def test_a_third_of_all_who_began_must_be_witnesses_also_when_most_have_handed_in(
    away: int, is_one: bool
) -> None:
    people = [*ran(away), *(Ran(one, at(0), at(700)) for one in range(away, 12))]
    found = evidence.windows(people, [gap(one, *SEVEN) for one in range(away)], [])
    assert [(one.running, one.begun) for one in found] == ([(away, 12)] if is_one else [])


def test_who_begins_after_the_trouble_is_no_part_of_those_who_had_begun() -> None:
    people = [*ran(3), *(Ran(one, at(1400), at(3600)) for one in range(3, 20))]
    (window,) = evidence.windows(people, [gap(one, *SEVEN) for one in range(3)], [])
    assert (window.running, window.begun) == (3, 3)


def test_a_silence_of_more_than_an_hour_is_having_left() -> None:
    hour = int(evidence.LONGEST.total_seconds())
    assert evidence.left([stretch(100, 100 + hour)]) == ()
    assert evidence.left([stretch(100, 101 + hour), stretch(0, 50)]) == (stretch(100, 101 + hour),)
    assert evidence.left([stretch(0, hour), stretch(600, hour + 1)]) == (stretch(0, hour + 1),)


def test_who_left_is_neither_struck_nor_counted_among_those_who_run() -> None:
    gaps = [gap(one, *SEVEN) for one in range(10)]
    gone = [Ran(one, at(0), at(9000), (stretch(800, 8000),)) for one in range(3)]
    assert evidence.windows([*gone, *(Ran(3, at(0), at(9000)),)], gaps[:3], []) == []
    people = [*gone, *(Ran(one, at(0), at(9000)) for one in range(3, 9))]
    (window,) = evidence.windows(people, gaps[:6], [])
    assert (window.running, window.begun, list(window.lost)) == (6, 9, [3, 4, 5])
