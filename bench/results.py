"""What follows an exam of 20,000: analysis, ranking, dry run of a correction, and export, each apart.

Each runs as the server runs it, in a process of its own that gives way to everything else, with its start and
the way of its answer counted in. The floor is a bare cursor that reads the same responses once.
"""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.figures import BenchError, Report, ratios
from bench.large import KECAMATAN, Large, fill
from bench.stage import Stage
from exam_server import apart
from exam_server.analysis import reckoning as analysis
from exam_server.archives import workbook, zipped
from exam_server.clock import to_ms
from exam_server.corrections import reckoning as corrections
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import BankItem, ItemRevision
from exam_server.ranking import ground, listing, service
from exam_server.ranking.contents import criteria_json, quotas_json
from exam_server.ranking.rules import Quota
from exam_server.schema import upgrade
from tests.factories import DAY, START, add_official
from tests.ranking.stand import AFTER, CRITERIA, add_requirements

ROUNDS = 3
PLACES = 40
"""Of each kecamatan."""
RESERVES = 20
SHOWN = START + 30 * DAY


def measure(stage: Stage) -> None:
    """`<what>.seconds_20000` and `<what>.over_reading`, on SQLite; a quick run has fewer candidates."""
    folder = stage.fresh_folder("results")
    folder.mkdir()
    url = f"sqlite:///{folder / 'exam.db'}"
    db = Database(url)
    upgrade(db)
    print(f"filling an exam of {stage.lengths.candidates} ...", flush=True)
    large = fill(db, stage.lengths.candidates)
    acts = {
        "analysis": _analysis(large), "ranking": _ranking(db, large), "correction": _correction(db, large),
        "export": _export(large, folder), "archive": _archive(db, large, folder),
    }  # fmt: skip
    times: dict[str, list[float]] = {name: [] for name in (*acts, "reading")}
    computing: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(min(ROUNDS, stage.lengths.rounds)):
        times["reading"].append(_timed(lambda: _read(folder / "exam.db", large)))
        for name, (act, arguments, check) in acts.items():
            before = _children()
            times[name].append(_timed(lambda a=act, b=arguments, c=check: c(apart.reckon(url, a, b))))
            computing[name].append(_children() - before)
    db.close()
    _tell(stage.report, times, computing)


def _children() -> float:
    """Seconds of a processor that ended processes have taken: another load does not make them more."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tell(report: Report, times: dict[str, list[float]], computing: dict[str, list[float]]) -> None:
    floor = times.pop("reading")
    report.add("results.reading_seconds", floor, "s: a bare cursor over the same responses", in_json=False)
    for name, taken in times.items():
        # all files of all candidates are written for years; nobody waits for them at a page
        goal = name != "archive"
        report.add(f"{name}.seconds_20000", taken, "s", in_json=goal)
        report.add(f"{name}.computing_seconds", computing[name], "s of a processor", in_json=False)
        report.add(f"{name}.over_reading", ratios(taken, floor), "times the bare cursor", in_json=goal)


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _read(file: Path, large: Large) -> None:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT attempt_id, position, option FROM response").fetchall()
    connection.close()
    _must(len(rows) > 25 * len(large.attempts), "responses are missing")


Act = tuple[apart.Act, dict[str, Any], Callable[[Any], None]]
"""What is reckoned, what it is told, and who looks whether its answer is one."""


def _analysis(large: Large) -> Act:
    def check(said: Any) -> None:
        found = {one["code"] for one in said["items"] for flag in one["flags"]
                 if flag["kind"] == "key_probably_wrong"}  # fmt: skip
        _must(said["sat"] == len(large.attempts) and large.wrong in found, "the wrong key was not found")

    return analysis.reckoned, {"activity": large.scene.selection.id, "version": 1}, check


def _ranking(db: Database, large: Large) -> Act:
    add_requirements(db, large.scene)
    admin = add_official(db, "admin", large.scene.office).id
    quotas = tuple(Quota(PLACES, kecamatan) for kecamatan in KECAMATAN)
    with db.read() as tx:
        place = ground.of_activity(tx, large.scene.selection.id)
    service.record_criteria(db, place, CRITERIA, admin, START)
    service.record_quota(db, place, quotas, RESERVES, "", admin, START)
    service.open_scores(db, place, admin, AFTER)
    asked = listing.wanted(place.activity_id, criteria_json(CRITERIA), quotas_json(quotas), RESERVES)
    return listing.reckon, asked, lambda said: _must(len(said) > 0, "nobody was ranked")


def _correction(db: Database, large: Large) -> Act:
    """The dry run of the key that is wrong, with the ranks that it would change."""
    with db.read() as tx:
        revision = tx.scalars(
            sa.select(ItemRevision.id).join(BankItem, BankItem.id == ItemRevision.item_id)
            .where(BankItem.code == large.wrong)
        ).one()  # fmt: skip
    asked = corrections.arguments(large.scene.selection.id, revision, Wish("void"))
    return corrections.effect_apart, asked, lambda said: _must(bool(said), "the correction did nothing")


def _export(large: Large, folder: Path) -> Act:
    asked = {"path": str(folder / "export.xlsx"), "activity": large.scene.selection.id,
             "zone": large.scene.office.zone, "now": to_ms(SHOWN)}  # fmt: skip
    return workbook.build, asked, lambda said: _must(said["size"] > 10_000, "the workbook is empty")


def _archive(db: Database, large: Large, folder: Path) -> Act:
    """One part of all candidates' files, as many as one process writes."""
    attempts = zipped.everybody(db, large.scene.selection.id)[: zipped.PART]
    path = folder / "archive.zip"
    asked = {"path": str(path), "attempts": attempts}

    def whole(said: int) -> None:
        path.unlink()  # the next round begins a file of its own
        _must(said == len(attempts), "files are missing")

    return zipped.add, asked, whole


def _must(held: bool, otherwise: str) -> None:
    if not held:
        raise BenchError(otherwise)
