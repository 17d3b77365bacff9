"""What admins read of an analysis, and that nobody else reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.large import Large, fill
from exam_server.analysis import reckoning, service
from exam_server.analysis.service import Shelf
from exam_server.db import Database
from exam_server.models import (
    Attempt,
    AuditEntry,
    BankItem,
    Booking,
    Criteria,
    ItemRevision,
    ScoreOpening,
)
from exam_server.scores.sheets import gather
from exam_server.selection.numbers import number_of
from question_bank.statistics.twins import TwinList, Twins
from tests.client import Client
from tests.factories import DAY, START, add_account, add_official, add_other_scene, add_scene
from tests.restored import once

PAGES = ("", "/items", "/fairness")


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    """Pages ask nothing of the database that the service was not asked on both."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def exam(db: Database) -> Large:
    return once(db, "large 120", lambda: fill(db, 120, items=36, seats=40))


@pytest.fixture
def admin(app: Flask, db: Database, exam: Large) -> Client:
    return Client(app).sign_in(add_official(db, "admin", exam.scene.office).id)


def at(exam: Large, rest: str = "") -> str:
    return f"/results/{exam.scene.selection.public_id}/analysis{rest}"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(plain.split())


def revision_of(db: Database, code: str) -> int:
    with db.read() as tx:
        return tx.scalars(
            sa.select(ItemRevision.id).join(BankItem, BankItem.id == ItemRevision.item_id)
            .where(BankItem.code == code)
        ).one()  # fmt: skip


def open_scores(db: Database, exam: Large) -> None:
    author = add_official(db, "admin", exam.scene.office).id
    with db.write() as tx:
        criteria = Criteria(activity_id=exam.scene.selection.id, number=1, content={}, recorded_by=author,
                            recorded_at=START)  # fmt: skip
        tx.add(criteria)
        tx.flush()
        tx.add(ScoreOpening(activity_id=exam.scene.selection.id, criteria_id=criteria.id, opened_by=author,
                            opened_at=START + 40 * DAY))  # fmt: skip


def test_the_overview_says_how_many_how_high_and_by_which_estimator(admin: Client, exam: Large) -> None:
    told = text(admin, at(exam))
    assert "Pengerjaan dinilai 120" in told
    assert re.search(r"Reliabilitas 0,\d\d selang 95%: 0,\d\d sampai 0,\d\d", told)
    assert "Brennan, 2001" in told
    assert "topik 6" in told
    assert "1 soal perlu dilihat" in told


def test_the_wrong_key_stands_first_and_says_so(admin: Client, exam: Large) -> None:
    page = admin.get(at(exam, "/items")).get_data(as_text=True)
    rows = page.partition("<tbody>")[2]
    assert re.search(r"/analysis/items/\d+[^>]*>(S\d+)<", rows)[1] == exam.wrong  # type: ignore[index]
    assert "kunci kemungkinan salah" in rows.partition("</tr>")[0]


def test_a_column_sorts_and_turns_round(admin: Client, exam: Large) -> None:
    up = re.findall(r">(S\d+)<", admin.get(at(exam, "/items?sort=code")).get_data(as_text=True))
    down = re.findall(r">(S\d+)<", admin.get(at(exam, "/items?sort=code&down=1")).get_data(as_text=True))
    assert up == sorted(up) == down[::-1]
    assert 'aria-sort="descending"' in admin.get(at(exam, "/items?sort=facility&down=1")).get_data(
        as_text=True
    )


def test_one_item_shows_its_options_keys_and_the_way_to_a_correction(
    db: Database, admin: Client, exam: Large
) -> None:
    path = at(exam, f"/items/{revision_of(db, exam.wrong)}")
    page = admin.get(path).get_data(as_text=True)
    assert f"/results/{exam.scene.selection.public_id}/corrections/new?item={exam.wrong}" in page
    assert page.count("<polyline") == 4
    assert "Kunci 1: " in page
    assert re.search(r"[ABCD] (&#10003;|✓)", page)


def test_pictures_are_told_in_words_and_numbers_too(admin: Client, exam: Large) -> None:
    for path in PAGES:
        page = admin.get(at(exam, path)).get_data(as_text=True)
        for one in re.findall(r'<svg class="ana-chart".*?</svg>', page, re.DOTALL):
            assert "<title" in one
            assert "<desc" in one
            assert 'role="img"' in one
        assert "<table" in page
        assert not re.search(r"(?:width|height|[xy][12]?|r|cx|cy)=\"-?(?:nan|inf)", page)


def test_nothing_of_it_stays_in_a_browser(admin: Client, exam: Large) -> None:
    assert {admin.get(at(exam, path)).headers["Cache-Control"] for path in PAGES} == {"no-store"}


def test_fairness_compares_papers_and_sittings_and_applies_nothing(admin: Client, exam: Large) -> None:
    told = text(admin, at(exam, "/fairness"))
    assert "Tidak ada nilai yang berubah karenanya" in told
    assert "Sesi 1" in told
    assert "Kolen dan Brennan, 2014" in told
    assert "tidak pernah menjadi bukti" in told


def test_no_candidate_is_told_before_the_scores_are_opened(db: Database, admin: Client, exam: Large) -> None:
    hidden = text(admin, at(exam, "/fairness"))
    assert "Nilai perorangan tampil di sini sesudah nilai dibuka" in hidden
    assert "Nomor peserta" not in hidden
    open_scores(db, exam)
    shown = text(admin, at(exam, "/fairness"))
    assert "20 pergeseran terbesar" in shown
    with db.read() as tx:
        numbers = {number_of(one) for one in tx.scalars(sa.text("SELECT public_id FROM booking"))}
    assert sum(number in shown for number in numbers) >= 20
    assert "Peserta 000" not in shown


def test_each_look_is_kept_in_the_trail(db: Database, admin: Client, exam: Large) -> None:
    revision = revision_of(db, exam.wrong)
    for path in (*PAGES, f"/items/{revision}"):
        admin.get(at(exam, path))
    with db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "analysis.viewed")).all()
    assert [one.detail["part"] for one in rows] == ["overview", "items", "fairness", "item"]
    assert {one.office_id for one in rows} == {exam.scene.office.id}
    assert rows[-1].object_kind == "item"


def test_a_few_candidates_are_told_to_be_few(app: Flask, db: Database) -> None:
    few = fill(db, 12, items=36, seats=40)
    admin = Client(app).sign_in(add_official(db, "admin", few.scene.office).id)
    told = text(admin, at(few))
    assert "Baru 12 pengerjaan" in told
    assert "Reliabilitas tidak dihitung: kurang dari 30 peserta" in told
    assert "jawaban, belum cukup untuk menilai" in text(admin, at(few, "/items"))


def test_before_anybody_sat_the_pages_say_so(app: Flask, db: Database) -> None:
    scene = add_scene(db)
    admin = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    for path in PAGES:
        told = text(admin, f"/results/{scene.selection.public_id}/analysis{path}")
        assert "Belum ada pengerjaan yang ditutup" in told


def test_an_item_that_nobody_answered_and_a_version_not_there_are_not_found(
    admin: Client, exam: Large
) -> None:
    wrong = ("/items/999999", "?version=2", "?version=0", "?version=x", "/items?version=1.5")
    assert {admin.get(at(exam, path)).status_code for path in wrong} == {404}


@pytest.mark.parametrize("path", PAGES)
def test_others_are_refused(app: Flask, db: Database, exam: Large, path: str) -> None:
    elsewhere = add_other_scene(db).office
    refused = {
        "candidate": add_account(db),
        "proctor": add_official(db, "proctor", exam.scene.office),
        "screener": add_official(db, "screener", exam.scene.office),
        "other admin": add_official(db, "admin", elsewhere),
    }
    told = {who: Client(app).sign_in(one.id).get(at(exam, path)).status_code for who, one in refused.items()}
    assert told == {"candidate": 403, "proctor": 404, "screener": 404, "other admin": 404}
    assert Client(app).get(at(exam, path)).status_code == 302


def test_a_superadmin_sees_every_office(app: Flask, db: Database, exam: Large) -> None:
    assert Client(app).sign_in(add_official(db, "superadmin", None).id).get(at(exam)).status_code == 200


def with_suspicions(app: Flask, db: Database, exam: Large) -> list[str]:
    """Two who were wrong alike, and an item that got easier, as if they had been found; their numbers."""
    with db.read() as tx:
        state = service.state(tx, exam.scene.selection.id)
        found = reckoning.analyse(gather(tx, exam.scene.selection.id), 1)
        both = tx.execute(
            sa.select(Attempt.id, Attempt.sitting_id, Booking.public_id)
            .join(Booking, Booking.id == Attempt.booking_id).order_by(Attempt.id).limit(2)
        ).all()  # fmt: skip
    pair = Twins(both[0].sitting_id, both[0].id, both[1].id, 22, 9, 1.25, 1e-9, 1e-7)
    leak = replace(found.drift.items[0], easier_later=True, adjusted=0.012)
    shelf = Shelf()
    shelf.keep(state, replace(found, twins=TwinList(found.twins.compared, (pair,)),
                              drift=replace(found.drift, items=(leak, *found.drift.items[1:]))))  # fmt: skip
    app.extensions["analyses"] = shelf
    return [number_of(one.public_id) for one in both]


def test_suspicions_are_told_with_care_and_by_number_only_once_scores_are_open(
    app: Flask, db: Database, admin: Client, exam: Large
) -> None:
    pair = with_suspicions(app, db, exam)
    before = text(admin, at(exam, "/fairness"))
    assert "1 dari" in before
    assert not any(number in before for number in pair)
    open_scores(db, exam)
    with_suspicions(app, db, exam)
    after = text(admin, at(exam, "/fairness"))
    assert all(number in after for number in pair)
    assert "bukan bukti kebocoran" in after
    assert "0,0120" in after
    assert "kurang dari 0,0001" in after
