"""A proctor's board in a thread of the crowd: joins, fetches its snapshot, merges deltas, and comes back.

It keeps the rules of the page: joining again is its heartbeat, a line that does not answer is left, and a
snapshot heals whatever was missed. Rows may come twice and in any order; the newer revision stays.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from exam_server.rehearsal.door import Door
from exam_server.rehearsal.wire import ConnectRefused, Unknown, Wire

HEARTBEAT, PATIENCE = 1.0, 4.0
"""Seconds between two joins, and until a line without an answer is left."""


class Watcher:
    """What one board shows: `rows` by attempt, and `heard`, those of them that came as deltas."""

    def __init__(self, url: str, token: str, board: str) -> None:
        self._door, self._board = Door(url, None, PATIENCE), board
        self._door.adopt(token)
        self.rows: dict[str, dict[str, Any]] = {}
        self.heard: dict[str, dict[str, Any]] = {}
        self.lines = 0
        """How many lines were opened."""
        self._over = asyncio.Event()

    async def watch(self) -> None:
        """Until `leave`."""
        try:
            while not self._over.is_set():
                with contextlib.suppress(Unknown, ConnectRefused):
                    await self._one_line()
                await self._pause()
        finally:
            await self._door.close()

    def leave(self) -> None:
        self._over.set()

    async def _one_line(self) -> None:
        wire = await Wire.open(self._door.session, self._door.url, self._hear, None, PATIENCE)
        self.lines += 1
        try:
            await wire.call("watch", {"board": self._board}, PATIENCE)
            self._merge((await self._door.get(f"/board/{self._board}/snapshot")).accepted().body["rows"])
            while not (self._over.is_set() or wire.gone):
                await wire.call("watch", {"board": self._board}, PATIENCE)
                await self._pause()
        finally:
            wire.drop()
            await wire.close()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), HEARTBEAT)

    def _hear(self, event: str, data: dict[str, Any]) -> None:
        if event == "rows":
            self.heard |= {row["id"]: row for row in data["rows"]}
            self._merge(data["rows"])

    def _merge(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["rev"] >= self.rows.get(row["id"], {"rev": -1})["rev"]:
                self.rows[row["id"]] = row
