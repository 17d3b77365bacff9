"""From an empty database to two published recruitments with their sittings, by officials in a browser.

A superadmin comes by the link that `create-admin` printed, the admin of Jepara by a letter. Jepara is typed
from its announcement, Magetan is a copy that is edited; strangers then read both public pages.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from exam_server.bank import intake
from exam_server.db import Database
from exam_server.models import AuditEntry, Office, Sitting, SittingMove
from exam_server.schema import upgrade
from exam_server.verify import service as verify
from tests.journeys.announced import JEPARA, MAGETAN, Printed, forms, later, moved, spoken, when
from tests.journeys.desk import Official
from tests.journeys.people import DESK, Visitor
from tests.mailbox import Mailbox
from tests.processes import ROOT
from tests.recruitments.entering import office_form
from tests.servers import ExamServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

YEAR = 2024
CHIEF, ADMIN = ("Sri Wahyuni", "pusat@kantor.example"), ("Bagus Santoso", "admin@jepara.example")
ZONE = ZoneInfo("Asia/Jakarta")
LED = {
    "document": "Nomor dan tanggal pengumuman", "signatories": "Penanda tangan",
    "phases": "Jadwal tahapan", "requirements": "Persyaratan", "texts": "Pembuka dan tata cara",
    "channels": "Saluran resmi", "activities": "Bank soal",
}  # fmt: skip
"""Section: by which of its lines the checklist leads there; a draft has names for both activities already."""

BANK = ROOT / "exam_server" / "demo" / "bank"
DAYS, FRIDAY = 7, 4
SLOTS = (("07.30", "09.00"), ("09.15", "10.45"), ("11.30", "13.00"), ("13.15", "14.45"), ("15.00", "16.30"))
AT_PRAYER = 2
PRAYER = "Bertepatan dengan waktu salat Jumat (11.30–13.00)"
REASON = "Sesi ini jatuh pada waktu salat Jumat."
ALONE = "Persetujuannya harus oleh petugas lain."


@pytest.fixture
def today() -> date:
    return datetime.now(ZONE).date()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as found:
        yield found


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Tables, and nothing in them."""
    found = Database(f"sqlite:///{tmp_path / 'exam.db'}")
    upgrade(found)
    yield found
    found.close()


@pytest.fixture
def server(tmp_path: Path, db: Database, mailbox: Mailbox) -> Iterator[ExamServer]:
    running = ExamServer(tmp_path, env={"MAIL_URL": mailbox.url})
    yield running
    running.close()


def test_from_an_empty_database_to_two_open_recruitments(
    chromium: Browser, server: ExamServer, mailbox: Mailbox, db: Database, tmp_path: Path, today: date
) -> None:
    by = later(today)
    chief, admin = (Official(chromium, server.url, *who) for who in (CHIEF, ADMIN))
    stranger = Visitor(chromium, server.url, DESK)
    chief.join(create_admin(server), "Superadmin")
    chief.reads("Belum ada kantor.")
    chief.accessible()
    invite_admin(chief, admin, mailbox)
    enter_jepara(admin, by)
    read_publicly(stranger, JEPARA, by)
    copy_to_magetan(chief, by)
    read_publicly(stranger, MAGETAN, by)
    fill_bank(db)
    invite_people(admin)
    label = plan_sittings(admin, today + timedelta(days=1))
    move_sitting(admin, chief, label, today + timedelta(days=DAYS + 1))
    sees_notice(stranger, label, today + timedelta(days=DAYS + 1))
    for visitor in (chief, admin, stranger):
        visitor.leave()
    check_database(db, tmp_path, label)


def create_admin(server: ExamServer) -> str:
    """The link that the command prints beside the running server."""
    name, email = CHIEF
    said = subprocess.run(
        [sys.executable, "-c", "from exam_server.cli import main; main()",
         "create-admin", "--email", email, "--name", name],
        env=server.environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return said.splitlines()[-1]


def invite_admin(chief: Official, admin: Official, mailbox: Mailbox) -> None:
    """The office is there, and its admin has come by the letter."""
    chief.add_office(office_form(moved("jepara", timedelta())))
    chief.accessible()
    chief.invite(*ADMIN, "Admin kantor", JEPARA.office)
    chief.accessible()
    letter = mailbox.wait_for(admin.email, "Undangan")
    assert f"{CHIEF[0]} mengundang Anda sebagai admin kantor untuk {JEPARA.office}" in letter.text
    admin.join(letter.links[0], "Admin kantor")


def enter_jepara(admin: Official, by: timedelta) -> None:
    """Every section where the checklist leads to it, the questions besides, then out to the public."""
    typed = forms(moved("jepara", by))
    admin.accessible()
    admin.follow("Rekrutmen tahun ini")
    admin.start(YEAR, "Kosong")
    admin.accessible()
    for section, title in LED.items():
        admin.follow(title)
        if section == "requirements":
            admin.reads("Persyaratan 1")
            admin.accessible()
        admin.enter(typed[section])
    admin.open("Tanya jawab")
    admin.enter(typed["questions"])
    admin.reads("Bank soal kurang 30 soal untuk susunan ini.")
    admin.open("Pratinjau")
    admin.reads("Pratinjau: begini pengumuman ini terlihat oleh umum.", JEPARA.number)
    admin.accessible()
    admin.open("Kembali ke meja kantor")
    admin.publish()


def copy_to_magetan(chief: Official, by: timedelta) -> None:
    """Another office begins with what Jepara announced, and changes what its own announcement says."""
    said = moved("magetan", by)
    chief.add_office(office_form(said))
    chief.open("Meja kantor")
    chief.desk(MAGETAN.office)
    chief.follow("Rekrutmen tahun ini")
    chief.start(YEAR, f"Salin dari {JEPARA.office} {YEAR}")
    chief.reads("“Kabupaten Jepara” masih tertulis pada bagian Dokumen.")
    for section, form in forms(said).items():
        chief.turn(chief.page.locator(f"main a[href$='/{YEAR}/{section}']").first)
        chief.enter(form)
    expect(chief.page.get_by_role("heading", name="Periksa kembali")).to_have_count(0)
    chief.publish()


def read_publicly(stranger: Visitor, printed: Printed, by: timedelta) -> None:
    """The public page says what was printed, fact by fact."""
    page = stranger.page
    page.goto(f"/offices/{printed.slug}")
    stranger.accessible()
    main = page.get_by_role("main")
    for fact in (f"Pengumuman nomor {printed.number}, {spoken(printed.dated, by)}",
                 f"Nama kegiatan: {printed.activities}."):  # fmt: skip
        expect(main).to_contain_text(fact)
    assert [one.rsplit("\n", 1)[-1] for one in page.locator(".signs div").all_inner_texts()] == list(
        printed.signatories
    )
    stages = page.locator("ol.line h3 + p")
    expect(stages).to_have_count(len(printed.days))
    for number, days in enumerate(printed.days):
        expect(stages.nth(number)).to_contain_text(when(days, by))
    check_requirements(stranger, printed)
    assert page.locator("h2:text-is('Saluran resmi') + dl dd").all_inner_texts() == list(printed.channels)


def check_requirements(stranger: Visitor, printed: Printed) -> None:
    """Each under the number it was printed with, and the preferences apart from what is a must."""
    page, count = stranger.page, len(printed.requirements)
    expect(page.locator("li[value]")).to_have_count(count)
    for number, words in enumerate(printed.requirements, 1):
        expect(page.locator(f"li[value='{number}']")).to_contain_text(words)
    for heading, numbers in (("Diutamakan", printed.preferences),
                             ("Wajib dipenuhi", set(range(1, count + 1)) - printed.preferences)):  # fmt: skip
        listed = page.locator(f"h3:text-is('{heading} ({len(numbers)})') + p + ol > li")
        found = listed.evaluate_all("all => all.map(one => one.value)")
        assert found == sorted(numbers)


def fill_bank(db: Database) -> None:
    """What the operator's `bank import` does for Jepara."""
    with db.read() as tx:
        office_id = tx.scalars(sa.select(Office.id).where(Office.slug == "jepara")).one()
    for path in sorted(BANK.glob("*.csv")):
        intake.bring_in(db, office_id, intake.read(path, "id"), datetime.now(ZONE))


def invite_people(admin: Official) -> None:
    """The checklist leads to them before the sittings, which want proctors."""
    admin.desk(JEPARA.office)
    admin.reads("Bank soal cukup untuk 30 soal per peserta.")
    admin.follow("Petugas")
    admin.invite("Wiwit Hartati", "seleksi@jepara.example", "Petugas seleksi administrasi", JEPARA.office)
    admin.invite("Tono Wibowo", "pengawas@jepara.example", "Pengawas", JEPARA.office)


def plan_sittings(admin: Official, first: date) -> str:
    """35 sittings from one form; the label of the one that lies at Friday prayer."""
    admin.desk(JEPARA.office)
    admin.follow("Sesi tes")
    admin.reads("Belum ada sesi.")
    admin.open("Buat seri sesi")
    last = first + timedelta(days=DAYS - 1)
    admin.plan(first, last, SLOTS, capacity="40", place="Aula BPS Kabupaten Jepara")
    rows = admin.previewed()
    warned = [row for row in rows if PRAYER in row[-1]]
    assert (len(rows), len(warned)) == (DAYS * len(SLOTS), 1)
    assert warned[0] == rows[(FRIDAY - first.weekday()) % DAYS * len(SLOTS) + AT_PRAYER]
    admin.reads("1400 kursi seluruhnya")
    admin.accessible()
    admin.press(f"Buat {len(rows)} sesi ini")
    admin.reads(f"{len(rows)} sesi dibuat.")
    expect(admin.page.locator("table tbody tr")).to_have_count(len(rows))
    admin.accessible()
    admin.desk(JEPARA.office)
    admin.reads("Semua bagian lengkap.")
    return warned[0][0]


def move_sitting(admin: Official, chief: Official, label: str, day: date) -> None:
    """One official asks and cannot grant it; another one does."""
    admin.open(re.compile(f"^Rekrutmen {YEAR}"))
    admin.open("Sesi tes")
    admin.ask_to_move(label, day, "09.15", REASON)
    admin.is_refused_alone(ALONE)
    chief.page.goto("/desk")
    chief.grant(label)
    chief.open("Lihat keadaannya sekarang")
    chief.reads("Perubahan waktu", f"diajukan {ADMIN[0]}, disetujui {CHIEF[0]}")


def sees_notice(stranger: Visitor, label: str, day: date) -> None:
    """Old and new time with the reason, on the page that everybody reads."""
    stranger.page.goto("/offices/jepara")
    notice = stranger.page.locator("section", has=stranger.page.locator("#notices"))
    at = f"{spoken(day.isoformat(), timedelta())} pukul 09.15 WIB"
    for words in (f"Waktu {label}", f"menjadi {at}", REASON):
        expect(notice).to_contain_text(words)


def check_database(db: Database, data_dir: Path, label: str) -> None:
    """One sitting of 35 was moved, the trail names who asked, and everything that is counted again agrees."""
    with db.read() as tx:
        moves = tx.execute(
            sa.select(Sitting.label, SittingMove.reason).join(Sitting, Sitting.id == SittingMove.sitting_id)
        ).all()
        sittings = tx.scalar(sa.select(sa.func.count(Sitting.id)))
        acts = set(tx.scalars(sa.select(AuditEntry.act)))
    assert [tuple(move) for move in moves] == [(label, REASON)]
    assert sittings == DAYS * len(SLOTS)
    assert acts >= {"recruitment.published", "sittings.created", "sitting.moved"}, acts
    assert verify.look(db, data_dir).problems == []
