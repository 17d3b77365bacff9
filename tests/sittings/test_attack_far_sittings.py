"""A sitting in another age: refused as unreadable instead of breaking the page."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.factories import add_official, add_scene
from tests.sittings.samples import SERIES_FORM, add_empty_sitting

FAR = ("0001-01-01", "9999-12-31", "1899-12-31", "2200-01-01")


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("minutes", ["120", "99999", "-99999"])
def test_a_move_to_another_age_is_refused(app: Flask, db: Database, day: str, minutes: str) -> None:
    scene = add_scene(db)
    admin = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    path = f"/desk/sittings/{add_empty_sitting(db, scene).public_id}/move"
    answer = admin.submit(path, day=day, starts="23.00", minutes=minutes, reason="Listrik padam")
    assert (answer.status_code, "Tulis tanggal dan jam mulai" in answer.get_data(as_text=True)) == (422, True)


@pytest.mark.parametrize("day", FAR)
def test_a_series_in_another_age_is_refused(app: Flask, db: Database, day: str) -> None:
    scene = add_scene(db)
    admin = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    form = SERIES_FORM | {"first": day, "last": day, "act": "preview"}
    assert admin.post("/desk/jepara/2026/sittings/series", **form).status_code == 422
