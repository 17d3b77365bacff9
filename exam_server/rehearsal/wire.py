"""Socket.IO 5 over one WebSocket, frame by frame; an ack that did not come is unknown, never a failure."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import Callable
from typing import Any, cast

import aiohttp

Hear = Callable[[str, dict[str, Any]], None]
Tap = Callable[[str, bytes], None]
"""`tap(where, data)` gets to see every byte that the server sent."""

PATH = "/socket.io/?EIO=4&transport=websocket"
PING, PONG, CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = "2", "3", "40", "41", "42", "43", "44"


class Unknown(Exception):
    """The connection went or time passed before the answer: the act may have happened, or not."""


class ConnectRefused(Exception):
    """The server answered, and would not open a socket for this person."""


class Wire:
    """One open socket: `call` an event and wait for its ack, `hear` what the server says by itself."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, hear: Hear, tap: Tap | None = None) -> None:
        self._ws, self._hear, self._tap = ws, hear, tap
        self._dropped = False
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls, session: aiohttp.ClientSession, url: str, hear: Hear, tap: Tap | None = None,
        patience: float = 10.0,
    ) -> Wire:  # fmt: skip
        """A socket that the server has accepted; raises ConnectRefused, Unknown."""
        try:
            ws = await asyncio.wait_for(session.ws_connect(url + PATH, origin=url, autoping=True), patience)
        except aiohttp.WSServerHandshakeError as problem:
            raise ConnectRefused(str(problem.status)) from problem
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            raise Unknown("the socket could not be opened") from problem
        wire = cls(ws, hear, tap)
        try:
            await asyncio.wait_for(wire._connected, patience)
        except TimeoutError as problem:
            await wire.close()
            raise Unknown("the server did not greet") from problem
        except BaseException:
            await wire.close()
            raise
        return wire

    @property
    def gone(self) -> bool:
        return self._dropped or self._ws.closed or self._reader.done()

    async def call(self, event: str, data: dict[str, Any], patience: float) -> dict[str, Any]:
        """The ack of one event; raises Unknown."""
        number = next(self._ids)
        told: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = told
        try:
            await self._ws.send_str(EVENT + str(number) + json.dumps([event, data], separators=(",", ":")))
            return await asyncio.wait_for(told, patience)
        except (aiohttp.ClientError, OSError, TimeoutError) as problem:
            raise Unknown(event) from problem
        finally:
            self._waiting.pop(number, None)

    def drop(self) -> None:
        """Gone without a word, as when a phone loses its network: no close frame is sent."""
        self._dropped = True
        plug = self._ws.get_extra_info("socket")
        if plug is not None:
            with contextlib.suppress(OSError):
                plug.shutdown(socket.SHUT_RDWR)

    async def close(self) -> None:
        """Closed in order; the reading task has ended."""
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            await asyncio.wait_for(self._ws.close(), 2)
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for message in self._ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._take(cast(str, message.data))
        finally:
            self._give_up()

    async def _take(self, frame: str) -> None:
        if self._tap is not None:
            self._tap("socket", frame.encode())
        if frame.startswith("0"):
            await self._ws.send_str(CONNECT)
        elif frame == PING:
            await self._ws.send_str(PONG)
        elif frame.startswith(ACK):
            self._acknowledge(frame.removeprefix(ACK))
        elif frame.startswith(EVENT):
            event, data = (*json.loads(frame.removeprefix(EVENT)), None)[:2]
            self._hear(event, data if isinstance(data, dict) else {})
        elif frame.startswith((CONNECT, CONNECT_ERROR, DISCONNECT)):
            self._settle(frame)

    def _acknowledge(self, packet: str) -> None:
        number, bracket, rest = packet.partition("[")
        told = self._waiting.get(int(number))
        if told is not None and not told.done():
            told.set_result(json.loads(bracket + rest)[0])

    def _settle(self, frame: str) -> None:
        if self._connected.done():
            return
        if frame.startswith(CONNECT):
            self._connected.set_result(None)
        else:
            self._connected.set_exception(ConnectRefused(frame))

    def _give_up(self) -> None:
        """Whoever still waits will never be told."""
        for told in self._waiting.values():
            if not told.done():
                told.set_exception(Unknown("the connection went"))
        if not self._connected.done():
            self._connected.set_exception(Unknown("the connection went"))
