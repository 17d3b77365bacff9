"""F14 (b): the server is away at the deadline: the first sweep closes everybody as of it; the gap is told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.exam import service
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.models import Attempt, Outage, OutageScope
from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from exam_server.rehearsal.journal import Journal
from tests.faults import clocked
from tests.faults.check import complaints
from tests.faults.clocked import closed
from tests.faults.clocks import Clocks
from tests.faults.crowd import seed_said, until
from tests.faults.sizes import size
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

ALLOWED, GRACE = 600, 1
LEFT = 12.0
"""Seconds that are left when everybody sits down."""

KILLED_BEFORE = 5.0
LATE = {"two minutes": 120.0, "two hours": 7200.0}
PEOPLE = size(3, 10)
SWEPT, KILLS = size((24, 1), (90, 5))
CROWDS = 12
"""A busy machine may sweep a whole crowd before anybody sees it begin: then another one comes."""

IDLE = 2.0
"""Seconds in which a sweeper would have closed what is due."""

WITHIN = size(60.0, 20.0)
VARIANT = Path(__file__).with_name("variant.py")

clocks, database_url, server = clocked.clocks, clocked.database_url, clocked.server


@dataclass
class Away:
    """A server that was killed before every deadline and is to come back after it."""

    url: str
    sat: list[tuple[Somebody, Journal]]
    killed_at: datetime
    back_at: datetime

    @property
    def people(self) -> list[Somebody]:
        return [person for person, _ in self.sat]


ComeBack = Callable[[str, float], Away]


def begin(world: World, people: list[Somebody], started_at: datetime) -> None:
    """Their time runs since `started_at`."""
    for person in people:
        with world.db.write() as tx:
            service.start(tx, world.attempt(person).id, started_at)


async def sit_down(server: ExamServer, world: World, people: list[Somebody]) -> list[VirtualCandidate]:
    """Everybody has three acknowledged answers."""
    candidates = []
    for person in people:
        candidate = VirtualCandidate(server.url, person.email, PASSWORD)
        candidates.append(candidate)
        await candidate.adopt(world.token(person))
        await candidate.join()
        for position in (1, 2, 3):
            candidate.answer(position, 1 + position % 4)
        await candidate.save()
    return candidates


async def come_too_late(world: World, away: Away) -> str:
    """The answer that was chosen before the deadline and never left the phone: what it is told now."""
    person = away.people[0]
    candidate = VirtualCandidate(away.url, person.email, PASSWORD)
    try:
        await candidate.adopt(world.token(person))
        await candidate.join()
        candidate.answer(4, 1)
        await candidate.deliver(WITHIN)
    except Refused as refusal:
        return refusal.code
    finally:
        await candidate.close()
    return "saved"


def gaps(world: World) -> list[tuple[datetime, datetime]]:
    """The outages of the whole server that it found out about by itself.

    That these people were not heard from their start until they sat down is told too, of their sitting.
    """
    whole = sa.select(Outage).where(Outage.id.not_in(sa.select(OutageScope.outage_id)))
    with world.db.read() as tx:
        return [(row.began_at, row.ended_at) for row in tx.scalars(whole)]


def attempts(world: World, people: list[Somebody]) -> list[Attempt]:
    return [world.attempt(person) for person in people]


def closings(world: World) -> int:
    return int(world.scalar("SELECT count(*) FROM audit WHERE act = 'attempt.closed'"))


def begun_long_ago(world: World, count: int, clocks: Clocks, left: float) -> list[Somebody]:
    """People whose time is over in `left` seconds."""
    people = world.booked(count, world.sitting(starts_in=-3600, allowed_seconds=ALLOWED, grace_seconds=GRACE))
    begin(world, people, clocks.now() - timedelta(seconds=ALLOWED - left))
    return people


async def sit_until_killed(world: World, server: ExamServer, clocks: Clocks) -> Away:
    """Killed KILLED_BEFORE seconds before the first deadline, with three answers of each stored."""
    people = begun_long_ago(world, PEOPLE, clocks, LEFT)
    candidates = await sit_down(server, world, people)
    first = min(attempt.deadline_at for attempt in attempts(world, people) if attempt.deadline_at)
    clocks.pass_by(max(0.0, (first - clocks.now()).total_seconds() - KILLED_BEFORE))
    server.kill()
    for candidate in candidates:
        await candidate.close()
    sat = [(person, one.journal) for person, one in zip(people, candidates, strict=True)]
    return Away(server.url, sat, killed_at=clocks.now(), back_at=clocks.now())


@pytest.fixture
def come_back(
    world: World, server: ExamServer, database_url: str, clocks: Clocks, tmp_path: Path
) -> Iterator[ComeBack]:
    """Everything up to the return of a variant of the server, some seconds after the deadline."""
    returned = []

    def play(variant: str, late: float) -> Away:
        away = asyncio.run(sit_until_killed(world, server, clocks))
        clocks.pass_by(KILLED_BEFORE + late)
        away.back_at = clocks.now()
        env = {**clocks.env, "EXAM_VARIANT": variant}
        returned.append(ExamServer(tmp_path, database_url, script=VARIANT, env=env, port=server.port))
        return away

    yield play
    for one in returned:
        one.close()


each_way = pytest.mark.parametrize(
    ("database_url", "late"),
    size(
        [("sqlite", "two hours")],
        [(kind, late) for kind in ("sqlite", "postgresql") for late in ("two minutes", "two hours")],
    ),
    indirect=["database_url"],
)


@each_way
def test_the_first_sweep_after_the_start_closes_every_attempt_as_of_its_own_deadline(
    world: World, come_back: ComeBack, late: str
) -> None:
    away = come_back("one_sweep", LATE[late])
    assert until(lambda: closed(world) == PEOPLE, WITHIN)
    facts = [(one.finalised_at, one.how) for one in attempts(world, away.people)]
    assert facts == [(one.deadline_at, "clock") for one in attempts(world, away.people)]
    assert closings(world) == PEOPLE
    assert [len(world.stored(person)) for person in away.people] == [3] * PEOPLE
    assert asyncio.run(come_too_late(world, away)) == "deadline_passed"
    assert world.evidence(away.people[0]) == [(4, 1, "deadline_passed")]
    assert until(lambda: complaints(world, away.sat) == [], WITHIN), complaints(world, away.sat)
    ((began, ended),) = gaps(world)
    assert began <= away.killed_at
    assert ended >= away.back_at


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_a_server_that_never_sweeps_closes_nobody(
    world: World, clocks: Clocks, tmp_path: Path
) -> None:
    begun_long_ago(world, PEOPLE, clocks, left=-60)
    without = ExamServer(tmp_path, script=VARIANT, env={**clocks.env, "EXAM_VARIANT": "never_sweeps"})
    try:
        assert not until(lambda: closed(world) > 0, IDLE), "somebody else closes attempts"
    finally:
        without.close()


@pytest.mark.parametrize("database_url", size(["sqlite"], ["sqlite", "postgresql"]), indirect=True)
def test_a_kill_during_the_sweep_leaves_no_attempt_open_and_closes_none_twice(
    world: World, server: ExamServer, clocks: Clocks
) -> None:
    dice, interrupted, people = random.Random(seed_said()), 0, list[Somebody]()
    while interrupted < KILLS:
        assert len(people) < CROWDS * SWEPT, "every sweep was over before the server could be killed"
        if closed(world) == len(people):
            people += begun_long_ago(world, SWEPT, clocks, left=60)
            clocks.pass_by(60 + GRACE + LONGEST_BUFFER_AGE.total_seconds() + 1)
        goal = min(len(people), closed(world) + dice.randint(1, SWEPT // KILLS - 1))
        assert until(lambda: closed(world) >= goal, WITHIN)  # noqa: B023
        server.kill()
        interrupted += closed(world) < len(people)
        server.spawn()
    server.ready()
    assert until(lambda: closed(world) == len(people), WITHIN)
    print(f"{interrupted} kills fell into a sweep of {len(people)}")
    assert closings(world) == len(people)
    assert all(one.finalised_at == one.deadline_at for one in attempts(world, people))
    sat = [(person, Journal()) for person in people]
    assert until(lambda: complaints(world, sat) == [], WITHIN), complaints(world, sat)
