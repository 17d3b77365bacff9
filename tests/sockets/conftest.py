"""What these tests share: one world on SQLite, the real server over it, and people at its sockets."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.wire import Wire
from tests import worlds
from tests.floors import floor_of
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

PATIENCE = 30.0
"""Seconds that nothing promises to keep within: a busy machine is given time."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = worlds.build(f"sqlite:///{tmp_path / 'exam.db'}")
    yield made
    made.close()


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[ExamServer]:
    serving = ExamServer(tmp_path)
    yield serving
    serving.close()


class Party:
    """The people of one test; whoever was let in is shown out at the end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self._leaving: list[Callable[[], Awaitable[None]]] = []

    async def person(self, somebody: Somebody) -> VirtualCandidate:
        """Anybody, signed in."""
        one = VirtualCandidate(self.url, somebody.email, PASSWORD, patience=PATIENCE)
        self._leaving.append(one.close)
        await one.log_in()
        return one

    async def candidate(self, somebody: Somebody, *, running: bool = True) -> VirtualCandidate:
        """Signed in, and (unless told otherwise) started and joined."""
        one = await self.person(somebody)
        await one.look()
        if running:
            await one.start()
            await one.join()
        return one

    async def socket(self, one: VirtualCandidate) -> Wire:
        """A further socket of the same browser, which remembers what it hears."""
        wire = await Wire.open(
            one.door.session, self.url, lambda event, data: self.heard.append((event, data)), None, PATIENCE
        )
        self._leaving.append(wire.close)
        return wire

    async def until(self, seen: Callable[[], bool], within: float = PATIENCE) -> bool:
        """True as soon as `seen`; looks again and again because the server speaks when it likes."""
        end = asyncio.get_running_loop().time() + within
        while not seen():
            if asyncio.get_running_loop().time() > end:
                return False
            await asyncio.sleep(0.02)
        return True

    async def promptly(self, seen: Callable[[], bool], within: float) -> bool:
        """True when `seen` within so many seconds, beyond what the machine itself was late meanwhile."""
        async with floor_of(self.url) as floor:
            began = time.monotonic()
            came = await self.until(seen)
            took = time.monotonic() - began
        return came and took < within + floor.late

    async def over(self) -> None:
        for leave in reversed(self._leaving):
            await leave()


def meet(server: ExamServer, story: Callable[[Party], Awaitable[None]]) -> None:
    """Run one story, and show everybody out whatever happens."""

    async def told() -> None:
        party = Party(server.url)
        try:
            await story(party)
        finally:
            await party.over()

    asyncio.run(told())
