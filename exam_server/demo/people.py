"""Fictive candidates in every state a recruitment knows, each brought there by the services themselves."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.demo import happenings, papers_of_people
from exam_server.demo.announce import Announced
from exam_server.demo.lives import life_of, name_of
from exam_server.demo.phones import PHONE, hear
from exam_server.exam import service as exam
from exam_server.exam.papers import ensure_paper
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, store
from exam_server.models import (
    Activity,
    Attempt,
    Office,
    Profile,
    Requirement,
    RoleGrant,
    ServerSession,
    Sitting,
)
from exam_server.registration import service as registration
from exam_server.selection import service as selection

SCREENER = "penyaring"
PAUSE = timedelta(seconds=70)
"""Between two answers, of whoever has time enough."""


@dataclass(frozen=True)
class Crowd:
    """How many candidates stop at each state."""

    registered: int = 3
    waiting_for_screening: int = 5
    accepted: int = 8
    tomorrow: int = 10
    now_ready: int = 4
    now_running: int = 9
    submitted: int = 10
    closed_by_clock: int = 6
    absent: int = 3

    def first(self, state: str) -> int:
        """The number of the first person who stops at `state`: people come in the order of these fields."""
        states = [field.name for field in fields(self)]
        earlier: list[int] = [getattr(self, name) for name in states[: states.index(state)]]
        return 1 + sum(earlier)


def populate(db: Database, place: Announced, sittings: dict[str, str], now: datetime, password_hash: str,
             crowd: Crowd, data_dir: Path | None = None) -> None:  # fmt: skip
    """`crowd` of fictive people at one office; `sittings` names those of yesterday, now and tomorrow.

    Their files are drawn into `data_dir`; without one their rows alone are there.
    """
    cast = Cast(db, place, password_hash, now, data_dir)
    cast.people(crowd.registered)
    cast.applied(crowd.waiting_for_screening)
    cast.accepted(crowd.accepted)
    cast.booked(crowd.tomorrow, sittings["tomorrow"])
    cast.booked(crowd.now_ready, sittings["now"])
    *working, ill, moved, gone = cast.booked(crowd.now_running, sittings["now"])
    for person in working:
        cast.sit(
            person, now - timedelta(minutes=cast.dice.randint(4, 40)), cast.dice.randint(3, 24), stays=True
        )
    for person in (ill, moved, gone):
        cast.sit(person, now - happenings.BEGAN, happenings.ANSWERS, stays=person != gone)
    begun = cast.start_of(sittings["yesterday"])
    for person in cast.booked(crowd.submitted, sittings["yesterday"]):
        cast.sit(
            person,
            begun + timedelta(minutes=2),
            30,
            submit_after=timedelta(minutes=cast.dice.randint(30, 58)),
        )
    for person in cast.booked(crowd.closed_by_clock, sittings["yesterday"]):
        cast.sit(person, begun + timedelta(minutes=3), cast.dice.randint(12, 29))
    cast.booked(crowd.absent, sittings["yesterday"])


def email_of(number: int, slug: str) -> str:
    """The login of the person of that number at an office."""
    return f"calon{number:02d}@{slug}.example"


class Cast:
    """Numbers its people as it goes: calon01@jepara.example, calon02@..."""

    def __init__(
        self, db: Database, place: Announced, password_hash: str, now: datetime, data_dir: Path | None = None
    ) -> None:
        self.db, self.place, self.now = db, place, now
        self.dice = random.Random(place.slug)  # noqa: S311 - clicks of fictive people
        self._password_hash, self._data_dir = password_hash, data_dir
        self._count = 0
        self._began = datetime.combine(place.announced_on, datetime.min.time(), place.zone) + timedelta(
            days=2
        )
        with db.read() as tx:
            self._office = tx.get_one(Office, place.office_id)
            self._statements = set(tx.scalars(
                sa.select(Requirement.position)
                .join(Activity, Activity.recruitment_id == Requirement.recruitment_id)
                .where(Activity.id == place.registration_id, Requirement.proof == "statement")
            ))  # fmt: skip

    def people(self, count: int) -> list[int]:
        return [self._person() for _ in range(count)]

    def _person(self) -> int:
        self._count += 1
        name = name_of(self._count, self.place.slug)
        return accounts.register(
            self.db, email_of(self._count, self.place.slug), name, self._password_hash, self._began
        )

    def told(self, count: int) -> list[int]:
        """People whose profile and files are complete."""
        return [self._tell(self._person()) for _ in range(count)]

    def _tell(self, person: int) -> int:
        office = self._office
        life = life_of(self._count, self.place.slug, office.code, office.kecamatan, office.regency)
        said = asdict(life)
        del said["name"]
        with self.db.write() as tx:
            tx.add(
                Profile(account_id=person, office_id=office.id, civil_servant=False, saved_at=self._began,
                        experienced=life.experience is not None, **said)
            )  # fmt: skip
        if self._data_dir:
            papers_of_people.store(self.db, self._data_dir, person, life, office.regency, self._began)
        else:
            papers_of_people.rows_only(self.db, person, self._began)
        return person

    def applied(self, count: int) -> list[tuple[int, int]]:
        """(candidate, application) pairs that wait for screening."""
        activity, ticked = self.place.registration_id, self._statements
        return [
            (person, registration.apply(self.db, person, activity, self._began, ticked))
            for person in self.told(count)
        ]

    def accepted(self, count: int) -> list[int]:
        people, screener = self.applied(count), self.screener()
        for _, application in people:
            with self.db.write() as tx:
                registration.accept(tx, application, self._began + timedelta(days=1), screener)
        return [person for person, _ in people]

    def screener(self) -> int:
        """Who screens at this office; a fictive official comes when there is none."""
        with self.db.read() as tx:
            found = tx.scalar(
                sa.select(RoleGrant.account_id).where(
                    RoleGrant.office_id == self.place.office_id, RoleGrant.role == "screener"
                ).limit(1)
            )  # fmt: skip
        if found is None:
            email, name = f"{SCREENER}@{self.place.slug}.example", f"Penyaring {self.place.name}"
            found = accounts.register(self.db, email, name, self._password_hash, self._began)
            accounts.grant_role(self.db, found, "screener", self.place.office_id, self._began)
        return found

    def booked(self, count: int, sitting: str) -> list[int]:
        people = self.accepted(count)
        for person in people:
            selection.choose_sitting(self.db, person, sitting, self._began + timedelta(days=2))
        return people

    def start_of(self, sitting: str) -> datetime:
        with self.db.read() as tx:
            starts_at: datetime = tx.scalars(
                sa.select(Sitting.starts_at).where(Sitting.public_id == sitting)
            ).one()
        return starts_at

    def sit(
        self, person: int, started_at: datetime, answers: int, submit_after: timedelta | None = None,
        *, stays: bool = False,
    ) -> None:  # fmt: skip
        """Start, answer `answers` items over time, and submit when `submit_after` says so.

        The phone is heard until the last answer, and until now when it `stays`.
        """
        token = accounts.open_session(self.db, person, PHONE, started_at)
        with self.db.write() as tx:
            attempt_id = tx.scalars(sa.select(Attempt.id).where(Attempt.candidate_id == person)).one()
            session_id = tx.scalars(
                sa.select(ServerSession.id).where(ServerSession.token_hash == accounts.hash_token(token))
            ).one()
            ensure_paper(tx, attempt_id, started_at)
            exam.start(tx, attempt_id, started_at)
            lease = exam.join(tx, attempt_id, session_id, PHONE, False, started_at)
            heard_at, pause = started_at, min(PAUSE, (self.now - started_at) / (answers + 1))
            for position in range(1, answers + 1):
                at = started_at + position * pause
                hear(tx, attempt_id, heard_at, at)
                item = Item(position, 1, self.dice.randint(1, 4), self.dice.random() < 0.1)
                store(tx, [Save(attempt_id, session_id, lease, (item,), at)])
                heard_at = at
            if submit_after:
                hear(tx, attempt_id, heard_at, started_at + submit_after)
                exam.submit(tx, attempt_id, session_id, lease, started_at + submit_after)
            elif stays:
                hear(tx, attempt_id, heard_at, self.now)
        # the fictive phone is put away, so that whoever tries this login need not take over from it
        accounts.end_session(self.db, session_id, self.now)
