"""Memory per connected candidate beside a connection of the bare echo."""

from __future__ import annotations

import asyncio
import contextlib

from bench.cores import resident_kib
from bench.figures import ratios
from bench.load import Candidate, Socket, connect
from bench.stage import Stage
from bench.windows import Tally

SETTLES_IN = 0.5
"""Seconds after the last ack; what is still being tidied up then is counted."""


async def measure(stage: Stage) -> None:
    """`memory_over_bare`: batches of candidates join in turn here and there; the first batch is warm-up."""
    arena = stage.arenas["sqlite"]
    batch = stage.lengths.clients // (stage.lengths.rounds + 1)
    ours: list[float] = []
    bare: list[float] = []
    with contextlib.ExitStack() as running:
        echo = stage.floor(running, "echo")
        exam = stage.exam(running, arena)
        for number in range(stage.lengths.rounds + 1):
            seats = arena.seats[number * batch : (number + 1) * batch]
            cookies = [seat.cookie for seat in seats]
            bare.append(await _grown(echo.url, echo.pid, [Socket() for _ in seats], cookies))
            members = [Candidate(Tally(), b"", seat.attempt) for seat in seats]
            ours.append(await _grown(exam.url, exam.pid, members, cookies))
    stage.report.add(f"{stage.mode}.memory_per_candidate", ours[1:], "KiB", in_json=False)
    stage.report.add(f"{stage.mode}.memory_per_bare", bare[1:], "KiB", in_json=False)
    stage.report.add(f"{stage.mode}.memory_over_bare", ratios(ours[1:], bare[1:]), "times as much memory")


async def _grown(url: str, pid: int, sockets: list[Socket] | list[Candidate], cookies: list[str]) -> float:
    """KiB by which `pid` grew per socket."""
    before = resident_kib(pid)
    await connect(url, sockets, cookies)
    for socket in sockets:
        if isinstance(socket, Candidate):
            await socket.join()
    await asyncio.sleep(SETTLES_IN)
    return (resident_kib(pid) - before) / len(sockets)
