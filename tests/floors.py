"""Speed beside its floor: how late the machine itself is, is measured in the same run and allowed for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from exam_server.rehearsal.door import Door

EVERY = 0.05
TURNS = 20


@dataclass
class Floor:
    """`late`: the seconds that the smallest question to the server took at worst."""

    late: float = 0.0


async def slowest(act: Callable[[], Awaitable[object]], turns: int = TURNS) -> float:
    """Seconds that the slowest of so many turns took."""
    worst = 0.0
    for _ in range(turns):
        began = time.monotonic()
        await act()
        worst = max(worst, time.monotonic() - began)
    return worst


@asynccontextmanager
async def floor_of(url: str) -> AsyncIterator[Floor]:
    """Asks that server the smallest question again and again for as long as the block lasts."""
    door, floor, over = Door(url, patience=60), Floor(), asyncio.Event()

    async def ask() -> None:
        while not over.is_set():
            floor.late = max(floor.late, await slowest(lambda: door.get("/healthz"), 1))
            await asyncio.sleep(EVERY)

    asking = asyncio.create_task(ask())
    try:
        yield floor
    finally:
        over.set()
        await asking
        await door.close()
