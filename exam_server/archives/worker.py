"""Exports are made one after another beside the server; whoever looks only asks how far they are."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from exam_server import apart
from exam_server.archives import jobs, workbook, zipped
from exam_server.archives.jobs import Export
from exam_server.clock import Clock, to_ms
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.rounds import Rounds

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two rounds."""

TIDY_ROUND = 600
"""Every so many rounds what is too old is removed."""


class Exporting(Rounds):
    """Several workers may export at once; each export is made by the one that claims it."""

    def __init__(self, db: Database, clock: Clock, data_dir: Path) -> None:
        super().__init__("exports", EVERY, self.round)
        self._db, self._clock, self._data_dir = db, clock, data_dir
        self._url = db.engine.url.render_as_string(hide_password=False)
        self._rounds = 0

    def round(self) -> int:
        """Make what waits; how many exports became ready."""
        if self._rounds % TIDY_ROUND == 0:
            jobs.tidy(self._data_dir, self._clock.now())
        self._rounds += 1
        waiting = [one for one in jobs.all_of(self._data_dir, self._clock.now()) if one.state == "waiting"]
        return sum(self._one(one) for one in reversed(waiting) if jobs.claim(one, self._clock.now()))

    def _one(self, export: Export) -> bool:
        try:
            path = export.folder / "making"
            made = self._archive(export, path) if export.job.kind == "dossiers" else self._table(export, path)
            jobs.finish(export, path, made["size"], made["sha256"])
        except (Refusal, OSError, ValueError):
            log.exception("an export could not be made; it can be asked for again")
            jobs.give_up(export)
            return False
        return True

    def _table(self, export: Export, path: Path) -> dict[str, Any]:
        job = export.job
        asked = {"path": str(path), "activity": job.activity_id, "zone": job.zone,
                 "now": to_ms(self._clock.now())}  # fmt: skip
        act = workbook.build_csv if job.kind == "csv" else workbook.build
        found: dict[str, Any] = apart.reckon(
            self._url, act, asked, lambda done, total: self._tell(export, done, total)
        )
        return found

    def _archive(self, export: Export, path: Path) -> dict[str, Any]:
        attempts = zipped.everybody(self._db, export.job.activity_id)
        for first in range(0, len(attempts), zipped.PART):
            asked = {"path": str(path), "attempts": attempts[first : first + zipped.PART]}
            before = first

            def tell(done: int, _: int, before: int = before) -> None:
                self._tell(export, before + done, len(attempts))

            apart.reckon(self._url, zipped.add, asked, tell)
        found: dict[str, Any] = apart.reckon(self._url, zipped.close, {"path": str(path)})
        return found

    def _tell(self, export: Export, done: int, total: int) -> None:
        jobs.report(export, done, total, self._clock.now())
