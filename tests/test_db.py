"""Transactions: durable or refused, one writer on SQLite, and the world hears only of what was committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import (
    SQLITE_PRAGMAS,
    Announcement,
    Database,
    UnsafeDatabase,
    announce,
    at_the_end,
    savepoint,
)
from exam_server.lock import AlreadyRunning, InstanceLock
from exam_server.models import Office
from tests.factories import make_office
from tests.servers import Postgres


def offices(db: Database) -> int:
    with db.read() as tx:
        return tx.execute(sa.select(sa.func.count(Office.id))).scalar_one()


def hear(db: Database, topic: str = "office") -> list[Announcement]:
    heard: list[Announcement] = []
    db.subscribe(topic, heard.append)
    return heard


def test_a_block_that_ends_well_is_committed(db: Database) -> None:
    with db.write() as tx:
        tx.add(make_office())
    assert offices(db) == 1


def test_a_block_that_fails_leaves_nothing(db: Database) -> None:
    with pytest.raises(RuntimeError), db.write() as tx:
        tx.add(make_office())
        tx.flush()
        raise RuntimeError
    assert offices(db) == 0


def test_a_look_throws_changes_away(db: Database) -> None:
    with db.read() as tx:
        tx.add(make_office())
        tx.flush()
    assert offices(db) == 0


def test_the_world_hears_after_the_commit(db: Database) -> None:
    seen: list[int] = []
    db.subscribe("office", lambda row: seen.append(offices(db)))
    with db.write() as tx:
        tx.add(make_office())
        announce(tx, "office", {"id": 1})
        assert seen == []
    assert seen == [1]


def test_the_world_hears_nothing_of_what_was_rolled_back(db: Database) -> None:
    heard = hear(db)
    with suppress(RuntimeError), db.write() as tx:
        announce(tx, "office", {"id": 1})
        raise RuntimeError
    assert heard == []


def test_only_subscribers_of_the_topic_hear_and_in_order(db: Database) -> None:
    heard, other = hear(db), hear(db, "other")
    with db.write() as tx:
        announce(tx, "office", {"id": 1})
        announce(tx, "office", {"id": 2})
    assert heard == [{"id": 1}, {"id": 2}]
    assert other == []


def test_a_subscriber_that_fails_takes_no_other_with_it(db: Database) -> None:
    def fail(row: Announcement) -> None:
        raise RuntimeError

    db.subscribe("office", fail)
    heard = hear(db)
    with db.write() as tx:
        announce(tx, "office", {"id": 1})
    assert heard == [{"id": 1}]


def in_thread(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_sqlite_has_one_writer_at_a_time(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    order: list[str] = []

    def second() -> None:
        order.append("second asks")
        with db.write() as tx:
            order.append("second writes")
            tx.add(make_office(code="2", slug="b"))

    with db.write() as tx:
        thread = in_thread(second)
        while "second asks" not in order:
            thread.join(0.01)
        tx.add(make_office())
        tx.flush()
        thread.join(0.05)
        order.append("first ends")
    thread.join(10)
    assert order == ["second asks", "first ends", "second writes"]
    assert offices(db) == 2
    db.close()


def test_postgresql_has_several_writers(postgres_url: str) -> None:
    db = Database(postgres_url)
    both = threading.Barrier(2, timeout=10)

    def second() -> None:
        with db.write() as tx:
            tx.add(make_office(code="2", slug="b"))
            tx.flush()
            both.wait()

    thread = in_thread(second)
    with db.write() as tx:
        tx.add(make_office())
        tx.flush()
        both.wait()
    thread.join(10)
    assert offices(db) == 2
    db.close()


def test_a_database_as_we_set_it_is_safe(db: Database) -> None:
    db.check()
    assert offices(db) == 0


def test_every_sqlite_connection_reads_its_pragmas_back(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.engine.connect() as first, db.engine.connect() as second:
        for connection in (first, second):
            got = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SQLITE_PRAGMAS}
            assert got == SQLITE_PRAGMAS
    db.close()


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "foreign_keys=OFF", "journal_mode=DELETE"])
def test_sqlite_with_less_durability_is_refused(sqlite_url: str, pragma: str) -> None:
    db = Database(sqlite_url)
    sa.event.listen(db.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))
    with pytest.raises(UnsafeDatabase, match=pragma.split("=")[0]):
        db.check()
    db.close()


def test_postgresql_with_less_durability_is_refused(postgres: Postgres) -> None:
    db = Database(postgres.fresh())
    with db.write() as tx:
        name = tx.execute(sa.text("SELECT current_database()")).scalar_one()
        tx.execute(sa.text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    db.engine.dispose()
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        db.check()
    db.close()


def test_postgresql_tells_its_own_time(postgres_url: str) -> None:
    db = Database(postgres_url)
    first, second = db.seconds(), db.seconds()
    assert 1_700_000_000 < first <= second
    db.close()


def test_a_data_folder_has_one_process(tmp_path: Path) -> None:
    lock = InstanceLock(tmp_path)
    with pytest.raises(AlreadyRunning):
        InstanceLock(tmp_path)
    lock.release()
    again = InstanceLock(tmp_path)
    again.release()
    assert (tmp_path / "instance.lock").read_text().isdigit()


def test_what_is_left_for_the_end_runs_last_and_in_order(db: Database) -> None:
    done: list[str] = []
    with db.write() as tx:
        at_the_end(tx, lambda tx: done.append("first at the end"))
        at_the_end(tx, lambda tx: tx.add(make_office()))
        done.append("the act")
    assert done == ["the act", "first at the end"]
    assert offices(db) == 1


def test_what_was_left_for_the_end_of_a_failure_never_runs(db: Database) -> None:
    done: list[str] = []
    with pytest.raises(RuntimeError), db.write() as tx:
        at_the_end(tx, lambda tx: done.append("never"))
        raise RuntimeError
    assert done == []


def test_a_failure_at_the_end_leaves_nothing_of_the_transaction(db: Database) -> None:
    heard = hear(db)

    def fail(tx: Session) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), db.write() as tx:
        tx.add(make_office())
        announce(tx, "office", {"id": 1})
        at_the_end(tx, fail)
    assert offices(db) == 0
    assert heard == []


def test_a_part_that_fails_takes_its_promises_with_it_and_no_others(db: Database) -> None:
    heard, done = hear(db), []
    with db.write() as tx:
        announce(tx, "office", {"id": 1})
        at_the_end(tx, lambda tx: done.append(1))
        with suppress(RuntimeError), savepoint(tx):
            tx.add(make_office())
            tx.flush()
            announce(tx, "office", {"id": 2})
            at_the_end(tx, lambda tx: done.append(2))
            raise RuntimeError
        with savepoint(tx):
            tx.add(make_office(code="3", slug="c"))
            announce(tx, "office", {"id": 3})
    assert heard == [{"id": 1}, {"id": 3}]
    assert done == [1]
    assert offices(db) == 1


def test_a_quick_look_sees_what_is_committed_and_nothing_else(db: Database) -> None:
    def count() -> int:
        with db.look() as connection:
            return connection.execute(sa.select(sa.func.count(Office.id))).scalar_one()

    with db.write() as tx:
        tx.add(make_office())
        tx.flush()
        assert count() == 0
    assert count() == 1
