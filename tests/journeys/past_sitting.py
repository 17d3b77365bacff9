"""A sitting of some hours ago, with an outage, a broken phone and an absent candidate, over a real server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from exam_server.accounts import service as accounts
from exam_server.documents import files
from exam_server.exam import ledger
from exam_server.exam import service as exam
from exam_server.exam.ledger import Grant
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, store
from exam_server.models import (
    Attempt,
    DeviceCheck,
    Document,
    Incident,
    Message,
    MessageTo,
    Outage,
    PageEvent,
    ServerSession,
    Sitting,
    new_public_id,
)
from tests import worlds
from tests.factories import add, make_picture
from tests.servers import ExamServer
from tests.worlds import Somebody, World, wall

MINUTE = timedelta(minutes=1)


@dataclass
class Past:
    """The sitting `sitting` (public id), watched by `proctor`; `people[0]` went through everything."""

    world: World
    sitting: str
    people: list[Somebody]
    proctor: Somebody
    starts_at: datetime
    server: ExamServer = field(init=False)

    def close(self) -> None:
        self.server.close()
        self.world.close()


def open_past(folder: Path, count: int = 12) -> Past:
    """Four hours ago; the last of `count` candidates never came."""
    world = worlds.build(f"sqlite:///{folder / 'exam.db'}", now=wall() - timedelta(hours=4))
    sitting = world.sitting(starts_in=60.0, open_for=3600.0, allowed_seconds=3600)
    people = world.booked(count, sitting)
    proctor = world.official("proctor")
    with world.db.read() as tx:
        starts_at = tx.scalars(sa.select(Sitting.starts_at).where(Sitting.public_id == sitting)).one()
    past = Past(world, sitting, people, proctor, starts_at)
    for number, person in enumerate(people[:-1]):
        _sat(past, person, starts_at + number * timedelta(seconds=40))
    _troubles(past)
    for person in people[2:-1]:
        _submit(past, person, starts_at + 58 * MINUTE)
    with world.db.write() as tx:
        for person in people[:2]:
            exam.close_by_clock(tx, world.attempt(person).id, starts_at + timedelta(hours=2))
    _lay_photos(world, folder)
    past.server = ExamServer(folder)  # nobody closes or notices anything before the day is over
    return past


def _lay_photos(world: World, data_dir: Path) -> None:
    """The files of the photos, of which the world has only rows."""
    with world.db.read() as tx:
        names = list(tx.scalars(sa.select(Document.stored_name).where(Document.kind == "photo")))
    for name in names:
        place = files.place(data_dir, name)
        place.mkdir(parents=True, exist_ok=True)
        (place / "thumb.jpg").write_bytes(make_picture(72, 96, "JPEG"))


def _sat(past: Past, person: Somebody, at: datetime) -> None:
    db, attempt = past.world.db, past.world.attempt(person)
    accounts.open_session(db, person.id, "Mozilla/5.0 (Android)", at)
    session_id = _session(past, person)
    add(
        db, DeviceCheck(account_id=person.id, at=at - 10 * MINUTE, device="Android", outcome="good", facts={})
    )
    with db.write() as tx:
        exam.start(tx, attempt.id, at)
        lease = exam.join(tx, attempt.id, session_id, "Mozilla/5.0 (Linux; Android 14)", False, at)
    for position in range(1, 7):
        with db.write() as tx:
            answers = (Item(position, 1, 1 + position % 4, position == 3),)
            store(tx, [Save(attempt.id, session_id, lease, answers, at + position * MINUTE)])


def _session(past: Past, person: Somebody) -> int:
    with past.world.db.read() as tx:
        mine = sa.select(sa.func.max(ServerSession.id)).where(ServerSession.account_id == person.id)
        return tx.scalars(mine).one()


def _submit(past: Past, person: Somebody, at: datetime) -> None:
    attempt = past.world.attempt(person)
    with past.world.db.write() as tx:
        exam.submit(tx, attempt.id, _session(past, person), attempt.lease, at)


def _troubles(past: Past) -> None:
    """Seven minutes without the server, given back; a phone that broke; noise; a message."""
    db, began, official = past.world.db, past.starts_at, past.proctor.id
    first, second = (past.world.attempt(person) for person in past.people[:2])
    outage = add(
        db, Outage(public_id=new_public_id(), began_at=began + 20 * MINUTE, ended_at=began + 27 * MINUTE)
    )
    with db.read() as tx:
        running = list(tx.scalars(sa.select(Attempt.id).where(Attempt.started_at.is_not(None))))
    grant = Grant("outage", 420, "server", "Server tidak dapat menyimpan jawaban.", official, outage.id)
    with db.write() as tx:
        ledger.enter_all(tx, dict.fromkeys(running, grant), began + 28 * MINUTE)
    accounts.open_session(db, past.people[0].id, "Laptop", began + 30 * MINUTE)
    with db.write() as tx:
        exam.release(tx, first.id, official, "Ponsel mati", began + 31 * MINUTE)
        exam.join(tx, first.id, _session(past, past.people[0]), "Laptop kantor", False, began + 32 * MINUTE)
        ledger.enter(
            tx, first.id, Grant("extra", 180, "device", "Ponsel mati total", official), began + 33 * MINUTE
        )
    sitting = first.sitting_id
    for attempt_id, kind, text in (
        (None, "noise", "Pawai lewat di depan aula"),
        (second.id, "illness", "Pusing"),
    ):
        add(db, Incident(sitting_id=sitting, attempt_id=attempt_id, kind=kind, text=text, author_id=official,
                         noted_at=began + 35 * MINUTE))  # fmt: skip
    said = add(db, Message(activity_id=first.activity_id, author_id=official,
                           text="Waktu sudah diganti.", sent_at=began + 29 * MINUTE))  # fmt: skip
    for attempt_id in running:
        add(db, MessageTo(message_id=said.id, attempt_id=attempt_id, delivered_at=said.sent_at, seen_at=None))
    for kind, minute in (("left", 40), ("back", 41)):
        add(db, PageEvent(attempt_id=first.id, kind=kind, at=began + minute * MINUTE))
