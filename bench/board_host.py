"""The real publisher with its tick on demand, over rows that were read once: only the sending is measured.

The floor does not read a database either; with `read` in the event the tick reads, as it does in service.
"""

from bench.floors import host  # isort: skip  # first, because it patches

import itertools
import os
from typing import Any

import sqlalchemy as sa

from config import load
from exam_server import create_app
from exam_server.board import rows
from exam_server.board.publisher import Publisher
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.models import Attempt

ROWS = int(os.environ.get("BENCH_ROWS", "1000"))


def main() -> None:
    settings = load(os.environ)
    db, clock = Database(settings.database_url), Clock()
    app = create_app(settings, db, clock)
    live = app.extensions["live"]
    publisher = next(one for one in app.extensions["workers"] if isinstance(one, Publisher))
    with db.read() as tx:
        attempts = set(tx.scalars(sa.select(Attempt.id)))
    once = list(itertools.chain(*rows.changed(db, attempts, clock.now())))
    ready = list(itertools.islice(itertools.cycle(once), ROWS))
    parts = [ready[first : first + rows.AT_ONCE] for first in range(0, ROWS, rows.AT_ONCE)]
    reading = rows.changed

    def tick(sid: str, data: dict[str, Any]) -> dict[str, bool]:
        rows.changed = reading if data.get("read") else lambda *_: iter(parts)
        publisher.hear({"attempt_ids": set(attempts)})
        publisher.tick()
        live.herald.round()
        return {"ok": True}

    live.server.on("tick", tick)
    host.serve(app)


if __name__ == "__main__":
    main()
