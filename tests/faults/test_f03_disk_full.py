"""F3: the disk is full during an exam: nothing is acknowledged, nothing stops, and room is all it takes."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from tests import worlds
from tests.faults.check import complaints
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.disks import Disk, limited, mounted
from tests.faults.sizes import size
from tests.processes import ROOT
from tests.servers import ExamServer
from tests.worlds import Somebody, World

pytestmark = pytest.mark.slow

CANDIDATES = size(5, 20)
FULL_FOR = size(2.0, 20.0)
"""Seconds for which nothing can be stored."""

OUTAGES = size(0, 1)
"""A silence of more than 15 s is one that an office may make up for."""

WITHIN, BEARABLE = 20.0, 1.0
IN_A_ROW = 10
MOST_LOGGED = size(60_000, 300_000)
"""Characters, for as long as the disk is full; without a bound it is more, and grows with the crowd."""

VARIANT = Path(__file__).with_name("variant.py")


@pytest.fixture(params=size(["full"], ["full", "limited"]))
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """One that is full, and one on which files may not grow; the second also stands in for the first."""
    with ExitStack() as stack:
        real = stack.enter_context(mounted(tmp_path / "disk")) if request.param == "full" else None
        yield real or limited(tmp_path / "room")


@pytest.fixture
def world(disk: Disk) -> Iterator[World]:
    made = worlds.build(f"sqlite:///{disk.folder / 'exam.db'}")
    yield made
    made.close()


def serve(disk: Disk, tmp_path: Path, script: Path = ROOT / "wsgi.py", **env: str) -> ExamServer:
    """Everything that the server keeps lies on that disk, but for its log."""
    url = f"sqlite:///{disk.folder / 'exam.db'}"
    return ExamServer(tmp_path, url, env={"DATA_DIR": str(disk.folder), **env}, script=script)


@pytest.fixture
def server(world: World, disk: Disk, tmp_path: Path) -> Iterator[ExamServer]:
    serving = serve(disk, tmp_path)
    yield serving
    serving.close()


async def sit_down(url: str, token: str, email: str) -> VirtualCandidate:
    one = VirtualCandidate(url, email, worlds.PASSWORD, transport="http")
    await one.adopt(token)
    await one.start()
    await one.join()
    return one


@contextmanager
def beside(crowd: Crowd, url: str, world: World, person: Somebody) -> Iterator[VirtualCandidate]:
    """One more candidate in the crowd's room, who asks over HTTP when the test says so."""
    one = crowd.ask(sit_down(url, world.token(person), person.email))
    try:
        yield one
    finally:
        crowd.ask(one.close())


async def save(one: VirtualCandidate) -> int:
    """The status of one more answer."""
    one.answer(1, 2)
    try:
        await one.save()
    except Refused as refusal:
        return refusal.status
    return 200


def wait_for_the_end(crowd: Crowd, one: VirtualCandidate) -> None:
    """The log of changes may still have room in itself: full is a disk that refuses again and again."""
    end, refused = time.monotonic() + WITHIN, 0
    while refused < IN_A_ROW:
        refused = refused + 1 if crowd.ask(save(one)) in (503, 507) else 0
        assert time.monotonic() < end, "answers are still being stored"


def assert_reads_go_on(crowd: Crowd, one: VirtualCandidate, was_ahead: float) -> None:
    """The state is told without delay, and the time in it has gone on."""
    began = time.monotonic()
    answer = crowd.ask(one.door.get("/exam/state"))
    ended = time.monotonic()
    assert answer.status == 200
    assert ended - began < BEARABLE
    assert abs(answer.body["now"] / 1000 - ended - was_ahead) < BEARABLE


def test_a_full_disk_acknowledges_nothing_and_needs_no_restart(
    disk: Disk, world: World, server: ExamServer
) -> None:
    seed = seed_said()
    *people, witness = world.booked(CANDIDATES + 1, world.sitting())
    with (
        Crowd(server.url, people, seed, world=world) as crowd,
        beside(crowd, server.url, world, witness) as one,
    ):
        was_ahead = one.state["now"] / 1000 - time.monotonic()
        let_them_save(crowd, random.Random(seed))
        disk.fill(server.pid)
        wait_for_the_end(crowd, one)
        stuck, logged, end = crowd.acks, len(server.log), time.monotonic() + FULL_FOR
        while time.monotonic() < end:
            assert_reads_go_on(crowd, one, was_ahead)
            assert crowd.ask(save(one)) in (503, 507)
            time.sleep(0.1)
        assert crowd.acks == stuck
        assert crowd.lost(world) == []
        said = len(server.log) - logged
        print(f"{sum(stuck)} answers acknowledged before, {said} characters logged in {FULL_FOR} s")
        assert said < MOST_LOGGED
        disk.empty(server.pid)
        assert until(lambda: crowd.everybody_saved_since(stuck), WITHIN), crowd.refusals
        assert crowd.ask(save(one)) == 200
        assert crowd.ask(one.hand_in(WITHIN))
        crowd.hand_in()
    assert server.alive
    sat = [*crowd.sat, (witness, one.journal)]
    assert until(lambda: complaints(world, sat) == [], WITHIN), complaints(world, sat)
    if disk.airtight:
        outages = "SELECT count(*) FROM server_outage"
        assert until(lambda: world.scalar(outages) == OUTAGES, WITHIN)  # the next beat finds out


@pytest.mark.parametrize("disk", ["full"], indirect=True)
def test_control_a_server_that_acknowledges_before_the_commit_loses_answers_on_a_full_disk(
    disk: Disk, world: World, tmp_path: Path
) -> None:
    people = world.booked(2, world.sitting())
    server = serve(disk, tmp_path, VARIANT, EXAM_VARIANT="early_ack")
    try:
        with Crowd(server.url, people, seed_said(), world=world) as crowd:
            disk.fill(server.pid)
            assert until(lambda: crowd.lost(world) != [], WITHIN)
            before = crowd.acks
            assert until(lambda: crowd.everybody_saved_since(before), WITHIN), "it stopped acknowledging"
            disk.empty(server.pid)
    finally:
        server.close()
