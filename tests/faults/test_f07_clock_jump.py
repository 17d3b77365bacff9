"""F7: the clock the server goes by is stepped during an exam: nobody gains, loses, or is signed out."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from pathlib import Path

import pytest

from exam_server.exam import service
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.heartbeat import NAME
from exam_server.rehearsal.door import Door
from tests.faults import clocked
from tests.faults.check import complaints
from tests.faults.clocked import closed
from tests.faults.clocks import Clocks
from tests.faults.crowd import Crowd, seed_said, until
from tests.faults.sizes import full, size
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

VARIANT = Path(__file__).with_name("variant.py")
CANDIDATES = size(4, 12)
SHORT, GRACE = 60, 1
OVER = SHORT + GRACE + LONGEST_BUFFER_AGE.total_seconds() + 1
STEPS = (3600, -120)
NOTICED_WITHIN, RESUMED_WITHIN = size(60.0, 15.0), size(60.0, 15.0)
SWEEPS = 1.5
"""Seconds in which a sweeper that is not held would have closed what is due."""

BEARABLE = 1.0


on_each = pytest.mark.parametrize("database_url", size(["sqlite"], ["sqlite", "postgresql"]), indirect=True)


clocks, database_url, server = clocked.clocks, clocked.database_url, clocked.server


def metric(server: ExamServer, name: str) -> float:
    with urllib.request.urlopen(server.url + "/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line for line in lines if line.startswith(name)).split()[1])


def held(server: ExamServer) -> bool:
    return metric(server, "exam_closing_held") == 1


def noticed(server: ExamServer, step: float) -> bool:
    return abs(metric(server, "exam_clock_step_seconds") - step) < BEARABLE


def ahead(crowd: Crowd) -> float:
    """How far the server's now is ahead of this machine's monotonic clock, in seconds."""
    began = time.monotonic()
    state = crowd.ask(crowd.candidates[0].door.get("/exam/state")).accepted().body
    return float(state["now"]) / 1000 - (began + time.monotonic()) / 2


def deadlines(world: World, people: list[Somebody]) -> list[object]:
    return [world.attempt(person).deadline_at for person in people]


def banner(server: ExamServer, token: str) -> bool:
    """Whether an official's page says that closing is held."""

    async def look() -> bytes:
        door = Door(server.url)
        door.adopt(token)
        try:
            return (await door.page("/board")).content
        finally:
            await door.close()

    return b"penutupan otomatis ditahan" in asyncio.run(look())


def sign_in_and_out(server: ExamServer, person: Somebody) -> int:
    """Somebody comes in by password while the clock is wrong; the status of the page behind it."""

    async def story() -> int:
        door = Door(server.url)
        try:
            await door.sign_in(person.email, PASSWORD)
            return (await door.page("/status")).status
        finally:
            await door.close()

    return asyncio.run(story())


def begin_short(world: World, clocks: Clocks) -> Somebody:
    """Somebody whose time is over SHORT seconds from now."""
    (person,) = world.booked(1, world.sitting(allowed_seconds=SHORT, grace_seconds=GRACE))
    with world.db.write() as tx:
        service.start(tx, world.attempt(person).id, clocks.now())
    return person


def assert_nobody_notices(crowd: Crowd, was_ahead: float) -> None:
    """Everybody goes on saving, and the time they are told has not moved."""
    before = crowd.acks
    assert until(lambda: crowd.everybody_saved_since(before), RESUMED_WITHIN), crowd.refusals
    assert abs(ahead(crowd) - was_ahead) < BEARABLE
    assert crowd.refusals == []


@on_each
def test_a_step_during_the_exam_moves_no_time_and_closes_nobody(
    world: World, server: ExamServer, clocks: Clocks
) -> None:
    people = world.booked(CANDIDATES, world.sitting())
    late, official = world.booked(1, world.sitting())[0], world.token(world.official("admin"))
    short = begin_short(world, clocks)
    with Crowd(server.url, people, seed_said(), world=world) as crowd:
        ends, was_ahead = deadlines(world, people), ahead(crowd)
        for step in STEPS:
            clocks.step(step)
            assert until(lambda: noticed(server, step), NOTICED_WITHIN)  # noqa: B023
            assert held(server)
            assert banner(server, official)
            assert sign_in_and_out(server, late) == 200
            assert_nobody_notices(crowd, was_ahead)
        clocks.pass_by(OVER)
        assert not until(lambda: closed(world) > 0, SWEEPS), "closed although the clock is in doubt"
        assert_nobody_notices(crowd, was_ahead + OVER)
        clocks.step(0)
        assert until(lambda: closed(world) == 1, RESUMED_WITHIN)
        assert not held(server)
        assert not banner(server, official)
        assert deadlines(world, people) == ends
        crowd.hand_in()
    attempt = world.attempt(short)
    assert (attempt.finalised_at, attempt.how) == (attempt.deadline_at, "clock")
    assert server.log.count("closing is held") == 1
    assert until(lambda: complaints(world, crowd.sat) == [], RESUMED_WITHIN), complaints(world, crowd.sat)


@on_each
def test_a_restart_under_a_step_holds_closing_and_another_boot_trusts_a_clock_that_is_not_behind(
    world: World, server: ExamServer, clocks: Clocks, tmp_path: Path
) -> None:
    people = world.booked(CANDIDATES, world.sitting())
    begin_short(world, clocks)
    with Crowd(server.url, people, seed_said(), world=world) as crowd:
        was_ahead = ahead(crowd)
        server.kill()
        clocks.step(3600)
        clocks.pass_by(OVER)
        server.start()
        assert until(lambda: held(server), NOTICED_WITHIN)
        assert_nobody_notices(crowd, was_ahead + OVER)
        assert not until(lambda: closed(world) > 0, SWEEPS), "closed although the clock is in doubt"
        clocks.step(0)
        assert until(lambda: closed(world) == 1, RESUMED_WITHIN)
        assert crowd.refusals == []
        assert crowd.lost(world) == []
    boot_anew(server, tmp_path, clocks, 7200)
    assert until(lambda: closed(world) == 1 + CANDIDATES, RESUMED_WITHIN)
    assert not held(server)
    if full():
        begin_short(world, clocks)
        boot_anew(server, tmp_path, clocks, -7200)
        assert not until(lambda: closed(world) > 1 + CANDIDATES, SWEEPS), "closed by a clock that went back"
        assert held(server)


def boot_anew(server: ExamServer, folder: Path, clocks: Clocks, step: float) -> None:
    """The machine went down and came up, and its clock stands there now."""
    server.kill()
    heartbeat = json.loads((folder / NAME).read_text())
    (folder / NAME).write_text(json.dumps(heartbeat | {"boot_id": "the boot before"}))
    clocks.step(step)
    server.start()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_a_server_that_goes_by_the_wall_clock_ends_the_exam_of_everybody(
    world: World, tmp_path: Path, clocks: Clocks
) -> None:
    people = world.booked(2, world.sitting())
    server = ExamServer(tmp_path, script=VARIANT, env={**clocks.env, "EXAM_VARIANT": "wall_clock"})
    try:
        with Crowd(server.url, people, seed_said(), world=world) as crowd:
            clocks.step(3600)
            assert until(lambda: len(crowd.refusals) == len(people), RESUMED_WITHIN)
            assert set(crowd.refusals) == {"deadline_passed"}
            assert until(lambda: closed(world) == len(people), RESUMED_WITHIN)
    finally:
        server.close()
