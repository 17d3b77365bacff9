"""Who may see a file, and what the trail and its owner learn of it."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server import audit
from exam_server.db import Database
from tests.client import Client
from tests.conftest import MakeApp
from tests.documents import corpus
from tests.documents.sending import held, send, trail
from tests.factories import (
    Scene,
    add_account,
    add_applicant,
    add_official,
    add_other_scene,
    add_scene,
)

PARTS = ("pages/1", "thumbnail", "original")


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def owner(client: Client, db: Database, scene: Scene) -> int:
    """An applicant of the scene's office with a KTP of two pages, signed in."""
    account = add_applicant(db, scene)
    client.sign_in(account.id)
    assert send(client, corpus.pdf(2)).status_code == 200
    return account.id


@pytest.fixture
def address(db: Database, owner: int) -> str:
    kept = held(db, owner)
    assert kept is not None
    return f"/documents/{kept.public_id}"


@pytest.mark.parametrize("part", PARTS)
def test_another_candidate_learns_nothing_and_the_trail_keeps_it(
    app: Flask, db: Database, owner: int, address: str, part: str
) -> None:
    other = add_account(db)
    answer = Client(app).sign_in(other.id).get_json(f"{address}/{part}")
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    kept = held(db, owner)
    assert kept is not None
    assert [(row.actor_id, row.object_kind, row.object_id) for row in trail(db, "access.refused")] == [
        (other.id, "document", kept.id)
    ]


@pytest.mark.parametrize("role", ["screener", "admin"])
def test_an_official_of_another_office_learns_nothing_and_the_trail_keeps_it(
    app: Flask, db: Database, owner: int, address: str, role: str
) -> None:
    foreign = add_official(db, role, add_other_scene(db).office)
    client = Client(app).sign_in(foreign.id)
    assert [client.get_json(f"{address}/{part}").status_code for part in PARTS] == [404] * 3
    assert [row.actor_id for row in trail(db, "access.refused")] == [foreign.id] * 3
    assert trail(db, "document.opened") == []


def test_a_proctor_of_the_same_office_has_no_business_with_files(
    app: Flask, db: Database, scene: Scene, address: str
) -> None:
    proctor = add_official(db, "proctor", scene.office)
    assert Client(app).sign_in(proctor.id).get_json(f"{address}/pages/1").status_code == 404


def test_a_file_that_does_not_exist_is_nobodys(client: Client, db: Database, owner: int) -> None:
    assert client.get_json("/documents/tidak-ada/pages/1").status_code == 404
    assert trail(db, "access.refused") == []


def test_a_stranger_is_asked_to_sign_in(app: Flask, address: str) -> None:
    assert Client(app).get_json(f"{address}/pages/1").status_code == 401


@pytest.mark.parametrize("role", ["screener", "admin", "superadmin"])
def test_each_look_of_an_own_official_is_kept_and_shown_to_the_owner(
    app: Flask, client: Client, db: Database, scene: Scene, owner: int, address: str, role: str
) -> None:
    official = add_official(db, role, None if role == "superadmin" else scene.office)
    their = Client(app).sign_in(official.id)
    assert their.get(f"{address}/thumbnail").status_code == 200
    assert trail(db, "document.opened") == []
    for part in ("pages/1", "pages/2", "original"):
        assert their.get(f"{address}/{part}").status_code == 200
    rows = trail(db, "document.opened")
    assert [row.detail["page"] for row in rows] == [1, 2, None]
    assert {(row.actor_id, row.office_id, row.detail["role"]) for row in rows} == {
        (official.id, scene.office.id, role)
    }
    page = client.get("/documents/views").get_data(as_text=True)
    assert page.count(official.name) == 1
    assert "dibuka 3 kali" in page
    assert "halaman 1, halaman 2, berkas aslinya" in page
    assert scene.office.name in page
    with db.read() as tx:
        assert audit.broken_at(tx) == []


def test_ones_own_looks_are_nobodys_business(client: Client, db: Database, owner: int, address: str) -> None:
    assert client.get(f"{address}/pages/1").status_code == 200
    assert trail(db, "document.opened") == []
    assert "Belum ada petugas" in client.get("/documents/views").get_data(as_text=True)


def test_nobody_reads_who_looked_at_the_files_of_another(
    app: Flask, db: Database, scene: Scene, owner: int, address: str
) -> None:
    official = add_official(db, "screener", scene.office)
    Client(app).sign_in(official.id).get(f"{address}/pages/1")
    other = Client(app).sign_in(add_account(db).id)
    assert official.name not in other.get("/documents/views").get_data(as_text=True)


def test_in_production_an_official_needs_the_second_factor_for_files(
    make_app: MakeApp, db: Database, scene: Scene, address: str
) -> None:
    home = "https://ujian.example.go.id"
    secure = make_app(env="production", base_url=home, origins=(home,))
    official = add_official(db, "screener", scene.office)
    answer = Client(secure).sign_in(official.id).get_json(f"{address}/pages/1")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "second_factor_needed")
    assert trail(db, "document.opened") == []
