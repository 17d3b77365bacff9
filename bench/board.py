"""A tick of the board as one frame, beside its rows as one event each: processor time with the sending."""

from __future__ import annotations

import asyncio
import contextlib
import time

from bench.arena import Arena
from bench.cores import cpu_seconds
from bench.figures import BenchError, ratios
from bench.load import PATIENCE, Socket, connect
from bench.programs import SECRETS, Floor
from bench.stage import Stage
from exam_server.board.rows import AT_ONCE


async def measure(stage: Stage) -> None:
    """`board_coalesced_over_rows`: the smaller the better; and the whole tick, reading included, in us."""
    arena, rows = stage.arenas["sqlite"], stage.lengths.rows
    with contextlib.ExitStack() as running:
        naive = stage.floor(running, "rows", BENCH_ROWS=str(rows))
        ours = stage.floor(
            running, "bench.board_host", BENCH_ROWS=str(rows), EXAM_ENV="demo", DATABASE_URL=arena.url,
            DATA_DIR=str(stage.folder), **SECRETS,
        )  # fmt: skip
        one_frame, one_each = await _watchers(ours, arena), await _watchers(naive, arena)
        read, coalesced, apart = [], [], []
        for _ in range(stage.lengths.rounds + 1):
            read.append(await _tick(ours, one_frame, {"read": True}, _frames(len(arena.seats))))
            coalesced.append(await _tick(ours, one_frame, {}, _frames(rows)))
            apart.append(await _tick(naive, one_each, {}, rows))
    mode, report = stage.mode, stage.report
    watchers = f"us of processor per tick, {rows} rows to {len(one_frame)} proctors"
    report.add(f"{mode}.board_tick_us", [1e6 * cost for cost in coalesced[1:]], watchers, in_json=False)
    report.add(f"{mode}.board_tick_with_reading_us", [1e6 * cost for cost in read[1:]],
               f"us, {len(arena.seats)} rows read again", in_json=False)  # fmt: skip
    report.add(f"{mode}.board_row_events_us", [1e6 * cost for cost in apart[1:]], watchers, in_json=False)
    report.add(f"{mode}.board_coalesced_over_rows", ratios(coalesced[1:], apart[1:]), "of the time")


def _frames(rows: int) -> int:
    """How many frames a tick of so many rows is."""
    return -(-rows // AT_ONCE)


async def _watchers(server: Floor, arena: Arena) -> list[Socket]:
    sockets = [Socket() for _ in arena.proctors]
    await connect(server.url, sockets, arena.proctors)
    for socket in sockets:
        told = await socket.call("watch", {"board": arena.board})
        if not told.get("ok"):
            raise BenchError(f"watch was refused: {told}")
    return sockets


async def _tick(server: Floor, watchers: list[Socket], asked: dict[str, bool], events: int) -> float:
    """Processor seconds of one tick, until the last watcher has its last event."""
    wanted = [socket.events + events for socket in watchers]
    before, end = cpu_seconds(server.pid), time.perf_counter() + PATIENCE
    await watchers[0].call("tick", asked)
    while any(socket.events < least for socket, least in zip(watchers, wanted, strict=True)):
        if time.perf_counter() > end:
            raise BenchError("a tick of the board never arrived")
        await asyncio.sleep(0.005)
    return cpu_seconds(server.pid) - before
