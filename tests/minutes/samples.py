"""A sitting on its exam day, of which a berita acara is told: people come, are late, stay away, lose time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import ledger
from exam_server.exam import service as exam
from exam_server.exam.ledger import Grant
from exam_server.minutes import service
from exam_server.minutes.service import Minutes
from exam_server.models import (
    Account,
    Incident,
    Message,
    MessageTo,
    Outage,
    OutageScope,
    OutageStruck,
    RoleGrant,
    SittingProctor,
    SittingRecord,
    new_public_id,
)
from exam_server.selection import service as selection
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    SignedIn,
    add,
    add_accepted,
    add_booked,
    add_official,
    add_running,
    add_session,
)
from tests.factories import add_scene as _add_scene
from tests.restored import once

OVER = START + 3 * HOUR
"""When the sitting has ended, and whatever was granted in it."""


def add_scene(db: Database) -> Scene:
    """A sitting of two hours with forty seats."""
    return _add_scene(db, sitting={"ends_at": START + 2 * HOUR, "capacity": 40})


def add_proctor(db: Database, scene: Scene, name: str = "Petugas Rahayu") -> Account:
    """A proctor of the office who watches the scene's sitting."""
    account = add_official(db, "proctor", scene.office)
    rename(db, account.id, name)
    add(db, SittingProctor(sitting_id=scene.sitting.id, account_id=account.id, assigned_at=START - DAY))
    return account


def rename(db: Database, account_id: int, name: str) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == account_id).values(name=name))


def end_role(db: Database, account_id: int) -> None:
    with db.write() as tx:
        tx.execute(sa.update(RoleGrant).where(RoleGrant.account_id == account_id).values(ended_at=START))


def submit(db: Database, run: Run, at: datetime) -> None:
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, at)


def close(db: Database, run: Run, official_id: int, at: datetime, reason: str = "Meninggalkan ruang") -> None:
    with db.write() as tx:
        exam.close_by_official(tx, run.attempt_id, official_id, reason, at)


def take_over(db: Database, run: Run, at: datetime) -> SignedIn:
    """The candidate goes on at the office's laptop."""
    other = add_session(db, run.candidate_id, at)
    with db.write() as tx:
        exam.join(tx, run.attempt_id, other.session_id, "Laptop kantor", True, at)
    return other


def grant(
    db: Database, run: Run, seconds: int, official_id: int, at: datetime, reason: str = "Listrik padam"
) -> None:
    with db.write() as tx:
        ledger.enter(tx, run.attempt_id, Grant("extra", seconds, "power", reason, official_id), at)


def note(
    db: Database, scene: Scene, official_id: int, text: str, at: datetime, run: Run | None = None
) -> None:
    add(db, Incident(sitting_id=scene.sitting.id, attempt_id=run.attempt_id if run else None, kind="noise",
                     text=text, author_id=official_id, noted_at=at))  # fmt: skip


def message(
    db: Database, scene: Scene, official_id: int, text: str, at: datetime, *runs: Run,
    delivered_at: datetime | None = None, seen_at: datetime | None = None,
) -> None:  # fmt: skip
    row = add(db, Message(activity_id=scene.selection.id, author_id=official_id, text=text, sent_at=at))
    for run in runs:
        add(db, MessageTo(message_id=row.id, attempt_id=run.attempt_id, delivered_at=delivered_at,
                          seen_at=seen_at))  # fmt: skip


def add_outage(
    db: Database, began_at: datetime, lasted: timedelta, scene: Scene | None = None, *struck: Run
) -> Outage:
    """Of the whole server, or of one sitting with those it struck."""
    row = add(db, Outage(public_id=new_public_id(), began_at=began_at, ended_at=began_at + lasted))
    if scene is not None:
        add(db, OutageScope(outage_id=row.id, sitting_id=scene.sitting.id, evidence={}))
    for run in struck:
        add(db, OutageStruck(outage_id=row.id, attempt_id=run.attempt_id))
    return row


def a_day(db: Database) -> Day:
    """That day, which many tests begin with."""
    return once(db, "day of the minutes", lambda: Day(db))


class Day:
    """Ani began at eight and handed in; Budi was late and closed by the proctor; Citra never came."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.scene = add_scene(db)
        self.proctor = add_proctor(db, self.scene).id
        self.admin = add_official(db, "admin", self.scene.office).id
        self.ani = self._named(add_running(db, self.scene), "Ani Lestari")
        self.budi = self._named(add_running(db, self.scene, START + 12 * MINUTE), "Budi Santoso")
        self.citra = self._named(add_booked(db, self.scene), "Citra Dewi")

    def _named(self, run: Run, name: str) -> Run:
        rename(self.db, run.candidate_id, name)
        return run

    @property
    def path(self) -> str:
        return f"/minutes/{self.scene.sitting.public_id}"

    def all_close(self) -> None:
        """Nobody's attempt is open any more."""
        submit(self.db, self.ani, START + 50 * MINUTE)
        close(self.db, self.budi, self.proctor, START + 55 * MINUTE)

    def look(self, now: datetime = OVER) -> Minutes:
        return service.look(self.db, self.scene.sitting.public_id, now)

    def fix(self, official_id: int | None = None, now: datetime = OVER) -> None:
        service.fix(self.db, self.scene.sitting.public_id, official_id or self.proctor, now)

    def records(self) -> list[SittingRecord]:
        with self.db.read() as tx:
            return list(tx.scalars(sa.select(SittingRecord).order_by(SittingRecord.id)))


def rows(minutes: Minutes, key: str) -> list[tuple[str, ...]]:
    """What one part of the draft lists."""
    parts = {part.key: part for part in (*minutes.draft.parts, minutes.draft.attendance)}
    return list(parts[key].rows)


def facts(minutes: Minutes, key: str) -> dict[str, str]:
    """The same as what a row says of its name."""
    return dict(row for row in rows(minutes, key) if len(row) == 2)  # type: ignore[misc]


def fill(db: Database, scene: Scene, count: int) -> None:
    """So many who never came, in a few statements."""
    for number in range(count):
        account = add_accepted(db, scene, name=f"Calon ke-{number:03}")
        selection.choose_sitting(db, account.id, scene.sitting.public_id, START - 3 * DAY)
