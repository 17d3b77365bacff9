"""Who let an offer run out is told so once, by whichever round comes first after its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exam_server.db import Database
from exam_server.placings import lapses, offers
from exam_server.placings.refusals import OfferOver
from exam_server.placings.worker import Offering
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE
from tests.placings.samples import LATER, Places, turned_over
from tests.placings.test_place_races import at_once

OVER = LATER + timedelta(hours=72)
LAPSED = "Tawaran tempat sudah lewat"


def told(places: Places, rank: int) -> list[str]:
    """Letters to that rank about an offer that is over."""
    return [one.body for one in places.letters(rank) if one.subject.startswith(LAPSED)]


def test_who_let_an_offer_run_out_is_told_once(places: Places) -> None:
    places.withdraw(1)
    clock = SetClock(OVER - MINUTE)
    worker = Offering(places.db, clock)
    worker.round()
    assert told(places, 3) == []
    for clock.at in (OVER, OVER + MINUTE, OVER + HOUR):
        worker.round()
    (body,) = told(places, 3)
    assert "sudah lewat" in body
    assert [len(told(places, rank)) for rank in range(1, 6)] == [0, 0, 1, 0, 0]
    assert places.where(OVER)[2:4] == ["lapsed", "offered"]


def test_the_letter_comes_also_when_another_act_offered_the_place_on(places: Places) -> None:
    places.withdraw(1)
    offers.catch_up(places.db, places.stand.activity_id, OVER)
    assert told(places, 3) == []
    assert (lapses.tell(places.db, OVER), lapses.tell(places.db, OVER)) == (1, 0)
    assert len(told(places, 3)) == 1


def test_the_last_reserve_is_told_although_nobody_is_left_to_be_offered_the_place(places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER)
    Offering(places.db, SetClock(OVER)).round()
    assert (len(told(places, 4)), len(told(places, 3))) == (1, 0)


@pytest.mark.parametrize("answer", ["take", "decline", "note"])
def test_whoever_answered_or_left_is_told_nothing_of_a_lapse(places: Places, answer: str) -> None:
    places.withdraw(1)
    getattr(places, answer)(3, LATER + HOUR)
    assert lapses.tell(places.db, OVER) == 0
    assert told(places, 3) == []


def test_many_rounds_at_once_write_one_letter(places: Places) -> None:
    places.withdraw(1)
    clock = SetClock(OVER)
    assert at_once([lambda: Offering(places.db, clock).round()] * 8) == {"ok": 8}
    assert len(told(places, 3)) == 1


def test_who_was_told_that_it_is_over_cannot_answer_by_a_slower_clock(places: Places) -> None:
    places.withdraw(1)
    places.note(4)  # nobody is left to be offered the place
    assert lapses.tell(places.db, OVER) == 1
    for act in (places.take, places.decline):
        with pytest.raises(OfferOver):
            act(3, OVER - MINUTE)


def test_an_offer_that_ran_out_long_ago_is_no_news(places: Places) -> None:
    places.withdraw(1)
    assert lapses.tell(places.db, OVER + lapses.MEMORY) == 0
    assert lapses.tell(places.db, OVER + lapses.MEMORY - MINUTE) == 1


def test_whom_a_further_list_gives_a_place_is_told_nothing(db: Database) -> None:
    places = turned_over(db, at=LATER + HOUR)
    places.withdraw(1)
    assert places.standing(3, OVER).where == "accepted"
    assert lapses.tell(db, OVER) == 0
