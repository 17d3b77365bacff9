"""A file is looked at before anything is in the bank: counts, mistakes at their cells, fates, pictures."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.bank import limited
from exam_server.db import Database
from exam_server.imports import service, uploads
from exam_server.imports.tidying import Tidying
from exam_server.models import AuditEntry, BankItem, ImportDraft
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import Scene, add_official, make_picture
from tests.imports.samples import BROKEN, GOOD, MENDED, WRONG_AT, Admin, csv, sent, workbook

ESSAY = "::e:: Jelaskan tugas Anda. {}\n\n::p:: Pilih {=a ~b}\n"


def everything(db: Database, table: Any) -> list[Any]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(table)))


def sums(html: str) -> list[int]:
    """In the file, readable, skipped, wrong."""
    return [int(one) for one in re.findall(r"<dd>(\d+)</dd>", html.split("imp-sum")[1].split("</dl>")[0])]


def test_mistakes_stand_at_their_cells_and_everything_is_counted(admin: Admin) -> None:
    html = admin.page(admin.upload(workbook(BROKEN)))
    for where in WRONG_AT:
        assert f"<dt>{where}</dt>" in html
    assert sums(html) == [4, 1, 0, 3]
    assert "unggah ulang" in html
    assert '/import"' not in html, "there is no button while anything is wrong"


def test_nothing_is_in_the_bank_yet(admin: Admin, db: Database) -> None:
    before = len(everything(db, BankItem))
    admin.upload(workbook(GOOD))
    assert len(everything(db, BankItem)) == before
    (entry,) = [row for row in everything(db, AuditEntry) if row.act == "bank.file_read"]
    assert (entry.actor_id, entry.object_kind, entry.detail["count"]) == (
        admin.account.id,
        "import_draft",
        3,
    )


def test_each_item_is_shown_as_its_candidates_will_see_it_with_its_key_for_the_admin(admin: Admin) -> None:
    html = admin.page(admin.upload(workbook(GOOD)))
    frames = re.findall(r'srcdoc="([^"]*)"', html)
    assert len(frames) == 3
    assert all("Kunci" not in one and "exam/paper.css" in one for one in frames)
    assert "Kunci: A" in html
    assert "<span>Jepara</span>" in html


def test_a_question_of_another_kind_is_skipped_by_name(admin: Admin) -> None:
    html = admin.page(admin.upload(ESSAY.encode(), "soal.gift"))
    assert sums(html) == [2, 1, 1, 0]
    assert "1 soal dilewati karena jenisnya lain" in html


def test_what_the_bank_has_already_is_told_with_a_link(admin: Admin) -> None:
    with admin.db.read() as tx:
        known = tx.scalars(sa.select(BankItem).where(BankItem.code == "U001")).one()
    twin = ("Soal nomor 1", *(f"1 pilihan {letter}" for letter in "dcba"), "B", "umum", "")
    changed = ("U002", "Soal nomor dua", "a1", "b1", "c1", "d1", "A", "umum", "")
    html = admin.page(admin.upload(csv(twin), "kembar.csv"))
    assert f'<a href="/bank/item/{known.id}">U001</a> di bank' in html
    heading = "kode,soal,a,b,c,d,kunci,topik,kesulitan"
    assert "Memperbarui soal <a" in admin.page(admin.upload(csv(changed, heading=heading), "lain.csv"))


def test_pictures_are_shown_to_who_may_see_the_draft_and_nobody_else(
    app: Flask, admin: Admin, db: Database, scene: Scene
) -> None:
    address = admin.upload(workbook(GOOD, picture_at="B2"))
    (picture,) = set(re.findall(rf"{address}/pictures/[0-9a-f]{{64}}", admin.page(address)))
    answer = admin.client.get(picture)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert admin.client.get_json(f"{address}/pictures/{'0' * 64}").status_code == 404
    proctor = Client(app).sign_in(add_official(db, "proctor", scene.office).id)
    assert proctor.get_json(picture).status_code == 404
    assert proctor.get_json(address).status_code == 404


def test_a_picture_beside_a_csv_file_comes_with_it(admin: Admin) -> None:
    heading = "soal,a,b,c,d,kunci,gambar,keterangan_gambar"
    row = csv(("Lihat peta. Di mana?", "a", "b", "c", "d", "A", "peta.png", "Peta"), heading=heading)
    without = admin.page(admin.upload(row, "soal.csv"))
    assert "Gambar peta.png tidak ada, baik di dalam berkas maupun di sampingnya." in without
    assert "<dt>baris 2, kolom G</dt>" in without, "at its cell"
    assert '<details class="imp-beside" open>' in without, "where the picture can be given"
    assert sums(without) == [1, 0, 0, 1]
    address = admin.upload(row, "soal.csv", pictures=(io.BytesIO(make_picture()), "peta.png"))
    assert sums(admin.page(address)) == [1, 1, 0, 0]
    again = admin.client.post(f"{address}/file", **sent(row, "soal.csv"))
    assert again.get_json()["ok"]
    assert sums(admin.page(address)) == [1, 1, 0, 0], "it need not come again"


def test_a_picture_that_is_none_is_an_error_of_its_item(admin: Admin) -> None:
    heading = "soal,a,b,c,d,kunci,gambar,keterangan_gambar"
    row = csv(("Lihat peta. Di mana?", "a", "b", "c", "d", "A", "peta.png", "Peta"), heading=heading)
    address = admin.upload(row, "soal.csv", pictures=(io.BytesIO(b"bukan"), "peta.png"))
    assert "Gambar peta.png tidak dapat dibuka" in admin.page(address)


@pytest.mark.parametrize(
    ("data", "name", "code", "status"),
    [
        (b"", "kosong.csv", "file_unreadable", 422),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "gambar.png", "file_unreadable", 422),
        (b"surat biasa tanpa soal apa pun", "surat.txt", "file_unreadable", 422),
    ],
)
def test_a_file_that_is_no_bank_gets_a_sentence(
    admin: Admin, data: bytes, name: str, code: str, status: int
) -> None:
    assert admin.refused(data, name) == (status, code)
    page = admin.client.client.post("/bank/imports", base_url=admin.client.base_url, buffered=True,
                                    data={**sent(data, name), "csrf": admin.client.csrf()})  # fmt: skip
    assert page.status_code == status
    assert "tidak dapat dibaca" in page.get_data(as_text=True)


def test_no_file_is_refused(admin: Admin) -> None:
    answer = admin.client.post("/bank/imports", office="jepara")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "no_file")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    assert admin.refused(csv(*GOOD) + b"\n" * 1000, "soal.csv") == (413, "file_too_large")
    monkeypatch.setattr(uploads, "AROUND_THE_FILE", 0)
    answer = admin.client.submit("/bank/imports", **sent(bytes(5000)))
    assert answer.status_code == 413
    assert "Bagi soalnya" in answer.get_data(as_text=True)


def test_a_file_that_is_too_heavy_to_read_gets_its_sentence(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def heavy(*_: object) -> None:
        raise limited.FileTooHeavy

    monkeypatch.setattr(limited, "load", heavy)
    assert admin.refused(workbook(GOOD)) == (422, "bank_file_too_heavy")


def test_so_many_files_may_wait_and_no_more(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_OPEN", 1)
    address = admin.upload(workbook(GOOD))
    assert admin.refused(workbook(GOOD)) == (409, "too_many_drafts")
    assert admin.client.post(f"{address}/discard").get_json()["ok"]
    admin.upload(workbook(GOOD))


def test_the_name_of_a_file_is_only_a_name(admin: Admin, db: Database) -> None:
    admin.upload(workbook(GOOD), "../../etc/soal   <b>.xlsx")
    (draft,) = everything(db, ImportDraft)
    assert draft.filename == "soal <b>.xlsx"
    assert "&lt;b&gt;.xlsx" in admin.page("/bank/imports")


def test_a_draft_is_gone_after_seven_days(admin: Admin, db: Database, clock: SetClock) -> None:
    address = admin.upload(workbook(GOOD))
    clock.pass_by(days=7, seconds=-1)
    admin.client.sign_in(admin.account.id)
    assert admin.client.get(address).status_code == 200
    assert Tidying(db, clock).round() == 0
    clock.pass_by(seconds=1)
    assert admin.client.get(address).status_code == 404
    assert Tidying(db, clock).round() == 1
    assert everything(db, ImportDraft) == []
    assert timedelta(days=7) == service.LIFE


def test_a_discarded_draft_is_gone_at_once(admin: Admin, db: Database) -> None:
    address = admin.upload(workbook(GOOD))
    assert admin.client.submit(f"{address}/discard").status_code == 303
    assert everything(db, ImportDraft) == []
    assert [row.act for row in everything(db, AuditEntry)][-1] == "bank.file_discarded"


def test_what_was_chosen_stays_when_the_mended_file_comes(admin: Admin) -> None:
    address = admin.upload(workbook(BROKEN))
    html = admin.page(address)
    (left_out,) = re.findall(r'name="item" value="([0-9a-f-]+)"', html)
    assert admin.choose(address, act="leave_out", item=left_out).get_json()["ok"]
    assert (
        admin.choose(address, act="label", scope="empty", topic="umum", difficulty="medium").status_code
        == 200
    )
    mended = admin.client.post(f"{address}/file", **sent(workbook(MENDED), "soal-2.xlsx"))
    assert mended.get_json() == {"ok": True, "page": address}
    html = admin.page(address)
    assert sums(html) == [4, 4, 0, 0]
    assert html.count("Tidak diikutkan</span>") == 1
    assert "Impor 3 soal ke bank soal" in html
    assert "umum · Sedang" in html


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"act": "leave_out"}, "nothing_picked"),
        ({"act": "label", "scope": "picked", "topic": "x"}, "nothing_picked"),
        ({"act": "label", "scope": "all"}, "nothing_typed"),
        ({"act": "label", "scope": "all", "topic": "x" * 101}, "topic_too_long"),
        ({"act": "label", "scope": "nobody", "topic": "x"}, "unknown_choice"),
        ({"act": "label", "scope": "all", "difficulty": "sulit"}, "unknown_choice"),
        ({"act": "dance"}, "unknown_choice"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(admin: Admin, form: dict[str, str], code: str) -> None:
    address = admin.upload(workbook(GOOD))
    answer = admin.choose(address, **form)
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    page = admin.client.submit(f"{address}/choices", **form)
    assert page.status_code == 422
    assert form.get("topic", "") in page.get_data(as_text=True), "what was typed stays"


def test_what_the_bank_has_already_is_left_out_together(admin: Admin) -> None:
    twin = ("Soal nomor 1", *(f"1 pilihan {letter}" for letter in "dcba"), "B", "umum", "")
    address = admin.upload(csv(twin, *GOOD), "soal.csv")
    assert admin.choose(address, act="leave_out_doubles").get_json()["ok"]
    html = admin.page(f"{address}?show=left_out")
    assert html.count("<article") == 1
    assert "Soal nomor 1" in html


def test_items_come_twenty_to_a_page(admin: Admin) -> None:
    rows = [(f"Soal baru {number}", "a", "b", "c", "d", "A", "", "") for number in range(45)]
    address = admin.upload(csv(*rows), "soal.csv")
    assert [admin.page(f"{address}?page={page}").count("<article") for page in (1, 2, 3, 9)] == [20, 20, 5, 5]
