"""The small photo on a row: for whom it is shown, how large it is, and that every look is kept."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image

from exam_server.db import Database
from exam_server.documents import files
from exam_server.extensions import House
from exam_server.models import AuditEntry, Document
from exam_server.screening import service as screening
from exam_server.selection import service as selection
from tests.client import Client
from tests.factories import (
    HOUR,
    START,
    Scene,
    add_official,
    add_other_scene,
    add_scene,
    add_sitting,
    assign,
    attempt_of,
    make_picture,
)
from tests.screening.cast import agree_to_all, file_application

NOON = START - 2 * HOUR


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def attempt(app: Flask, db: Database, scene: Scene) -> str:
    """Public id of the attempt of somebody whose photo was accepted and lies where files lie."""
    filed, official = file_application(db, scene, NOON), add_official(db, "screener", scene.office)
    agree_to_all(db, filed, official.id, NOON)
    screening.accept(db, filed.public_id, 1, official.id, NOON)
    selection.choose_sitting(db, filed.candidate_id, scene.sitting.public_id, NOON)
    house: House = app.extensions["house"]
    with db.read() as tx:
        wanted = (Document.account_id == filed.candidate_id, Document.kind == "photo")
        stored = tx.scalars(sa.select(Document.stored_name).where(*wanted)).one()
    folder: Path = files.place(house.settings.data_dir, stored)
    folder.mkdir(parents=True)
    (folder / "thumb.jpg").write_bytes(make_picture(180, 240, "JPEG"))
    return attempt_of(db, filed.candidate_id).public_id


@pytest.fixture
def proctor(app: Flask, db: Database, scene: Scene) -> Client:
    official = add_official(db, "proctor", scene.office)
    assign(db, scene.sitting.id, official.id)
    return Client(app).sign_in(official.id)


def path(scene: Scene, attempt: str) -> str:
    return f"/board/{scene.selection.public_id}/photo/{attempt}"


def looks(db: Database) -> list[dict[str, Any]]:
    with db.read() as tx:
        wanted = sa.select(AuditEntry.detail).where(AuditEntry.act == "document.opened")
        return list(tx.scalars(wanted.order_by(AuditEntry.id)))


def refused(db: Database) -> list[str]:
    with db.read() as tx:
        wanted = sa.select(AuditEntry.object_kind).where(AuditEntry.act == "access.refused")
        return list(tx.scalars(wanted))


def test_a_proctor_sees_a_small_photo_and_the_look_is_kept(
    proctor: Client, db: Database, scene: Scene, attempt: str
) -> None:
    answer = proctor.get(path(scene, attempt))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    with Image.open(io.BytesIO(answer.data)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (72, 96))
        assert not picture.getexif()
    assert looks(db) == [{"kind": "photo", "page": 1, "role": "proctor"}]


def test_a_look_is_told_to_the_owner(
    app: Flask, proctor: Client, db: Database, scene: Scene, attempt: str
) -> None:
    proctor.get(path(scene, attempt))
    with db.read() as tx:
        owner = tx.scalars(sa.select(Document.account_id).limit(1)).one()
    page = Client(app).sign_in(owner).get("/documents/views").text
    assert "Petugas proctor, Pengawas" in page


def test_the_photo_of_a_sitting_that_is_not_assigned_does_not_exist_and_the_trail_says_who_asked(
    app: Flask, db: Database, scene: Scene, attempt: str
) -> None:
    official = add_official(db, "proctor", scene.office)
    assign(db, add_sitting(db, scene.selection.id).id, official.id)
    answer = Client(app).sign_in(official.id).get_json(path(scene, attempt))
    assert (answer.status_code, refused(db), looks(db)) == (404, ["attempt"], [])


def test_an_attempt_of_another_activity_does_not_exist_on_this_board(
    app: Flask, db: Database, scene: Scene, attempt: str
) -> None:
    elsewhere = add_other_scene(db)
    official = add_official(db, "admin", elsewhere.office)
    client = Client(app).sign_in(official.id)
    assert client.get_json(path(elsewhere, attempt)).status_code == 404
    assert refused(db) == ["attempt"]
    assert client.get_json(path(scene, attempt)).status_code == 403


def test_there_is_no_photo_of_nobody_and_none_whose_file_is_gone(
    app: Flask, proctor: Client, db: Database, scene: Scene, attempt: str
) -> None:
    assert proctor.get_json(path(scene, "nobody")).status_code == 404
    house: House = app.extensions["house"]
    next((house.settings.data_dir / "documents").rglob("thumb.jpg")).unlink()
    assert proctor.get_json(path(scene, attempt)).status_code == 404
    with db.write() as tx:
        tx.execute(sa.update(Document).values(purged_at=START))
    assert proctor.get_json(path(scene, attempt)).status_code == 404
