"""The designer: what the bank makes of a plan at once, a paper to look at, saving by the desk's own rules."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.blueprints import drawing
from exam_server.db import Database
from exam_server.models import Activity, AuditEntry, BankItem, Paper, Recruitment
from question_bank.blueprint import Blueprint
from tests.client import Client
from tests.factories import (
    START,
    Scene,
    add,
    add_booked,
    add_official,
    add_other_scene,
    add_running,
    add_scene,
)
from tests.questions.samples import add_bank, add_pictured
from tests.recruitments.entering import rows

REASON = "Jumlah soal disesuaikan"


@pytest.fixture
def scene(db: Database) -> Scene:
    """Eight reviewed items on `umum`; a plan that asks for four of them; published."""
    return add_scene(db)


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


def at(scene: Scene, rest: str = "") -> str:
    return f"/bank/blueprint/{scene.selection.public_id}{rest}"


def strata(*lines: tuple[str, str, str]) -> dict[str, str]:
    names = ("count", "topic", "difficulty")
    return rows("strata", [dict(zip(names, line, strict=True)) for line in lines])


def seen(admin: Client, scene: Scene) -> str:
    page = admin.get(at(scene)).get_data(as_text=True)
    return page.partition('name="seen" value="')[2].partition('"')[0]


def kept(db: Database, scene: Scene) -> Any:
    with db.read() as tx:
        return tx.get_one(Activity, scene.selection.id).blueprint


def weighed(admin: Client, scene: Scene, *lines: tuple[str, str, str]) -> str:
    answer = admin.post(at(scene), act="check", **strata(*lines))
    assert answer.status_code == 200
    html: str = answer.json["html"]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_says_at_once_whether_the_bank_suffices(admin: Client, scene: Scene) -> None:
    page = admin.get(at(scene)).get_data(as_text=True)
    assert "4 soal per peserta." in page
    assert "cukup" in page
    assert "2 soal yang sama (50%)" in page  # 4 * 4 / 8
    assert "Chen, Ankenmann, dan Spray" in page


def test_what_is_typed_is_weighed_and_not_kept(db: Database, admin: Client, scene: Scene) -> None:
    told = weighed(admin, scene, ("6", "umum", ""))
    assert "6 soal per peserta." in told
    assert "4,5 soal yang sama (75%)" in told
    assert kept(db, scene) == scene.selection.blueprint


def test_what_is_missing_is_told_by_its_line_with_the_drafts_that_wait(
    db: Database, admin: Client, scene: Scene
) -> None:
    with db.write() as tx:
        tx.execute(sa.update(BankItem).where(BankItem.code.in_(["U001", "U002"])).values(state="draft"))
    told = weighed(admin, scene, ("7", "umum", ""), ("2", "wilayah", "easy"))
    assert "umum, semua tingkat Diminta 7 Sudah diperiksa 6 (masih draf: 2) kurang 1" in told
    assert "wilayah, mudah Diminta 2 Sudah diperiksa 0 kurang 2" in told
    assert "Bank soal kurang 3 soal" in told
    assert "rata-rata" not in told


def test_lines_that_share_items_are_estimated_and_it_is_said(admin: Client, scene: Scene) -> None:
    told = weighed(admin, scene, ("2", "umum", ""), ("2", "", ""))
    assert "kira-kira" in told
    assert "Perkiraan dari 200 naskah percobaan" in told


def test_equal_lines_are_told_apart(admin: Client, scene: Scene) -> None:
    told = weighed(admin, scene, ("5", "umum", ""), ("5", "umum", ""))
    assert told.count("kurang 2") == 2  # at its line, and in the sum
    assert told.count(" cukup ") == 1


def test_without_a_script_the_same_stands_on_the_page(admin: Client, scene: Scene) -> None:
    page = admin.submit(at(scene), act="check", **strata(("6", "umum", ""))).get_data(as_text=True)
    assert "4,5 soal yang sama" in page
    assert "belum disimpan" in page


def test_lines_more_or_less_are_only_shown(db: Database, admin: Client, scene: Scene) -> None:
    page = admin.submit(at(scene), act="add-strata", **strata(("6", "umum", ""))).get_data(as_text=True)
    assert 'name="strata-2-count"' in page
    gone = admin.submit(at(scene), act="remove-strata-1", **strata(("6", "umum", ""))).get_data(as_text=True)
    assert 'value="6"' not in gone
    assert kept(db, scene) == scene.selection.blueprint


def test_saving_keeps_the_plan_and_leaves_who_when_and_why(db: Database, admin: Client, scene: Scene) -> None:
    lines = strata(("3", "umum", ""), ("2", "", "hard"))
    answer = admin.submit(at(scene), act="save", seen=seen(admin, scene), reason=REASON, **lines)
    assert answer.status_code == 303
    assert kept(db, scene) == [
        {"count": 3, "topic": "umum", "difficulty": None},
        {"count": 2, "topic": None, "difficulty": "hard"},
    ]
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "recruitment.changed")).one()
        name = tx.get_one(Activity, scene.selection.id).name
    assert (row.detail["reason"], row.at) == (REASON, START)
    assert name == scene.selection.name
    assert "Susunan soal tersimpan." in admin.get(answer.headers["Location"]).get_data(as_text=True)


def test_a_draft_recruitment_needs_no_reason(db: Database, admin: Client, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=None))
    assert "Alasan perubahan" not in admin.get(at(scene)).get_data(as_text=True)
    answer = admin.submit(at(scene), act="save", seen=seen(admin, scene), **strata(("5", "umum", "")))
    assert answer.status_code == 303
    assert kept(db, scene)[0]["count"] == 5


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"reason": ""}, 422, "Tulis alasan perubahannya"),
        ({"strata-1-count": "lima"}, 422, "Tulis angka bulat antara"),
        ({"strata-1-count": "201"}, 422, "Satu tes paling banyak 200 soal"),
        ({"strata-1-difficulty": "huge"}, 422, "Pilihan ini tidak dikenal"),
        ({"seen": "an older one"}, 409, "Petugas lain menyimpan bagian ini"),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_on_the_page(
    db: Database, admin: Client, scene: Scene, wrong: dict[str, str], status: int, sentence: str
) -> None:
    typed = strata(("5", "topik yang diketik", "")) | {"seen": seen(admin, scene), "reason": REASON} | wrong
    answer = admin.submit(at(scene), act="save", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == status
    assert sentence in page
    assert "topik yang diketik" in page
    assert kept(db, scene) == scene.selection.blueprint


def test_papers_that_are_drawn_stay_and_the_page_says_so(db: Database, admin: Client, scene: Scene) -> None:
    run = add_booked(db, scene)
    add(db, Paper(attempt_id=run.attempt_id, content="[]", sha256="0" * 64, seed="00", drawn_at=START))
    page = admin.get(at(scene)).get_data(as_text=True)
    assert "1 naskah sudah diundi dan tetap seperti itu." in page
    answer = admin.submit(
        at(scene), act="save", seen=seen(admin, scene), reason=REASON, **strata(("5", "umum", ""))
    )
    assert answer.status_code == 303
    with db.read() as tx:
        assert tx.get_one(Paper, run.attempt_id).content == "[]"


def test_a_plan_is_fixed_once_somebody_has_begun(db: Database, admin: Client, scene: Scene) -> None:
    add_running(db, scene)
    page = admin.get(at(scene)).get_data(as_text=True)
    assert "1 peserta yang memulai tes" in page
    assert "Simpan susunan soal" not in page
    answer = admin.post(
        at(scene), act="save", seen=seen(admin, scene), reason=REASON, **strata(("5", "umum", ""))
    )
    assert (answer.status_code, answer.json["code"]) == (409, "test_has_begun")
    assert kept(db, scene) == scene.selection.blueprint


def test_a_paper_to_look_at_is_drawn_by_the_plan_and_has_no_key(
    db: Database, app: Flask, admin: Client, scene: Scene
) -> None:
    page = admin.get(at(scene, "/paper")).get_data(as_text=True)
    assert len(re.findall(r"Soal nomor \d<", page)) == 4
    assert "Soal 4 dari 4" in page
    assert "Pembahasan" not in page
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(Paper)) == 0


def test_the_paper_follows_what_was_typed(admin: Client, scene: Scene) -> None:
    answer = admin.submit(at(scene), act="paper", **strata(("2", "umum", "")))
    assert answer.status_code == 303
    page = admin.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Soal 2 dari 2" in page
    assert "strata-1-count=2" in page.partition("Undi contoh lain")[0].rpartition("<a ")[2]


def test_another_draw_is_another_paper_and_the_same_draw_the_same(
    db: Database, admin: Client, scene: Scene
) -> None:
    asked = Blueprint.from_list(scene.selection.blueprint)
    first, again, second = (drawing.paper(db, scene.office.id, asked, n, str) for n in (1, 1, 2))
    assert first == again
    assert first != second
    assert all("key" not in name for name in vars(first[0].item))


def test_a_bank_that_is_too_small_says_so_instead_of_a_paper(admin: Client, scene: Scene) -> None:
    address = at(scene, "/paper?strata-1-count=9&strata-1-topic=umum&strata-1-difficulty=")
    assert "Bank soal belum cukup" in admin.get(address).get_data(as_text=True)
    empty = at(scene, "/paper?strata-1-count=&strata-1-topic=&strata-1-difficulty=")
    assert "belum meminta soal" in admin.get(empty).get_data(as_text=True)


def test_pictures_of_a_paper_are_where_the_admin_may_see_them(db: Database, app: Flask) -> None:
    bench = add_bank(db, app)
    add_pictured(bench)
    address = f"/bank/blueprint/{bench.scene.selection.public_id}/paper?strata-1-count=9&strata-1-topic=umum"
    page = bench.rina.get(address).get_data(as_text=True)
    found = set(re.findall(r'src="(/bank/picture/[0-9a-f]{64})"', page))
    assert len(found) == 1
    assert page.count(found.pop()) == 2


@pytest.mark.parametrize("rest", ["", "/paper"])
def test_a_plan_of_another_office_is_not_there(db: Database, app: Flask, scene: Scene, rest: str) -> None:
    elsewhere = Client(app).sign_in(add_official(db, "admin", add_other_scene(db).office).id)
    assert elsewhere.get(at(scene, rest)).status_code == 404
    proctor = Client(app).sign_in(add_official(db, "proctor", scene.office).id)
    assert proctor.get(at(scene, rest)).status_code == 404
    with db.read() as tx:
        acts = tx.scalars(sa.select(AuditEntry.act).where(AuditEntry.act == "access.refused")).all()
    assert len(acts) == 2


def test_a_registration_has_no_plan(admin: Client, scene: Scene) -> None:
    assert admin.get(f"/bank/blueprint/{scene.registration.public_id}").status_code == 404
