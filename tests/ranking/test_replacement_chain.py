"""Places after the freeze, whatever happens in whatever order: no place too many, none idle, nobody twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exam_server.ranking.chain import LEFT, Event, Offer, offers_due, standings
from exam_server.ranking.rules import TEST, Component, Criteria, Placed, Quota, Runner, select
from tests.factories import DAY, HOUR, START
from tests.ranking.fields import all_quotas, fields

CRITERIA = Criteria((Component(TEST, Fraction(100)),), lot="undian")
OFFERED_FOR = 3 * DAY


class Places(RuleBasedStateMachine):
    """Everything that officials, candidates and the clock can do to the places of one frozen list."""

    @initialize(told=fields(24), quotas=all_quotas(), reserves=st.integers(0, 5))
    def freeze(self, told: list[Runner], quotas: list[Quota], reserves: int) -> None:
        self.quotas, self.now, self.told, self.reserves = quotas, START, told, reserves
        self.kept: set[int] = set()
        self.lists = 1
        self.placed: tuple[Placed, ...] = select(CRITERIA, told, quotas, reserves)
        self.by_attempt = {one.attempt: one for one in self.placed}
        self.events: list[Event] = []
        self.gone: set[int] = set()

    def standing_as(self, *where: str) -> list[int]:
        return [attempt for attempt, one in self.where().items() if one.where in where]

    def where(self) -> dict[int, object]:
        return standings(self.placed, self.events, self.now)  # type: ignore[return-value]

    def happens(self, kind: str, attempt: int, **named: object) -> None:
        self.events.append(Event(kind, attempt, self.now, **named))  # type: ignore[arg-type]

    @rule(data=st.data(), kind=st.sampled_from(["withdrew", "disqualified", "cancelled"]))
    @precondition(lambda self: self.standing_as("accepted", "reserve", "offered", "not_accepted"))
    def somebody_leaves(self, data: st.DataObject, kind: str) -> None:
        there = self.standing_as("accepted", "reserve", "offered", "not_accepted")
        self.happens(kind, data.draw(st.sampled_from(there)))

    @rule()
    def due_offers_are_made(self) -> None:
        for offer in offers_due(self.placed, self.events, self.now):
            self.offer(offer)

    @rule()
    @precondition(lambda self: offers_due(self.placed, self.events, self.now))
    def only_one_due_offer_is_made(self) -> None:
        self.offer(offers_due(self.placed, self.events, self.now)[0])

    def offer(self, offer: Offer) -> None:
        self.happens("offered", offer.attempt, due_at=self.now + OFFERED_FOR, vacated_by=offer.vacated_by)
        quota = self.by_attempt[offer.attempt].quota
        assert quota is not None
        assert self.held(quota) <= self.quotas[quota].places

    @rule(data=st.data(), answer=st.sampled_from(["took", "declined"]))
    @precondition(lambda self: self.standing_as("offered"))
    def somebody_answers(self, data: st.DataObject, answer: str) -> None:
        self.happens(answer, data.draw(st.sampled_from(self.standing_as("offered"))))

    @rule(data=st.data())
    @precondition(lambda self: self.told and self.lists < 4)
    def a_corrected_list_comes(self, data: st.DataObject) -> None:
        points = st.integers(0, 4).map(lambda right: Fraction(right, 4))
        for index in data.draw(st.sets(st.integers(0, len(self.told) - 1), min_size=1)):
            one = self.told[index]
            self.told[index] = replace(one, shares={**one.shares, TEST: data.draw(points)})
        self.placed = select(CRITERIA, self.told, self.quotas, self.reserves)
        self.by_attempt = {one.attempt: one for one in self.placed}
        self.lists += 1
        self.kept = {a for a in self.standing_as("accepted", "offered")
                     if self.by_attempt[a].outcome != "accepted"}  # fmt: skip
        accepted = {one.attempt for one in self.placed if one.outcome == "accepted"}
        self.gone -= accepted - set(self.standing_as(*LEFT))

    @rule(hours=st.integers(1, 100))
    def time_goes_by(self, hours: int) -> None:
        self.now += hours * HOUR

    @invariant()
    def a_quota_never_has_more_than_its_places_and_what_an_older_list_promised(self) -> None:
        for index, quota in enumerate(self.quotas):
            kept = self.kept.intersection(self.standing_as("accepted", "offered"))
            promised = sum(self.by_attempt[attempt].quota == index for attempt in kept)
            assert self.held(index) - promised <= quota.places

    @invariant()
    def places_are_held_by_somebody_while_reserves_wait_and_offers_are_made(self) -> None:
        due = offers_due(self.placed, self.events, self.now)
        for index in range(len(self.quotas)):
            mine = [one for one in due if self.by_attempt[one.attempt].quota == index]
            waiting = [a for a in self.standing_as("reserve") if self.by_attempt[a].quota == index]
            filled = sum(one.outcome == "accepted" and one.quota == index for one in self.placed)
            free = filled - self.held(index)
            assert len(mine) == min(max(free, 0), len(waiting))

    def held(self, index: int) -> int:
        there = self.standing_as("accepted", "offered")
        return sum(self.by_attempt[attempt].quota == index for attempt in there)

    @invariant()
    def nobody_is_offered_twice_and_no_place_is(self) -> None:
        offers = [one for one in self.events if one.kind == "offered"]
        due = offers_due(self.placed, self.events, self.now)
        asked = Counter([one.attempt for one in offers] + [one.attempt for one in due])
        places = Counter([one.vacated_by for one in offers] + [one.vacated_by for one in due])
        assert all(count == 1 for count in asked.values())
        # a further list may give a place of their own to who was offered another, and left it
        assert all(count <= min(self.lists, 2) for count in places.values())

    @invariant()
    def an_offer_goes_to_the_next_reserve_of_the_same_quota(self) -> None:
        for offer in offers_due(self.placed, self.events, self.now):
            one = self.by_attempt[offer.attempt]
            assert one.quota == self.by_attempt[offer.vacated_by].quota
        for index in range(len(self.quotas)):
            order = [self.by_attempt[one.attempt].reserve for one in self.events
                     if one.kind == "offered" and self.by_attempt[one.attempt].quota == index
                     and self.lists == 1]  # fmt: skip
            order += [self.by_attempt[one.attempt].reserve
                      for one in offers_due(self.placed, self.events, self.now)
                      if self.by_attempt[one.attempt].quota == index]  # fmt: skip
            assert order == sorted(order)

    @invariant()
    def who_left_never_returns(self) -> None:
        here = self.standing_as("accepted", "offered", "reserve")
        assert self.gone.isdisjoint(here)
        self.gone |= set(self.standing_as(*LEFT, "lapsed"))

    @invariant()
    def who_is_not_eligible_or_too_far_behind_is_offered_nothing(self) -> None:
        offered = {one.attempt for one in offers_due(self.placed, self.events, self.now)}
        assert all(self.by_attempt[attempt].outcome == "reserve" for attempt in offered)


Places.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestPlaces = Places.TestCase


def placed(attempt: int, outcome: str, reserve: int | None = None) -> Placed:
    return Placed(attempt, outcome, Fraction(50), attempt, 0, reserve)  # type: ignore[arg-type]


LIST = (
    placed(1, "accepted"), placed(2, "accepted"), placed(3, "reserve", 1), placed(4, "reserve", 2)
)  # fmt: skip


def test_an_offer_that_runs_out_goes_on_to_the_next_reserve() -> None:
    left = Event("withdrew", 1, START)
    assert offers_due(LIST, [left], START) == (Offer(3, 1),)
    made = Event("offered", 3, START, START + OFFERED_FOR, 1)
    last = START + OFFERED_FOR - timedelta(microseconds=1)
    assert standings(LIST, [left, made], last)[3].where == "offered"
    assert offers_due(LIST, [left, made], last) == ()
    assert standings(LIST, [left, made], START + OFFERED_FOR)[3].where == "lapsed"
    assert offers_due(LIST, [left, made], START + OFFERED_FOR) == (Offer(4, 3),)


def test_who_takes_an_offer_is_accepted_instead_of_whom_they_replace() -> None:
    events = [
        Event("withdrew", 1, START), Event("offered", 3, START, START + DAY, 1),
        Event("took", 3, START + HOUR),
    ]  # fmt: skip
    standing = standings(LIST, events, START + 2 * DAY)[3]
    assert (standing.where, standing.instead_of) == ("accepted", 1)
    assert offers_due(LIST, events, START + 2 * DAY) == ()


def test_two_who_leave_are_replaced_in_the_order_in_which_they_left() -> None:
    events = [Event("withdrew", 2, START), Event("disqualified", 1, START + HOUR)]
    assert offers_due(LIST, events, START + DAY) == (Offer(3, 2), Offer(4, 1))


def test_a_place_stays_empty_when_no_reserve_of_the_quota_is_left() -> None:
    events = [Event("withdrew", 3, START), Event("withdrew", 4, START), Event("withdrew", 1, START)]
    assert offers_due(LIST, events, START) == ()


CORRECTED = (
    placed(3, "accepted"), placed(4, "accepted"), placed(1, "reserve", 1), placed(2, "reserve", 2)
)  # fmt: skip
TAKEN = [
    Event("withdrew", 1, START), Event("offered", 3, START, START + DAY, 1), Event("took", 3, START + HOUR)
]  # fmt: skip
FURTHER = (
    placed(5, "accepted"), placed(6, "accepted"), placed(2, "reserve", 1), placed(4, "reserve", 2),
    placed(3, "not_accepted"), placed(1, "not_accepted"),
)  # fmt: skip


def test_who_took_a_place_keeps_it_on_a_further_list_and_uses_one_up() -> None:
    assert standings(FURTHER, TAKEN, START + DAY)[3].where == "accepted"
    once = [*TAKEN, Event("withdrew", 5, START + DAY)]
    assert offers_due(FURTHER, once, START + DAY) == ()
    twice = [*once, Event("withdrew", 6, START + 2 * DAY)]
    assert offers_due(FURTHER, twice, START + 2 * DAY) == (Offer(2, 5),)


def test_an_open_offer_stands_on_a_further_list_and_uses_one_up_until_it_lapses() -> None:
    events = [*TAKEN[:2], Event("withdrew", 5, START + HOUR)]
    assert standings(FURTHER, events, START + HOUR)[3].where == "offered"
    assert offers_due(FURTHER, events, START + HOUR) == ()
    assert standings(FURTHER, events, START + DAY)[3].where == "lapsed"
    assert offers_due(FURTHER, events, START + DAY) == (Offer(2, 5),)


def test_silence_to_an_offer_takes_nothing_that_a_further_list_gives() -> None:
    assert standings(LIST, TAKEN[:2], START + DAY)[3].where == "lapsed"
    assert standings(CORRECTED, TAKEN[:2], START + DAY)[3].where == "accepted"
    declined = [*TAKEN[:2], Event("declined", 3, START + HOUR)]
    assert standings(CORRECTED, declined, START + DAY)[3].where == "declined"


def test_whom_a_further_list_gives_a_place_leaves_the_offered_one() -> None:
    further = (placed(1, "accepted"), placed(3, "accepted"), placed(2, "reserve", 1))
    assert offers_due(further, TAKEN, START + DAY) == (Offer(2, 3),)


def test_who_left_an_offered_place_and_would_have_an_own_one_leaves_two() -> None:
    events = [
        Event("withdrew", 1, START), Event("offered", 3, START, START + DAY, 1), Event("declined", 3, START),
        Event("offered", 4, START, START + DAY, 3), Event("declined", 4, START),
        Event("offered", 5, START, START + DAY, 4), Event("took", 5, START),
    ]  # fmt: skip
    further = (placed(3, "accepted"), placed(4, "accepted"), placed(1, "not_accepted"),
               placed(5, "not_accepted"), placed(2, "reserve", 1), placed(6, "reserve", 2))  # fmt: skip
    assert offers_due(further, events, START + HOUR) == (Offer(2, 3),)
    again = [*events, Event("withdrew", 5, START + HOUR)]
    assert offers_due(further, again, START + HOUR) == (Offer(2, 3), Offer(6, 4))
