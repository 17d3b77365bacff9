"""A crowd of virtual candidates in their own thread, so that the test can kill the server beside them."""

from __future__ import annotations

import asyncio
import os
import random
import threading
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any

from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.door import Refused
from exam_server.rehearsal.journal import Journal
from exam_server.rehearsal.wire import ConnectRefused, Unknown
from tests.faults.watcher import Watcher
from tests.processes import until
from tests.worlds import PASSWORD, Somebody, World

PAUSE = 0.03
"""Seconds between two answers of one candidate: far faster than people, so that a kill always hits some."""

FALLBACK = 4
"""One candidate in so many sits where WebSockets are blocked, and does everything over HTTP."""

WITHIN = 120.0


class Crowd:
    """`with Crowd(...) as crowd:` everybody is signed in, has started and answers until the block ends."""

    def __init__(
        self, url: str, people: Sequence[Somebody], seed: int, pause: float = PAUSE, *,
        world: World | None = None, patience: float = 10, transport: Transport | None = None,
    ) -> None:  # fmt: skip
        """With `world`, everybody carries a session that was opened for them, instead of signing in.

        `transport`: of everybody; without it, one in FALLBACK does everything over HTTP. `pause`, `patience`:
        seconds between two answers, and until an act without an answer is unknown.
        """
        self._url, self._people, self._seed, self._pause = url, list(people), seed, pause
        self._world, self._patience, self._transport = world, patience, transport
        self.candidates: list[VirtualCandidate] = []
        self.refusals: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="crowd")
        self._enough: asyncio.Event
        self._work: list[asyncio.Task[None]] = []
        self._watching: list[tuple[Watcher, asyncio.Task[None]]] = []

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

    @property
    def sat(self) -> list[tuple[Somebody, Journal]]:
        """Who sat, with what was sent and told."""
        journals = [candidate.journal for candidate in self.candidates]
        return list(zip(self._people, journals, strict=True))

    @property
    def unknown(self) -> int:
        """How many sent answers were left without a reply."""
        return sum(candidate.journal.unknown for candidate in self.candidates)

    def lost(self, world: World) -> list[str]:
        """Every disagreement between what was acknowledged and what is stored, also while answers come in."""
        said = []
        for person, journal in self.sat:
            told = dict(journal.acked)
            said += [f"{person.email}: {what}" for what in journal.lost(world.stored(person), told)]
        return said

    def join(self, person: Somebody) -> None:
        """One more, at a socket, who comes when the others are already at it."""
        self.ask(self._join(person))

    def watch(self, url: str, token: str, board: str) -> Watcher:
        """A proctor's board that stays open until the crowd leaves."""
        return self.ask(self._watch(url, token, board))  # type: ignore[no-any-return]

    def slowest_since(self, before: Sequence[int]) -> float:
        """The 99th percentile of the seconds from sending to the reply, over what was told after `before`."""
        waits = [
            wait
            for candidate, then in zip(self.candidates, before, strict=True)
            for wait in candidate.journal.latencies[then:]
        ]
        return sorted(waits)[int(len(waits) * 0.99)]

    @property
    def replies(self) -> list[int]:
        """How many replies each candidate has had to its saves."""
        return [len(candidate.journal.latencies) for candidate in self.candidates]

    def still(self, within: float = WITHIN) -> None:
        """Nobody answers any more; what was chosen has been delivered. Raises what went wrong on the way."""
        self.ask(self._still(), within)

    def go_home(self) -> None:
        """Nobody answers any more, and what was not delivered is left where it is."""
        self.ask(self._go_home())

    def hand_in(self, within: float = WITHIN) -> None:
        """Nobody answers any more, and everybody has been told that the attempt is closed."""
        self.still(within)
        confirmed = self.ask(self._hand_in(within), within + 5)
        assert all(confirmed), "somebody's submit was not confirmed"

    async def _enter(self) -> None:
        self._enough = asyncio.Event()
        self.candidates = [self._candidate(number, person) for number, person in enumerate(self._people)]
        await asyncio.gather(*map(self._begin, self.candidates, self._people))
        self._work = [asyncio.create_task(self._sit(candidate)) for candidate in self.candidates]

    def _candidate(self, number: int, person: Somebody) -> VirtualCandidate:
        usual: Transport = "http" if number % FALLBACK == 0 else "socket"
        transport = self._transport or usual
        return VirtualCandidate(
            self._url, person.email, PASSWORD, transport=transport, dice=random.Random(self._seed + number),
            patience=self._patience, longest_pause=0.5,
        )  # fmt: skip

    async def _join(self, person: Somebody) -> None:
        candidate = self._candidate(1, person)
        self._people.append(person)
        self.candidates.append(candidate)
        await self._begin(candidate, person)
        self._work.append(asyncio.create_task(self._sit(candidate)))

    async def _begin(self, candidate: VirtualCandidate, person: Somebody) -> None:
        """In and seated, tried again while nothing is heard: impatience is for what happens afterwards."""
        if self._world is None:
            await candidate.log_in()
        else:
            token = self._world.token(person)
            await self._until_heard(lambda: candidate.adopt(token))
        await self._until_heard(candidate.start)
        await self._until_heard(candidate.join)

    async def _until_heard(self, act: Callable[[], Awaitable[object]]) -> None:
        end = self._loop.time() + WITHIN / 2
        while True:
            try:
                await act()
            except Unknown:
                if self._loop.time() > end:
                    raise
            else:
                return

    async def _sit(self, candidate: VirtualCandidate) -> None:
        try:
            await candidate.work(self._enough, self._pause)
        except Refused as refusal:
            self.refusals.append(refusal.code)
        except (Unknown, ConnectRefused) as problem:
            self.refusals.append(repr(problem))

    async def _watch(self, url: str, token: str, board: str) -> Watcher:
        watcher = Watcher(url, token, board)
        self._watching.append((watcher, asyncio.create_task(watcher.watch())))
        return watcher

    async def _still(self) -> None:
        self._enough.set()
        await asyncio.gather(*self._work)

    async def _go_home(self) -> None:
        for work in self._work:
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        self._work = []

    async def _hand_in(self, within: float) -> list[bool]:
        return await asyncio.gather(*(candidate.hand_in(within) for candidate in self.candidates))

    async def _leave(self) -> None:
        await self._still()
        for watcher, task in self._watching:
            watcher.leave()
            await task
        for candidate in self.candidates:
            await candidate.close()


def let_them_save(crowd: Crowd, dice: random.Random, fewest: int = 20, most: int = 120) -> None:
    """A random number of acknowledged answers, so that a fault falls anywhere between two commits."""
    goal = sum(crowd.acks) + dice.randint(fewest, most)
    assert until(lambda: sum(crowd.acks) >= goal, WITHIN), crowd.refusals


def seed_said() -> int:
    """A seed for this run, printed so that a failure can be played again: EXAM_SEED sets it."""
    seed = int(os.environ.get("EXAM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"EXAM_SEED={seed}")
    return seed
