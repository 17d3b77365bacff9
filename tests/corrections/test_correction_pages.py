"""The pages on which a correction is looked at, asked for, and read afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from defusedxml.ElementTree import fromstring as parse
from flask import Flask

from exam_server.corrections import reckoning
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.models import Approval, AuditEntry, ItemKey
from exam_server.ranking.rules import Quota
from tests.client import Client
from tests.corrections.samples import CODE, NOTE, OTHER, REASON, Case, case, turned
from tests.factories import add_official, add_other_scene

ASKED = {"reason": REASON, "note_id": NOTE["id"], "note_en": NOTE["en"]}


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    """The pages are the same on both databases."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def fix(db: Database) -> Case:
    return turned(db)


@pytest.fixture
def admin(app: Flask, fix: Case) -> Client:
    return Client(app).sign_in(fix.stand.admin)


@pytest.fixture
def second(app: Flask, fix: Case) -> Client:
    return Client(app).sign_in(fix.stand.second)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return " ".join(answer.get_data(as_text=True).split())


def preview(fix: Case, kind: str = "key", option: int | None = OTHER, **more: str) -> str:
    letter = "" if option is None else f"&option={option}"
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{fix.path}/preview?revision={fix.revision}&kind={kind}{letter}{rest}"


def form(fix: Case, kind: str = "key", option: int = OTHER, **changed: str) -> dict[str, str]:
    seen = fix.look(Wish(kind, option if kind in ("key", "second") else None)).sha256
    return (
        {"revision": str(fix.revision), "kind": kind, "option": str(option), "seen": seen} | ASKED | changed
    )


def test_before_any_correction_there_is_version_one_as_closing_gave_it(fix: Case, admin: Client) -> None:
    page = text(admin, fix.path)
    assert "Versi 1" in page
    assert "5 peserta sudah dinilai" in page
    assert "Versi 2" not in page


def test_the_item_is_shown_with_its_options_and_its_key(fix: Case, admin: Client) -> None:
    page = text(admin, f"{fix.path}/new?item={CODE}")
    assert "Soal nomor 1" in page
    assert "1 pilihan d" in page
    assert "Kunci sekarang: C" in page
    assert page.count('name="kind"') == 4


@pytest.mark.parametrize("code", ["X999", "U099"])
def test_a_code_on_no_paper_is_refused_beside_its_field(fix: Case, admin: Client, code: str) -> None:
    page = text(admin, f"{fix.path}/new?item={code}", 422)
    assert "tidak ada pada naskah peserta mana pun" in page
    assert f'value="{code}"' in page


def test_the_preview_tells_sums_who_chose_what_and_who_changes_status(fix: Case, admin: Client) -> None:
    page = text(admin, preview(fix))
    told = fix.look(Wish("key", OTHER))
    assert f"{told.sums.statuses} status berubah" in page
    assert f"{told.chosen[OTHER]} memilih" in page
    assert "kunci sekarang" in page
    assert "kunci yang baru" in page
    moved = next(one for one in told.lines if one.status_changed)
    assert moved.number in page
    assert 'aria-current="true">Status berubah' in page


def test_the_picture_is_well_formed_and_has_a_bar_for_each_change(fix: Case, admin: Client) -> None:
    page = text(admin, preview(fix))
    svg = page[page.index('<svg class="fix-picture"') : page.index("</svg>", page.index("fix-picture")) + 6]
    picture = parse(svg)
    assert len(picture.findall("rect")) == len(fix.look(Wish("key", OTHER)).steps)


def test_the_table_is_filtered(fix: Case, admin: Client) -> None:
    changed = [one for one in fix.look(Wish("key", OTHER)).lines if one.before != one.after]
    page = text(admin, preview(fix, show="score"))
    assert f'<p class="fix-soft">{len(changed)} peserta</p>' in page
    assert all(one.number in page for one in changed)


def test_before_scores_are_opened_nobody_is_named(db: Database, app: Flask) -> None:
    fix = case(db, opened=False)
    client = Client(app).sign_in(fix.stand.admin)
    page = text(client, preview(fix, "void", None))
    assert "hanya banyaknya yang diperlihatkan" in page
    assert not any(one.number in page or one.name in page for one in fix.stand.people)
    assert "belum dibuka" in text(client, f"{fix.path}/version/1")


@pytest.mark.parametrize(
    ("kind", "option", "said"),
    [
        ("key", 2, "Tidak ada yang berubah"), ("key", 9, "Pilih salah satu pilihan jawaban"),
        ("second", None, "Pilih salah satu pilihan jawaban"), ("nonsense", None, "empat jenis perbaikan"),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_key_comes_back_with_its_sentence(
    fix: Case, admin: Client, kind: str, option: int | None, said: str
) -> None:
    answer = admin.get(preview(fix, kind, option))
    assert answer.status_code in (409, 422)
    page = answer.get_data(as_text=True)
    assert said in page
    assert "Soal nomor 1" in page


def test_asked_approved_and_read(fix: Case, admin: Client, second: Client, db: Database) -> None:
    before = fix.points()
    answer = admin.submit(f"{fix.path}/ask", **form(fix))
    assert answer.status_code == 303
    approval = answer.headers["Location"]
    assert "Menunggu petugas kedua" in text(admin, fix.path)
    shown = text(second, approval)
    assert "Perbaiki kunci soal U001: Kunci lain" in shown
    assert NOTE["en"] in shown
    assert "status berubah" in shown
    assert second.get(fix_path(shown)).status_code == 200
    assert second.submit(f"{approval}/grant").status_code == 303
    page = text(second, fix.path)
    assert "Versi 2" in page
    assert "Menunggu petugas kedua" not in page
    assert NOTE["id"] in page
    assert fix.points(1) == before != fix.points()
    assert text(admin, f"{fix.path}/version/2") != text(admin, f"{fix.path}/version/1")
    told = text(second, "/audit")
    assert "memperbaiki kunci soal" in told


def fix_path(page: str) -> str:
    """Where the second official sees the effect as it is now."""
    start = page.index('href="/results/') + 6
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_the_asker_is_told_to_wait_for_another(fix: Case, admin: Client) -> None:
    approval = admin.submit(f"{fix.path}/ask", **form(fix)).headers["Location"]
    assert admin.submit(f"{approval}/grant").status_code == 409
    assert fix.points() == fix.points(1)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reason": ""}, "Tulis alasannya"), ({"note_en": " "}, "bahasa Inggris"),
        ({"seen": "x"}, "periksa pratinjau yang baru"), ({"note_id": "a" * 1001}, "paling panjang 1000"),
    ],
)  # fmt: skip
def test_what_is_refused_keeps_what_was_typed(
    fix: Case, admin: Client, db: Database, changed: dict[str, str], said: str
) -> None:
    answer = admin.submit(f"{fix.path}/ask", **form(fix, **changed))
    assert answer.status_code in (409, 422)
    page = answer.get_data(as_text=True)
    assert said in page
    assert changed.get("reason", REASON) in page
    with db.read() as tx:
        assert tx.scalars(sa.select(Approval)).all() == []


def test_a_key_that_changed_meanwhile_is_told_on_the_page_of_the_question(
    fix: Case, admin: Client, second: Client, db: Database
) -> None:
    approval = admin.submit(f"{fix.path}/ask", **form(fix)).headers["Location"]
    with db.write() as tx:
        tx.add(ItemKey(revision_id=fix.revision, version=2, content=b'\x00{"accepted":[1]}',
                       created_at=fix.stand.scene.sitting.starts_at, author_id=None))  # fmt: skip
    answer = second.submit(f"{approval}/grant")
    assert answer.status_code == 409
    assert "Kunci soal ini berubah" in answer.get_data(as_text=True)


def test_a_large_activity_is_reckoned_in_a_process_apart_and_is_the_same(
    fix: Case, admin: Client, second: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = text(admin, preview(fix))
    monkeypatch.setattr(reckoning, "LARGE", 1)
    assert without_token(text(admin, preview(fix))) == without_token(here)
    approval = admin.submit(f"{fix.path}/ask", **form(fix)).headers["Location"]
    assert second.submit(f"{approval}/grant").status_code == 303
    assert fix.points() != fix.points(1)


def without_token(page: str) -> str:
    """A page without what is random in every answer."""
    return re.sub(r'nonce="[^"]*"', "", page)


def test_another_office_s_admin_finds_nothing_and_leaves_a_row(fix: Case, app: Flask, db: Database) -> None:
    stranger = Client(app).sign_in(add_official(db, "admin", add_other_scene(db).office).id)
    for path in (fix.path, f"{fix.path}/new", f"{fix.path}/version/1", preview(fix)):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{fix.path}/ask", **form(fix)).status_code == 404
    with db.read() as tx:
        refused = sa.select(sa.func.count()).where(AuditEntry.act == "access.refused")
        assert tx.scalar(refused) == 5


def test_a_version_that_is_not_there_is_not_found(fix: Case, admin: Client) -> None:
    assert admin.get(f"{fix.path}/version/2").status_code == 404
    assert admin.get(f"{fix.path}/version/0").status_code == 404


def test_long_tables_have_pages(db: Database, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exam_server.corrections.views.ROWS", 2)
    monkeypatch.setattr("exam_server.corrections.history.PAGE", 2)
    fix = case(db, rights=(4, 4, 3, 0, 0), quotas=(Quota(1),))
    client = Client(app).sign_in(fix.stand.admin)
    numbers: list[str] = []
    for page in (1, 2, 3):
        told = text(client, f"{fix.path}/version/1?page={page}")
        assert f"Halaman {page} dari 3" in told
        numbers += [one.number for one in fix.stand.people if one.number in told]
    assert sorted(numbers) == sorted(one.number for one in fix.stand.people)
    assert "Halaman 1 dari" in text(client, preview(fix, show="score"))
