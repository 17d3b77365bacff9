"""A proctor's board in a thread of the crowd: joins, fetches its snapshot, merges frames, and comes back.

It keeps the rules of the page: joining again is its heartbeat, a line that does not answer is left, and a gap
in the numbers or a queue that carries nothing is mended by snapshots; meanwhile it says that it is stale.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from exam_server.rehearsal.door import Door
from exam_server.rehearsal.wire import ConnectRefused, Unknown, Wire
from tests.board.page import Page
from tests.board.stand import named

HEARTBEAT, PATIENCE = 1.0, 4.0
"""Seconds between two joins, and until a line without an answer is left."""

SILENT_AFTER = 4.0
"""Seconds without any frame after which a board is stale; a quiet one has a pulse each second."""


class Watcher:
    """What one board shows (`rows`), and `heard`, those rows that came in frames; both by attempt."""

    def __init__(self, url: str, token: str, board: str) -> None:
        self._door, self._board = Door(url, None, PATIENCE), board
        self._door.adopt(token)
        self._page = Page()
        self.heard: dict[str, dict[str, Any]] = {}
        self.lines = 0
        """How many lines were opened."""
        self._queue, self._spoken_at = False, float("-inf")
        self._over = asyncio.Event()

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        return {key: named(row) for key, row in self._page.shown.items()}

    @property
    def stale(self) -> bool:
        """What the page would say of itself."""
        return not (self._queue and time.monotonic() - self._spoken_at < SILENT_AFTER)

    async def watch(self) -> None:
        """Until `leave`."""
        try:
            while not self._over.is_set():
                with contextlib.suppress(Unknown, ConnectRefused):
                    await self._one_line()
                self._queue = False
                await self._pause()
        finally:
            await self._door.close()

    def leave(self) -> None:
        self._over.set()

    async def _one_line(self) -> None:
        wire = await Wire.open(self._door.session, self._door.url, self._hear, None, PATIENCE)
        self.lines += 1
        try:
            self._page.join((await self._join(wire))["frames"])
            while not (self._over.is_set() or wire.gone):
                if not (self._page.whole and self._queue):
                    await self._snapshot()
                await self._join(wire)
                await self._pause()
        finally:
            wire.drop()
            await wire.close()

    async def _join(self, wire: Wire) -> dict[str, Any]:
        told = await wire.call("watch", {"board": self._board}, PATIENCE)
        if told["queue"] and not self._queue:
            self._page.whole = False  # what was said while nobody heard it is missing
        self._queue = told["queue"]
        return told

    async def _snapshot(self) -> None:
        self._page.ask()
        try:
            told = (await self._door.get(f"/board/{self._board}/snapshot")).accepted().body
        except BaseException:
            self._page.whole = False
            raise
        self._page.take(told["now"], told["rows"], told["frames"])

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), HEARTBEAT)

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "rows":
            self._spoken_at = time.monotonic()
            self.heard |= {row[0]: named(row) for row in data["rows"]}
            self._page.hear(data)
