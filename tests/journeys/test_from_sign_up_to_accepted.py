"""From the announcement to the booked sitting, in a real browser and with real letters, at both offices.

Jepara asks for one correction and then accepts; Magetan accepts one person at once and rejects another.
Nobody has an account beforehand but one screener per office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel.dates import format_date
from playwright.sync_api import Browser

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.demo import announce
from exam_server.demo.announce import Announced
from exam_server.demo.lives import Life, life_of
from exam_server.models import Account, Application, ApplicationVersion, Booking, Mail, Screening, Sitting
from exam_server.profile.rules import FIELDS
from exam_server.schema import upgrade
from exam_server.verify import service as verify
from tests.journeys.applicant import Applicant
from tests.journeys.papers import make_papers, scan_both_sides
from tests.journeys.screener import Screener
from tests.mailbox import Mailbox
from tests.processes import until
from tests.servers import ExamServer
from tests.worlds import PASSWORD, password_hash, wall

pytestmark = [pytest.mark.browser, pytest.mark.slow]

JEPARA, MAGETAN = "jepara", "magetan"
SCREENERS = {JEPARA: "Wiwit Hartati", MAGETAN: "Eko Prasetyo"}
REQUIREMENTS = {JEPARA: 15, MAGETAN: 14}
STATEMENTS = 8
CORRECTED, ACCEPTED, REJECTED, SOMEBODY_ELSE = (JEPARA, 3), (MAGETAN, 4), (MAGETAN, 5), (MAGETAN, 7)
"""The office, and a number among the fictive lives; the rejected one sends the KTP of somebody else."""

MISTYPED = "Semarang"
NOTES = {"birth_place": "KTP menyebut Jepara.", "ijazah": "Unggah juga halaman belakangnya."}
AGAIN = set(NOTES) | {field.name for field in FIELDS if field.document == "ijazah"}
"""What a new ijazah proves is compared anew as well."""

REASON = "Data diri yang diisikan tidak sama dengan KTP yang diunggah."
TEXT = "KTP yang diunggah milik orang lain."
LETTERS = 3 * 3 + 2 + 2
"""Activation, receipt and decision of three; the correction asked and received; two sittings."""

LATER = {"minutes", "corrections", "selections", "decided", "announced", "places"}
"""What verify looks at once a sitting is over and its result is made."""


@dataclass
class Office:
    """What was announced, when it is tested, and who screens there."""

    place: Announced
    said: dict[str, Any]
    sitting_id: int
    day: str
    screener: Screener


@pytest.fixture
def now() -> datetime:
    return wall()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'exam.db'}"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as found:
        yield found


@pytest.fixture
def server(tmp_path: Path, url: str, mailbox: Mailbox) -> Iterator[ExamServer]:
    db = Database(url)
    upgrade(db)
    db.close()
    running = ExamServer(tmp_path, env={"MAIL_URL": mailbox.url})
    yield running
    running.close()


@pytest.fixture
def offices(chromium: Browser, server: ExamServer, url: str, now: datetime) -> dict[str, Office]:
    """Both announcements of five days ago, each with a sitting in three days and a screener, signed in."""
    db = Database(url)
    opened = [open_office(db, said, now, chromium, server.url) for said in announce.read_all()]
    db.close()
    return {office.place.slug: office for office in opened}


def open_office(db: Database, said: dict[str, Any], now: datetime, chromium: Browser, address: str) -> Office:
    starts_at = now + timedelta(days=3)
    with db.write() as tx:
        place = announce.bring_in(tx, said, now.date() - timedelta(days=5))
        sitting = Sitting(
            activity_id=place.selection_id, label="Sesi 1", place="Daring", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2), capacity=5, allowed_seconds=3600,
        )  # fmt: skip
        tx.add(sitting)
        tx.flush()
        sitting_id = sitting.id
    email = f"seleksi@{place.slug}.example"
    official = accounts.register(db, email, SCREENERS[place.slug], password_hash(), now)
    accounts.grant_role(db, official, "screener", place.office_id, now - timedelta(hours=1))
    screener = Screener(chromium, address, SCREENERS[place.slug])
    screener.sign_in(email, PASSWORD)
    day = format_date(starts_at.astimezone(place.zone).date(), "d MMMM y", locale="id")
    return Office(place, said["office"], sitting_id, day, screener)


@pytest.fixture
def applicants(
    chromium: Browser, server: ExamServer, mailbox: Mailbox, offices: dict[str, Office], tmp_path: Path
) -> list[Applicant]:
    """Three strangers with their files, in the order: to be corrected, accepted, rejected."""
    found = []
    for who in (CORRECTED, ACCEPTED, REJECTED):
        said = offices[who[0]].said
        life = life_at(said, who[1])
        papers = make_papers(life, said["regency"], tmp_path / life.name)
        if who == REJECTED:
            papers |= make_papers(life_at(said, SOMEBODY_ELSE[1]), said["regency"], tmp_path / "else", "ktp")
        found.append(Applicant(chromium, server.url, mailbox, life, papers))
    return found


def life_at(said: dict[str, Any], number: int) -> Life:
    return life_of(number, said["slug"], said["code"], said["kecamatan"], said["regency"])


def test_from_the_announcement_to_the_booked_sitting(
    offices: dict[str, Office], applicants: list[Applicant], mailbox: Mailbox, url: str, tmp_path: Path,
    now: datetime,
) -> None:  # fmt: skip
    corrected, accepted, rejected = applicants
    jepara, magetan = offices[JEPARA], offices[MAGETAN]
    at = [(corrected, jepara), (accepted, magetan), (rejected, magetan)]
    for somebody, office in at:
        somebody.read_announcement(office.place.slug, REQUIREMENTS[office.place.slug])
        somebody.sign_up()
    for somebody, _ in at:
        somebody.activate()
        somebody.begin_profile()
    corrected.mistype_nik()
    for somebody, office in at:
        tell_and_send(somebody, office, MISTYPED if somebody is corrected else somebody.life.birth_place)
    for office in (jepara, magetan):
        office.screener.open_queue()
    second_side = scan_both_sides(corrected.life, jepara.said["regency"], tmp_path / "dua-halaman.pdf")
    ask_and_correct(jepara, corrected, second_side, now)
    screen(jepara, corrected)
    screen(magetan, accepted)
    refuse(magetan, rejected)
    rejected.sees_rejected(REASON, TEXT)
    corrected.book(jepara.day)
    accepted.book(magetan.day)
    for somebody, office in at:
        somebody.sees_who_looked(office.screener.name)
    for visitor in (*applicants, jepara.screener, magetan.screener):
        visitor.leave()
    check_database(url, tmp_path, applicants, offices, mailbox)


def tell_and_send(somebody: Applicant, office: Office, birth_place: str) -> None:
    somebody.fill_profile(office.place.slug, birth_place)
    somebody.upload_all()
    somebody.apply(office.place, STATEMENTS)
    somebody.sees_sent()


def ask_and_correct(office: Office, somebody: Applicant, ijazah: Path, now: datetime) -> None:
    """The screener asks until a certain instant, the candidate puts right what was asked."""
    due = (now + timedelta(days=2)).astimezone(office.place.zone)
    screener = office.screener
    screener.take_next(somebody.name)
    screener.look_closer()
    screener.compare(NOTES)
    screener.ask_correction(somebody.name, due)
    somebody.correct(somebody.life.birth_place, ijazah, tuple(NOTES.values()), f"{due:%H.%M} WIB")
    somebody.sees_corrected(ijazah)


def screen(office: Office, somebody: Applicant) -> None:
    """Everything agrees now; what a correction changed is marked as changed."""
    screener = office.screener
    screener.take_next(somebody.name)
    if office.place.slug == JEPARA:
        screener.reads(f"Sebelumnya: {MISTYPED}", "baru pada versi ini", "Berkas baru pada versi ini")
        screener.compare_again(AGAIN)
    else:
        screener.compare({})
    screener.accept(somebody.name)


def refuse(office: Office, somebody: Applicant) -> None:
    screener = office.screener
    screener.take_next(somebody.name)
    screener.agree_by_key("name")
    screener.differ("nik", "KTP menyebut NIK lain.")
    screener.reject(somebody.name, REASON, TEXT)
    screener.finds_none()


def check_database(
    url: str, data_dir: Path, applicants: list[Applicant], offices: dict[str, Office], mailbox: Mailbox
) -> None:
    """What the pages said is what is stored, and everything that can be counted again agrees."""
    corrected, accepted, rejected = (one.name for one in applicants)
    db = Database(url)
    assert versions(db) == {corrected: [MISTYPED, "Jepara"], accepted: ["Magetan"], rejected: ["Magetan"]}
    assert decisions(db) == {
        corrected: (2, "accepted", None, None), accepted: (1, "accepted", None, None),
        rejected: (1, "rejected", "identity_mismatch", TEXT),
    }  # fmt: skip
    assert booked(db) == {corrected: offices[JEPARA].sitting_id, accepted: offices[MAGETAN].sitting_id}
    report = verify.look(db, data_dir)
    assert report.problems == []
    nothing_seen = {check for check, count in report.checked.items() if not count}
    assert nothing_seen == LATER, "each check had something to look at; no sitting is over yet"
    assert until(lambda: all(sent and not body for sent, body in letters(db)), within=60)
    assert len(letters(db)) == len(mailbox.letters()) == LETTERS
    db.close()


def versions(db: Database) -> dict[str, list[str]]:
    """Name: the place of birth in each version that was sent."""
    found: dict[str, list[str]] = {}
    with db.read() as tx:
        for name, data in tx.execute(
            sa.select(Account.name, ApplicationVersion.data)
            .join(Application, Application.id == ApplicationVersion.application_id)
            .join(Account, Account.id == Application.candidate_id)
            .order_by(ApplicationVersion.number)
        ):
            found.setdefault(name, []).append(data["birth_place"])
    return found


def decisions(db: Database) -> dict[str, tuple[int, str | None, str | None, str | None]]:
    """Name: the version decided upon, the decision, and its reason."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(Account.name, Screening)
            .join(Application, Application.candidate_id == Account.id)
            .join(Screening, Screening.application_id == Application.id)
        )
        return {name: (row.version, row.decision, row.reason_code, row.reason_text) for name, row in rows}


def booked(db: Database) -> dict[str, int]:
    """Name: the sitting chosen."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(Account.name, Booking.sitting_id).join(Account, Account.id == Booking.candidate_id)
        )
        return {row.name: row.sitting_id for row in rows}


def letters(db: Database) -> list[tuple[datetime | None, str]]:
    """When each left, and what is kept of it."""
    with db.read() as tx:
        return [(row.sent_at, row.body) for row in tx.execute(sa.select(Mail.sent_at, Mail.body))]
