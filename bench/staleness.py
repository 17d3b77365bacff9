"""A full house on the board: how old a row is when a proctor has it, and what that costs of a core."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from pathlib import Path

from picows import WSFrame, WSTransport

from bench.arena import Arena, fill
from bench.cores import cpu_seconds
from bench.figures import BenchError
from bench.full_house import crowd
from bench.load import Socket, connect
from bench.programs import SECRETS
from bench.stage import Lengths, Stage
from exam_server.board.rows import COLUMNS

CONTACT_AT = COLUMNS.index("contact_at")
LISTENERS = 3
"""Of the proctors, those who read what they hear; the others only count it."""

SETTLES_IN = 1.0
"""Seconds after a switch: what was not told before is told at once, and is not the measured board's."""


class Listener(Socket):
    """Remembers how old each row of each frame was when it came (seconds)."""

    def __init__(self) -> None:
        super().__init__()
        self.ages: list[float] = []

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if payload[:2] == b"42":
            now = time.time()
            _, told = json.loads(payload[2:])
            self.ages += [now - row[CONTACT_AT] / 1000 for row in told["rows"]]
        super().on_ws_frame(transport, frame)


async def measure(stage: Stage) -> None:
    """`board_staleness_*` in ms and `board_share`: of a core, the same changes untold taken away."""
    lengths, mode, report = stage.lengths, stage.mode, stage.report
    arena = _filled(stage, lengths.house, lengths.watchers)
    with contextlib.ExitStack() as running:
        server = stage.floor(
            running, "bench.board_live", EXAM_ENV="demo", DATABASE_URL=arena.url, DATA_DIR=str(stage.folder),
            **SECRETS,
        )  # fmt: skip
        readers = [Listener() for _ in range(min(LISTENERS, lengths.watchers))]
        sockets = [*readers, *(Socket() for _ in range(lengths.watchers - len(readers)))]
        await connect(server.url, sockets, arena.proctors)
        for socket in sockets:
            if not (told := await socket.call("watch", {"board": arena.board})).get("ok"):
                raise BenchError(f"watch was refused: {told}")
        shares, medians, slowest = [], [], []
        for _ in range(lengths.rounds):
            untold = await _window(sockets[-1], server.pid, lengths, told=False)
            for reader in readers:
                reader.ages.clear()
            told_too = await _window(sockets[-1], server.pid, lengths, told=True)
            ages = sorted(age for reader in readers for age in reader.ages)
            if len(ages) < lengths.rows:
                raise BenchError("the board told next to nothing")
            shares.append(told_too - untold)
            medians.append(1000 * ages[len(ages) // 2])
            slowest.append(1000 * ages[int(len(ages) * 0.99)])
    what = f"{lengths.house} candidates, {lengths.rows} rows/s to {lengths.watchers} proctors"
    report.add(f"{mode}.board_staleness_p50", medians, f"ms, {what}", in_json=False)
    report.add(f"{mode}.board_staleness_p99", slowest, "ms", in_json=False)
    report.add(f"{mode}.board_share", shares, "of a core", in_json=False)


def _filled(stage: Stage, candidates: int, proctors: int) -> Arena:
    folder: Path = stage.fresh_folder("house")
    folder.mkdir(parents=True)
    arena = fill(f"sqlite:///{folder / 'house.db'}", 1, proctors)
    crowd(arena.url, candidates - 1)
    return arena


async def _window(switch: Socket, pid: int, lengths: Lengths, *, told: bool) -> float:
    """Share of a core that the server used."""
    await switch.call("switch", {"changes": lengths.rows, "told": told})
    await asyncio.sleep(SETTLES_IN)
    before, began = cpu_seconds(pid), time.perf_counter()
    await asyncio.sleep(3 * lengths.seconds)
    return (cpu_seconds(pid) - before) / (time.perf_counter() - began)
