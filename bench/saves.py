"""Durable saves beside a bare echo (what durability costs) and beside one transaction per answer."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy.engine import make_url

from bench.arena import Arena, dsn
from bench.figures import micros, ratios
from bench.load import Candidate, Candidates, connect
from bench.stage import Stage
from bench.windows import Tally, in_turn

ECHOED, SAVED = b'"seq"', b'"saved"'


async def candidates(name: str, url: str, arena: Arena, count: int, *, real: bool, sign: bytes) -> Candidates:
    """`count` connected candidates; those of the real server have joined."""
    tally = Tally()
    seats = arena.seats[:count]
    members = [Candidate(tally, sign, seat.attempt) for seat in seats]
    await connect(url, members, [seat.cookie for seat in seats])
    if real:
        for member in members:
            await member.join()
    return Candidates(name, tally, members)


async def measure(stage: Stage) -> None:
    """`echo_us` once per mode; per database `durable_us`, `durable_over_echo`, `group_over_single`."""
    echoes: list[float] = []
    for name, arena in stage.arenas.items():
        with contextlib.ExitStack() as running:
            echoes += await _one_database(stage, running, name, arena)
    stage.report.add(f"{stage.mode}.echo_us", micros(echoes), "us per ack")


async def _one_database(stage: Stage, running: contextlib.ExitStack, name: str, arena: Arena) -> list[float]:
    count, rounds, seconds = stage.lengths.clients, stage.lengths.rounds, stage.lengths.seconds
    echo = stage.floor(running, "echo")
    single = stage.floor(running, "single", DATABASE_URL=_own_database(stage.fresh_folder("single"), arena))
    exam = stage.exam(running, arena)
    crowds = [
        await candidates("echo", echo.url, arena, count, real=False, sign=ECHOED),
        await candidates("durable", exam.url, arena, count, real=True, sign=SAVED),
        await candidates("single", single.url, arena, count, real=False, sign=SAVED),
    ]
    rates = await in_turn(crowds, rounds, seconds)
    for crowd in crowds:
        crowd.close()
    key = f"{stage.mode}.{name}"
    report = stage.report
    report.add(f"{key}.durable_us", micros(rates["durable"]), "us per save")
    report.add(f"{key}.single_us", micros(rates["single"]), "us per save", in_json=False)
    report.add(f"{key}.durable_over_echo", ratios(rates["durable"], rates["echo"]), "of the echo's rate")
    report.add(f"{key}.group_over_single", ratios(rates["durable"], rates["single"]), "times its rate")
    return rates["echo"]


def _own_database(folder: Path, arena: Arena) -> str:
    """Where the floor that commits each answer alone keeps its tables: the same kind of database."""
    own = make_url(arena.copied_to(folder).url)
    return str(folder / "single.db") if own.get_backend_name() == "sqlite" else dsn(own)
