"""Screeners who all press "next" at the same instant: nobody gets what somebody else got."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Activity, Office, Phase, Screening
from exam_server.screening import claims, service
from exam_server.screening.refusals import AlreadyDecided
from exam_server.screening.standings import unclaimed, waiting
from tests.screening.cast import Filed, agree_to_all
from tests.screening.crowd import Place, add_crowd
from tests.worlds import World

APPLICATIONS = 200
Take = Callable[[Database, int, int, datetime], str | None]


@pytest.fixture
def later(world: World) -> datetime:
    """When everybody has applied; a fifth of them does not wait."""
    now = world.now + timedelta(days=1)
    with world.db.read() as tx:
        place = Place(tx.get_one(Activity, world.registration_id), tx.get_one(Office, world.office_id))
    add_crowd(world.db, place, APPLICATIONS, now)
    with world.db.write() as tx:
        facts = ("decision", "decided_at", "reason_code", "asked_at", "due_at")
        tx.execute(sa.update(Screening).values(dict.fromkeys(facts)))
        tx.add(Phase(recruitment_id=place.activity.recruitment_id, position=3, kind="screening",
                     title={"id": "Seleksi"}, note={"id": ""}))  # fmt: skip
    return now


def handed_out(world: World, take: Take, screeners: int, now: datetime) -> list[str]:
    """Public ids in the order in which all of them together got theirs, until none was left."""
    people = [world.official("screener").id for _ in range(screeners)]
    start, got = threading.Barrier(screeners), [list[str]() for _ in people]

    def work(mine: list[str], person: int) -> None:
        start.wait(60)
        while (found := take(world.db, world.registration_id, person, now)) is not None:
            mine.append(found)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(got, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert all(mine for mine in got), "somebody got nothing: they did not really work at the same time"
    return [public_id for mine in got for public_id in mine]


@pytest.mark.parametrize("screeners", [2, 8])
def test_no_two_screeners_get_the_same_application(world: World, later: datetime, screeners: int) -> None:
    got = handed_out(world, claims.claim_next, screeners, later)
    assert len(got) == len(set(got)) == APPLICATIONS


def test_control_reading_before_writing_hands_one_application_to_several(
    world: World, later: datetime
) -> None:
    together = threading.Barrier(8)

    def naive(db: Database, activity_id: int, official_id: int, now: datetime) -> str | None:
        with db.read() as tx:
            oldest = tx.scalars(
                sa.select(Screening)
                .where(Screening.activity_id == activity_id, waiting(), unclaimed(now))
                .order_by(Screening.sent_at).limit(1)
            ).first()  # fmt: skip
        if oldest is None:
            return None
        together.wait(60)  # everybody has read before anybody writes: the worst case, every time
        with db.write() as tx:
            # in one order, so that the eight do not also wait for each other in a circle
            tx.execute(sa.select(Screening).order_by(Screening.application_id).with_for_update())
            everything = sa.update(Screening).where(Screening.activity_id == activity_id)
            tx.execute(everything.values(claimed_by=official_id, claimed_until=now + timedelta(minutes=10)))
        return oldest.public_id

    got = handed_out(world, naive, 8, later)
    assert len(got) == 8
    assert len(set(got)) == 1


def test_of_two_decisions_at_the_same_instant_one_stands(world: World, later: datetime) -> None:
    with world.db.read() as tx:
        row = tx.scalars(sa.select(Screening).order_by(Screening.sent_at).limit(1)).one()
    filed = Filed(0, row.application_id, row.public_id)
    people = [world.official("screener").id for _ in range(8)]
    agree_to_all(world.db, filed, people[0], later)
    start, told = threading.Barrier(len(people)), []

    def decide(person: int, accepts: bool) -> None:
        start.wait(60)
        try:
            if accepts:
                service.accept(world.db, filed.public_id, 1, person, later)
            else:
                service.reject(world.db, filed.public_id, 1, "false_statement", "", person, later)
            told.append("accepted" if accepts else "rejected")
        except AlreadyDecided:
            told.append("")

    threads = [threading.Thread(target=decide, args=(one, at % 2 == 0)) for at, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert sorted(told)[:-1] == [""] * (len(people) - 1)
    with world.db.read() as tx:
        assert tx.get_one(Screening, filed.id).decision == max(told)
        kinds = sa.text("SELECT kind FROM screening_event WHERE application_id = :id")
        assert list(tx.scalars(kinds, {"id": filed.id})) == [max(told)]
