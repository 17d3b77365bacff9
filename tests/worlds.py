"""A small installation to be raced against and broken: one office, its activity, bank, people and sittings.

People and choices come in through the services; offices and sittings, which have no service of their own, are
rows. Exams are made short by the sittings' own columns.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.accounts.passwords import hash_password
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.models import (
    Activity,
    Attempt,
    LateAnswer,
    Office,
    Phase,
    Recruitment,
    Response,
    Sitting,
    SittingProctor,
)
from exam_server.registration import service as registration
from exam_server.registration.rules import KINDS
from exam_server.rehearsal.journal import Row
from exam_server.schema import upgrade
from exam_server.selection import service as selection
from question_bank.items import Item
from tests.factories import make_document, make_profile

PASSWORD = "ikan-tongkol-biru-42"
OPTIONS = 4
TOPIC = "uji"


def wall() -> datetime:
    """Now, as the machine's clock says it."""
    return datetime.now(UTC)


@cache
def password_hash() -> str:
    """One hash for everybody: hashing is slow on purpose and is not what these tests are about."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class Somebody:
    """An account of this world."""

    id: int
    email: str


@dataclass
class World:
    """The office `office_id` with its two activities, over an open database."""

    db: Database
    office_id: int
    registration_id: int
    selection_id: int
    board: str
    now: datetime
    screener_id: int
    """Who accepts everybody here."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def url(self) -> str:
        """Of its database."""
        return self.db.engine.url.render_as_string(hide_password=False)

    def close(self) -> None:
        self.db.close()

    def sitting(
        self, capacity: int = 200, *, starts_in: float = -60.0, open_for: float = 3600.0,
        allowed_seconds: int = 600, grace_seconds: int = 10,
    ) -> str:  # fmt: skip
        """The public id of a sitting that begins in `starts_in` and admits for `open_for` seconds."""
        starts_at = self.now + timedelta(seconds=starts_in)
        ends_at = self.now + timedelta(seconds=open_for + allowed_seconds)
        row = Sitting(
            activity_id=self.selection_id, label="Sesi uji", place="Daring", starts_at=starts_at,
            ends_at=ends_at, capacity=capacity, allowed_seconds=allowed_seconds, grace_seconds=grace_seconds,
        )  # fmt: skip
        with self.db.write() as tx:
            tx.add(row)
            tx.flush()
            return row.public_id

    def accepted(self, count: int) -> list[Somebody]:
        """People who may choose a sitting."""
        return [self._accepted() for _ in range(count)]

    def _accepted(self) -> Somebody:
        person = self._account("Calon")
        with self.db.write() as tx:
            tx.add(make_profile(person.id, self.office_id, kecamatan="Uji"))
            tx.add_all(make_document(person.id, kind, uploaded_at=self.now) for kind in KINDS)
        application = registration.apply(self.db, person.id, self.registration_id, self.now)
        with self.db.write() as tx:
            registration.accept(tx, application, self.now, self.screener_id)
        return person

    def _account(self, title: str) -> Somebody:
        number = next(self._numbers)
        email = f"{title.lower()}{number:03d}@uji.example"
        name = f"{title} {number:03d}"
        return Somebody(accounts.register(self.db, email, name, password_hash(), self.now), email)

    def booked(self, count: int, sitting: str) -> list[Somebody]:
        """People who chose `sitting`."""
        people = self.accepted(count)
        for person in people:
            selection.choose_sitting(self.db, person.id, sitting, self.now)
        return people

    def official(self, role: str) -> Somebody:
        """Somebody of this office who holds `role`; a proctor watches every sitting that there is so far."""
        person = self._account(role.capitalize())
        # long ago: sockets opened within a second of a change of roles are dropped, and come back
        accounts.grant_role(self.db, person.id, role, self.office_id, self.now - timedelta(hours=1))
        if role == "proctor":
            self._assign(person)
        return person

    def _assign(self, person: Somebody) -> None:
        with self.db.write() as tx:
            mine = sa.select(Sitting.id).where(Sitting.activity_id == self.selection_id)
            tx.add_all(
                SittingProctor(sitting_id=sitting, account_id=person.id, assigned_at=self.now)
                for sitting in tx.scalars(mine).all()
            )

    def token(self, person: Somebody) -> str:
        """The cookie of a browser in which this person is signed in."""
        return accounts.open_session(self.db, person.id, "uji", wall())

    def attempt(self, person: Somebody) -> Attempt:
        with self.db.read() as tx:
            return tx.scalars(sa.select(Attempt).where(Attempt.candidate_id == person.id)).one()

    def stored(self, person: Somebody) -> list[Row]:
        """What the database holds of this person's answers."""
        with self.db.read() as tx:
            rows = tx.execute(
                sa.select(Response.position, Response.seq, Response.option)
                .join(Attempt, Attempt.id == Response.attempt_id)
                .where(Attempt.candidate_id == person.id)
                .order_by(Response.position)
            )
            return [Row(*row) for row in rows]

    def evidence(self, person: Somebody) -> list[tuple[int, int, str]]:
        """(position, seq, reason) of what came in vain."""
        with self.db.read() as tx:
            rows = tx.execute(
                sa.select(LateAnswer.position, LateAnswer.seq, LateAnswer.reason)
                .join(Attempt, Attempt.id == LateAnswer.attempt_id)
                .where(Attempt.candidate_id == person.id)
                .order_by(LateAnswer.id)
            )
            return [(row.position, row.seq, row.reason) for row in rows]

    def scalar(self, statement: str, **names: Any) -> Any:
        """One value, asked in plain SQL."""
        with self.db.read() as tx:
            return tx.scalar(sa.text(statement), names)


def items(count: int) -> list[Item]:
    """`count` plain items without a picture."""
    return [
        Item(
            stem=f"Butir uji nomor {number}?", code=f"uji-{number:03d}", topic=TOPIC, key=number % OPTIONS,
            options=tuple(f"jawaban {number}-{letter}" for letter in "abcd"),
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


def build(
    url: str, *, bank_items: Sequence[Item] | None = None, pictures: dict[str, bytes] | None = None,
    drawn: int = 8, now: datetime | None = None,
) -> World:  # fmt: skip
    """The schema and the world in an empty database; every paper has `drawn` items."""
    db = Database(url)
    upgrade(db)
    instant = now or wall()
    office_id, entry, test, board = _office(db, instant, drawn)
    bank.import_items(db, office_id, list(bank_items or items(drawn + 4)), pictures or {}, instant)
    screener = accounts.register(db, "penyaring@uji.example", "Penyaring", password_hash(), instant)
    accounts.grant_role(db, screener, "screener", office_id, instant - timedelta(hours=1))
    return World(db, office_id, entry, test, board, instant, screener)


def _office(db: Database, now: datetime, drawn: int) -> tuple[int, int, int, str]:
    with db.write() as tx:
        office = Office(code="9999", slug="uji", name="Kantor Uji", regency="Kabupaten Uji", province="Uji",
                        zone="Asia/Jakarta", kecamatan=["Uji"])  # fmt: skip
        tx.add(office)
        tx.flush()
        recruitment = Recruitment(
            office_id=office.id, year=now.year, title={"id": "Rekrutmen uji"}, document_number="B-1/9999",
            document_date=date(now.year, 1, 1), place="Uji", signatories=[], published_at=now,
            texts={"intro": {"id": "Uji"}, "closing": {"id": "Uji"}, "steps": [], "rules": []},
        )  # fmt: skip
        tx.add(recruitment)
        tx.flush()
        for position, kind in enumerate(("registration", "test"), 1):
            tx.add(Phase(recruitment_id=recruitment.id, position=position, kind=kind, title={"id": kind},
                         note={"id": ""}))  # fmt: skip
        plan = [{"count": drawn, "topic": TOPIC, "difficulty": None}]
        made = [Activity(recruitment_id=recruitment.id, office_id=office.id, year=now.year, kind=kind,
                         name=f"Kegiatan {kind}", blueprint=plan if kind == "selection" else [])
                for kind in ("registration", "selection")]  # fmt: skip
        tx.add_all(made)
        tx.flush()
        return office.id, made[0].id, made[1].id, made[1].public_id
