"""Jepara and Magetan as they announced themselves, on a day of their final selection, in one installation.

Everybody here came by the services: applied, was accepted, chose a sitting, sat, handed in, was settled. The
key of WRONG names an option that only the weak believe in; at Jepara one candidate sits while others decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.accounts import service as accounts
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.demo import announce
from exam_server.demo.people import Cast
from exam_server.demo.phones import PHONE
from exam_server.documents import files
from exam_server.exam import service as exam
from exam_server.exam.papers import read_paper
from exam_server.exam.rules import Item as Answer
from exam_server.exam.saves import Save, store
from exam_server.exam.settling import settle
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    BankItem,
    Booking,
    Document,
    ItemRevision,
    Paper,
    ServerSession,
    Sitting,
)
from exam_server.schema import upgrade
from exam_server.selection.numbers import number_of
from question_bank.items import Item as BankItemText
from tests.factories import make_item, make_picture
from tests.servers import SECRET_KEY
from tests.worlds import password_hash, wall

ITEMS, TRUE, BELIEVED = 10, 2, 0
"""Items of every paper, their right option, and the one that a wrong key says, in the original order."""

MISTAKES = (0, 1, 3)
WRONG = "UJI-05"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
DAYS_AGO = {"jepara": 30, "magetan": 33}
"""When each announced: the final stage of both is open today, and both results come out within RESULT_IN."""

RESULT_IN = 15 * DAY + HOUR


@dataclass(frozen=True)
class Person:
    """A candidate: who they are, and the number that everybody may know."""

    id: int
    name: str
    email: str
    attempt_id: int
    number: str


@dataclass
class House:
    """One office of the installation; `people` sat, in the order of their ability, and `absent` did not."""

    slug: str
    name: str
    activity: str
    public_id: str
    activity_id: int
    admin: int
    second: int
    people: list[Person] = field(default_factory=list)
    absent: list[Person] = field(default_factory=list)
    sitting: list[Person] = field(default_factory=list)


def build(folder: Path, now: datetime | None = None, sits: int = 1) -> tuple[Database, dict[str, House]]:
    """34 sat at Jepara, `sits` still sit, two stayed away; 12 sat at Magetan and two stayed away."""
    db, now = Database(f"sqlite:///{folder / 'exam.db'}"), now or wall()
    upgrade(db)
    said = {one["office"]["slug"]: one for one in announce.read_all()}
    houses = {
        "jepara": _house(db, said["jepara"], now, sat=34, sits=sits, absent=2),
        "magetan": _house(db, said["magetan"], now, sat=12, sits=0, absent=2),
    }
    _lay_files(db, folder)
    return db, houses


def _house(db: Database, said: dict[str, object], now: datetime, sat: int, sits: int, absent: int) -> House:
    slug = str(said["office"]["slug"])  # type: ignore[index]
    with db.write() as tx:
        place = announce.bring_in(tx, said, now.date() - DAYS_AGO[slug] * DAY)
        activity = tx.get_one(Activity, place.selection_id)
        activity.blueprint = [{"count": ITEMS, "topic": "umum", "difficulty": None}]
        past = _sitting(tx, activity.id, "Sesi 1", now - DAY, now - DAY + 2 * HOUR)
        open_now = _sitting(tx, activity.id, "Sesi 2", now - HOUR, now + HOUR) if sits else ""
    bank.import_items(db, place.office_id, _items(), {}, now - 2 * DAY)
    admin, second = (_admin(db, place, one, now) for one in ("admin", "ketua"))
    house = House(slug, place.name, activity.name, activity.public_id, activity.id, admin, second)
    cast = Cast(db, place, password_hash(), now)
    everybody = cast.booked(sat + absent, past)
    for rank, candidate in enumerate(everybody[:sat]):
        _sit(db, candidate, now - DAY + MINUTE, _right(rank, sat), _believes(rank, sat))
    for candidate in cast.booked(sits, open_now):
        _start(db, candidate, now - 20 * MINUTE)
        house.sitting.append(_person(db, candidate))
    house.people = [_person(db, one) for one in everybody[:sat]]
    house.absent = [_person(db, one) for one in everybody[sat:]]
    return house


def _lay_files(db: Database, data_dir: Path) -> None:
    """A page and its small picture for each file that somebody sent, of which there are rows so far."""
    with db.read() as tx:
        names = list(tx.scalars(sa.select(Document.stored_name)))
    for name in names:
        place = files.place(data_dir, name)
        place.mkdir(parents=True)
        for picture in ("page-1.jpg", "thumb.jpg"):
            (place / picture).write_bytes(make_picture(72, 96, "JPEG"))


def _items() -> list[BankItemText]:
    """All with their true key but one."""
    plain = [make_item(number, code=f"UJI-{number:02d}") for number in range(1, ITEMS + 1)]
    asked = "Sebuah blok sensus memuat 80 rumah tangga, 20 di antaranya mempunyai balita. Berapa bagiannya?"
    options = ("20 persen", "40 persen", "25 persen", "80 persen")
    wrong = make_item(0, code=WRONG, stem=asked, options=options, key=BELIEVED, explanation="20 : 80 = 25%")
    return [wrong if one.code == WRONG else one for one in plain]


def _sitting(tx: Session, activity_id: int, label: str, starts_at: datetime, ends_at: datetime) -> str:
    row = Sitting(activity_id=activity_id, label=label, place="Daring", starts_at=starts_at, ends_at=ends_at,
                  capacity=60, allowed_seconds=3600, grace_seconds=10)  # fmt: skip
    tx.add(row)
    tx.flush()
    return row.public_id


def _admin(db: Database, place: announce.Announced, word: str, now: datetime) -> int:
    name = {"admin": "Bagus Santoso", "ketua": "Ratna Dewi"}[word]
    found = accounts.register(db, f"{word}@{place.slug}.example", f"{name} {place.slug.capitalize()}",
                              password_hash(), now - 20 * DAY)  # fmt: skip
    accounts.grant_role(db, found, "admin", place.office_id, now - 20 * DAY)
    return found


def _right(rank: int, of: int) -> int:
    """How many of the items with a true key the one at that place of ability answers rightly."""
    return ITEMS - 1 - rank * (ITEMS - 1) // of


def _believes(rank: int, of: int) -> int:
    """What they choose at the item with the wrong key: one of the best is as wrong as the key."""
    if rank != 1 and rank < 0.6 * of:
        return TRUE
    return (BELIEVED, BELIEVED, 1, 3)[rank % 4] if rank > 1 else BELIEVED


def _sit(db: Database, candidate: int, at: datetime, right: int, believed: int) -> None:
    """The whole way from the start to the receipt."""
    attempt_id, session_id, lease = _start(db, candidate, at)
    with db.read() as tx:
        drawn = read_paper(tx.get_one(Paper, attempt_id).content)
        wrong = tx.scalars(
            sa.select(ItemRevision.id).join(BankItem, BankItem.id == ItemRevision.item_id)
            .where(BankItem.code == WRONG, ItemRevision.id.in_([one.id for one in drawn]))
        ).one()  # fmt: skip
    left, given = right, []
    for position, one in enumerate(drawn, 1):
        if one.id == wrong:
            chosen = believed
        else:
            chosen, left = (TRUE, left - 1) if left else (MISTAKES[(position + believed + right) % 3], 0)
        given.append(Answer(position, 1, one.order.index(chosen) + 1, False))
    with db.write() as tx:
        store(tx, [Save(attempt_id, session_id, lease, tuple(given), at + MINUTE)])
        exam.submit(tx, attempt_id, session_id, lease, at + 40 * MINUTE)
    with db.write() as tx:
        assert settle(tx, attempt_id, SECRET_KEY, at + 41 * MINUTE)


def _start(db: Database, candidate: int, at: datetime) -> tuple[int, int, int]:
    """Attempt, session and lease of a phone that goes on."""
    token = accounts.open_session(db, candidate, PHONE, at)
    with db.write() as tx:
        attempt_id = tx.scalars(sa.select(Attempt.id).where(Attempt.candidate_id == candidate)).one()
        session_id = tx.scalars(
            sa.select(ServerSession.id).where(ServerSession.token_hash == accounts.hash_token(token))
        ).one()
        exam.start(tx, attempt_id, at)
        return attempt_id, session_id, exam.join(tx, attempt_id, session_id, PHONE, False, at)


def _person(db: Database, candidate: int) -> Person:
    with db.read() as tx:
        account, attempt, booking = tx.execute(
            sa.select(Account, Attempt.id, Booking.public_id)
            .join(Attempt, Attempt.candidate_id == Account.id)
            .join(Booking, sa.and_(Booking.candidate_id == Account.id,
                                   Booking.activity_id == Attempt.activity_id))
            .where(Account.id == candidate)
        ).one()  # fmt: skip
    return Person(account.id, account.name, account.email, attempt, number_of(booking))
