"""What is published carries no key, and nobody's results but as announced: every byte is searched.

Canaries lie in the codes, explanations and pictures of items, in the officials' reasons, and in each
candidate's name, address and e-mail; what is searched is every page and file of guests and candidates.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from exam_server.announcements.rules import Policy
from exam_server.bank import service as bank
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import Account, Booking, Mail, Profile
from tests.announcements.announcing import publish
from tests.client import Client
from tests.conftest import SetClock
from tests.corrections.samples import Case, revision_of
from tests.factories import HOUR, MINUTE, START, add_scene
from tests.journeys import canaries
from tests.journeys.canaries import HIDDEN, VISIBLE, Recorder, disguises
from tests.placings.samples import Places
from tests.ranking.stand import AFTER, KEY, Person, Stand, build

OUT = AFTER + HOUR
LATER = OUT + HOUR
REASON = f"{HIDDEN}: laporan warga"
PUBLIC = "/offices/jepara/result"
KINDS = ("pdf", "csv", "xlsx", "json")
OWN = ("/result", "/result/answers", "/result/withdraw", "/result/decline", "/status", "/receipt",
       "/receipt/mine", "/account", "/exam", "/exam/state")  # fmt: skip


@dataclass
class Scene:
    """An announced selection with canaries in it; the one in second place was disqualified."""

    app: Flask
    stand: Stand
    clock: SetClock

    def heard_by_guests(self) -> Recorder:
        """Whatever anybody may read, in both languages."""
        recorder, guest = Recorder(), Client(self.app)
        codes = [self.stand.people[2].number, "tidak-ada"]
        for language in ("id", "en"):
            guest.set_cookie("language", language)
            for path in ("/", "/offices/jepara", PUBLIC, f"{PUBLIC}?version=1", f"{PUBLIC}?page=2",
                         "/verify/result", *(f"{PUBLIC}?number={one}" for one in codes)):  # fmt: skip
                hear(recorder, guest, path)
        for kind in KINDS:
            hear(recorder, guest, f"{PUBLIC}.{kind}")
        for seal in (one for one in announced(guest)):
            hear(recorder, guest, f"/verify/result/{seal}")
        return recorder

    def heard_by(self, person: Person) -> Recorder:
        """The pages of one candidate, and the letters."""
        recorder, client = Recorder(), Client(self.app).sign_in(person.run.candidate_id)
        for path in OWN:
            hear(recorder, client, path)
        with self.stand.db.read() as tx:
            for one in tx.scalars(sa.select(Mail).where(Mail.account_id == person.run.candidate_id)):
                recorder("letter", f"{one.subject}\n{one.body}".encode())
        return recorder


def announced(guest: Client) -> list[str]:
    said = guest.get(f"{PUBLIC}.json")
    return [said.headers["ETag"].strip('"')] if said.status_code == 200 else []


def hear(recorder: Recorder, client: Client, path: str) -> None:
    """Headers and body, and what is packed inside of it."""
    answer = client.get(path)
    assert answer.status_code < 500
    recorder(path, f"{answer.headers}".encode())
    for part in unpacked(answer.data):
        recorder(path, part)


def unpacked(body: bytes) -> Iterator[bytes]:
    yield body
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as found:
            yield from (found.read(name) for name in found.namelist())
    if body.startswith(b"%PDF"):
        read = PdfReader(io.BytesIO(body))
        yield f"{read.metadata}".encode()
        yield from (page.extract_text().encode() for page in read.pages)


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def scene(app: Flask, db: Database, clock: SetClock) -> Scene:
    """Frozen, a key corrected, nothing announced yet."""
    clock.at = AFTER
    place = add_scene(db, items=0)
    items, pictures = canaries.bank(4)
    items = [replace(one, topic="umum", key=KEY) for one in items]
    bank.import_items(db, place.office.id, items, pictures, START)
    stand = build(db, place, frozen=True, rights=(4, 3, 2, 1, 0))
    name_everybody(stand)
    Case(stand, revision_of(db, items[0].code)).grant(
        Case(stand, revision_of(db, items[0].code)).ask(Wish("second", 0), reason=REASON)
    )
    return Scene(app, stand, clock)


def name_everybody(stand: Stand) -> None:
    """With words that stand nowhere else."""
    with stand.db.write() as tx:
        for number, one in enumerate((*stand.people, *stand.absent)):
            mine = sa.update(Account).where(Account.id == one.run.candidate_id)
            tx.execute(mine.values(name=f"Kenari{number}depan Kenari{number}belakang",
                                   email=f"kenari{number}surel@surel.example"))  # fmt: skip
            told = sa.update(Profile).where(Profile.account_id == one.run.candidate_id)
            tx.execute(told.values(address=f"Jalan Kenari{number}alamat"))


def secrets_of(stand: Stand, person: Person) -> list[bytes]:
    """What nobody else may read of somebody."""
    number = (*stand.people, *stand.absent).index(person)
    with stand.db.read() as tx:
        mine = tx.scalars(sa.select(Profile).where(Profile.account_id == person.run.candidate_id)).one()
        booking = tx.scalars(
            sa.select(Booking.public_id).where(Booking.candidate_id == person.run.candidate_id)
        ).all()
    words = [f"enari{number}depan", f"enari{number}belakang", f"kenari{number}surel", f"Kenari{number}alamat",
             mine.nik, mine.phone, person.run.public_id, *booking]  # fmt: skip
    return [one.encode() for one in words]


def announce(scene: Scene, policy: Policy | None = None) -> None:
    publish(scene.stand, policy, publish_at=OUT)
    scene.clock.at = LATER
    places = Places(scene.stand.db, scene.stand)
    places.grant(places.ask(2, "disqualified", LATER - MINUTE, REASON), LATER - MINUTE)


def test_before_its_instant_nobody_reads_a_key_or_a_result(scene: Scene) -> None:
    publish(scene.stand, publish_at=OUT)
    scene.clock.at = OUT - MINUTE
    guests = scene.heard_by_guests()
    everybody = [secret for one in scene.stand.people for secret in secrets_of(scene.stand, one)]
    numbers = [one.number.encode() for one in scene.stand.people if one is not scene.stand.people[2]]
    assert guests.hits([*disguises(HIDDEN), *everybody, *numbers]) == []
    for person in scene.stand.people:
        heard = scene.heard_by(person)
        assert heard.hits([*disguises(HIDDEN), VISIBLE.encode(), b"Cadangan", b"dari 4 benar"]) == []


@pytest.mark.parametrize("answers", [False, True])
def test_no_key_note_or_reason_is_ever_published(scene: Scene, answers: bool) -> None:
    announce(scene, Policy(own_answers=answers))
    assert scene.heard_by_guests().hits([*disguises(HIDDEN), VISIBLE.encode()]) == []
    for rank, person in enumerate(scene.stand.people, 1):
        heard = scene.heard_by(person)
        told_why = ["/result", "/status", "letter"] if rank == 2 else []
        assert heard.hits(disguises(HIDDEN)) == told_why
        assert heard.hits([VISIBLE.encode(), b">kunci<"]) == (["/result/answers"] if answers else [])


def test_nobody_reads_anything_of_anybody_else(scene: Scene) -> None:
    announce(scene, Policy(own_answers=True))
    persons = (*scene.stand.people, *scene.stand.absent)
    everybody = {one.number: secrets_of(scene.stand, one) for one in persons}
    guests = scene.heard_by_guests()
    assert guests.hits([secret for mine in everybody.values() for secret in mine]) == []
    for person in persons:
        others = [secret for number, mine in everybody.items() if number != person.number for secret in mine]
        numbers = [number.encode() for number in everybody if number != person.number]
        heard = scene.heard_by(person)
        assert heard.hits([*others, *numbers]) == []
        assert heard.hits([everybody[person.number][0]]) != []


def test_what_the_policy_closes_stands_in_no_file(scene: Scene) -> None:
    announce(scene, Policy(names="none", kecamatan=False, rank=False, total=False, not_accepted="none"))
    guests = scene.heard_by_guests()
    totals = {line["total"] for line in scene.stand.lines() if line["rank"] is not None}
    assert len(totals) >= 3
    for total in totals:
        points = f"{total / 1_000_000:.3f}".replace(".", ",")
        assert guests.hits([str(total).encode(), points.encode()]) == []
    assert guests.hits([b"Bangsri"]) == []
    left_out = [one.number.encode() for one in (scene.stand.people[4], *scene.stand.absent)]
    assert guests.hits(left_out) == []
    assert guests.hits([scene.stand.people[0].number.encode()]) != []


def test_control_the_same_search_finds_what_the_policy_opens(scene: Scene) -> None:
    announce(scene, Policy(names="full"))
    guests = scene.heard_by_guests()
    found = guests.hits([b"Kenari0depan"])
    assert {PUBLIC, *(f"{PUBLIC}.{kind}" for kind in KINDS)} <= set(found)
    assert f"{PUBLIC}.json" in guests.hits([b"100000000"])
    assert {PUBLIC, f"{PUBLIC}.pdf"} <= set(guests.hits([b"100,000"]))
