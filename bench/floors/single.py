"""Floor of the group commit: one transaction per answer, on the bare driver, without any rule.

SQLite with FULL through sqlite3, PostgreSQL through eight connections of psycopg; as many columns as a
response has, an upsert that lets seq only grow, and a journal row.
"""

from bench.floors import host  # isort: skip  # first, because it patches

import os
import queue
import sqlite3
import time
from typing import Any

import psycopg
import socketio

URL = os.environ["DATABASE_URL"]
CONNECTIONS = 8
TABLES = (
    "CREATE TABLE IF NOT EXISTS answer (attempt TEXT, position INTEGER, seq INTEGER, option INTEGER, "
    "flagged INTEGER, arrived_at BIGINT, PRIMARY KEY (attempt, position))",
    "CREATE TABLE IF NOT EXISTS answer_journal (attempt TEXT, position INTEGER, seq INTEGER, "
    "option INTEGER, flagged INTEGER, arrived_at BIGINT)",
)
UPSERT = (
    "INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (attempt, position) DO UPDATE SET "
    "seq = excluded.seq, option = excluded.option, flagged = excluded.flagged, "
    "arrived_at = excluded.arrived_at WHERE excluded.seq > answer.seq"
)
JOURNAL = "INSERT INTO answer_journal VALUES (?, ?, ?, ?, ?, ?)"
server = host.sockets()


class Sqlite:
    def __init__(self) -> None:
        self._connection = sqlite3.connect(URL, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=wal", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        for table in TABLES:
            self._connection.execute(table)

    def write(self, row: tuple[Any, ...]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(UPSERT, row)
        self._connection.execute(JOURNAL, row)
        self._connection.execute("COMMIT")


class Postgres:
    def __init__(self) -> None:
        self._idle: queue.LifoQueue[psycopg.Connection] = queue.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put(psycopg.connect(URL))
        with psycopg.connect(URL) as connection:
            for table in TABLES:
                connection.execute(table.encode())

    def write(self, row: tuple[Any, ...]) -> None:
        connection = self._idle.get()
        try:
            connection.execute(UPSERT.replace("?", "%s").encode(), row)
            connection.execute(JOURNAL.replace("?", "%s").encode(), row)
            connection.commit()
        finally:
            self._idle.put(connection)


store = Postgres() if URL.startswith("postgresql") else Sqlite()


@server.on("save")  # type: ignore[untyped-decorator]
def save(sid: str, data: dict[str, Any]) -> dict[str, Any]:
    for item in data["items"]:
        store.write((data["attempt"], item["position"], item["seq"], item["option"], int(item["flagged"]),
                     time.time_ns() // 1000))  # fmt: skip
    return {"ok": True, "items": [{"seq": item["seq"], "state": "saved"} for item in data["items"]]}


if __name__ == "__main__":
    host.serve(socketio.WSGIApp(server))
