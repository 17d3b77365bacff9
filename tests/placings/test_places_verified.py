"""The verification tells what happened to places again, and names whatever does not follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import PlaceEvent, Placing, SelectionList
from exam_server.placings.worker import Offering
from exam_server.verify import places as check
from tests.conftest import SetClock
from tests.factories import DAY, HOUR, add
from tests.placings.samples import DAY_OF_RESULT, LATER, Places, announce, turned_over

DUE = LATER + timedelta(hours=72)


def slipped_in(places: Places, kind: str, rank: int, at: datetime, after: int = 0) -> None:
    """An event that somebody wrote beside the service."""
    offer = {"due_at": at + HOUR, "vacated_by": places[after].attempt_id} if kind == "offered" else {}
    add(places.db, PlaceEvent(activity_id=places.stand.activity_id, attempt_id=places[rank].attempt_id,
                              kind=kind, at=at, actor_id=None, reason="x", **offer))  # fmt: skip


def sentences(places: Places) -> set[str]:
    return {one.sentence for one in check.look(places.db)[1]}


def test_what_the_service_did_agrees(places: Places) -> None:
    places.note(2, DAY_OF_RESULT - HOUR)
    places.withdraw(1)
    places.decline(3, LATER + HOUR)
    places.take(4, LATER + 2 * HOUR)
    places.grant(places.ask(4, at=LATER + 3 * HOUR), LATER + 3 * HOUR)
    count, problems = check.look(places.db)
    assert (count, problems) == (len(places.events()), [])


def test_nothing_is_looked_at_where_nothing_happened(places: Places) -> None:
    assert check.look(places.db) == (0, [])


@pytest.mark.parametrize(
    ("kind", "rank", "at", "after", "sentence"),
    [
        ("offered", 3, LATER, 2, check.NO_VACANCY),
        ("offered", 4, LATER + HOUR, 1, check.OUT_OF_ORDER),
        ("offered", 3, LATER, 5, check.NO_VACANCY),
        ("offered", 3, DAY_OF_RESULT - HOUR, 2, check.TOO_EARLY),
        ("offered", 2, LATER + HOUR, 1, check.OTHER_QUOTA),
        ("offered", 3, LATER, 2, check.TOO_MANY),
        ("took", 4, LATER, 0, check.NO_OFFER),
        ("declined", 4, LATER, 0, check.NO_OFFER),
        ("withdrew", 2, LATER, 0, check.UNTRAILED),
    ],
)
def test_what_was_slipped_in_is_named(
    places: Places, kind: str, rank: int, at: datetime, after: int, sentence: str
) -> None:
    if after == 1:  # a vacancy before the announcement, which nobody has offered yet
        places.note(1, DAY_OF_RESULT - HOUR)
    slipped_in(places, kind, rank, at, after)
    assert sentence in sentences(places)
    assert check.UNTRAILED in sentences(places)


def test_an_answer_after_the_offer_lapsed_is_named(places: Places) -> None:
    places.withdraw(1)
    slipped_in(places, "took", 3, DUE)
    assert check.NO_OFFER in sentences(places)


def test_somebody_who_is_on_no_list_is_named(places: Places) -> None:
    add(places.db, PlaceEvent(activity_id=places.stand.activity_id, kind="withdrew", at=LATER, reason="x",
                              attempt_id=places.stand.absent[0].attempt_id))  # fmt: skip
    assert check.NO_LIST in sentences(places)


def test_an_event_that_was_taken_away_is_named(places: Places) -> None:
    places.withdraw(1)
    with places.db.write() as tx:
        if places.db.sqlite:
            named = sa.text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'place_event'"
            )
            for name in tx.scalars(named).all():
                tx.execute(sa.text(f"DROP TRIGGER {name}"))
        else:
            tx.execute(sa.text("ALTER TABLE place_event DISABLE TRIGGER USER"))
        tx.execute(sa.delete(PlaceEvent).where(PlaceEvent.kind == "withdrew"))
    assert {check.MISSING, check.NO_VACANCY} <= sentences(places)


def test_a_place_kept_from_an_older_list_uses_one_up_for_the_verification_too(places: Places) -> None:
    places.withdraw(1)
    places.take(3, LATER + HOUR)
    further = further_list(places, (2, 4, 5, 3, 1))
    announce(replace(places.stand, list_id=further), LATER + 2 * HOUR)
    assert places.where(LATER + 3 * HOUR)[:3] == ["withdrew", "accepted", "accepted"]
    places.withdraw(2, LATER + 4 * HOUR)
    assert [one for one in places.events() if one[0] == "offered"] == [("offered", 3)]
    assert check.look(places.db)[1] == []
    slipped_in(places, "offered", 5, LATER + 5 * HOUR, after=2)
    assert check.TOO_MANY in sentences(places)


def test_who_declined_and_would_have_a_place_by_a_further_list_leaves_it_to_the_next_reserve(
    db: Database,
) -> None:
    turns = LATER + DAY
    places = turned_over(db, turns, reserves=3)
    places.withdraw(1)
    places.decline(3, LATER + HOUR)
    places.decline(4, LATER + 2 * HOUR)
    places.take(5, LATER + 3 * HOUR)
    Offering(db, SetClock(turns)).round()
    assert [rank for kind, rank in places.events() if kind == "offered"] == [3, 4, 5, 2]
    with db.read() as tx:
        names = tx.scalars(sa.select(PlaceEvent.vacated_by).where(PlaceEvent.kind == "offered")).all()
    assert names.count(places[3].attempt_id) == 2  # the offered place, and the one of the list
    assert check.look(db)[1] == []
    slipped_in(places, "offered", 1, turns + HOUR, after=4)
    assert check.TOO_MANY in sentences(places)


def further_list(places: Places, order: tuple[int, ...]) -> int:
    """A list by which ranks 2 and 4 are accepted, 5 is the reserve and 3 is not accepted any more."""
    before = {one["attempt_id"]: one for one in places.stand.lines()}
    outcome = {2: "accepted", 4: "accepted", 5: "reserve"}
    with places.db.write() as tx:
        old = tx.get_one(SelectionList, places.stand.list_id)
        row = SelectionList(
            activity_id=old.activity_id, number=2, criteria_id=old.criteria_id, quota_id=old.quota_id,
            result_number=1, reason="Kunci", sha256="0" * 64, asked_by=old.asked_by,
            granted_by=old.granted_by, frozen_at=LATER,
        )  # fmt: skip
        tx.add(row)
        tx.flush()
        for rank, one in enumerate(order, 1):
            said = outcome.get(one, "not_accepted")
            tx.add(Placing(**before[places[one].attempt_id] | {
                "list_id": row.id, "rank": rank, "outcome": said, "reserve": 1 if said == "reserve" else None,
            }))  # fmt: skip
        return row.id
