"""The paper page beside an empty signed-in page, and beside the page that ORM and template would write."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from bench.arena import Arena
from bench.figures import BenchError, micros, ratios
from bench.http_load import Browsers, get
from bench.stage import Stage
from bench.windows import in_turn

CONNECTIONS = 64
SHORTEST_PAPER = 8_000
"""Characters: thirty items with their options are longer than any lobby, closing or error page."""


async def measure(stage: Stage) -> None:
    """`page_us`, `page_over_empty`, `page_over_orm`, on SQLite."""
    with contextlib.ExitStack() as running:
        empty = stage.floor(running, "empty_page")
        database = stage.fresh_folder("orm").with_suffix(".db")
        orm = stage.floor(running, "orm_page", DATABASE_URL=f"sqlite:///{database}")
        arena = stage.arenas["sqlite"]
        exam = stage.exam(running, arena)
        rates = await rates_of(stage, [
            Browsers("paper", exam.url, "/exam", _in_the_exam(exam.url, arena)),
            Browsers("empty", empty.url, "/page", _signed_in(empty.url)),
            Browsers("orm", orm.url, "/page", _signed_in(orm.url)),
        ])  # fmt: skip
    mode, report = stage.mode, stage.report
    report.add(f"{mode}.page_us", micros(rates["paper"]), "us per page")
    report.add(f"{mode}.empty_page_us", micros(rates["empty"]), "us per page", in_json=False)
    report.add(f"{mode}.orm_page_us", micros(rates["orm"]), "us per page", in_json=False)
    report.add(f"{mode}.page_over_empty", ratios(rates["paper"], rates["empty"]), "of the empty page's rate")
    report.add(f"{mode}.page_over_orm", ratios(rates["paper"], rates["orm"]), "times the ORM page's rate")


async def rates_of(stage: Stage, crowds: Sequence[Browsers]) -> dict[str, list[float]]:
    """Answers per second of each crowd by name, in windows that take turns."""
    for crowd in crowds:
        await crowd.connect()
    rates = await in_turn(crowds, stage.lengths.rounds, stage.lengths.seconds)
    for crowd in crowds:
        crowd.close()
    return rates


def _in_the_exam(url: str, arena: Arena) -> list[str]:
    """Cookies of candidates whose page really is their paper."""
    cookies = [seat.cookie for seat in arena.seats[:CONNECTIONS]]
    body, _ = get(url + "/exam", cookies[0])
    if arena.seats[0].attempt not in body or len(body) < SHORTEST_PAPER:
        raise BenchError(f"/exam did not show the paper: {body[:300]!r}")
    return cookies


def _signed_in(url: str) -> list[str]:
    return [get(f"{url}/login/{number}")[1] for number in range(1, CONNECTIONS + 1)]
