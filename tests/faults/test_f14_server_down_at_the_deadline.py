"""F14: killed 2 s before the deadline, back after it: the first sweep closes everybody as of the deadline."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.models import Attempt
from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from exam_server.rehearsal.journal import Journal
from tests.faults.test_f01_kill import until
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World, wall

pytestmark = pytest.mark.slow

ALLOWED, GRACE = 7, 1
VARIANT = Path(__file__).with_name("variant.py")
PEOPLE = 4


@dataclass
class Outage:
    """What is left when the server has been away over every deadline."""

    people: list[Somebody]
    journals: list[Journal]
    unsent: str


async def begin(url: str, people: list[Somebody]) -> list[VirtualCandidate]:
    """Everybody signed in first, then started together, then three acknowledged answers each."""
    candidates = [VirtualCandidate(url, person.email, PASSWORD) for person in people]
    await asyncio.gather(*(candidate.log_in() for candidate in candidates))
    await asyncio.gather(*(candidate.start() for candidate in candidates))
    for candidate in candidates:
        await candidate.join()
        for position in (1, 2, 3):
            candidate.answer(position, 1 + position % 4)
        await candidate.save()
    return candidates


async def come_too_late(candidate: VirtualCandidate) -> str:
    """The answer that was chosen before the deadline and never left the phone: what it is told now."""
    candidate.answer(4, 1)
    try:
        await candidate.deliver(10)
    except Refused as refusal:
        return refusal.code
    return "saved"


async def sit_through(server: ExamServer, world: World, people: list[Somebody]) -> list[VirtualCandidate]:
    candidates = await begin(server.url, people)
    first = min(attempt.deadline_at for attempt in attempts(world, people) if attempt.deadline_at)
    await asyncio.sleep(max(0.0, (first - wall()).total_seconds() - 2))
    server.kill()
    return candidates


def attempts(world: World, people: list[Somebody]) -> list[Attempt]:
    return [world.attempt(person) for person in people]


def all_due(world: World, people: list[Somebody]) -> bool:
    last = max(attempt.deadline_at for attempt in attempts(world, people) if attempt.deadline_at)
    return (wall() - last).total_seconds() > GRACE + LONGEST_BUFFER_AGE.total_seconds()


def closed(world: World) -> int:
    return int(world.scalar("SELECT count(*) FROM attempt WHERE finalised_at IS NOT NULL"))


@pytest.fixture
def outage(world: World, server: ExamServer, database_url: str, tmp_path: Path) -> Outage:
    """The server is up again; before that, a variant that never sweeps was up and closed nobody."""
    people = world.booked(PEOPLE, world.sitting(allowed_seconds=ALLOWED, grace_seconds=GRACE))

    async def whole() -> Outage:
        candidates = await sit_through(server, world, people)
        assert not server.alive
        assert until(lambda: all_due(world, people), 30)
        without = ExamServer(tmp_path, database_url, script=VARIANT, env={"EXAM_VARIANT": "never_sweeps"})
        assert not until(lambda: closed(world) > 0, 1.5), "control: somebody else closes attempts"
        without.close()
        server.start()
        unsent = await come_too_late(candidates[0])
        for candidate in candidates:
            await candidate.close()
        return Outage(people, [candidate.journal for candidate in candidates], unsent)

    return asyncio.run(whole())


def test_the_first_sweep_after_the_start_closes_every_attempt_as_of_its_own_deadline(
    world: World, outage: Outage
) -> None:
    began = time.monotonic()
    assert until(lambda: closed(world) == PEOPLE, 10), f"after {time.monotonic() - began:.1f} s"
    facts = [(one.finalised_at, one.how) for one in attempts(world, outage.people)]
    assert facts == [(one.deadline_at, "clock") for one in attempts(world, outage.people)]
    assert world.scalar("SELECT count(*) FROM audit WHERE act = 'attempt.closed'") == PEOPLE
    stored = [world.stored(person) for person in outage.people]
    assert [journal.lost(rows) for journal, rows in zip(outage.journals, stored, strict=True)] == [
        []
    ] * PEOPLE
    assert [len(rows) for rows in stored] == [3] * PEOPLE
    assert outage.unsent == "deadline_passed"
    assert [position for position, _, _ in world.evidence(outage.people[0])] == [4]
