"""The last seats: through HTTP, on a real server, on both databases, exactly as many as there are."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exam_server.db import Database
from exam_server.models import Booking, Sitting
from exam_server.rehearsal.door import Answer, Door
from tests.faults.sizes import size
from tests.servers import ExamServer
from tests.worlds import Somebody, World, wall

CHOOSERS = size(60, 200)
SEATS_LEFT, SEATS_TAKEN = 8, 4
AT_A_TIME = 20
"""How many fetch their page at once, so that getting ready is no stampede of its own."""

WITHIN = 150.0


async def rush(url: str, tokens: Sequence[str], sittings: Sequence[str]) -> list[Answer]:
    """Everybody gets ready, then all choose at once; the answers in order."""
    doors = [Door(url, patience=WITHIN) for _ in tokens]
    gate = asyncio.Semaphore(AT_A_TIME)

    async def ready(door: Door, token: str) -> None:
        door.adopt(token)
        async with gate:
            (await door.read_token("/choose")).accepted()

    try:
        await asyncio.gather(*(ready(door, token) for door, token in zip(doors, tokens, strict=True)))
        choices = zip(doors, sittings, strict=True)
        return await asyncio.gather(*(door.post("/choose", form={"sitting": one}) for door, one in choices))
    finally:
        for door in doors:
            await door.close()


def counts(world: World, sitting: str) -> tuple[int, int]:
    """(bookings in the table, the sitting's own counter)."""
    rows = world.scalar(
        "SELECT count(*) FROM booking b JOIN sitting s ON s.id = b.sitting_id WHERE s.public_id = :sitting",
        sitting=sitting,
    )
    taken = world.scalar("SELECT taken FROM sitting WHERE public_id = :sitting", sitting=sitting)
    return int(rows), int(taken)


def test_exactly_the_seats_that_are_left_are_booked_and_everybody_else_is_told(
    world: World, server: ExamServer
) -> None:
    sitting = world.sitting(SEATS_LEFT + SEATS_TAKEN)
    world.booked(SEATS_TAKEN, sitting)
    tokens = [world.token(person) for person in world.accepted(CHOOSERS)]
    answers = asyncio.run(rush(server.url, tokens, [sitting] * CHOOSERS))
    told = Counter((answer.status, answer.code) for answer in answers)
    assert told == {(303, ""): SEATS_LEFT, (409, "sitting_full"): CHOOSERS - SEATS_LEFT}, server.log[-2000:]
    assert counts(world, sitting) == (SEATS_LEFT + SEATS_TAKEN,) * 2
    assert world.scalar("SELECT count(*) FROM attempt") == SEATS_LEFT + SEATS_TAKEN


def test_every_refused_chooser_reads_a_sentence_that_says_full(world: World, server: ExamServer) -> None:
    sitting = world.sitting(1)
    tokens = [world.token(person) for person in world.accepted(6)]
    answers = asyncio.run(rush(server.url, tokens, [sitting] * 6))
    refused = [answer.body for answer in answers if answer.code]
    assert len(refused) == 5
    assert all("penuh" in body["sentence"] and body["ok"] is False for body in refused)


def test_twenty_parallel_choices_of_one_candidate_are_one_booking(world: World, server: ExamServer) -> None:
    sitting = world.sitting(50)
    (person,) = world.accepted(1)
    answers = asyncio.run(rush(server.url, [world.token(person) for _ in range(20)], [sitting] * 20))
    assert {answer.status for answer in answers} == {303}
    assert counts(world, sitting) == (1, 1)


def test_one_candidate_who_chooses_two_sittings_at_once_keeps_exactly_one(
    world: World, server: ExamServer
) -> None:
    first, second = world.sitting(50), world.sitting(50)
    (person,) = world.accepted(1)
    answers = asyncio.run(rush(server.url, [world.token(person) for _ in range(20)], [first, second] * 10))
    told = Counter((answer.status, answer.code) for answer in answers)
    assert told == {(303, ""): 10, (409, "already_chosen"): 10}
    assert sorted([counts(world, first), counts(world, second)]) == [(0, 0), (1, 1)]


def naive_choice(db: Database, person: Somebody, sitting: str, together: threading.Barrier) -> bool:
    """What the service would be without its statement: read, decide, write, each in its own transaction."""
    with db.read() as tx:
        wanted = tx.scalars(sa.select(Sitting).where(Sitting.public_id == sitting)).one()
        taken = tx.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.sitting_id == wanted.id)) or 0
    together.wait(60)  # everybody has read before anybody writes: the worst case, every time
    if taken >= wanted.capacity:
        return False
    with db.write() as tx:
        tx.add(Booking(candidate_id=person.id, activity_id=wanted.activity_id, sitting_id=wanted.id,
                       chosen_at=wall()))  # fmt: skip
    return True


def test_control_reading_before_writing_overbooks(world: World) -> None:
    sitting, people = world.sitting(SEATS_LEFT), world.accepted(15)
    together = threading.Barrier(len(people))
    won: list[bool] = []
    threads = [
        threading.Thread(target=lambda who=who: won.append(naive_choice(world.db, who, sitting, together)))
        for who in people
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert won == [True] * len(people)
    assert counts(world, sitting)[0] > SEATS_LEFT


@pytest.mark.parametrize("change", ["taken = taken + 1", "taken = taken - 1", "taken = -1"])
def test_the_schema_refuses_a_counter_beyond_capacity_or_a_seat_given_back(world: World, change: str) -> None:
    sitting = world.sitting(1)
    world.booked(1, sitting)
    statement: Any = sa.text(f"UPDATE sitting SET {change} WHERE public_id = :sitting")
    with pytest.raises(IntegrityError), world.db.write() as tx:
        tx.execute(statement, {"sitting": sitting})
    assert counts(world, sitting) == (1, 1)
