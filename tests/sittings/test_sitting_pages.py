"""Calendar, list, one sitting, and its proctors: what the office sees while seats fill."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.approvals.service import LIFE
from exam_server.db import Database
from exam_server.models import Activity, AuditEntry, Phase, RoleGrant, Sitting, SittingProctor
from exam_server.selection import service as selection
from exam_server.sittings import calendar, grounds, service
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add_accepted,
    add_booked,
    add_official,
    add_running,
    add_scene,
    add_sitting,
)
from tests.sittings.samples import add_empty_sitting, add_question

PAGE = "/desk/jepara/2026/sittings"


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, sitting={"capacity": 3})


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


def acts(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry.act).where(AuditEntry.object_kind == "sitting")))


def test_the_page_shows_every_sitting_in_its_week_and_slot(db: Database, scene: Scene) -> None:
    add_sitting(db, scene.selection.id, label="Sesi 2", starts_at=START + HOUR * 6, ends_at=START + HOUR * 8)
    add_sitting(
        db, scene.selection.id, label="Sesi 3", starts_at=START + 7 * DAY, ends_at=START + 7 * DAY + HOUR * 2
    )
    ground = grounds.ground_of(db, "jepara", 2026)
    first, second = calendar.weeks(service.rows(db, ground), ground.zone)
    assert [(line.starts, line.ends) for line in first.lines] == [("08.00", "10.00"), ("14.00", "16.00")]
    assert [[row.label for row in cell] for cell in first.lines[0].days] == [
        [],
        [],
        ["Sesi 1"],
        [],
        [],
        [],
        [],
    ]
    assert first.days[0].isoformat() == "2026-11-02"
    assert second.lines[0].days[2][0].label == "Sesi 3"


def test_the_list_names_time_last_entry_and_seats(admin: Client, db: Database, scene: Scene) -> None:
    add_booked(db, scene)
    page = admin.get(PAGE).text
    assert "Rabu, 4 November 2026 pukul 08.00 WIB – 10.00 WIB" in page
    assert "sebelum 09.00 WIB" in page
    assert ">1/3<" in page
    assert "Belum ada" in page


def test_seats_are_told_live(admin: Client, db: Database, scene: Scene) -> None:
    before = admin.get_json(f"{PAGE}/seats").get_json()
    add_booked(db, scene)
    after = admin.get_json(f"{PAGE}/seats").get_json()
    assert (before["taken"], after["taken"]) == ({scene.sitting.public_id: 0}, {scene.sitting.public_id: 1})
    assert after["now"] == int(START.timestamp() * 1000)


def test_too_few_seats_are_told_while_there_is_time(admin: Client, db: Database, scene: Scene) -> None:
    for _ in range(3):
        add_accepted(db, scene)
    assert "Kursi kurang" not in admin.get(PAGE).text
    add_accepted(db, scene)
    page = admin.get(PAGE).text
    assert "Kursi kurang 1: 4 orang sudah Diterima" in page
    assert "tinggal 3." in page


def test_who_has_chosen_needs_no_further_seat(admin: Client, db: Database, scene: Scene) -> None:
    for _ in range(3):
        add_booked(db, scene)
    assert "Kursi kurang" not in admin.get(PAGE).text


def test_seats_of_a_sitting_that_is_over_are_no_seats(
    admin: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    add_accepted(db, scene)
    clock.at = START + HOUR
    assert "Kursi kurang 1" in admin.get(PAGE).text


def test_who_lapsed_needs_no_seat(admin: Client, db: Database, scene: Scene, clock: SetClock) -> None:
    add_accepted(db, scene)
    clock.at = START + 14 * DAY
    assert "Kursi kurang" not in admin.get(PAGE).text


def test_a_bank_that_cannot_fill_the_blueprint_is_told(admin: Client, db: Database, scene: Scene) -> None:
    assert "Bank soal kurang" not in admin.get(PAGE).text
    with db.write() as tx:
        blueprint = [{"count": 11, "topic": "umum", "difficulty": None}]
        tx.execute(sa.update(Activity).where(Activity.id == scene.selection.id).values(blueprint=blueprint))
    assert "Bank soal kurang 3 butir untuk rancangan naskah (umum)" in admin.get(PAGE).text


def test_a_selection_without_blueprint_is_told(admin: Client, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Activity).where(Activity.id == scene.selection.id).values(blueprint=[]))
    assert "Rancangan naskah kegiatan seleksi belum diisi" in admin.get(PAGE).text


def test_a_sitting_outside_the_stage_is_told(admin: Client, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "test").values(opens_at=START + DAY))
    assert "Sesi 1 berada di luar tahap Tes Kompetensi" in admin.get(PAGE).text


def test_an_office_without_sittings_is_led_to_the_series(app: Flask, db: Database) -> None:
    scene = add_scene(db, items=0)
    with db.write() as tx:
        if not db.sqlite:
            tx.execute(sa.text("ALTER TABLE sitting DISABLE TRIGGER ALL"))
        else:
            tx.execute(sa.text("DROP TRIGGER sitting_keeps_delete"))
        tx.execute(sa.delete(Sitting))
    client = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    page = client.get(PAGE).text
    assert "Belum ada sesi." in page
    assert f"{PAGE}/series" in page


def test_one_sitting_shows_who_has_chosen_it(admin: Client, db: Database, scene: Scene) -> None:
    account = add_accepted(db, scene, name="Citra <Lestari>")
    selection.choose_sitting(db, account.id, scene.sitting.public_id, START - DAY)
    page = admin.get(f"/desk/sittings/{scene.sitting.public_id}").text
    assert "Peserta yang memilih sesi ini (1)" in page
    assert "Citra &lt;Lestari&gt;" in page
    assert "Pindahkan waktu Sesi 1" in page


def test_a_sitting_that_was_begun_offers_no_move(admin: Client, db: Database, scene: Scene) -> None:
    add_running(db, scene)
    page = admin.get(f"/desk/sittings/{scene.sitting.public_id}").text
    assert "1 peserta sudah mulai mengerjakan" in page
    assert "Pindahkan waktu" not in page


def test_a_move_that_waits_is_shown_until_it_runs_out(
    app: Flask, admin: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    sitting = add_empty_sitting(db, scene)
    question = add_question(db, scene, sitting=sitting)
    page = admin.get(f"/desk/sittings/{sitting.public_id}").text
    assert f"/approvals/{question}" in page
    assert "Pindahkan waktu" not in page
    clock.at = START + LIFE
    late = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    page = late.get(f"/desk/sittings/{sitting.public_id}").text
    assert f"/approvals/{question}" not in page
    assert "Pindahkan waktu" in page


def test_a_proctor_is_assigned_and_let_go_once_each(admin: Client, db: Database, scene: Scene) -> None:
    proctor = add_official(db, "proctor", scene.office)
    path = f"/desk/sittings/{scene.sitting.public_id}/proctors"
    for act in ("assign", "assign", "unassign", "unassign"):
        assert admin.post(path, act=act, person=proctor.public_id).status_code == 303
    assert acts(db) == ["sitting.proctor_assigned", "sitting.proctor_unassigned"]
    with db.read() as tx:
        assert tx.scalar(sa.select(SittingProctor.sitting_id)) is None


def test_somebody_of_no_role_here_cannot_be_assigned(admin: Client, db: Database, scene: Scene) -> None:
    screener = add_official(db, "screener", scene.office)
    answer = admin.post(f"/desk/sittings/{scene.sitting.public_id}/proctors", person=screener.public_id)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "not_a_proctor")
    assert acts(db) == []


def test_a_proctor_whose_role_ended_can_still_be_let_go(admin: Client, db: Database, scene: Scene) -> None:
    proctor = add_official(db, "proctor", scene.office)
    path = f"/desk/sittings/{scene.sitting.public_id}/proctors"
    assert admin.post(path, person=proctor.public_id).status_code == 303
    with db.write() as tx:
        tx.execute(sa.update(RoleGrant).where(RoleGrant.account_id == proctor.id).values(ended_at=START))
    assert proctor.name in admin.get(f"/desk/sittings/{scene.sitting.public_id}").text
    assert admin.post(path, act="unassign", person=proctor.public_id).status_code == 303
    assert acts(db)[-1] == "sitting.proctor_unassigned"


def test_the_board_is_open_to_a_proctor_while_assigned_and_no_longer(
    admin: Client, app: Flask, db: Database, scene: Scene
) -> None:
    proctor = add_official(db, "proctor", scene.office)
    client, path = Client(app).sign_in(proctor.id), f"/desk/sittings/{scene.sitting.public_id}/proctors"
    for act, status in (("assign", 200), ("unassign", 403)):
        admin.post(path, act=act, person=proctor.public_id)
        assert client.get_json(f"/board/{scene.selection.public_id}/snapshot").status_code == status


def test_a_sitting_at_friday_noon_is_marked_in_the_list(admin: Client, db: Database, scene: Scene) -> None:
    friday = START + 2 * DAY + 3 * HOUR
    add_empty_sitting(db, scene, starts_at=friday, ends_at=friday + 2 * HOUR)
    assert "Bertepatan dengan waktu salat Jumat" in admin.get(PAGE).text
