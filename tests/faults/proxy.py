"""A network that fails on command: a TCP proxy in a thread of its own, between candidates and the server.

What it may do to a line: cut it with a reset, swallow it (a black hole: nothing passes, nothing is refused,
and what was held back arrives when it opens again), delay it, or let requests through and lose every reply.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from types import TracebackType
from typing import Literal

Mode = Literal["open", "reset", "hole", "slow", "mute"]
SLOW = 2.0
"""Seconds that every piece takes longer, each way."""


def origin(port: int) -> str:
    """What a browser says that comes in by this port."""
    return f"http://127.0.0.1:{port}"


RST = struct.pack("ii", 1, 0)
CHUNK = 65_536


class Line:
    """One connection through the proxy: two writers, and whether a reply was lost on it."""

    def __init__(self, down: asyncio.StreamWriter, up: asyncio.StreamWriter) -> None:
        self.down, self.up = down, up
        self.spoiled = False

    def reset(self) -> None:
        """Both ends hear a reset, as from a box that lost its state."""
        for writer in (self.down, self.up):
            plug = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            writer.transport.abort()


class Proxy:
    """`with Proxy(port) as proxy:` candidates go to `proxy.url`; `proxy.turn(mode)` changes the weather."""

    def __init__(self, behind: int, port: int) -> None:
        """`behind`: the port of the server on this machine; `port`: our own, whose origin it must know."""
        self._behind, self.port = behind, port
        self.url = origin(port)
        self.swallowed = 0
        """Replies that left the server and were lost."""
        self._mode: Mode = "open"
        self._lines: set[Line] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._passable: asyncio.Event
        self._server: asyncio.Server

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._ask(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ask(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def turn(self, mode: Mode) -> None:
        """From now on, for every line that is open and every new one."""
        self._ask(self._turn(mode))

    def cut(self) -> None:
        """Reset every line there is; new ones are let in."""
        self._ask(self._cut())

    def _ask(self, act: object) -> None:
        asyncio.run_coroutine_threadsafe(act, self._loop).result(10)  # type: ignore[arg-type]

    async def _open(self) -> None:
        self._passable = asyncio.Event()
        self._passable.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=CHUNK)

    async def _close(self) -> None:
        self._server.close()
        await self._turn("reset")
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _turn(self, mode: Mode) -> None:
        self._mode = mode
        if mode == "hole":
            self._passable.clear()
        else:
            self._passable.set()
        if mode == "reset":
            await self._cut()
        for line in [line for line in self._lines if line.spoiled and mode != "mute"]:
            line.reset()  # a stream with a gap is no stream

    async def _cut(self) -> None:
        for line in list(self._lines):
            line.reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._passable.wait()
        try:
            behind, up = await asyncio.open_connection("127.0.0.1", self._behind)
        except OSError:
            writer.transport.abort()
            return
        line = Line(writer, up)
        self._lines.add(line)
        try:
            if self._mode == "reset":
                line.reset()
                return
            await asyncio.gather(self._pump(line, reader, up), self._pump(line, behind, writer))
        except OSError:
            line.reset()
        finally:
            self._lines.discard(line)
            for end in (writer, up):
                end.close()

    async def _pump(self, line: Line, source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
        """One direction of one line, until its source ends; a half-closed line is closed."""
        while piece := await source.read(CHUNK):
            if self._mode == "slow":
                await asyncio.sleep(SLOW)
            await self._passable.wait()
            if self._mode == "mute" and goal is line.down:
                line.spoiled = True
                self.swallowed += 1
                continue
            goal.write(piece)
            await goal.drain()
        goal.close()
