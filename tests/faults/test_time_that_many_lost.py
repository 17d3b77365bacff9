"""Seven minutes are lost in a sitting of forty: by the server, by their network, by a storage that refuses.

The proposal names exactly those who lost them, and what one click gives moves exactly their deadlines.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from exam_server.models import Account, Attempt, ServerHeartbeat
from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Answer, Door, Refused
from exam_server.rehearsal.wire import Unknown
from tests import worlds
from tests.faults import clocked
from tests.faults.clocks import Clocks
from tests.faults.disks import Disk, limited, mounted
from tests.faults.sizes import size
from tests.processes import until
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

VARIANT = Path(__file__).with_name("variant.py")
LOST = 420.0
STEP, REST = 10.0, 0.5
"""Seconds that pass at once, and until the next."""

SLACK = 25.0
"""Seconds by which what is measured may exceed what was lost: from sign to sign of life, and the start."""

RUNNING, HANDED_IN, NOT_BEGUN, BEGIN_AFTER = 29, 3, 4, 4
CUT_OFF = 20
"""Of those who run, when only a network fails."""

WITHIN = 60.0
IN_A_ROW = 10
MINUTES = re.compile(r"(\d+) menit(?: (\d+) detik)?")

clocks, database_url = clocked.clocks, clocked.database_url
Act = Callable[[VirtualCandidate], Awaitable[Any]]
Told = TypeVar("Told")
on_each = pytest.mark.parametrize("database_url", size(["sqlite"], ["sqlite", "postgresql"]), indirect=True)


@dataclass
class Hall:
    """A sitting of forty on its day: who runs sits at a page, three handed in, the rest has not begun."""

    world: World
    server: ExamServer
    clocks: Clocks
    people: list[Somebody]
    pages: dict[str, VirtualCandidate] = field(default_factory=dict)

    @property
    def running(self) -> list[Somebody]:
        return self.people[:RUNNING]

    @property
    def later(self) -> list[Somebody]:
        return self.people[-BEGIN_AFTER:]

    async def sit_down(self, people: Sequence[Somebody]) -> None:
        for person in people:
            page = VirtualCandidate(self.server.url, person.email, PASSWORD, transport="http")
            self.pages[person.email] = page
            await page.adopt(self.world.token(person))
            await page.start()
            await page.join()
            page.answer(1, 2)
            await page.save()

    async def gather(self) -> None:
        """As described above."""
        handing_in = self.people[RUNNING : RUNNING + HANDED_IN]
        await self.sit_down([*self.running, *handing_in])
        for person in handing_in:
            assert await self.pages[person.email].hand_in(WITHIN)

    async def each(self, people: Sequence[Somebody], act: Act) -> None:
        await asyncio.gather(*(act(self.pages[person.email]) for person in people))

    async def time_passes(
        self, seconds: float, people: Sequence[Somebody], act: Act, *, beats: bool = True
    ) -> None:
        """Step by step; these go on doing that meanwhile, and the server's heart beats if it can."""
        end = self.clocks.now() + timedelta(seconds=seconds)
        while self.clocks.now() < end:
            self.clocks.pass_by(STEP)
            began = time.monotonic()
            await self.each(people, act)
            await asyncio.sleep(max(0.0, REST - (time.monotonic() - began)))
            if beats:
                await self.a_beat_since(self.clocks.now() - timedelta(seconds=STEP / 2))

    async def a_beat_since(self, at: datetime) -> None:
        """A beat falls between any two steps, however busy the machine is."""
        end = time.monotonic() + WITHIN
        while self.beat_at() < at:
            assert time.monotonic() < end, "the server's heart stands still"
            await asyncio.sleep(0.02)

    def beat_at(self) -> datetime:
        with self.world.db.read() as tx:
            return tx.scalars(sa.select(ServerHeartbeat.at)).one()

    def deadlines(self) -> dict[str, datetime]:
        """By e-mail, of whoever has one."""
        with self.world.db.read() as tx:
            rows = tx.execute(sa.select(Account.email, Attempt.deadline_at)
                              .join(Attempt, Attempt.candidate_id == Account.id))  # fmt: skip
            return {row.email: row.deadline_at for row in rows if row.deadline_at}

    def scalar(self, what: str) -> int:
        return int(self.world.scalar(f"SELECT count(*) FROM {what}"))

    async def close(self) -> None:
        for page in self.pages.values():
            await page.close()


@asynccontextmanager
async def proctor(hall: Hall) -> AsyncIterator[Door]:
    """Signed in, with the board open."""
    door = Door(hall.server.url)
    try:
        door.adopt(hall.world.token(hall.world.official("proctor")))
        await door.read_token(f"/board/{hall.world.board}")
        yield door
    finally:
        await door.close()


async def proposals(door: Door, hall: Hall) -> list[dict[str, Any]]:
    answer: Answer = (await door.get(f"/attempts/activity/{hall.world.board}/offers")).accepted()
    return list(answer.body["offers"])


async def proposed(door: Door, hall: Hall) -> list[dict[str, Any]]:
    """The banner, once it has something to say."""
    end = time.monotonic() + WITHIN
    while not (found := await proposals(door, hall)) and time.monotonic() < end:
        await asyncio.sleep(0.2)
    return found


def seconds(spelled: str) -> int:
    told = MINUTES.fullmatch(spelled)
    assert told, spelled
    return int(told[1]) * 60 + int(told[2] or 0)


def named(hall: Hall, offer: dict[str, Any]) -> dict[str, int]:
    """E-mail -> seconds, as the banner tells them."""
    with hall.world.db.read() as tx:
        rows = tx.execute(sa.select(Account.name, Account.email)).all()
    emails = {row.name: row.email for row in rows}
    return {emails[one["name"]]: seconds(one["time"]) for one in offer["people"]}


async def granted_twice(door: Door, hall: Hall, offers: Sequence[dict[str, Any]]) -> dict[str, float]:
    """By how many seconds each deadline moved by one click; a second one moves none."""
    before = hall.deadlines()
    for offer in offers:
        assert (await door.post(offer["grant"], form={"outage": offer["outage"]})).status == 303
    after = hall.deadlines()
    for offer in offers:
        assert (await door.post(offer["grant"], form={"outage": offer["outage"]})).status == 303
    assert hall.deadlines() == after, "a second click gave more"
    assert await proposals(door, hall) == []
    return {one: (after[one] - before[one]).total_seconds() for one in after if after[one] != before[one]}


def assert_exactly(told: dict[str, int], people: Sequence[Somebody]) -> None:
    assert set(told) == {person.email for person in people}
    assert all(LOST - STEP <= lost <= LOST + SLACK for lost in told.values()), told


Open = Callable[..., Hall]


@pytest.fixture
def hall(world: World, database_url: str, clocks: Clocks, tmp_path: Path) -> Iterator[Open]:
    """`hall(variant)`: the server, and a sitting that began a minute ago."""
    opened: list[Hall] = []

    def open_(variant: str, at: World = world, **changed: Any) -> Hall:
        env = {**clocks.env, "EXAM_VARIANT": variant, **changed.pop("env", {})}
        server = ExamServer(tmp_path, changed.pop("url", database_url), env=env, script=VARIANT)
        count = RUNNING + HANDED_IN + NOT_BEGUN + BEGIN_AFTER
        people = at.booked(count, at.sitting(allowed_seconds=3600))
        opened.append(Hall(at, server, clocks, people))
        return opened[-1]

    yield open_
    for one in opened:
        one.server.close()


Granted = tuple[dict[str, int], dict[str, float]]
"""By e-mail: the seconds of the proposal, and by how many seconds one click moved the deadline."""


def play(hall: Hall, story: Callable[[Hall], Awaitable[Told]]) -> Told:
    """What the story tells in the end, when everybody has gone home."""

    async def whole() -> Told:
        try:
            return await story(hall)
        finally:
            await hall.close()

    return asyncio.run(whole())


async def beat(page: VirtualCandidate) -> None:
    """Heard, at once or at a later try, as a page does it."""
    for _ in range(20):
        with contextlib.suppress(Refused, Unknown):
            await page.beat()
            return
        await asyncio.sleep(0.05)
    raise AssertionError("not heard")


async def choose(page: VirtualCandidate) -> bool:
    """One more answer, which may be refused: whether it was stored."""
    page.answer(2, 1)
    with contextlib.suppress(Refused, Unknown):
        await page.save()
        return True
    return False


@on_each
def test_seven_minutes_without_a_server_are_given_back_to_exactly_who_ran(hall: Open) -> None:
    told, moved = play(hall("quick_rounds"), _the_server_is_away)
    assert moved == told


async def _the_server_is_away(hall: Hall) -> Granted:
    await hall.gather()
    hall.server.kill()
    hall.clocks.pass_by(LOST)
    hall.server.start()
    await hall.each(hall.running, beat)
    await hall.sit_down(hall.later)
    await hall.time_passes(60, [*hall.running, *hall.later], beat)
    async with proctor(hall) as door:
        offers = await proposed(door, hall)
        assert len(offers) == 1, "what the heartbeat measured is not told again from silences"
        told = named(hall, offers[0])
        assert_exactly(told, hall.running)
        assert f"{RUNNING} peserta sesi ini sedang mengerjakan" in offers[0]["evidence"]
        moved = await granted_twice(door, hall, offers)
    assert hall.scalar("contact_gap") == RUNNING
    return told, moved


@on_each
def test_seven_minutes_without_a_network_are_given_back_to_exactly_who_was_cut_off(hall: Open) -> None:
    told, moved = play(hall("quick_rounds"), _a_network_fails)
    assert moved == told


async def _cut_off(hall: Hall) -> None:
    """CUT_OFF of those who run are not heard for so long, and come back."""
    await hall.gather()
    await hall.time_passes(LOST, hall.running[CUT_OFF:], beat)
    await hall.sit_down(hall.later)
    await hall.time_passes(60, [*hall.running, *hall.later], beat)


async def _a_network_fails(hall: Hall) -> Granted:
    await _cut_off(hall)
    async with proctor(hall) as door:
        (offer,) = offers = await proposed(door, hall)
        told = named(hall, offer)
        assert_exactly(told, hall.running[:CUT_OFF])
        assert offer["evidence"].startswith(f"{CUT_OFF} dari ")
        # who began after it sat down before the first who had been cut off was heard again
        begun = RUNNING + HANDED_IN + BEGIN_AFTER
        said = f"yang sedang mengerjakan ({begun} sudah memulai) tidak terdengar antara"
        assert said in offer["evidence"], offer["evidence"]
        moved = await granted_twice(door, hall, offers)
    await hall.time_passes(30, hall.running, beat)
    assert hall.scalar("server_outage") == 1, "the server lived, and what was told is not told again"
    return told, moved


@on_each
def test_control_a_server_that_does_not_put_silences_together_proposes_nothing(hall: Open) -> None:
    silences, offers = play(hall("never_notices"), _nobody_notices)
    assert (silences, offers) == (CUT_OFF, []), "the silences are there, and nobody is told"


async def _nobody_notices(hall: Hall) -> tuple[int, list[dict[str, Any]]]:
    await _cut_off(hall)
    async with proctor(hall) as door:
        return hall.scalar("contact_gap"), await proposals(door, hall)


REFUSE = {
    "sqlite": ("CREATE TRIGGER refuses BEFORE INSERT ON response BEGIN SELECT RAISE(ABORT, 'refused'); END",
               "DROP TRIGGER refuses"),
    "postgresql": ("ALTER TABLE response ADD CONSTRAINT refuses CHECK (false) NOT VALID",
                   "ALTER TABLE response DROP CONSTRAINT refuses"),
}  # fmt: skip
"""A storage that takes everything but answers, and how it is mended."""


@on_each
def test_seven_minutes_in_which_answers_were_refused_are_given_back_to_whose_they_were(hall: Open) -> None:
    told, moved = play(hall("quick_rounds"), _answers_are_refused)
    assert moved == told


async def _answers_are_refused(hall: Hall) -> Granted:
    await hall.gather()
    answering = hall.running[:CUT_OFF]

    async def go_on(page: VirtualCandidate) -> None:
        await (choose(page) if page.email in {one.email for one in answering} else beat(page))

    spoil, mend = REFUSE["sqlite" if hall.world.db.sqlite else "postgresql"]
    began = hall.clocks.now()
    with hall.world.db.write() as tx:
        tx.execute(sa.text(spoil))
    await hall.time_passes(LOST, hall.running, go_on)
    with hall.world.db.write() as tx:
        tx.execute(sa.text(mend))
    really = (hall.clocks.now() - began).total_seconds()  # a busy machine takes its own time besides
    await hall.time_passes(90, hall.running, go_on)
    assert hall.scalar("save_trouble") == CUT_OFF
    async with proctor(hall) as door:
        offers = await proposed(door, hall)
        assert len(offers) == 1, offers
        (offer,) = offers
        told = named(hall, offer)
        assert set(told) == {person.email for person in answering}
        assert all(LOST - 3 * STEP <= lost <= really + SLACK for lost in told.values()), (told, really)
        assert re.search(r"\d+ jawaban ditolak", offer["evidence"]), offer["evidence"]
        return told, await granted_twice(door, hall, offers)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as real:
        yield real or limited(tmp_path / "room")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_seven_minutes_of_a_full_disk_are_given_back_once_however_they_were_measured(
    disk: Disk, hall: Open
) -> None:
    """Beats may find room for themselves where answers find none, so both ways of measuring may see it."""
    url = f"sqlite:///{disk.folder / 'exam.db'}"
    world = worlds.build(url)
    try:
        room = hall("quick_rounds", world, url=url, env={"DATA_DIR": str(disk.folder)})
        moved = play(room, functools.partial(_the_disk_is_full, disk=disk))
        assert set(moved) == {person.email for person in room.running}
        assert all(LOST - 3 * STEP <= one <= LOST + 2 * SLACK for one in moved.values()), moved
    finally:
        world.close()


async def _the_disk_is_full(hall: Hall, disk: Disk) -> dict[str, float]:
    await hall.gather()
    disk.fill(hall.server.pid)
    refused = 0
    while refused < IN_A_ROW:  # the log of changes may still have room in itself
        refused = 0 if await choose(hall.pages[hall.people[0].email]) else refused + 1
    await hall.time_passes(LOST, hall.running, choose, beats=False)
    disk.empty(hall.server.pid)
    await hall.time_passes(90, hall.running, choose)
    assert until(lambda: hall.scalar("server_outage") > 0, WITHIN)
    async with proctor(hall) as door:
        return await granted_twice(door, hall, await proposed(door, hall))
