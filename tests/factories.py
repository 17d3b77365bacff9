"""Things to test with: `make_x` builds one, `add_x` stores it; every default is sensible and may be replaced.

`add_scene` is the common set-up: an office, its recruitment with all stages open at START, both activities,
one sitting of two hours that begins at START, and a bank that fills the blueprint.
"""

from __future__ import annotations

import io
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from exam_server.accounts import service as accounts
from exam_server.accounts.passwords import hash_password
from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.exam import ledger
from exam_server.exam import service as exam
from exam_server.exam.rules import Item as Answer
from exam_server.exam.saves import Save
from exam_server.models import (
    Account,
    Activity,
    Application,
    Attempt,
    Base,
    Document,
    Office,
    Phase,
    Profile,
    Recruitment,
    RoleGrant,
    ServerSession,
    Sitting,
    SittingProctor,
)
from exam_server.selection import service as selection
from question_bank.items import Item
from tests.restored import once

START = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)
"""Wednesday 08.00 WIB: when the sitting of every scene begins."""

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BLUEPRINT = [{"count": 4, "topic": "umum", "difficulty": None}]
PASSWORD = "sandi-yang-panjang-sekali"

T = TypeVar("T", bound=Base)
numbers = itertools.count(1)


def add(db: Database, row: T) -> T:
    """`row`, stored; its columns stay readable."""
    with db.write() as tx:
        tx.add(row)
    return row


def make_office(**changed: Any) -> Office:
    values = {
        "code": "3320",
        "slug": "jepara",
        "name": "BPS Kabupaten Jepara",
        "regency": "Kabupaten Jepara",
        "province": "Jawa Tengah",
        "zone": "Asia/Jakarta",
        "kecamatan": ["Bangsri", "Keling"],
    }
    return Office(**(values | changed))


def make_recruitment(office_id: int, **changed: Any) -> Recruitment:
    values = {
        "year": 2026,
        "title": {"id": "Rekrutmen Mitra", "en": "Recruitment"},
        "document_number": "B-1/2026",
        "document_date": date(2026, 10, 20),
        "place": "Jepara",
        "signatories": [],
        "texts": {
            "intro": {"id": "Pembuka", "en": "Opening"},
            "closing": {"id": "Penutup", "en": "Closing"},
            "steps": [],
            "rules": [],
        },
        "published_at": START - 15 * DAY,
    }
    return Recruitment(office_id=office_id, **(values | changed))


def make_phase(recruitment_id: int, kind: str, position: int = 1, **changed: Any) -> Phase:
    values = {
        "title": {"id": kind, "en": kind},
        "note": {"id": "", "en": ""},
        "opens_at": START - 14 * DAY,
        "closes_at": START + 14 * DAY,
    }
    return Phase(recruitment_id=recruitment_id, kind=kind, position=position, **(values | changed))


def make_activity(recruitment: Recruitment, kind: str, **changed: Any) -> Activity:
    values = {"name": f"Rekrutmen Mitra {recruitment.year}-{kind}", "blueprint": BLUEPRINT}
    return Activity(recruitment_id=recruitment.id, office_id=recruitment.office_id, year=recruitment.year,
                    kind=kind, **(values | changed))  # fmt: skip


def make_sitting(activity_id: int, **changed: Any) -> Sitting:
    values = {"label": "Sesi 1", "place": "Daring", "starts_at": START, "ends_at": START + 2 * HOUR,
              "capacity": 30, "taken": 0, "allowed_seconds": 3600, "grace_seconds": 10}  # fmt: skip
    return Sitting(activity_id=activity_id, **(values | changed))


def add_sitting(db: Database, activity_id: int, **changed: Any) -> Sitting:
    return add(db, make_sitting(activity_id, **changed))


def make_item(number: int, **changed: Any) -> Item:
    values: dict[str, Any] = {
        "stem": f"Soal nomor {number}",
        "options": tuple(f"{number} pilihan {x}" for x in "abcd"),
        "key": 2,
        "code": f"U{number:03d}",
        "topic": "umum",
        "explanation": f"Pembahasan {number}",
    }
    return Item(**(values | changed))


@cache
def make_picture(width: int = 40, height: int = 30, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, kind)
    return out.getvalue()


def add_items(db: Database, office_id: int, count: int = 8) -> None:
    bank.import_items(db, office_id, [make_item(number) for number in range(1, count + 1)], {}, START - DAY)


@dataclass(frozen=True)
class Scene:
    office: Office
    recruitment: Recruitment
    registration: Activity
    selection: Activity
    sitting: Sitting


def add_scene(db: Database, items: int = 8, sitting: dict[str, Any] | None = None, **office: Any) -> Scene:
    """The common set-up; `sitting` and further names replace defaults of the sitting and of the office."""
    given = f"scene {items} {sitting!r} {office!r}"
    return once(db, given, lambda: _add_scene(db, items, sitting or {}, office))


def _add_scene(db: Database, items: int, sitting: dict[str, Any], office: dict[str, Any]) -> Scene:
    with db.write() as tx:
        place = _flushed(tx, make_office(**office))
        recruitment = _flushed(tx, make_recruitment(place.id))
        for position, kind in enumerate(("registration", "screening", "test", "final"), 1):
            tx.add(make_phase(recruitment.id, kind, position))
        registration = _flushed(tx, make_activity(recruitment, "registration", blueprint=[]))
        chosen = _flushed(tx, make_activity(recruitment, "selection"))
        first = _flushed(tx, make_sitting(chosen.id, **sitting))
    if items:
        add_items(db, place.id, items)
    return Scene(place, recruitment, registration, chosen, first)


def _flushed(tx: Session, row: T) -> T:
    tx.add(row)
    tx.flush()
    return row


def add_other_scene(db: Database) -> Scene:
    """A second office in the same installation."""
    return add_scene(
        db,
        code="3520",
        slug="magetan",
        name="BPS Kabupaten Magetan",
        regency="Kabupaten Magetan",
        province="Jawa Timur",
    )


def make_account(**changed: Any) -> Account:
    number = next(numbers)
    values = {"email": f"calon{number}@surel.example", "name": f"Calon {number}", "password_hash": "-",
              "created_at": START - 20 * DAY, "activated_at": START - 20 * DAY}  # fmt: skip
    return Account(**(values | changed))


def add_account(db: Database, password: str | None = None, **changed: Any) -> Account:
    hashed = {"password_hash": hash_password(password)} if password else {}
    return add(db, make_account(**hashed, **changed))


def add_official(db: Database, role: str, office: Office | None) -> Account:
    """Somebody who holds `role` for `office` (none for a superadmin)."""
    account = add_account(db, name=f"Petugas {role}")
    add(db, RoleGrant(account_id=account.id, role=role, office_id=office.id if office else None,
                      granted_at=START - 20 * DAY))  # fmt: skip
    return account


def assign(db: Database, sitting_id: int, account_id: int) -> None:
    """The proctor watches that sitting."""
    add(db, SittingProctor(sitting_id=sitting_id, account_id=account_id, assigned_at=START - 2 * DAY))


def add_applicant(db: Database, scene: Scene, **changed: Any) -> Account:
    """A candidate who applied and waits for screening."""
    account = add_account(db, **changed)
    add(db, _entry(account, scene.registration, None))
    return account


def add_accepted(db: Database, scene: Scene, **changed: Any) -> Account:
    """A candidate who was accepted, so that the choice of a sitting is open."""
    account = add_account(db, **changed)
    with db.write() as tx:
        tx.add(_entry(account, scene.registration, START - 9 * DAY))
        tx.add(_entry(account, scene.selection, None))
    return account


def _entry(account: Account, activity: Activity, accepted_at: datetime | None) -> Application:
    return Application(
        candidate_id=account.id,
        activity_id=activity.id,
        year=activity.year,
        kind=activity.kind,
        applied_at=START - 10 * DAY,
        accepted_at=accepted_at,
    )


def make_nik(born: date = date(1998, 5, 17), region: str = "332001", female: bool = False) -> str:
    """A NIK nobody holds: region, day of birth (+40 for women), month, year, and a running number."""
    day = born.day + (40 if female else 0)
    return f"{region}{day:02d}{born:%m%y}{next(numbers) % 10_000:04d}"


def make_profile(account_id: int, office_id: int, **changed: Any) -> Profile:
    """Complete and free of contradictions."""
    values: dict[str, Any] = {
        "nik": make_nik(), "birth_place": "Jepara", "birth_date": date(1998, 5, 17), "sex": "m",
        "phone": "081234567890", "address": "Jalan Kartini 1 RT 01 RW 02", "office_id": office_id,
        "regency": None, "kecamatan": "Bangsri", "desa": "Bangsri", "education": "sma", "major": "IPA",
        "occupation": "self_employed", "civil_servant": False, "devices": ["smartphone"],
        "vehicles": ["motorcycle"], "experienced": False, "experience": None, "saved_at": START - 11 * DAY,
    }  # fmt: skip
    return Profile(account_id=account_id, **(values | changed))


def make_document(account_id: int, kind: str, **changed: Any) -> Document:
    """A row only: its file is not there."""
    number = next(numbers)
    values: dict[str, Any] = {"sha256": f"{number:064x}", "size": 1000, "media_type": "image/jpeg",
                              "pages": 1, "stored_name": f"row-only-{number}",
                              "uploaded_at": START - 11 * DAY}  # fmt: skip
    return Document(account_id=account_id, kind=kind, **(values | changed))


def add_profile(db: Database, account_id: int, office: Office, **changed: Any) -> None:
    """Everything that an application needs: a complete profile and the three documents (rows only)."""
    with db.write() as tx:
        tx.add(make_profile(account_id, office.id, **changed))
        tx.add_all(make_document(account_id, kind) for kind in ("ktp", "photo", "ijazah"))


@dataclass(frozen=True)
class SignedIn:
    token: str
    session_id: int


def add_session(db: Database, account_id: int, now: datetime = START) -> SignedIn:
    token = accounts.open_session(db, account_id, "Mozilla/5.0 (Android)", now)
    with db.read() as tx:
        found = sa.select(ServerSession.id).where(ServerSession.token_hash == accounts.hash_token(token))
        return SignedIn(token, tx.scalars(found).one())


@dataclass(frozen=True)
class Run:
    """One candidate with a booking, signed in; `lease` is 0 before the start."""

    candidate_id: int
    attempt_id: int
    public_id: str
    session_id: int
    token: str
    lease: int = 0

    def save(
        self, *answers: Answer, at: datetime, lease: int | None = None, session_id: int | None = None
    ) -> Save:
        return Save(self.attempt_id, session_id or self.session_id, self.lease if lease is None else lease,
                    answers, at)  # fmt: skip


def add_booked(db: Database, scene: Scene, chosen_at: datetime = START - 3 * DAY) -> Run:
    """A candidate who chose the scene's sitting."""
    account = add_accepted(db, scene)
    selection.choose_sitting(db, account.id, scene.sitting.public_id, chosen_at)
    attempt = attempt_of(db, account.id)
    signed_in = add_session(db, account.id, scene.sitting.starts_at - MINUTE)
    return Run(account.id, attempt.id, attempt.public_id, signed_in.session_id, signed_in.token)


def add_running(db: Database, scene: Scene, started_at: datetime = START) -> Run:
    """A candidate whose clock runs from `started_at`, holding the first lease."""
    run = add_booked(db, scene)
    with db.write() as tx:
        exam.start(tx, run.attempt_id, started_at)
        lease = exam.join(tx, run.attempt_id, run.session_id, "Mozilla/5.0 (Android)", False, started_at)
    return Run(run.candidate_id, run.attempt_id, run.public_id, run.session_id, run.token, lease)


def attempt_of(db: Database, candidate_id: int) -> Attempt:
    with db.read() as tx:
        return tx.scalars(sa.select(Attempt).where(Attempt.candidate_id == candidate_id)).one()


def add_extra_time(db: Database, seconds: int, granted_by: int, attempt_id: int) -> None:
    """A line of the ledger, as an official adds it."""
    with db.write() as tx:
        grant = ledger.Grant("extra", seconds, "power", "listrik padam", granted_by)
        ledger.enter(tx, attempt_id, grant, START - HOUR)


def answer(position: int = 1, seq: int = 1, option: int | None = 1, flagged: bool = False) -> Answer:
    """What a candidate chose at one position."""
    return Answer(position, seq, option, flagged)
