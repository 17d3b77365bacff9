"""The result as everybody gets it: page, files and proof; and the desk from which it comes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from exam_server.announcements import web
from exam_server.announcements.rules import Policy
from exam_server.db import Database
from exam_server.models import Account, AuditEntry
from tests.announcements.announcing import LATER, announcements, happen, publish
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, HOUR, add, add_official, add_other_scene, make_phase
from tests.ranking.stand import AFTER, Stand, build

PATH = "/offices/jepara/result"
FORM = {"names": "masked", "kecamatan": "yes", "rank": "yes", "total": "yes", "not_accepted": "numbers",
        "own_score": "yes", "offer_hours": "72", "publish": "now", "reason": "Rapat pleno"}  # fmt: skip


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def stand(db: Database, clock: SetClock) -> Stand:
    clock.at = AFTER
    return build(db, frozen=True)


@pytest.fixture
def admin(app: Flask, stand: Stand) -> Client:
    return Client(app).sign_in(stand.admin)


def text(page: Any) -> str:
    return " ".join(page.get_data(as_text=True).split())


def rename(stand: Stand, index: int, name: str) -> None:
    with stand.db.write() as tx:
        tx.execute(
            sa.update(Account).where(Account.id == stand.people[index].run.candidate_id).values(name=name)
        )


def test_before_its_date_the_page_says_when_it_comes(client: Client, stand: Stand) -> None:
    add(stand.db, make_phase(stand.scene.recruitment.id, "result", 9, opens_at=LATER, closes_at=LATER + DAY))
    publish(stand, publish_at=LATER)
    page = text(client.get(PATH))
    assert "Pengumuman dijadwalkan Kamis, 5 November 2026" in page
    assert stand.people[0].number not in page
    assert "sudah diumumkan" not in text(client.get("/offices/jepara"))
    for kind in ("pdf", "csv", "xlsx", "json"):
        assert client.get_json(f"{PATH}.{kind}").status_code == 404


def test_from_its_instant_on_everybody_reads_it(client: Client, stand: Stand, clock: SetClock) -> None:
    row = publish(stand, publish_at=LATER)
    clock.at = LATER
    answer = client.get(PATH)
    page = text(answer)
    for said in (stand.people[0].number, "P*** 0***", "100,000", "Diterima", "Cara penilaian", row.sha256):
        assert said in page, said
    assert "Peserta 001" not in page
    assert "private" in answer.headers["Cache-Control"]
    assert "Hasil seleksi akhir sudah diumumkan" in text(client.get("/offices/jepara"))


def test_in_english_the_page_is_told_in_the_other_language(client: Client, stand: Stand) -> None:
    publish(stand)
    client.set_cookie("language", "en")
    page = text(client.get(PATH))
    assert "100.000" in page  # with a comma it would be another number
    assert "100,000" not in page
    assert "Accepted (" in page


def test_a_number_is_found_however_it_is_typed(client: Client, stand: Stand) -> None:
    publish(stand)
    number = stand.people[2].number
    assert f"{number}</strong>: Cadangan ke-1" in text(client.get(f"{PATH}?number=%20{number.lower()}"))
    page = text(client.get(PATH, query_string={"number": "<b>x"}))
    assert "Nomor &lt;b&gt;x tidak ada pada daftar ini" in page


def test_names_and_texts_cannot_carry_a_page(client: Client, stand: Stand) -> None:
    rename(stand, 0, "<script>alert(1)</script>")
    publish(stand, Policy(names="full", contact="<img src=x>"))
    page = client.get(PATH).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page


def test_the_sealed_bytes_are_what_the_printed_hash_was_made_of(client: Client, stand: Stand) -> None:
    row = publish(stand)
    answer = client.get(f"{PATH}.json")
    assert hashlib.sha256(answer.data).hexdigest() == row.sha256
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_a_file_that_somebody_has_is_not_sent_again(client: Client, stand: Stand) -> None:
    publish(stand)
    tag = client.get(f"{PATH}.csv").headers["ETag"]
    again = client.get(f"{PATH}.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_is_made_once(client: Client, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(stand)
    made = []
    real = web.downloads.make
    monkeypatch.setattr(web.downloads, "make", lambda *told: made.append(told) or real(*told))
    assert client.get(f"{PATH}.xlsx").data == client.get(f"{PATH}.xlsx").data
    assert len(made) == 1


def test_the_tables_hold_the_list_and_no_formula(client: Client, stand: Stand) -> None:
    rename(stand, 0, '=HYPERLINK("http://jahat.example")')
    publish(stand, Policy(names="full"))
    book = load_workbook(io.BytesIO(client.get(f"{PATH}.xlsx").data))
    cells = [cell.value for cell in book["Hasil"][2]]
    assert cells[:2] == [stand.people[0].number, '=HYPERLINK("http://jahat.example")']
    assert (cells[4], book["Hasil"]["B2"].data_type) == (100, "s")
    said = client.get(f"{PATH}.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(said, newline=""), delimiter=";"))
    assert rows[1][:2] == [stand.people[0].number, '\'=HYPERLINK("http://jahat.example")']


def test_the_file_to_print_carries_hash_number_and_signatories(client: Client, stand: Stand) -> None:
    row = publish(stand)
    told = [page.extract_text() for page in PdfReader(io.BytesIO(client.get(f"{PATH}.pdf").data)).pages]
    for number, page in enumerate(told, 1):
        assert row.sha256 in page
        assert f"Halaman {number} dari {len(told)}" in page
        assert f"/verify/result/{row.public_id}" in page
    whole = " ".join(told)
    for said in (stand.people[0].number, stand.people[4].number, "Cara penilaian", "bersifat final"):
        assert said in whole, said


def test_a_kind_of_file_that_is_not_there_is_not_found(client: Client, stand: Stand) -> None:
    publish(stand)
    assert client.get_json(f"{PATH}.exe").status_code == 404
    assert client.get_json(f"{PATH}.pdf?version=7").status_code == 404
    assert client.get_json("/offices/tidak-ada/result").get_json()["code"] == "unknown_office"


def test_an_older_version_stays_readable_and_says_so(client: Client, stand: Stand, clock: SetClock) -> None:
    first = publish(stand)
    happen(stand, "withdrew", 0, AFTER)
    second = publish(stand, at=AFTER + HOUR)
    clock.at = AFTER + HOUR
    page = text(client.get(f"{PATH}?version=1"))
    assert "Ini pengumuman lama" in page
    assert first.sha256 in page
    newest = text(client.get(PATH))
    assert second.sha256 in newest
    assert f"Nomor {stand.people[0].number}: semula diterima, menjadi tidak tercantum" in newest
    assert client.get_json(f"{PATH}?version=3").status_code == 404


def test_a_hash_or_code_is_checked_by_anybody(client: Client, stand: Stand, clock: SetClock) -> None:
    first = publish(stand)
    assert "Asli dan berlaku" in text(client.get(f"/verify/result/{first.public_id}"))
    happen(stand, "withdrew", 0, AFTER)
    second = publish(stand, at=AFTER + HOUR)
    clock.at = AFTER + HOUR
    assert "sudah ada yang lebih baru" in text(client.get(f"/verify/result/{first.sha256}"))
    assert "Asli dan berlaku" in text(client.get(f"/verify/result/{second.sha256[:16].upper()}"))
    for code in ("0" * 64, first.sha256[:8], "%25", "x" * 300):
        assert client.get(f"/verify/result/{code}").status_code == 404
    asked = client.get(f"/verify/result?code={first.sha256}")
    assert asked.headers["Location"].endswith(first.sha256)


def test_what_somebody_wrote_into_it_is_told(client: Client, stand: Stand) -> None:
    row = publish(stand)
    with stand.db.engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER result_announcement_keeps_update"))
        connection.execute(
            sa.text("UPDATE result_announcement SET content = replace(content, '2026', '2027')")
        )
    assert "tidak lagi sama dengan sidiknya" in text(client.get(f"/verify/result/{row.public_id}"))


def test_nothing_is_told_of_an_announcement_that_is_not_out(client: Client, stand: Stand) -> None:
    row = publish(stand, publish_at=LATER)
    assert client.get(f"/verify/result/{row.sha256}").status_code == 404


def test_a_long_list_comes_in_pages(client: Client, stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(stand)
    monkeypatch.setattr(web, "AT_ONCE", 2)
    first, last = text(client.get(PATH)), text(client.get(f"{PATH}?page=3"))
    assert "Halaman 1 dari 3" in first
    assert stand.people[4].number not in first
    assert stand.people[4].number in last
    assert "Halaman 3 dari 3" in text(client.get(f"{PATH}?page=99999"))
    assert client.get(f"{PATH}?page=%D9%A3").status_code == 200


def test_the_desk_previews_exactly_what_comes_out(admin: Client, client: Client, stand: Stand) -> None:
    desk = f"{stand.path}/announcement"
    assert "Ajukan pengumuman hasil" in text(admin.get(desk))
    chosen = {name: said for name, said in FORM.items() if name != "reason"} | {"names": "full"}
    preview = admin.get(f"{desk}/preview", query_string=chosen).get_data(as_text=True)
    assert "Peserta 001" in preview
    publish(stand, Policy(names="full"))
    public = client.get(PATH).get_data(as_text=True)
    assert _article(preview) == _article(public)


def _article(page: str) -> str:
    return page.partition('<article class="ann-paper">')[2].partition("</article>")[0]


def test_the_desk_asks_and_the_second_official_grants(app: Flask, admin: Client, stand: Stand) -> None:
    asked = admin.submit(f"{stand.path}/announcement", **FORM)
    assert asked.status_code == 303, text(asked)
    page = Client(app).sign_in(stand.second)
    shown = text(page.get(asked.headers["Location"]))
    assert "Setujui: umumkan hasil" in shown
    granted = page.submit(asked.headers["Location"] + "/grant")
    assert granted.status_code == 303, text(granted)
    assert [one.number for one in announcements(stand.db)] == [1]
    with stand.db.read() as tx:
        acts = set(tx.scalars(sa.select(AuditEntry.act)))
    assert {"approval.asked", "approval.granted", "result.announced"} <= acts


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"publish": "at", "day": "kemarin", "time": "08.00"}, "Waktu terbit tidak terbaca"),
        ({"publish": "at", "day": "2026-11-01", "time": "08.00"}, "sudah lewat"),
        ({"publish": "at", "day": "9999-12-31", "time": "23.59"}, "Waktu terbit"),
        ({"offer_hours": "banyak"}, "Pilihan kolom tidak dikenal"),
        ({"names": "nik"}, "Pilihan kolom tidak dikenal"),
        ({"reason": " "}, "Tulis alasannya"),
        ({"document_number": "B" * 200}, "Nomor dokumen paling panjang"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    admin: Client, stand: Stand, changed: dict[str, str], said: str
) -> None:
    answer = admin.submit(f"{stand.path}/announcement", **(FORM | {"contact": "Ruang 4"} | changed))
    page = text(answer)
    if changed.get("day") != "9999-12-31":
        assert answer.status_code in (409, 422)
        assert said in page
        assert "Ruang 4" in page
    assert answer.status_code < 500


def test_the_desk_says_what_stands_in_the_way(app: Flask, db: Database, clock: SetClock) -> None:
    clock.at = AFTER
    stand = build(db)
    client = Client(app).sign_in(stand.admin)
    assert "belum dibekukan" in text(client.get(f"{stand.path}/announcement"))
    refused = client.post(f"{stand.path}/announcement", **FORM)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "not_frozen")


def test_only_admins_of_the_office_come_to_the_desk(app: Flask, stand: Stand, clock: SetClock) -> None:
    other = add_other_scene(stand.db)
    for role, office in (("proctor", stand.scene.office), ("screener", stand.scene.office),
                         ("admin", other.office)):  # fmt: skip
        client = Client(app).sign_in(add_official(stand.db, role, office).id)
        for path in ("announcement", "announcement/preview"):
            assert client.get_json(f"{stand.path}/{path}").status_code == 404, role
    with stand.db.read() as tx:
        kept = tx.scalar(sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.act == "access.refused"))
    assert kept == 6


def test_the_announced_date_is_offered_and_named(admin: Client, stand: Stand) -> None:
    add(stand.db, make_phase(stand.scene.recruitment.id, "result", 9, opens_at=LATER, closes_at=LATER + DAY))
    assert "Pada waktu yang diumumkan" in text(admin.get(f"{stand.path}/announcement"))
    early = admin.submit(f"{stand.path}/announcement", **FORM)
    assert (early.status_code, "tidak dapat terbit sebelum itu" in text(early)) == (422, True)
    dated = admin.submit(f"{stand.path}/announcement", **(FORM | {"publish": "date"}))
    assert dated.status_code == 303


def test_an_announcement_of_an_earlier_moment_is_json_like_any_other(client: Client, stand: Stand) -> None:
    row = publish(stand)
    assert json.loads(client.get(f"{PATH}.json?version=1").data)["number"] == row.number
