"""Another program writes to the same SQLite file: saves wait for it, and nothing else does."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.rehearsal.candidate import VirtualCandidate
from tests import worlds
from tests.floors import slowest
from tests.servers import ExamServer
from tests.worlds import PASSWORD

BEARABLE = 1.0
"""Seconds, and five times what a look takes before.

Whoever waited for the writer would wait twice as long.
"""


@pytest.mark.slow
def test_a_foreign_writer_delays_saves_and_nothing_else(tmp_path: Path) -> None:
    world = worlds.build(f"sqlite:///{tmp_path / 'exam.db'}")
    (person,) = world.booked(1, world.sitting())
    server = ExamServer(tmp_path)
    foreign = sqlite3.connect(tmp_path / "exam.db", isolation_level=None)

    async def story() -> None:
        one = VirtualCandidate(server.url, person.email, PASSWORD)

        async def look() -> None:
            assert (await one.door.get("/exam/state")).status == 200

        try:
            await one.log_in()
            await one.start()
            await one.join()
            limit = BEARABLE + 5 * await slowest(look)
            foreign.execute("BEGIN IMMEDIATE")
            one.answer(1, 3)
            saving = asyncio.create_task(one.save())
            end = time.monotonic() + 2 * limit
            while time.monotonic() < end:
                assert await slowest(look, 1) < limit
            assert not saving.done(), "nothing is acknowledged that is not committed"
            foreign.execute("ROLLBACK")
            assert (await saving)["ok"]
        finally:
            await one.close()

    try:
        asyncio.run(story())
        assert [(row.position, row.option) for row in world.stored(person)] == [(1, 3)]
    finally:
        foreign.close()
        server.close()
        world.close()


def test_an_error_of_the_database_tells_no_values(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    try:
        with pytest.raises(sa.exc.OperationalError) as failed, db.write() as tx:
            tx.execute(sa.text("INSERT INTO nowhere VALUES (:answer)"), {"answer": "rahasia"})
        assert "rahasia" not in str(failed.value)
    finally:
        db.close()
