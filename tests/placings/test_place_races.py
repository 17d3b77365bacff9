"""Many hands on the same places at once: one offer for each place, and never one person more than places."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.models import PlaceEvent
from exam_server.placings import offers
from exam_server.placings.published import in_force
from exam_server.placings.worker import Offering
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE
from tests.placings.samples import ACTS, LATER, Places

OVER = LATER + timedelta(hours=72)


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """What acts that begin together came to: `ok`, or the name of what was raised."""
    together, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        together.wait(30)
        try:
            act()
            told.append("ok")
        except Exception as problem:
            told.append(type(problem).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return Counter(told)


def kinds(places: Places) -> Counter[str]:
    return Counter(kind for kind, _ in places.events())


def holders(places: Places) -> int:
    """Who has a place, or may still take one, a little after the offers lapse."""
    return sum(one in ("accepted", "offered") for one in places.where(OVER + MINUTE))


def test_two_officials_who_end_two_places_at_once_offer_both_to_two_people(places: Places) -> None:
    asked = [places.ask(rank) for rank in (1, 2)]

    def grant(public_id: str) -> Callable[[], None]:
        return lambda: approvals.grant(places.db, ACTS, public_id, places.stand.second, LATER)

    assert at_once([grant(one) for one in asked]) == {"ok": 2}
    assert places.where(LATER)[:4] == ["cancelled", "cancelled", "offered", "offered"]


def test_taking_while_the_offer_lapses_leaves_one_holder(places: Places) -> None:
    places.withdraw(1)
    clock = SetClock(OVER)
    told = at_once([lambda: places.take(3, OVER - timedelta(microseconds=1)),
                    lambda: Offering(places.db, clock).round()])  # fmt: skip
    assert told in ({"ok": 2}, {"ok": 1, "OfferOver": 1})
    assert holders(places) == 2


def test_taking_twice_at_once_is_taken_once(places: Places) -> None:
    places.withdraw(1)
    assert at_once([lambda: places.take(3, LATER + HOUR)] * 6) == {"ok": 6}
    assert kinds(places) == {"withdrew": 1, "offered": 1, "took": 1}
    assert len(places.letters(3)) == 2


def test_withdrawing_and_taking_at_once_ends_gone_and_offers_on(places: Places) -> None:
    places.withdraw(1)
    told = at_once([lambda: places.take(3, LATER + HOUR), lambda: places.withdraw(3, LATER + HOUR)])
    assert told in ({"ok": 2}, {"ok": 1, "AlreadyLeft": 1})
    assert places.where(LATER + HOUR)[2:4] == ["withdrew", "offered"]


def test_many_workers_at_once_make_one_offer(places: Places) -> None:
    places.withdraw(1)
    clock = SetClock(OVER)
    assert at_once([lambda: Offering(places.db, clock).round()] * 8) == {"ok": 8}
    assert kinds(places) == {"withdrew": 1, "offered": 2}
    assert len(places.letters(4)) == 1


def naive(db: Database, activity_id: int, together: threading.Barrier) -> None:
    """Reads in one transaction and writes in another, holding nothing."""
    with db.read() as tx:
        (due,) = offers.due(tx, activity_id, in_force(tx, activity_id, OVER), OVER)
    together.wait(30)
    with db.write() as tx:
        tx.add(PlaceEvent(activity_id=activity_id, attempt_id=due.attempt, kind="offered", at=OVER, reason="",
                          due_at=OVER + HOUR, vacated_by=due.vacated_by))  # fmt: skip


def test_control_workers_that_hold_nothing_make_the_same_offer_and_the_schema_refuses_it(
    places: Places,
) -> None:
    places.withdraw(1)
    together = threading.Barrier(4)
    told = at_once([lambda: naive(places.db, places.stand.activity_id, together)] * 4)
    assert told == {"ok": 1, IntegrityError.__name__: 3}
