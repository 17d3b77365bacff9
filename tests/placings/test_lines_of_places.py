"""Every place is drawn once, also after further lists; and nobody who holds one is drawn twice or hidden."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from fractions import Fraction

from hypothesis import settings
from hypothesis.stateful import invariant

from exam_server.placings.lines import Holder, Holders, Line, Noted, lines_of
from exam_server.placings.persons import Person
from exam_server.ranking.chain import Event, offers_due, standings
from exam_server.ranking.rules import Placed
from tests.factories import DAY, HOUR, START
from tests.ranking.test_replacement_chain import Places


def holders_of(placed: tuple[Placed, ...], events: list[Event], now: object) -> dict[int | None, Holders]:
    """By quota, as the page of places reads them."""
    where = standings(placed, events, now)  # type: ignore[arg-type]
    noted: dict[int, list[Noted]] = defaultdict(list)
    for one in events:
        noted[one.attempt].append(Noted(one.kind, one.at, "", "", one.due_at, one.vacated_by))
    found: dict[int | None, dict[int, Holder]] = defaultdict(dict)
    for each in placed:
        if each.outcome in ("accepted", "reserve") or each.attempt in noted:
            person = Person(each.attempt, str(each.attempt), each.attempt, str(each.attempt), "")
            found[each.quota][each.attempt] = Holder(person, each, where[each.attempt],
                                                     tuple(noted[each.attempt]))  # fmt: skip
    return dict(found)


class Drawn(Places):
    """The same play, looked at line by line."""

    @invariant()
    def lines_agree_with_the_chain(self) -> None:
        due = [one.vacated_by for one in offers_due(self.placed, self.events, self.now)]
        for holders in holders_of(self.placed, self.events, self.now).values():
            lines = lines_of(holders, due)
            fates = Counter(line.fate for line in lines)
            shown = Counter(one.person.attempt_id for line in lines for one in line.holders)
            holding = Counter(attempt for attempt, one in holders.items() if one.holds)
            given = sum(one.own for one in holders.values())
            assert max(shown.values(), default=1) == 1
            ends = [line.holders[-1] for line in lines if line.fate in ("held", "offered")]
            assert Counter(one.person.attempt_id for one in ends) == holding
            assert all(not one.holds for line in lines for one in line.holders[:-1])
            assert fates["due"] == sum(name in holders for name in due)
            assert len(lines) - fates["closed"] == max(given, holding.total())
            if self.lists == 1:
                assert (fates["closed"], [line for line in lines if line.kept]) == (0, [])


Drawn.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestDrawn = Drawn.TestCase


def placed(attempt: int, outcome: str, reserve: int | None = None) -> Placed:
    return Placed(attempt, outcome, Fraction(50), attempt, 0, reserve)  # type: ignore[arg-type]


MOVED = [
    Event("withdrew", 1, START), Event("offered", 3, START, START + DAY, 1), Event("took", 3, START + HOUR)
]  # fmt: skip
"""By the first list 1 and 2 had the places; 3 came for 1."""


def drawn(list_: tuple[Placed, ...], events: list[Event], hours: int) -> list[tuple[list[int], str]]:
    now = START + timedelta(hours=hours)
    due = [one.vacated_by for one in offers_due(list_, events, now)]
    lines: tuple[Line, ...] = lines_of(holders_of(list_, events, now)[0], due)
    return [([one.person.attempt_id for one in line.holders], line.fate) for line in lines]


def test_on_the_first_list_a_line_is_who_left_and_who_came() -> None:
    first = (placed(1, "accepted"), placed(2, "accepted"), placed(3, "reserve", 1), placed(4, "reserve", 2))
    assert drawn(first, MOVED, 2) == [([1, 3], "held"), ([2], "held")]


def test_whom_a_further_list_gives_a_place_stands_apart_from_the_one_that_they_were_offered() -> None:
    further = (placed(1, "accepted"), placed(3, "accepted"), placed(2, "reserve", 1))
    assert drawn(further, MOVED, 2) == [([1], "due"), ([3], "held")]
    came = [*MOVED, Event("offered", 2, START + 2 * HOUR, START + DAY, 3)]
    assert drawn(further, came, 3) == [([1, 2], "offered"), ([3], "held")]


def test_who_keeps_a_place_that_a_further_list_does_not_give_uses_up_the_next_that_is_left() -> None:
    given = placed(5, "accepted"), placed(6, "accepted")
    further = (*given, placed(2, "reserve", 1), placed(3, "not_accepted"))
    assert drawn(further, MOVED, 2) == [([5], "held"), ([6], "held"), ([3], "held")]
    once = [*MOVED, Event("withdrew", 5, START + 2 * HOUR)]
    assert drawn(further, once, 3) == [([5], "closed"), ([6], "held"), ([3], "held")]
    twice = [*once, Event("withdrew", 6, START + 3 * HOUR)]
    assert [fate for _, fate in drawn(further, twice, 4)] == ["due", "closed", "held"]
    twice.append(Event("offered", 2, START + 4 * HOUR, START + DAY, 5))
    assert drawn(further, twice, 5) == [([5, 2], "offered"), ([6], "closed"), ([3], "held")]


def test_an_own_place_left_after_an_offered_one_was_passed_on_stays_in_its_own_line() -> None:
    further = (placed(1, "accepted"), placed(3, "accepted"), placed(2, "reserve", 1), placed(4, "reserve", 2))
    left = [*MOVED, Event("withdrew", 3, START + 2 * HOUR),
            Event("offered", 2, START + 2 * HOUR, START + DAY, 3)]  # fmt: skip
    assert drawn(further, left, 3) == [([1], "due"), ([3, 2], "offered")]
