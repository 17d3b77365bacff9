"""The generator for pages: keep-alive connections, each asking for the same page again and again."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from bench.figures import BenchError
from bench.windows import Crowd, Tally

END_OF_HEAD = b"\r\n\r\n"


class Browser(asyncio.Protocol):
    """One connection with one cookie; an answer is right when its status is 200 and it is as long as told."""

    def __init__(self, tally: Tally, address: str, path: str, cookie: str) -> None:
        self._tally = tally
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n"
        ).encode()
        self._head, self._missing = b"", -1
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, problem: Exception | None) -> None:
        self._tally.amiss(b"the server closed a connection")

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            end = self._head.find(END_OF_HEAD)
            if end < 0:
                return
            data = self._head[end + len(END_OF_HEAD) :]
            self._missing = self._length(self._head[:end])
        self._missing -= len(data)
        if self._missing <= 0:
            self._answered()

    def _length(self, head: bytes) -> int:
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return int(value)
        raise BenchError(f"an answer without a length: {head!r}")

    def _answered(self) -> None:
        if self._head.startswith(b"HTTP/1.1 200 ") and self._missing == 0:
            self._tally.right()
        else:
            self._tally.amiss(self._head)
        self._head, self._missing = b"", -1
        if self._tally.running:
            self.fire()

    def fire(self) -> None:
        if self._transport is None:
            raise BenchError("not connected")
        self._tally.under_way += 1
        self._transport.write(self._request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


class Browsers(Crowd):
    """Connections to one page of one server, one per cookie."""

    def __init__(self, name: str, url: str, path: str, cookies: Sequence[str]) -> None:
        super().__init__(name, len(cookies), Tally())
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._members = [Browser(self.tally, parts.netloc, path, cookie) for cookie in cookies]

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        for member in self._members:
            await loop.create_connection(lambda member=member: member, self._host, self._port)  # type: ignore[misc]

    def fire_all(self) -> None:
        for member in self._members:
            member.fire()

    def close(self) -> None:
        for member in self._members:
            member.close()


def get(url: str, cookie: str = "") -> tuple[str, str]:
    """(body, the cookie it set) of one page; raises BenchError unless it answers 200."""
    asked = urllib.request.Request(url, headers={"Cookie": cookie, "Accept": "text/html"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.read().decode(), (answer.headers["Set-Cookie"] or "").partition(";")[0]
    except OSError as problem:
        raise BenchError(f"{url}: {problem}") from problem
