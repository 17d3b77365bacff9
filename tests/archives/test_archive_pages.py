"""Exports as admins get them: asked for on a page, watched, taken; and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.archives.worker import Exporting
from exam_server.db import Database
from exam_server.models import Booking
from exam_server.selection import numbers as people
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import add_official, add_other_scene
from tests.ranking.stand import AFTER, Stand, build


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


def test_an_export_is_asked_for_watched_and_taken(
    app: Flask, admin: Client, stand: Stand, clock: SetClock, tmp_path: Path
) -> None:
    desk = f"{stand.path}/archives"
    assert "Belum ada berkas" in text(admin.get(desk))
    asked = admin.post(desk, kind="csv").get_json()["export"]
    assert admin.submit(desk, kind="csv").status_code == 303
    page = text(admin.get(desk))
    assert page.count("Sedang dibuat") == 1
    assert f"{desk}/{asked}/progress" in page
    assert admin.get_json(f"{desk}/{asked}/progress").get_json()["state"] == "waiting"
    early = admin.get_json(f"{desk}/{asked}/file")
    assert (early.status_code, early.get_json()["code"]) == (409, "export_not_ready")
    assert Exporting(stand.db, clock, tmp_path).round() == 1
    assert admin.get_json(f"{desk}/{asked}/progress").get_json()["state"] == "ready"
    assert "Unduh (1 KB)" in text(admin.get(desk))
    file = admin.get(f"{desk}/{asked}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=jepara-2026-hasil.csv"
    assert file.headers["Cache-Control"] == "no-store"
    assert stand.people[0].number in file.get_data(as_text=True)
    other = Client(app).sign_in(stand.second)
    for path in ("progress", "file"):
        assert other.get_json(f"{desk}/{asked}/{path}").status_code == 404


def test_one_candidates_file_comes_at_once(admin: Client, stand: Stand) -> None:
    path = f"{stand.path}/archives/candidate"
    number = stand.people[0].number
    told = admin.get(path, query_string={"number": number, "kind": "json"})
    assert json.loads(told.data)["number"] == number
    assert f"peserta-{number}.json" in told.headers["Content-Disposition"]
    page = admin.get(path, query_string={"number": number, "kind": "html"})
    assert "attachment" in page.headers["Content-Disposition"]
    unknown = admin.get(path, query_string={"number": "<b>"})
    assert unknown.status_code == 404
    assert "Nomor peserta “&lt;b&gt;” tidak ada" in text(unknown)


def test_what_is_refused_is_told_on_the_page(admin: Client, stand: Stand) -> None:
    refused = admin.submit(f"{stand.path}/archives", kind="nik")
    assert (refused.status_code, "Jenis berkas ini tidak dikenal" in text(refused)) == (422, True)
    assert admin.post(f"{stand.path}/archives", kind="nik").get_json()["code"] == "export_unknown"


def test_only_admins_of_the_office_export(app: Flask, stand: Stand) -> None:
    other = add_other_scene(stand.db)
    for role, office in (("proctor", stand.scene.office), ("screener", stand.scene.office),
                         ("admin", other.office)):  # fmt: skip
        client = Client(app).sign_in(add_official(stand.db, role, office).id)
        assert client.get_json(f"{stand.path}/archives").status_code == 404, role
        assert client.post(f"{stand.path}/archives", kind="csv").status_code == 404, role


def test_a_number_that_two_share_opens_nobodys_file(
    admin: Client, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = sa.case((Booking.id > 0, sa.literal("SAMASAMA")), else_="")
    monkeypatch.setattr(people, "BOOKING", same)
    refused = admin.get_json(f"{stand.path}/archives/candidate?number=samasama")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "number_shared")
