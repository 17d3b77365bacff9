"""One browser that floods, fragments or stammers: the answers of others arrive as ever."""

from __future__ import annotations

import base64
import os
import random
import resource
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.wire import PATH
from tests.floors import slowest
from tests.processes import until
from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.worlds import World

BEARABLE = 1.5
"""Seconds for an ack beside a flood, and five times what one takes without: the flood costs the machine too.

Without protection it takes as long as the flood lasts, which is twice as long.
"""
UNREADABLE = [
    "4",
    "42",
    "42{}",
    "42[]",
    '421["beat"',
    "44{}",
    "451-[1]",
    "42" + "9" * 200 + "[]",
    "42" + "[" * 9000,
]


def frame(text: str, *, opcode: int = 1, last: bool = True) -> bytes:
    """One masked WebSocket frame, under the mask of zeros."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack("!H", len(data))
    return bytes([(0x80 if last else 0) | opcode]) + size + bytes(4) + data


def opened(server: ExamServer) -> socket.socket:
    """A WebSocket of nobody."""
    line = socket.create_connection(("127.0.0.1", server.port), 30)
    key = base64.b64encode(os.urandom(16)).decode()
    line.sendall(
        f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert b" 101 " in line.recv(4096)
    return line


@contextmanager
def flooding(line: socket.socket, data: bytes) -> Iterator[None]:
    """`data` goes out again and again, and nothing that comes back is waited for."""
    line.settimeout(0.2)
    over = threading.Event()

    def pour() -> None:
        while not over.is_set():
            try:
                line.sendall(data)
            except TimeoutError:
                continue
            except OSError:
                return

    def drain() -> None:
        while not over.is_set():
            try:
                if not line.recv(1 << 20):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    threads = [threading.Thread(target=pour), threading.Thread(target=drain)]
    for thread in threads:
        thread.start()
    yield
    over.set()
    for thread in threads:
        thread.join()
    line.close()


async def save(one: VirtualCandidate) -> None:
    """One answer, acknowledged."""
    one.answer(1, random.randint(1, 4))
    assert (await one.save())["ok"]


async def slowest_ack(one: VirtualCandidate, lasts: float) -> float:
    worst, end = 0.0, time.monotonic() + lasts
    while time.monotonic() < end:
        worst = max(worst, await slowest(lambda: save(one), 1))
    return worst


async def bearable(one: VirtualCandidate) -> float:
    return BEARABLE + 5 * await slowest(lambda: save(one))


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["6", "3", '42["nothing",{}]'])
def test_a_socket_that_never_pauses_holds_up_nobody(world: World, server: ExamServer, noise: str) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        limit = await bearable(one)
        with flooding(opened(server), frame(noise) * 500):
            assert await slowest_ack(one, 2 * limit) < limit

    meet(server, story)


@pytest.mark.slow
def test_requests_that_wait_for_no_answer_hold_up_nobody(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        limit = await bearable(one)
        line = socket.create_connection(("127.0.0.1", server.port), 30)
        with flooding(line, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50):
            assert await slowest_ack(one, 2 * limit) < limit

    meet(server, story)


def test_a_message_of_endless_fragments_is_cut_off(server: ExamServer) -> None:
    line = opened(server)
    line.sendall(frame("4", last=False))
    with line, pytest.raises(OSError):  # noqa: PT011 - whichever way the line breaks
        for _ in range(400):
            line.sendall(frame("x" * 60_000, opcode=0, last=False))


def test_who_does_not_speak_the_protocol_is_hung_up_on(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person, running=False)
        for message in UNREADABLE:
            wire = await party.socket(one)
            await wire._ws.send_str(message)
            assert await party.until(lambda line=wire: line.gone), message

    meet(server, story)
    assert "Traceback" not in server.log


def test_an_event_with_a_reserved_name_hides_no_socket_from_signing_out(
    world: World, server: ExamServer
) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        wire = await party.socket(one)
        await wire._ws.send_str('42["disconnect","x"]')
        assert (await wire.call("beat", {}, PATIENCE))["code"] == "not_started", (
            "the socket itself is still open"
        )
        assert (await one.door.post("/logout", form={})).status == 303
        assert await party.until(lambda: wire.gone)

    meet(server, story)


def test_the_server_outlives_a_shortage_of_descriptors(server: ExamServer) -> None:
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (60, 60))
    crowd = [socket.create_connection(("127.0.0.1", server.port), 30) for _ in range(100)]
    open_files = Path(f"/proc/{server.pid}/fd")
    assert until(lambda: len(list(open_files.iterdir())) > 55, PATIENCE)
    for line in crowd:
        line.close()
    assert until(server.healthy, PATIENCE)
