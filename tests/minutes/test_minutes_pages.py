"""The berita acara as officials get it: page, file and content; and who does not get it."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from exam_server.db import Database
from exam_server.models import AuditEntry, RoleGrant
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import MINUTE, START, add, add_official, add_other_scene
from tests.minutes.samples import OVER, Day, a_day, add_proctor, end_role, fill, note, rename


@pytest.fixture
def day(db: Database, clock: SetClock) -> Day:
    clock.at = OVER
    day = a_day(db)
    day.all_close()
    return day


@pytest.fixture
def proctor(app: Flask, day: Day) -> Client:
    return Client(app).sign_in(day.proctor)


def text(page: Any) -> str:
    """What is read, on one line."""
    return " ".join(page.get_data(as_text=True).split())


def pages(body: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]


def test_the_page_is_a_draft_until_it_is_fixed_and_a_numbered_version_then(proctor: Client, day: Day) -> None:
    page = text(proctor.get(day.path))
    assert "KONSEP" in page
    assert "Tetapkan berita acara Sesi 1, versi 1" in page
    answer = proctor.submit(f"{day.path}/fix")
    assert (answer.status_code, answer.headers["Location"]) == (303, day.path)
    page = text(proctor.get(day.path))
    assert "Versi 1, ditetapkan" in page
    assert "Rabu, 4 November 2026 pukul 11.00 WIB oleh Petugas Rahayu" in page
    assert "Tetapkan berita acara" not in page
    assert day.records()[0].sha256 in page


def test_while_something_is_open_the_page_says_what_and_offers_no_button(
    proctor: Client, day: Day, clock: SetClock
) -> None:
    clock.at = START + 70 * MINUTE
    page = text(proctor.get(day.path))
    assert "Sesi ini baru selesai Rabu, 4 November 2026 pukul 10.00 WIB" in page
    assert "Tetapkan berita acara" not in page
    refused = proctor.submit(f"{day.path}/fix")
    assert refused.status_code == 409
    assert "sampai saat itu yang ada adalah konsep" in text(refused)
    assert proctor.post(f"{day.path}/fix").get_json()["code"] == "sitting_not_over"


def test_later_facts_are_told_on_the_page_and_the_version_stays(
    proctor: Client, day: Day, db: Database
) -> None:
    proctor.submit(f"{day.path}/fix")
    note(db, day.scene, day.admin, "Laporan <menyusul>", OVER)
    page = text(proctor.get(day.path))
    assert "Versi 1 lebih lama daripada catatan sesi ini" in page
    assert "Laporan &lt;menyusul&gt;" in page
    assert "Tetapkan berita acara Sesi 1, versi 2" in page
    proctor.submit(f"{day.path}/fix")
    assert "Laporan" not in text(proctor.get(f"{day.path}?version=1")).partition("min-paper")[2]
    assert "Laporan" in text(proctor.get(day.path)).partition("min-paper")[2]
    assert "Laporan" in text(proctor.get(f"{day.path}?version=draft"))


@pytest.mark.parametrize("version", ["0", "2", "01", "satu", "-1", "1" * 30])
def test_a_version_that_is_not_there_is_not_found(proctor: Client, day: Day, version: str) -> None:
    proctor.submit(f"{day.path}/fix")
    for kind in ("", "/pdf", "/content"):
        assert proctor.get_json(f"{day.path}{kind}?version={version}").status_code == 404


def test_the_content_is_what_the_hash_was_made_of(proctor: Client, day: Day) -> None:
    proctor.submit(f"{day.path}/fix")
    body = proctor.get(f"{day.path}/content").data
    assert hashlib.sha256(body).hexdigest() == day.records()[0].sha256
    assert json.loads(body)["sitting"] == day.scene.sitting.public_id


def test_the_file_carries_the_hash_and_the_number_on_each_page(
    proctor: Client, day: Day, db: Database
) -> None:
    fill(db, day.scene, 30)
    proctor.submit(f"{day.path}/fix")
    answer = proctor.get(f"{day.path}/pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    told = pages(answer.data)
    assert len(told) > 2
    for number, page in enumerate(told, 1):
        assert day.records()[0].sha256 in page
        assert f"Halaman {number} dari {len(told)}" in page
        assert "Versi 1, ditetapkan Rabu, 4 November 2026 pukul 11.00 WIB oleh Petugas Rahayu" in page
    whole = " ".join(told)
    for said in ("Ani Lestari", "ditutup petugas", "Meninggalkan", "Daftar Hadir Peserta", "Calon ke-029"):
        assert said in whole, said


def test_a_fixed_version_is_the_same_file_whenever_it_is_fetched(
    proctor: Client, day: Day, db: Database, clock: SetClock
) -> None:
    proctor.submit(f"{day.path}/fix")
    before = proctor.get(f"{day.path}/pdf").data
    note(db, day.scene, day.admin, "Laporan menyusul", OVER)
    clock.pass_by(days=30)
    later = Client(proctor.app).sign_in(day.proctor)
    assert later.get(f"{day.path}/pdf?version=1").data == before


def test_a_draft_says_so_on_each_page(proctor: Client, day: Day) -> None:
    assert all("KONSEP, keadaan Rabu" in page for page in pages(proctor.get(f"{day.path}/pdf").data))


def test_letters_that_the_fonts_lack_do_no_harm_and_are_told(proctor: Client, day: Day, db: Database) -> None:
    rename(db, day.ani.candidate_id, "Ḥusna =SUM(1) \\) ET {nb} **x**")
    rename(db, day.budi.candidate_id, "李 Budi")
    whole = " ".join(pages(proctor.get(f"{day.path}/pdf").data))
    assert "Husna =SUM(1) \\) ET" in whole
    assert "{nb}" in whole
    assert "**x**" in whole
    assert "? Budi" in whole
    assert "Sebagian huruf pada berkas ini diganti" in whole
    assert "Ḥusna" in proctor.get(day.path).text


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)  # how a page breaks is no matter of the database
def test_two_hundred_candidates_break_into_pages_whose_head_is_repeated(
    proctor: Client, day: Day, db: Database
) -> None:
    with db.write() as tx:
        tx.execute(sa.text("UPDATE sitting SET capacity = 210"))
    fill(db, day.scene, 197)
    told = pages(proctor.get(f"{day.path}/pdf").data)
    listed = [page for page in told if "Nama peserta" in page]
    assert len(listed) > 7
    assert [page for page in told if "Calon ke-" in page] == listed
    assert [number for number in range(197) if f"Calon ke-{number:03}" not in " ".join(listed)] == []


def refusals(db: Database, account_id: int) -> list[str]:
    with db.read() as tx:
        rows = sa.select(AuditEntry.object_kind).where(
            AuditEntry.act == "access.refused", AuditEntry.actor_id == account_id
        )
        return list(tx.scalars(rows))


@pytest.mark.parametrize("who", ["unassigned", "screener", "elsewhere", "of another sitting", "no more"])
def test_who_does_not_watch_the_sitting_finds_nothing(app: Flask, day: Day, db: Database, who: str) -> None:
    elsewhere = add_other_scene(db)
    account = {
        "unassigned": lambda: add_official(db, "proctor", day.scene.office),
        "screener": lambda: add_official(db, "screener", day.scene.office),
        "elsewhere": lambda: add_official(db, "admin", elsewhere.office),
        "of another sitting": lambda: add_proctor(db, elsewhere),
        "no more": lambda: no_more(db, day),
    }[who]()
    client = Client(app).sign_in(account.id)
    for path in (day.path, f"{day.path}/pdf", f"{day.path}/content"):
        assert client.get_json(path).status_code == 404
    assert client.post(f"{day.path}/fix").status_code == 404
    assert refusals(db, account.id) == ["sitting"] * 4
    assert day.records() == []


def no_more(db: Database, day: Day) -> Any:
    """Assigned once, and a proctor no longer; still an official somewhere."""
    account = add_proctor(db, day.scene)
    end_role(db, account.id)
    add(
        db, RoleGrant(account_id=account.id, role="screener", office_id=day.scene.office.id, granted_at=START)
    )
    return account


def test_an_admin_fixes_it_as_well(app: Flask, day: Day) -> None:
    admin = Client(app).sign_in(day.admin)
    assert admin.submit(f"{day.path}/fix").status_code == 303
    assert day.records()[0].made_by == day.admin


def test_the_pages_of_the_sitting_lead_to_it(app: Flask, proctor: Client, day: Day) -> None:
    sitting = day.scene.sitting.public_id
    assert day.path in proctor.get(f"/attempts/sitting/{sitting}").text
    assert day.path in Client(app).sign_in(day.admin).get(f"/desk/sittings/{sitting}").text
