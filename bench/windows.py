"""Closed-loop windows: every client has one request under way, and only answers inside the window count."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from bench.figures import BenchError

WARM_UP = 0.3
"""Seconds of load before counting begins: the first answers of a window find cold queues."""

LONGEST_WINDOW = 10.0
DRAIN_WITHIN = 20.0


@dataclass
class Tally:
    """What the clients of one crowd have seen so far."""

    running: bool = False
    under_way: int = 0
    answered: int = 0
    wrong: int = 0
    sample: bytes = b""

    def right(self) -> None:
        self.under_way -= 1
        self.answered += 1

    def amiss(self, answer: bytes) -> None:
        self.under_way -= 1
        self.wrong += 1
        self.sample = self.sample or answer[:300]


class Crowd(ABC):
    """Clients of one server; `window` may be called again and again, in turn with other crowds."""

    def __init__(self, name: str, size: int, tally: Tally) -> None:
        self.name, self.size, self.tally = name, size, tally

    @abstractmethod
    def fire_all(self) -> None:
        """Every client sends its first request of a window; the next follow from the answers."""

    async def window(self, seconds: float) -> float:
        """Right answers per second; raises BenchError when a wrong one came, or none."""
        tally = self.tally
        tally.running = True
        self.fire_all()
        await asyncio.sleep(WARM_UP)
        began, before = time.perf_counter(), tally.answered
        await asyncio.sleep(seconds)
        # A server that commits answers one by one answers everybody in turn: count no part of a turn.
        while tally.answered - before < self.size and time.perf_counter() - began < LONGEST_WINDOW:
            await asyncio.sleep(0.01)
        rate = (tally.answered - before) / (time.perf_counter() - began)
        tally.running = False
        await self._drain()
        if tally.wrong or not rate:
            raise BenchError(f"{self.name}: {tally.wrong} wrong answers, {rate:.0f}/s: {tally.sample!r}")
        return rate

    async def _drain(self) -> None:
        end = time.perf_counter() + DRAIN_WITHIN
        while self.tally.under_way:
            if time.perf_counter() > end:
                raise BenchError(f"{self.name}: {self.tally.under_way} answers never came")
            await asyncio.sleep(0.01)


async def in_turn(crowds: Sequence[Crowd], rounds: int, seconds: float) -> dict[str, list[float]]:
    """Rates by crowd's name: A B C, A B C ..., so that neighbours saw the same machine."""
    rates: dict[str, list[float]] = {crowd.name: [] for crowd in crowds}
    for _ in range(rounds):
        for crowd in crowds:
            rates[crowd.name].append(await crowd.window(seconds))
    return rates
