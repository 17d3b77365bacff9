"""Floor of the board: a thousand changed rows leave as one event per row, as a first version would do it."""

from bench.floors import host  # isort: skip  # first, because it patches

import os
from typing import Any

import socketio

ROWS = int(os.environ.get("BENCH_ROWS", "1000"))
server = host.sockets()


def row(number: int) -> dict[str, Any]:
    return {
        "id": f"attempt-{number:06d}", "rev": 40 + number, "name": f"Candidate Number {number}", "number": "",
        "sitting": "sitting-abcdefgh", "sitting_label": "Sesi 1", "kecamatan": "Bangsri", "phase": "running",
        "until": 1_800_000_000_000, "answered": number % 31, "flagged": 0, "saved_at": 1_800_000_000_000,
        "contact_at": 1_800_000_000_000, "contact_lost_at": 1_800_000_035_000,
        "started_at": 1_800_000_000_000, "deadline_at": 1_800_000_000_000, "finalised_at": None,
        "device": "Android", "takeovers": 0, "extra_seconds": 0, "how": None, "check": "good",
        "checked_at": 1_800_000_000_000, "incidents": 0, "incident_kind": "", "messages": 0, "unseen": 0,
        "away": None, "photo": False,
    }  # fmt: skip


@server.on("watch")  # type: ignore[untyped-decorator]
def watch(sid: str, data: object) -> dict[str, bool]:
    server.enter_room(sid, "board")
    return {"ok": True}


@server.on("tick")  # type: ignore[untyped-decorator]
def tick(sid: str, data: object) -> dict[str, bool]:
    for number in range(ROWS):
        server.emit("row", row(number), room="board")
    return {"ok": True}


if __name__ == "__main__":
    host.serve(socketio.WSGIApp(server))
