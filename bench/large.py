"""A whole selection that was sat and closed, put into a database as rows: as large as wanted, in seconds.

Papers are really drawn and scores really made by the rules of the exam; only the way through the services is
left out. Everything comes from one seed, so that two runs measure the same exam.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import keys as bank_keys
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.exam import journal
from exam_server.models import (
    Account,
    Activity,
    Application,
    ApplicationVersion,
    Attempt,
    Booking,
    JournalEntry,
    Paper,
    Profile,
    Receipt,
    Response,
    Score,
    Screening,
    Sitting,
    to_micros,
)
from question_bank.blueprint import Blueprint, Drawn, Ref, draw
from question_bank.scoring import Key, score
from tests import factories
from tests.factories import DAY, HOUR, MINUTE, START, Scene

TOPICS = 6
EACH = 5
"""Items of each topic on a paper."""
CHUNK = 1000
KECAMATAN = [f"Kecamatan {letter}" for letter in "ABCDEFGHIJKLMNOP"]
BLANKS = 0.02
WRONG_KEY = 17
"""The number of the item whose key names a wrong option."""


@dataclass(frozen=True)
class Large:
    """What was filled: `wrong` is the code of the item whose key is wrong."""

    scene: Scene
    attempts: range
    wrong: str


@dataclass(frozen=True)
class _Bank:
    refs: list[Ref]
    keys: dict[int, Key]
    hardness: dict[int, float]
    right: dict[int, int]


def fill(db: Database, candidates: int, items: int = 420, seats: int = 250, seed: int = 10) -> Large:
    """A migrated database holds `candidates` closed, scored attempts afterwards, `seats` in each sitting."""
    dice = random.Random(seed)
    blueprint = [{"count": EACH, "topic": f"topik {n}", "difficulty": None} for n in range(1, TOPICS + 1)]
    scene = factories.add_scene(db, items=0, kecamatan=KECAMATAN)
    made = [
        factories.make_item(n, topic=f"topik {n % TOPICS + 1}", key=n % 4, code=f"S{n:04d}")
        for n in range(items)
    ]
    bank.import_items(db, scene.office.id, made, {}, START - 20 * DAY)
    with db.write() as tx:
        tx.get_one(Activity, scene.selection.id).blueprint = blueprint
        known = _bank(tx, scene.office.id, dice)
        sittings = _sittings(tx, scene, candidates, seats)
    first = _next_ids(db)
    for start in range(0, candidates, CHUNK):
        numbers = range(start, min(start + CHUNK, candidates))
        people = [_Person(scene, at, first, sittings[at // seats], seats) for at in numbers]
        _add(db, people, known, Blueprint.from_list(blueprint), dice)
    _count_on(db)
    return Large(scene, range(first["attempt"], first["attempt"] + candidates), f"S{WRONG_KEY:04d}")


def _bank(tx: Session, office_id: int, dice: random.Random) -> _Bank:
    """The bank as nature knows it; the key of one item was entered wrongly."""
    refs = bank.refs(tx, office_id)
    keys = bank_keys.keys(tx, {ref.id: 1 for ref in refs})
    right = {ref.id: min(keys[ref.id].accepted) for ref in refs}
    hardness = {ref.id: dice.gauss(-0.5, 1) for ref in refs}
    # the keyed option is then the one that attracts those who do not know
    wrong = refs[WRONG_KEY].id
    right[wrong], hardness[wrong] = (right[wrong] + 3) % 4, -0.5
    return _Bank(refs, keys, hardness, right)


def _sittings(tx: Session, scene: Scene, candidates: int, seats: int) -> list[Sitting]:
    """Four a day; the scene's own is the first."""
    first = tx.get_one(Sitting, scene.sitting.id)
    found = [first]
    for number in range(1, (candidates - 1) // seats + 1):
        starts_at = START + (number // 4) * DAY + (number % 4) * 2 * HOUR
        found.append(factories.make_sitting(
            scene.selection.id, label=f"Sesi {number + 1}", starts_at=starts_at, ends_at=starts_at + 2 * HOUR
        ))  # fmt: skip
    for number, sitting in enumerate(found):
        sitting.capacity = seats
        sitting.taken = min(seats, candidates - number * seats)
    tx.add_all(found)
    tx.flush()
    return found


TABLES = (Account, Application, Booking, Attempt, Receipt)


def _next_ids(db: Database) -> dict[str, int]:
    with db.read() as tx:
        return {table.__tablename__: (tx.scalar(sa.select(sa.func.max(table.id))) or 0) + 1
                for table in TABLES}  # fmt: skip


def _count_on(db: Database) -> None:
    """PostgreSQL counts on from the rows that were given their numbers here."""
    if db.sqlite:
        return
    with db.write() as tx:
        for table in (one.__tablename__ for one in TABLES):
            tx.execute(sa.text(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            ))  # fmt: skip


@dataclass(frozen=True)
class _Person:
    scene: Scene
    at: int
    first: dict[str, int]
    sitting: Sitting
    seats: int

    def id(self, table: type[Any], of: int = 1, place: int = 0) -> int:
        return self.first[table.__tablename__] + self.at * of + place

    @property
    def started_at(self) -> datetime:
        return self.sitting.starts_at + timedelta(seconds=self.at % self.seats)

    @property
    def closed_at(self) -> datetime:
        return self.started_at + HOUR

    def registered(self) -> dict[str, Any]:
        return {
            "name": f"Peserta {self.at:05d}", "birth_place": "Uji", "birth_date": "1998-05-17", "sex": "m",
            "nik": f"{332001 + self.at // 10_000}170598{self.at % 10_000:04d}",
            "phone": "081200000000", "address": "Jalan 1", "office_id": self.scene.office.id, "regency": None,
            "kecamatan": KECAMATAN[self.at % len(KECAMATAN)], "desa": f"Desa {self.at % 7}",
            "education": "sma", "major": "IPA", "occupation": "self_employed", "civil_servant": False,
            "devices": ["smartphone"], "vehicles": ["motorcycle"], "experienced": self.at % 3 == 0,
            "experience": "Susenas" if self.at % 3 == 0 else None, "statements": [1],
        }  # fmt: skip


def _add(db: Database, people: Sequence[_Person], known: _Bank, plan: Blueprint, dice: random.Random) -> None:
    sat = [_sit(person, known, plan, dice) for person in people]
    with db.write() as tx:
        tx.execute(sa.insert(Account), [_account(one) for one in people])
        tx.execute(sa.insert(Profile), [_profile(one) for one in people])
        tx.execute(sa.insert(Application), [row for one in people for row in _applications(one)])
        tx.execute(sa.insert(ApplicationVersion), [_version(one) for one in people])
        tx.execute(sa.insert(Screening), [_screening(one) for one in people])
        tx.execute(sa.insert(Booking), [_booking(one) for one in people])
        tx.execute(sa.insert(Attempt), [_attempt(one) for one in people])
        tx.execute(sa.insert(Paper), [one.paper for one in sat])
        tx.execute(sa.insert(Response), [row for one in sat for row in one.responses])
        tx.execute(sa.insert(JournalEntry), [row for one in sat for row in one.journal])
        tx.execute(sa.insert(Score), [one.score for one in sat])
        tx.execute(sa.insert(Receipt), [one.receipt for one in sat])


def _account(one: _Person) -> dict[str, Any]:
    return {"id": one.id(Account), "email": f"peserta{one.at}@surel.example",
            "name": f"Peserta {one.at:05d}", "password_hash": "-", "created_at": START - 20 * DAY,
            "activated_at": START - 20 * DAY}  # fmt: skip


def _profile(one: _Person) -> dict[str, Any]:
    said = one.registered()
    del said["name"], said["statements"]
    born = datetime.fromisoformat(said["birth_date"]).date()
    return said | {"account_id": one.id(Account), "birth_date": born, "saved_at": START - 11 * DAY}


def _applications(one: _Person) -> Iterator[dict[str, Any]]:
    """Registration first, then selection."""
    for place, activity in enumerate((one.scene.registration, one.scene.selection)):
        yield {
            "id": one.id(Application, 2, place), "candidate_id": one.id(Account), "activity_id": activity.id,
            "year": activity.year, "kind": activity.kind,
            "applied_at": START - 10 * DAY + one.at * timedelta(seconds=1),
            "accepted_at": None if place else START - 5 * DAY,
        }  # fmt: skip


def _version(one: _Person) -> dict[str, Any]:
    return {"application_id": one.id(Application, 2), "number": 1, "sent_at": START - 10 * DAY,
            "data": one.registered(), "documents": {}}  # fmt: skip


def _screening(one: _Person) -> dict[str, Any]:
    return {"application_id": one.id(Application, 2), "activity_id": one.scene.registration.id, "version": 1,
            "sent_at": START - 10 * DAY, "decided_at": START - 5 * DAY, "decision": "accepted"}  # fmt: skip


def _name(one: _Person, kind: str) -> str:
    return hashlib.sha256(f"{kind} {one.at}".encode()).hexdigest()[:16]


def _booking(one: _Person) -> dict[str, Any]:
    return {"id": one.id(Booking), "public_id": _name(one, "booking"), "candidate_id": one.id(Account),
            "activity_id": one.scene.selection.id, "sitting_id": one.sitting.id,
            "chosen_at": START - 3 * DAY}  # fmt: skip


def _attempt(one: _Person) -> dict[str, Any]:
    return {
        "id": one.id(Attempt), "public_id": _name(one, "attempt"), "booking_id": one.id(Booking),
        "candidate_id": one.id(Account), "activity_id": one.scene.selection.id, "sitting_id": one.sitting.id,
        "allowed_seconds": 3600, "grace_seconds": 10, "started_at": one.started_at,
        "deadline_at": one.closed_at, "finalised_at": one.closed_at, "how": "clock", "lease": 1,
    }  # fmt: skip


@dataclass(frozen=True)
class _Sat:
    paper: dict[str, Any]
    responses: list[dict[str, Any]]
    journal: list[dict[str, Any]]
    score: dict[str, Any]
    receipt: dict[str, Any]


def _sit(one: _Person, known: _Bank, plan: Blueprint, dice: random.Random) -> _Sat:
    attempt_id, seed = one.id(Attempt), dice.randbytes(16)
    drawn = draw(known.refs, plan, seed)
    content = json.dumps([[item.id, list(item.order)] for item in drawn], separators=(",", ":"))
    digest = hashlib.sha256(content.encode()).hexdigest()
    paper = {"attempt_id": attempt_id, "content": content, "sha256": digest, "seed": seed.hex(),
             "drawn_at": one.sitting.starts_at - 30 * MINUTE}  # fmt: skip
    ability = dice.gauss(0, 1)
    chosen = {place: _choice(item, ability, known, dice) for place, item in enumerate(drawn)
              if dice.random() >= BLANKS}  # fmt: skip
    responses = [{"attempt_id": attempt_id, "position": place + 1, "seq": 1, "option": shown + 1,
                  "flagged": False, "arrived_at": one.started_at + MINUTE}
                 for place, shown in chosen.items()]  # fmt: skip
    entries = _journal(one, digest, responses)
    return _Sat(paper, responses, entries, _score(one, drawn, chosen, known, len(entries)),
                _receipt(one, digest, entries, len(chosen)))  # fmt: skip


def _choice(item: Drawn, ability: float, known: _Bank, dice: random.Random) -> int:
    """The displayed option: right with the Rasch chance, else any other one, some more often."""
    right = known.right[item.id]
    if dice.random() < 1 / (1 + exp(known.hardness[item.id] - ability)):
        return item.order.index(right)
    return item.order.index((right + dice.choices((1, 2, 3), (4, 2, 1))[0]) % 4)


def _journal(one: _Person, digest: str, responses: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    answers = [[row["position"], row["seq"], row["option"], False] for row in responses]
    found, former = [], journal.FIRST_SEAL
    for number, (kind, at, data) in enumerate([
        ("drawn", one.sitting.starts_at - 30 * MINUTE, {"paper_sha256": digest}),
        ("started", one.started_at, {}),
        ("saved", one.started_at + MINUTE, {"answers": answers}),
        ("closed", one.closed_at, {"how": "clock"}),
    ], 1):  # fmt: skip
        said = journal.canonical(data)
        former = journal.seal(former, one.id(Attempt), number, to_micros(at), kind, said)
        found.append({"attempt_id": one.id(Attempt), "number": number, "at": at, "kind": kind, "data": said,
                      "seal": former})  # fmt: skip
    return found


def _score(
    one: _Person, drawn: Sequence[Drawn], chosen: dict[int, int], known: _Bank, number: int
) -> dict[str, Any]:
    named = [[item.id, 1] for item in drawn]
    found = score(drawn, chosen, known.keys)
    return {
        "attempt_id": one.id(Attempt), "number": number, "keys": named,
        "keys_sha256": hashlib.sha256(journal.canonical(named).encode()).hexdigest(),
        "correct": found.correct, "wrong": found.wrong, "blank": found.blank, "out_of": found.out_of,
        "scored_at": one.closed_at + MINUTE,
    }  # fmt: skip


def _receipt(one: _Person, digest: str, entries: Sequence[dict[str, Any]], answered: int) -> dict[str, Any]:
    return {
        "id": one.id(Receipt), "code": _name(one, "receipt"), "attempt_id": one.id(Attempt),
        "number": len(entries), "paper_sha256": digest, "answers_seal": "0" * 64,
        "journal_seal": entries[-1]["seal"], "started_at": one.started_at, "finalised_at": one.closed_at,
        "how": "clock", "answered": answered, "items": TOPICS * EACH, "issued_at": one.closed_at + MINUTE,
    }  # fmt: skip
