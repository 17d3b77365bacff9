"""`python -m bench`: every benchmark beside its floor; a table, and `bench/out/latest.json`."""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvloop

from bench import analysis, board, imports, memory, paper, results, saves, screening, slow_disk, staleness
from bench.arena import Arena, fill
from bench.cores import LOAD_CORE, SERVER_CORE, take_load_core
from bench.figures import Report
from bench.programs import SECRETS
from bench.stage import FULL, QUICK, Lengths, Stage
from tests.servers import Postgres

OUT = Path(__file__).parent / "out"
MODES = ("eventlet", "gevent")
Measure = Callable[[Stage], Coroutine[None, None, None]]
MEASURES: dict[str, Measure] = {
    "saves": saves.measure, "paper": paper.measure, "memory": memory.measure, "board": board.measure,
    "staleness": staleness.measure,
    "slow_disk": slow_disk.measure,
}  # fmt: skip
NEEDS_WORKERS = ("pg.two_workers_over_one", "save_cost_10000_over_100")


def main() -> int:
    asked = _arguments()
    take_load_core()
    os.environ.update(SECRETS)
    OUT.mkdir(exist_ok=True)
    # Beside the project, not in a temporary folder that may lie in memory: fsync must reach a disk.
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=OUT))
    lengths = QUICK if asked.quick else FULL
    report = Report()
    try:
        with ExitStack() as running:
            stage = Stage(folder, lengths, report, _arenas(running, folder, lengths, report, asked.db))
            failed = _measure_all(stage, asked.mode or MODES, asked.only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"\nserver on core {SERVER_CORE}, generator and PostgreSQL on core {LOAD_CORE}; "
          f"load of the machine {os.getloadavg()[0]:.1f}\n{report.table()}")  # fmt: skip
    partly = asked.quick or asked.mode or asked.db or asked.only
    report.write(OUT / ("partly.json" if partly else "latest.json"))
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short windows, to check the bench itself; "
                        "like every run of a part it writes bench/out/partly.json")  # fmt: skip
    parser.add_argument("--mode", action="append", choices=MODES, help="only this async server")
    parser.add_argument("--db", action="append", choices=("sqlite", "pg"), help="only this database")
    parser.add_argument("--only", action="append", choices=(*MEASURES, *ONCE), help="only this benchmark")
    return parser.parse_args()


def _arenas(
    running: ExitStack, folder: Path, lengths: Lengths, report: Report, only: list[str] | None
) -> dict[str, Arena]:
    """A filled database of each kind; PostgreSQL is left out where its programs are not found."""
    print("filling the databases ...", flush=True)
    arenas = {"sqlite": fill(f"sqlite:///{folder / 'arena.db'}", lengths.clients, lengths.watchers)}
    if only is None or "pg" in only:
        try:
            postgres = Postgres()
        except pytest.skip.Exception as missing:
            report.leave_out("*.pg.*", str(missing))
        else:
            running.callback(postgres.close)
            arenas["pg"] = fill(postgres.fresh(), lengths.clients, lengths.watchers)
    return arenas


def _measure_all(stage: Stage, modes: list[str] | tuple[str, ...], only: list[str] | None) -> int:
    """How many benchmarks failed; one that fails takes no other with it."""
    failed = 0
    for mode in modes:
        stage.mode = mode
        for name, measure in MEASURES.items():
            if only is None or name in only:
                failed += _try(stage, f"{mode}: {name}", functools.partial(_in_loop, measure, stage))
        for key in NEEDS_WORKERS:
            stage.report.leave_out(f"{mode}.{key}", "needs several workers")
    for name, run in ONCE.items():
        if only is None or name in only:
            failed += _try(stage, name, functools.partial(run, stage))
    return failed


def _screening(stage: Stage) -> None:
    stage.mode = MODES[0]
    _in_loop(screening.measure, stage)


ONCE: dict[str, Callable[[Stage], None]] = {
    "screening": _screening, "imports": imports.measure, "analysis": analysis.measure,
    "results": results.measure,
}  # fmt: skip
"""What does not depend on the async server."""


def _in_loop(measure: Measure, stage: Stage) -> None:
    uvloop.run(measure(stage))


def _try(stage: Stage, name: str, run: Callable[[], None]) -> int:
    print(f"-- {name}", flush=True)
    try:
        run()
    except Exception as problem:
        traceback.print_exc()
        stage.report.leave_out(name, f"FAILED: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
