"""The real server, page and sockets over rows that no database holds: BENCH_ROWS, of which BENCH_CHANGES
change each second and are told in frames twice a second, as the publisher would.
"""

from bench.floors import host  # isort: skip  # first, because it patches

import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

from config import load
from exam_server import create_app
from exam_server.board import rows
from exam_server.board.publisher import EVERY, Publisher
from exam_server.clock import Clock, to_ms
from exam_server.db import Database

ROWS, CHANGES = int(os.environ.get("BENCH_ROWS", "10000")), int(os.environ.get("BENCH_CHANGES", "1000"))
FIRST = ("Ratna", "Slamet", "Siti", "Agus", "Dewi", "Budi", "Tri", "Eko", "Wahyu", "Nur", "Sri", "Joko")
LAST = ("Kusumawati", "Widodo", "Rahayu", "Prasetyo", "Handayani", "Santoso", "Wulandari", "Nugroho")
KECAMATAN = ("Tahunan", "Batealit", "Kedung", "Mlonggo", "Bangsri", "Keling", "Mayong", "Welahan")
HOUR = 3_600_000


class Hall:
    """So many candidates at work."""

    def __init__(self, now: int) -> None:
        self._dice = random.Random(1)
        self.rows = [self._row(number, now) for number in range(ROWS)]

    def _row(self, number: int, now: int) -> dict[str, Any]:
        roll, started = self._dice, now - self._dice.randint(60_000, 3_000_000)
        place = number % 12
        return dict.fromkeys(rows.COLUMNS) | {
            "id": f"c{number:05d}", "rev": 1, "name": f"{roll.choice(FIRST)} {roll.choice(LAST)}",
            "number": "", "sitting": f"s{place}", "sitting_label": f"Sesi {place + 1}", "phase": "running",
            "kecamatan": roll.choice(KECAMATAN), "answered": roll.randint(0, 30),
            "flagged": roll.randint(0, 4), "started_at": started, "deadline_at": started + HOUR,
            "until": started + HOUR, "device": "Android", "takeovers": 0, "extra_seconds": 0, "check": "good",
            "checked_at": now, "incidents": 0, "incident_kind": "", "messages": 0, "unseen": 0,
            "photo": False,
        } | _heard(now)  # fmt: skip

    def change(self, now: int) -> list[list[Any]]:
        """What one tick tells."""
        changed = self._dice.sample(self.rows, int(CHANGES * EVERY))
        for row in changed:
            row |= {"rev": row["rev"] + 1, "answered": (row["answered"] + 1) % 31} | _heard(now)
        return [list(row.values()) for row in changed]

    def snapshot(self, *_: Any) -> Iterator[list[list[Any]]]:
        yield [list(row.values()) for row in self.rows]


def _heard(now: int) -> dict[str, int]:
    return {"saved_at": now, "contact_at": now, "contact_lost_at": now + 35_000}


def _tell(publisher: Publisher, hall: Hall, clock: Clock) -> None:
    """Until the process is killed."""
    while True:
        began, now = time.monotonic(), to_ms(clock.now())
        told = hall.change(now)
        for room in publisher._audience.streams.quiet(float("inf")):
            publisher._send(room, told, now)
        publisher._audience.listen()
        publisher._live.herald.round()
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


def main() -> None:
    settings = load(os.environ)
    db, clock = Database(settings.database_url), Clock()
    app = create_app(settings, db, clock)
    hall = Hall(to_ms(clock.now()))
    rows.snapshot = hall.snapshot  # type: ignore[assignment]
    publisher = next(one for one in app.extensions["workers"] if isinstance(one, Publisher))
    threading.Thread(target=_tell, args=(publisher, hall, clock), daemon=True).start()
    host.serve(app)


if __name__ == "__main__":
    main()
