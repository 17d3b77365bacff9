"""The database of a run: the real schema, an announced recruitment, and candidates who are in the exam."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from exam_server.accounts import service as accounts
from exam_server.bank import intake
from exam_server.clock import Clock
from exam_server.db import Database
from exam_server.demo import announce
from exam_server.demo.people import Cast
from exam_server.demo.seed import ANNOUNCED_DAYS_AGO, BANK
from exam_server.exam import service as exam
from exam_server.language import DEFAULT
from exam_server.models import Activity, Attempt, RoleGrant, Sitting, SittingProctor
from exam_server.schema import upgrade

COOKIE = "exam"
DEVICE = "Mozilla/5.0 (Linux; Android 13)"
NO_PASSWORD = "!"
LENGTH = timedelta(hours=6)
ALLOWED = 4 * 3600
"""Seconds: nobody's time runs out while a benchmark runs."""


@dataclass(frozen=True)
class Seat:
    """One signed-in candidate: the session cookie and the public id of the attempt."""

    cookie: str
    attempt: str


@dataclass(frozen=True)
class Arena:
    """A filled database and who may do what in it."""

    url: str
    seats: tuple[Seat, ...]
    proctors: tuple[str, ...]
    board: str

    def copied_to(self, folder: Path) -> Arena:
        """The same arena in a database of its own, so that every server starts from the same rows."""
        url = make_url(self.url)
        folder.mkdir(parents=True)
        if url.get_backend_name() == "sqlite":
            shutil.copy(str(url.database), folder / "exam.db")
            return Arena(f"sqlite:///{folder / 'exam.db'}", self.seats, self.proctors, self.board)
        name = f"{url.database}_{folder.name.replace('-', '_')}"
        with psycopg.connect(dsn(url.set(database="postgres")), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database}".encode())
        copied = url.set(database=name).render_as_string(hide_password=False)
        return Arena(copied, self.seats, self.proctors, self.board)


def dsn(url: sa.URL) -> str:
    """The address as psycopg itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def fill(url: str, candidates: int, proctors: int) -> Arena:
    """Everything through the services: announced, applied, accepted, booked, signed in, started."""
    db = Database(url)
    upgrade(db)
    now = Clock().now()
    with db.write() as tx:
        place = announce.bring_in(tx, announce.read_all()[0], now.date() - timedelta(days=ANNOUNCED_DAYS_AGO))
        sitting = Sitting(
            activity_id=place.selection_id, label="Sesi 1", place="Daring", starts_at=now,
            ends_at=now + LENGTH, capacity=candidates, allowed_seconds=ALLOWED, grace_seconds=10,
        )  # fmt: skip
        tx.add(sitting)
        tx.flush()
        chosen = sitting.public_id
    for file in sorted(BANK.glob("*.csv")):
        intake.bring_in(db, place.office_id, intake.read(file, DEFAULT), now)
    people = Cast(db, place, NO_PASSWORD, now).booked(candidates, chosen)
    seats = _start(db, people, now)
    watchers = _officials(db, place.office_id, proctors, now)
    _assign(db, now)
    with db.read() as tx:
        board = tx.scalars(sa.select(Activity.public_id).where(Activity.id == place.selection_id)).one()
    db.close()
    return Arena(url, seats, watchers, board)


def _start(db: Database, people: list[int], now: datetime) -> tuple[Seat, ...]:
    with db.write() as tx:
        found = tx.execute(sa.select(Attempt.candidate_id, Attempt.id, Attempt.public_id)).all()
        for row in found:
            exam.start(tx, row.id, now)
    names = {row.candidate_id: row.public_id for row in found}
    return tuple(Seat(_sign_in(db, person, now), names[person]) for person in people)


def _officials(db: Database, office_id: int, count: int, now: datetime) -> tuple[str, ...]:
    cookies = []
    for number in range(count):
        account = accounts.register(db, f"pengawas{number}@bench.example", "Pengawas", NO_PASSWORD, now)
        accounts.grant_role(db, account, "proctor", office_id, now)
        cookies.append(_sign_in(db, account, now))
    return tuple(cookies)


def _assign(db: Database, now: datetime) -> None:
    """Every proctor watches the sitting."""
    with db.write() as tx:
        sitting = tx.scalars(sa.select(Sitting.id)).one()
        for proctor in tx.scalars(sa.select(RoleGrant.account_id).where(RoleGrant.role == "proctor")).all():
            tx.add(SittingProctor(sitting_id=sitting, account_id=proctor, assigned_at=now))


def _sign_in(db: Database, account_id: int, now: datetime) -> str:
    return f"{COOKIE}={accounts.open_session(db, account_id, DEVICE, now)}"
