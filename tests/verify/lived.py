"""A database in which attempts were lived in every way, and the owner of it who writes into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import ledger, service, settling
from exam_server.exam.rules import Item
from exam_server.exam.saves import store
from exam_server.language import DEFAULT
from exam_server.models import JournalEntry
from exam_server.verify import service as verification
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_extra_time,
    add_official,
    add_scene,
    add_session,
    answer,
)

SECRET = "a-secret-of-this-installation"
DEADLINE = START + HOUR + 5 * MINUTE
LATE = DEADLINE + MINUTE
NEW_DEADLINE = DEADLINE + 10 * MINUTE
EVENING = START + 9 * HOUR


@dataclass(frozen=True)
class Lived:
    """`run` had time before the start, two devices, a late answer that counted, and was settled twice."""

    db: Database
    scene: Scene
    official_id: int
    run: Run
    others: tuple[Run, ...]

    def sentences(self, folder: Path, secret: str | None = SECRET) -> list[str]:
        """What does not agree."""
        report = verification.look(self.db, folder, secret)
        return [verification.told(problem, DEFAULT) for problem in report.problems]


def live(db: Database) -> Lived:
    """One attempt that went through everything, and one each that was handed in, runs, waits."""
    scene = add_scene(db)
    official_id = add_official(db, "admin", scene.office).id
    run = through_everything(db, scene, official_id)
    done = begun(db, add_booked(db, scene))
    save(db, done, START + MINUTE, answer(1, 1, 1), answer(4, 2, 2))
    with db.write() as tx:
        service.submit(tx, done.attempt_id, done.session_id, done.lease, START + 2 * MINUTE)
        settling.settle(tx, done.attempt_id, SECRET, START + 2 * MINUTE)
    running = begun(db, add_booked(db, scene))
    save(db, running, START + MINUTE, answer(1, 1, 1))
    waiting = add_booked(db, scene)
    add_extra_time(db, 60, official_id, waiting.attempt_id)
    return Lived(db, scene, official_id, run, (done, running, waiting))


def through_everything(db: Database, scene: Scene, official_id: int) -> Run:
    booked = add_booked(db, scene)
    add_extra_time(db, 300, official_id, booked.attempt_id)
    first = begun(db, booked)
    save(db, first, START + MINUTE, answer(1, 1, 2), answer(2, 1, 4))
    save(db, first, START + 2 * MINUTE, answer(1, 2, 3, flagged=True))
    run = taken_over(db, first)
    save(db, first, START + 4 * MINUTE, answer(4, 1, 4))
    save(db, run, START + 4 * MINUTE, answer(3, 4, None))
    save(db, run, LATE, answer(2, 9, 1))
    over(db, run, LATE + 5 * MINUTE)
    with db.write() as tx:
        grant = ledger.Grant("extra", 600, "power", "listrik padam", official_id)
        ledger.enter(tx, run.attempt_id, grant, LATE + 6 * MINUTE)
    save(db, run, NEW_DEADLINE - MINUTE, answer(4, 1, 1))
    over(db, run, EVENING)
    return run


def begun(db: Database, booked: Run) -> Run:
    """Pledged, started and joined at START."""
    with db.write() as tx:
        service.begin(tx, booked.attempt_id, START)
        lease = service.join(tx, booked.attempt_id, booked.session_id, "Android", False, START)
    return replace(booked, lease=lease)


def taken_over(db: Database, run: Run) -> Run:
    other = add_session(db, run.candidate_id, START)
    with db.write() as tx:
        lease = service.join(tx, run.attempt_id, other.session_id, "Firefox", True, START + 3 * MINUTE)
    return replace(run, session_id=other.session_id, token=other.token, lease=lease)


def save(db: Database, run: Run, at: datetime, *answers: Item) -> None:
    with db.write() as tx:
        store(tx, [run.save(*answers, at=at)])


def over(db: Database, run: Run, now: datetime) -> None:
    """Closed by the clock, and settled."""
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, now)
    with db.write() as tx:
        settling.settle(tx, run.attempt_id, SECRET, now)


def unguard(db: Database, *tables: str) -> None:
    """No trigger of these tables stands in the way any more."""
    with db.engine.begin() as connection:
        if db.sqlite:
            found = connection.execute(
                sa.text("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
            )
            drops = [f"DROP TRIGGER {name}" for name, table in found.all() if table in tables]
        else:
            drops = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
        for drop in drops:
            connection.execute(sa.text(drop))


def write(db: Database, statement: str, **names: object) -> None:
    """What an owner of the database can do; it must change exactly one row."""
    with db.engine.begin() as connection:
        assert connection.execute(sa.text(statement), names).rowcount == 1


def entries(db: Database, attempt_id: int) -> list[JournalEntry]:
    with db.read() as tx:
        wanted = sa.select(JournalEntry).where(JournalEntry.attempt_id == attempt_id)
        return list(tx.scalars(wanted.order_by(JournalEntry.number)))
