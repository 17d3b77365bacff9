"""How fast a GIFT file comes into the bank: read, checked, and committed to SQLite with FULL."""

from __future__ import annotations

import time
from pathlib import Path

from bench.figures import BenchError
from bench.stage import Stage
from exam_server.bank import intake
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.demo import announce
from exam_server.language import DEFAULT
from exam_server.schema import upgrade

TOPICS = 10
"""Items per topic of the made-up file: a tenth of them."""


def measure(stage: Stage) -> None:
    """`import.gift_items_per_s`, into a fresh database each time."""
    count = stage.lengths.gift_items
    folder = stage.fresh_folder("import")
    folder.mkdir()
    file = folder / "bank.gift"
    file.write_text(gift(count))
    rates, reading = [], []
    for number in range(stage.lengths.rounds):
        began = time.perf_counter()
        report = intake.read(file, DEFAULT)
        read = time.perf_counter() - began
        rates.append(count / (read + _bring_in(folder / f"{number}.db", report)))
        reading.append(count / read)
    stage.report.add("import.gift_items_per_s", rates, "items/s into the bank")
    stage.report.add("import.gift_read_per_s", reading, "items/s read and checked", in_json=False)


def _bring_in(file: Path, report: intake.Report) -> float:
    """Seconds until every item of the report is in the bank."""
    db, now = Database(f"sqlite:///{file}"), Clock().now()
    upgrade(db)
    with db.write() as tx:
        place = announce.bring_in(tx, announce.read_all()[0], now.date())
    began = time.perf_counter()
    done = intake.bring_in(db, place.office_id, report, now)
    took = time.perf_counter() - began
    db.close()
    if done.added != len(report.items) or report.errors:
        raise BenchError(f"{done.added} of {len(report.items)} items came in: {report.errors[:3]}")
    return took


def gift(count: int) -> str:
    """`count` different items of four options, with a category line per topic."""
    lines = []
    for number in range(count):
        if number % (count // TOPICS) == 0:
            lines.append(f"$CATEGORY: topik-{number * TOPICS // count}\n")
        lines.append(
            f"::B{number:05d}:: Sebuah blok sensus memuat {number + 40} rumah tangga dan {number % 7 + 2} di "
            f"antaranya menolak didata. Berapa rumah tangga yang terdata\\? {{\n"
            f"\t={number + 38 - number % 7}\n\t~{number + 40}\n\t~{number + 39}\n\t~{number % 7 + 2}\n}}\n"
        )
    return "\n".join(lines)
