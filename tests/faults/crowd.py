"""A crowd of virtual candidates in their own thread, so that the test can kill the server beside them."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.door import Refused
from exam_server.rehearsal.wire import ConnectRefused, Unknown
from tests.worlds import PASSWORD, Somebody, World

PAUSE = 0.03
"""Seconds between two answers of one candidate: far faster than people, so that a kill always hits some."""

FALLBACK = 4
"""One candidate in so many sits where WebSockets are blocked, and does everything over HTTP."""

WITHIN = 40.0


class Crowd:
    """`with Crowd(...) as crowd:` everybody is signed in, has started and answers until the block ends."""

    def __init__(self, url: str, people: Sequence[Somebody], seed: int, pause: float = PAUSE) -> None:
        self._url, self._people, self._seed, self._pause = url, people, seed, pause
        self.candidates: list[VirtualCandidate] = []
        self.refusals: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="crowd")
        self._enough: asyncio.Event
        self._work: list[asyncio.Task[None]] = []

    def __enter__(self) -> Crowd:
        self._thread.start()
        try:
            self.ask(self._enter())
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.ask(self._leave())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)
            self._loop.close()

    def ask(self, act: Any, within: float = WITHIN) -> Any:
        """Run one coroutine in the crowd's thread; its result."""
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(within)

    @property
    def acks(self) -> list[int]:
        """How many answers each candidate has been told are saved."""
        return [candidate.journal.acks for candidate in self.candidates]

    def everybody_saved_since(self, before: Sequence[int]) -> bool:
        return all(now > then for now, then in zip(self.acks, before, strict=True))

    def lost(self, world: World) -> list[str]:
        """Every disagreement between what was acknowledged and what is stored."""
        return [
            f"{person.email}: {what}"
            for person, candidate in zip(self._people, self.candidates, strict=True)
            for what in candidate.journal.lost(world.stored(person))
        ]

    async def _enter(self) -> None:
        self._enough = asyncio.Event()
        for number, person in enumerate(self._people):
            dice = random.Random(self._seed + number)
            transport: Transport = "http" if number % FALLBACK == 0 else "socket"
            self.candidates.append(VirtualCandidate(
                self._url, person.email, PASSWORD, transport=transport, dice=dice, patience=10,
                longest_pause=0.5,
            ))  # fmt: skip
        await asyncio.gather(*(self._begin(candidate) for candidate in self.candidates))
        self._work = [asyncio.create_task(self._sit(candidate)) for candidate in self.candidates]

    async def _begin(self, candidate: VirtualCandidate) -> None:
        await candidate.log_in()
        await candidate.start()
        await candidate.join()

    async def _sit(self, candidate: VirtualCandidate) -> None:
        try:
            await candidate.work(self._enough, self._pause)
        except Refused as refusal:
            self.refusals.append(refusal.code)
        except (Unknown, ConnectRefused) as problem:
            self.refusals.append(repr(problem))

    async def _leave(self) -> None:
        self._enough.set()
        await asyncio.gather(*self._work)
        for candidate in self.candidates:
            await candidate.close()


def seed_said() -> int:
    """A seed for this run, printed so that a failure can be played again: EXAM_SEED sets it."""
    seed = int(os.environ.get("EXAM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"EXAM_SEED={seed}")
    return seed
