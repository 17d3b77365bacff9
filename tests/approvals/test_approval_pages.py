"""The pages of approvals: who sees what, in which words, and what each press does."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.approvals import service
from exam_server.db import Database
from exam_server.models import AuditEntry, Sitting
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, START, Account, Scene, add_official, add_other_scene, add_scene, add_sitting
from tests.sittings.samples import add_empty_sitting, add_question


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def asker(db: Database, scene: Scene) -> Account:
    return add_official(db, "admin", scene.office)


@pytest.fixture
def other(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


@pytest.fixture
def sitting(db: Database, scene: Scene) -> Sitting:
    return add_empty_sitting(db, scene)


@pytest.fixture
def question(db: Database, scene: Scene, asker: Account, sitting: Sitting) -> str:
    return add_question(db, scene, asker.id, sitting)


def starts_at(db: Database, sitting: Sitting) -> object:
    with db.read() as tx:
        return tx.get_one(Sitting, sitting.id).starts_at


def test_the_list_says_what_is_asked_why_and_until_when(
    other: Client, question: str, sitting: Sitting
) -> None:
    page = other.get("/approvals").text
    assert f"Pindahkan waktu {sitting.label}" in page
    assert "Waktu lama: Sabtu, 7 November 2026 pukul 08.00 WIB – 10.00 WIB" in page
    assert "Waktu baru: Senin, 9 November 2026 pukul 08.00 WIB – 10.00 WIB" in page
    assert "Alasan: listrik padam" in page
    assert "Berlaku sampai Sabtu, 7 November 2026 pukul 08.00 WIB" in page
    assert "Menunggu keputusan Anda" in page


def test_the_asker_reads_that_somebody_else_must_decide(app: Flask, asker: Account, question: str) -> None:
    client = Client(app).sign_in(asker.id)
    assert "Menunggu petugas lain" in client.get("/approvals").text
    page = client.get(f"/approvals/{question}").text
    assert "Setujui" not in page
    assert "Tarik kembali permintaan ini" in page


def test_the_menu_counts_what_waits_for_this_person(
    app: Flask, db: Database, scene: Scene, asker: Account, other: Client, question: str, clock: SetClock
) -> None:
    counted, late = '<span class="staff-count">1<', add_official(db, "admin", scene.office)
    assert counted in other.get("/approvals").text
    assert counted in Client(app).sign_in(add_official(db, "superadmin", None).id).get("/staff").text
    assert counted not in Client(app).sign_in(asker.id).get("/approvals").text
    clock.at = START + service.LIFE
    assert counted not in other.sign_in(late.id).get("/approvals").text


def test_open_questions_stand_first(db: Database, scene: Scene, other: Client, question: str) -> None:
    later = add_question(db, scene)
    assert other.post(f"/approvals/{later}/refuse", answer="Belum perlu").status_code == 303
    page = other.get("/approvals").text
    assert page.index(question) < page.index(later)


def test_granting_does_the_act_and_says_so(
    db: Database, other: Client, question: str, sitting: Sitting
) -> None:
    assert other.submit(f"/approvals/{question}/grant").status_code == 303
    assert starts_at(db, sitting) == START + 5 * DAY
    page = other.get(f"/approvals/{question}").text
    assert "Disetujui" in page
    assert "Waktu lama" in page
    assert "Setujui:" not in page


def test_refusing_tells_the_asker_why(
    app: Flask, db: Database, asker: Account, other: Client, question: str, sitting: Sitting
) -> None:
    assert other.submit(f"/approvals/{question}/refuse", answer="Aula <dipakai>").status_code == 303
    page = Client(app).sign_in(asker.id).get(f"/approvals/{question}").text
    assert "Ditolak" in page
    assert "Aula &lt;dipakai&gt;" in page
    assert starts_at(db, sitting) == START + 3 * DAY


def test_a_refusal_without_answer_is_said_beside_it(other: Client, question: str) -> None:
    answer = other.submit(f"/approvals/{question}/refuse", answer=" ")
    assert answer.status_code == 422
    assert "Tulis mengapa ditolak" in answer.text
    assert 'aria-describedby="answer-problem"' in answer.text


def test_the_asker_takes_it_back(app: Flask, db: Database, asker: Account, question: str) -> None:
    client = Client(app).sign_in(asker.id)
    assert client.submit(f"/approvals/{question}/withdraw").status_code == 303
    assert "Ditarik kembali" in client.get(f"/approvals/{question}").text


def test_a_second_press_is_told_that_it_is_over(other: Client, question: str) -> None:
    assert other.submit(f"/approvals/{question}/grant").status_code == 303
    again = other.submit(f"/approvals/{question}/grant")
    assert again.status_code == 409
    assert "sudah diputuskan atau sudah lewat" in again.text


def test_an_act_that_is_refused_says_why_and_stays_open(
    db: Database, other: Client, question: str, sitting: Sitting
) -> None:
    with db.write() as tx:
        changed = {"starts_at": START + 4 * DAY, "ends_at": START + 5 * DAY}
        tx.execute(sa.update(Sitting).where(Sitting.id == sitting.id).values(**changed))
    answer = other.submit(f"/approvals/{question}/grant")
    assert answer.status_code == 409
    assert "Waktu sesi ini sudah berubah sejak permintaan diajukan" in answer.text
    assert "Setujui:" in answer.text


def test_a_question_that_ran_out_says_so_and_offers_nothing(
    app: Flask, db: Database, scene: Scene, question: str, clock: SetClock
) -> None:
    clock.at = START + service.LIFE
    other = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    page = other.get(f"/approvals/{question}").text
    assert "Tidak diputuskan sampai" in page
    assert "Setujui:" not in page


def test_warnings_stand_before_the_button(db: Database, scene: Scene, other: Client) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Sitting).values(place="Aula"))
    add_sitting(db, scene.selection.id, label="Sesi sore", place="Aula", starts_at=START + 5 * DAY,
                ends_at=START + 6 * DAY)  # fmt: skip
    page = other.get(f"/approvals/{add_question(db, scene, sitting=scene.sitting)}").text
    assert page.index("Tempat yang sama dipakai Sesi sore pada waktu itu") < page.index("Setujui:")


@pytest.mark.parametrize("role", ["proctor", "screener"])
def test_who_is_no_admin_has_no_business_there(
    app: Flask, db: Database, scene: Scene, question: str, role: str
) -> None:
    client = Client(app).sign_in(add_official(db, role, scene.office).id)
    assert client.get_json("/approvals").status_code == 403
    assert client.get_json(f"/approvals/{question}").status_code == 404
    assert "/approvals" not in client.get("/board").text


def test_another_offices_admin_sees_nothing_and_the_trail_keeps_the_try(
    app: Flask, db: Database, question: str, sitting: Sitting
) -> None:
    stranger = add_official(db, "admin", add_other_scene(db).office)
    client = Client(app).sign_in(stranger.id)
    assert "Belum ada yang diajukan" in client.get("/approvals").text
    assert client.post(f"/approvals/{question}/grant").status_code == 404
    assert starts_at(db, sitting) == START + 3 * DAY
    with db.read() as tx:
        refused = sa.select(AuditEntry.object_kind).where(AuditEntry.act == "access.refused")
        assert tx.scalars(refused).all() == ["approval"]


def test_every_act_has_its_words(app: Flask) -> None:
    assert set(app.extensions["approval_acts"]) == set(app.extensions["approval_words"])
