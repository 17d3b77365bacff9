"""The generator: raw Engine.IO and Socket.IO frames over WebSockets that cost next to nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.figures import BenchError
from bench.windows import Crowd, Tally

POSITIONS = 30
AT_ONCE = 50
PATIENCE = 30.0
"""Seconds for a handshake or an ack before the run is given up."""


class Socket(WSListener):
    """One Socket.IO client: `call` waits for its ack; events are counted, in number and in bytes."""

    def __init__(self) -> None:
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.events = 0
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0
        self._transport: WSTransport | None = None

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        for waiting in (self.connected, *self._acks.values()):
            if not waiting.done():
                waiting.set_exception(BenchError("the server closed a socket"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        kind = payload[:2]
        if kind == b"43":
            self.on_ack(payload)
        elif kind == b"42":
            self.events += 1
        elif payload == b"2":
            self.send(b"3")
        elif payload[:1] == b"0":
            self.send(b"40")
        elif kind == b"40" and not self.connected.done():
            self.connected.set_result(None)

    def on_ack(self, payload: bytes) -> None:
        bracket = payload.index(b"[")
        waiting = self._acks.pop(int(payload[2:bracket]), None)
        if waiting and not waiting.done():
            waiting.set_result(json.loads(payload[bracket:])[0])

    def send(self, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.send(WSMsgType.TEXT, payload)

    async def call(self, event: str, data: object) -> Any:
        """The ack of one event; raises TimeoutError."""
        self._calls += 1
        waiting = self._acks[self._calls] = asyncio.get_running_loop().create_future()
        self.send(b"42%d%s" % (self._calls, json.dumps([event, data]).encode()))
        return await asyncio.wait_for(waiting, PATIENCE)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.disconnect()


class Candidate(Socket):
    """Saves without pause: the next answer leaves when the former one is acknowledged as `sign` says."""

    def __init__(self, tally: Tally, sign: bytes, attempt: str) -> None:
        super().__init__()
        self._tally, self._sign, self._attempt = tally, sign, attempt
        self._lease, self._former_seq, self._sent = 1, 0, 0
        self._saving = False

    async def join(self) -> None:
        """Take the seat, as the exam page does, and go on counting from what is durable."""
        told = await self.call("join", {"attempt": self._attempt, "take_over": True})
        if not told.get("ok") or not told.get("lease"):
            raise BenchError(f"join was refused: {told}")
        self._lease = told["lease"]
        self._former_seq = max((one["seq"] for one in told["responses"]), default=0)

    def fire(self) -> None:
        self._sent += 1
        self._saving = True
        self._tally.under_way += 1
        round_, position = divmod(self._sent, POSITIONS)
        self.send(
            b'42%d["save",{"attempt":"%s","lease":%d,"items":[{"position":%d,"seq":%d,"option":%d,'
            b'"flagged":false}]}]'
            % (1_000_000 + self._sent, self._attempt.encode(), self._lease, position + 1,
               self._former_seq + round_ + 1, self._sent % 3 + 1)
        )  # fmt: skip

    def on_ack(self, payload: bytes) -> None:
        if not self._saving:
            super().on_ack(payload)
            return
        self._saving = False
        if self._sign in payload:
            self._tally.right()
        else:
            self._tally.amiss(payload)
        if self._tally.running:
            self.fire()


class Candidates(Crowd):
    """Connected candidates of one server."""

    def __init__(self, name: str, tally: Tally, members: Sequence[Candidate]) -> None:
        super().__init__(name, len(members), tally)
        self.members = members

    def fire_all(self) -> None:
        for member in self.members:
            member.fire()

    def close(self) -> None:
        for member in self.members:
            member.close()


async def connect(url: str, sockets: Sequence[Socket], cookies: Sequence[str]) -> None:
    """Every socket is connected, each under its own cookie; raises BenchError when one is refused."""
    gate = asyncio.Semaphore(AT_ONCE)
    address = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"

    async def one(socket: Socket, cookie: str) -> None:
        async with gate:
            await ws_connect(
                lambda: socket, address, websocket_handshake_timeout=PATIENCE,
                extra_headers={"Cookie": cookie, "Origin": url},
            )  # fmt: skip
            await asyncio.wait_for(socket.connected, PATIENCE)

    await asyncio.gather(*(one(*pair) for pair in zip(sockets, cookies, strict=True)))
