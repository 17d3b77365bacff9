"""Status Pendaftaran learns what became of a place: from facts alone, and never before the announcement."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest

from exam_server.ranking import chain
from exam_server.ranking.chain import Standing
from exam_server.status import service
from exam_server.status.rules import PLACED, STAGE_OF, Event, Facts, Result, Where, ahead, happened, standing
from tests.factories import DAY, HOUR, MINUTE, START
from tests.placings.samples import DAY_OF_RESULT, LATER, REASON, Places

OUT = START + 9 * DAY
DUE = OUT + 3 * DAY


def facts(
    where: chain.Where, *events: Event, until: datetime | None = None, outcome: str = "reserve"
) -> Facts:
    result = Result(OUT, outcome, Standing(where, until), 2, events)
    return Facts(START - 10 * DAY, accepted_at=START - 9 * DAY, chosen_at=START - 3 * DAY, result=result)


@pytest.mark.parametrize("where", get_args(chain.Where))
def test_every_standing_has_a_word_and_a_stage_and_none_before_its_day(where: chain.Where) -> None:
    known = facts(where, until=DUE if where in ("offered", "lapsed") else None)
    bare = replace(known, result=None)
    before = OUT - timedelta(microseconds=1)
    assert standing(known, before) == standing(bare, before)
    assert happened(known, before) == happened(bare, before)
    assert standing(known, OUT)[0] == PLACED[where]
    assert ahead(PLACED[where]) == (("result",) if where in ("offered", "reserve") else ())


def test_every_word_has_its_stage() -> None:
    assert set(STAGE_OF) == set(get_args(Where))


def test_a_lapse_is_an_event_of_the_clock() -> None:
    offered = Event("offered", OUT + HOUR, due_at=DUE)
    told = happened(facts("lapsed", offered, until=DUE), DUE)
    assert [(one.kind, one.at) for one in told][-3:] == [("announced", OUT), ("offered", OUT + HOUR),
                                                         ("offer_lapsed", DUE)]  # fmt: skip
    assert standing(facts("offered", offered, until=DUE), DUE - MINUTE) == ("offered", DUE)


def test_what_happened_before_the_announcement_is_told_with_it() -> None:
    known = facts("withdrew", Event("withdrew", OUT - DAY, text="Surat"))
    assert "withdrew" not in {one.kind for one in happened(known, OUT - MINUTE)}
    assert [one.kind for one in happened(known, OUT)][-2:] == ["withdrew", "announced"]


def told(places: Places, rank: int, at: datetime) -> service.Recruited:
    return service.timelines(places.db, places[rank].run.candidate_id, at)[0]


def test_the_timeline_follows_the_places(places: Places) -> None:
    at = DAY_OF_RESULT - MINUTE
    assert [told(places, rank, at).where for rank in range(1, 6)] == ["submitted"] * 5
    assert [(told(places, rank, LATER).where, told(places, rank, LATER).reserve) for rank in range(1, 6)] == [
        ("accepted_final", None), ("accepted_final", None), ("reserve", 1), ("reserve", 2),
        ("not_accepted", None),
    ]  # fmt: skip
    places.withdraw(1)
    own = told(places, 3, LATER)
    assert (own.where, own.until) == ("offered", LATER + timedelta(hours=72))
    event = own.told[-1]
    assert (event.event.kind, len(event.letters)) == ("offered", 1)
    places.take(3, LATER + HOUR)
    assert told(places, 3, LATER + HOUR).where == "accepted_final"
    places.grant(places.ask(2, "disqualified"))
    ended = told(places, 2, LATER).told[-1].event
    assert (ended.kind, ended.text) == ("disqualified", REASON)
    assert told(places, 4, LATER + timedelta(hours=72)).where == "offer_lapsed"
