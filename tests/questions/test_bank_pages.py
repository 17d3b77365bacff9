"""The list, one item's page, pictures and files: what is found and shown, and to whom."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server.models import AuditEntry, Picture
from question_bank.formats import WRITERS, load
from tests.client import Client
from tests.factories import START, add, add_official, add_other_scene, add_running, make_office
from tests.questions.samples import Bank, add_pictured, form


def page(bench: Bank, address: str) -> str:
    answer = bench.rina.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("text=nomor 3", {"U003"}),
        ("text=pilihan 3 b", {"U003"}),
        ("text=U004", {"U004"}),
        ("text=tidak ada", set()),
        ("topic=wilayah", {"W001"}),
        ("topic=-", set()),
        ("difficulty=easy", {"W001"}),
        ("difficulty=-&text=nomor 2", {"U002"}),
        ("state=draft", {"W001"}),
        ("state=retired", set()),
        ("tag=kota", {"W001"}),
        ("tag=-&text=jepara", set()),
        ("state=draft&topic=umum", set()),
    ],
)
def test_items_are_found_by_what_is_asked(bench: Bank, sought: str, found: set[str]) -> None:
    bench.rina.submit("/bank/new", **form())
    shown = page(bench, f"/bank?{sought}")
    codes = {"W001", *(f"U{number:03d}" for number in range(1, 9))}
    assert {code for code in codes if f'bank-code">{code}<' in shown} == found
    assert found or "Tidak ada soal yang cocok dengan saringan ini." in shown


def test_the_list_counts_states_and_names_the_newest_author(bench: Bank) -> None:
    bench.rina.submit("/bank/new", **form())
    shown = page(bench, "/bank")
    assert "9 soal" in shown
    assert "versi 1, Petugas admin" in shown
    assert "diimpor lewat perintah" in shown
    assert shown.index('bank-code">W001<') < shown.index('bank-code">U008<')


def test_a_long_list_comes_in_pages(bench: Bank) -> None:
    for number in range(45):
        bench.rina.submit("/bank/new", **form(code=f"X{number:03d}", stem=f"Soal tambahan {number}"))
    first, last = page(bench, "/bank"), page(bench, "/bank?page=99")
    assert first.count('class="bank-code"') == 50
    assert last.count('class="bank-code"') == 3
    assert "halaman 2 dari 2" in last


def test_who_keeps_several_banks_chooses_one_and_an_empty_one_says_what_to_do(bench: Bank) -> None:
    other = add(bench.db, make_office(code="3521", slug="ngawi", name="BPS Kabupaten Ngawi"))
    chief = Client(bench.app).sign_in(add_official(bench.db, "superadmin", None).id)
    assert "8 soal" in chief.get("/bank").get_data(as_text=True)
    shown = chief.get(f"/bank?office={other.slug}").get_data(as_text=True)
    assert f'<option value="ngawi" selected>{other.name}</option>' in shown
    assert "Bank soal ini masih kosong." in shown
    assert "Belum ada soal untuk diunduh." in chief.get("/bank/export?office=ngawi").get_data(as_text=True)


def test_usage_counts_drawn_papers(bench: Bank) -> None:
    add_running(bench.db, bench.scene)
    add_running(bench.db, bench.scene)
    shown = page(bench, "/bank")
    assert sum(shown.count(f"{count} naskah") * count for count in (1, 2)) == 2 * 4


def test_a_paper_keeps_the_wording_that_it_was_drawn_with(bench: Bank) -> None:
    run = add_running(bench.db, bench.scene)
    before = Client(bench.app)
    before.set_cookie("exam", run.token)
    paper = before.get("/exam").get_data(as_text=True)
    code = next(f"U{n:03d}" for n in range(1, 9) if f"Soal nomor {n}<" in paper)
    bench.rina.submit(f"/bank/item/{bench.id(code)}/edit", **bench.editing(code, stem="Kalimat yang baru"))
    bench.rina.post(f"/bank/item/{bench.id(code)}/state", act="retire")
    after = before.get("/exam").get_data(as_text=True)
    assert "Kalimat yang baru" not in after
    assert f"Soal nomor {int(code[1:])}<" in after


def test_an_item_shows_its_key_and_what_each_revision_changed(bench: Bank) -> None:
    bench.rina.submit(
        f"/bank/item/{bench.id('U001')}/edit",
        **bench.editing("U001", stem="Soal nomor satu", key="2", why="Kunci keliru"),
    )
    shown = page(bench, f"/bank/item/{bench.id('U001')}")
    assert '<del><span class="visually-hidden">dihapus: </span>1</del>' in shown
    assert '<ins><span class="visually-hidden">ditambah: </span>satu</ins>' in shown
    assert "Kunci keliru" in shown
    assert "Versi pertama." in shown
    assert 'class="bank-right"' in shown
    assert "Seperti dilihat peserta" in shown


def test_a_picture_is_for_the_admins_of_an_office_that_uses_it(bench: Bank) -> None:
    add_pictured(bench)
    with bench.db.read() as tx:
        sha256 = tx.scalars(sa.select(Picture.sha256)).one()
    assert bench.rina.get(f"/bank/picture/{sha256}").mimetype == "image/png"
    assert bench.rina.get("/bank/picture/" + "0" * 64).status_code == 404
    elsewhere = add_official(bench.db, "admin", add_other_scene(bench.db).office)
    assert Client(bench.app).sign_in(elsewhere.id).get(f"/bank/picture/{sha256}").status_code == 404
    assert bench.acts()[-1] == "access.refused"


def test_a_picture_that_no_item_uses_yet_is_for_who_writes_items(bench: Bank) -> None:
    add_pictured(bench)
    with bench.db.write() as tx:
        made = tx.scalars(sa.select(Picture)).one()
        tx.add(Picture(sha256="ab" * 32, media_type="image/png", content=made.content, width=1, height=1))
    elsewhere = add_official(bench.db, "admin", add_other_scene(bench.db).office)
    assert Client(bench.app).sign_in(elsewhere.id).get("/bank/picture/" + "ab" * 32).status_code == 200
    proctor = add_official(bench.db, "proctor", bench.scene.office)
    assert Client(bench.app).sign_in(proctor.id).get("/bank/picture/" + "ab" * 32).status_code == 404


@pytest.mark.parametrize("format", WRITERS)
def test_the_whole_bank_goes_out_and_reads_back_with_its_keys(bench: Bank, format: str) -> None:
    add_pictured(bench)
    answer = bench.rina.get(f"/bank/export/{format}?office=jepara")
    assert answer.status_code == 200
    assert "attachment; filename=bank-soal-jepara-20261104-0800." in answer.headers["Content-Disposition"]
    loaded = load(f"bank.{answer.headers['Content-Disposition'].rpartition('.')[2]}", answer.data)
    assert [located.item.key for located in loaded.items] == [2] * 9
    assert loaded.errors == ()
    with bench.db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "bank.exported")).one()
    assert (row.actor_id, row.at, row.detail) == (bench.rina_id, START, {"count": 9, "format": format})


def test_what_a_format_loses_is_told_before(bench: Bank) -> None:
    add_pictured(bench)
    shown = page(bench, "/bank/export")
    assert "9 soal yang tidak pensiun" in shown
    assert "1 soal:" in shown
    assert bench.acts() == []


def test_a_format_that_nobody_writes_is_not_there(bench: Bank) -> None:
    assert bench.rina.get("/bank/export/pdf").status_code == 404
    assert bench.acts() == []


@pytest.mark.parametrize("role", ["proctor", "screener"])
@pytest.mark.parametrize("address", ["", "/new", "/export", "/export/csv", "?office=jepara"])
def test_who_keeps_no_bank_sees_nothing_of_it(bench: Bank, role: str, address: str) -> None:
    someone = Client(bench.app).sign_in(add_official(bench.db, role, bench.scene.office).id)
    assert someone.get(f"/bank{address}").status_code == 403


def test_an_item_of_another_office_is_not_there_and_the_try_is_kept(bench: Bank) -> None:
    elsewhere = Client(bench.app).sign_in(
        add_official(bench.db, "admin", add_other_scene(bench.db).office).id
    )
    assert elsewhere.get(f"/bank/item/{bench.id('U001')}").status_code == 404
    assert elsewhere.get("/bank/item/999999").status_code == 404
    assert bench.acts() == ["access.refused"]
