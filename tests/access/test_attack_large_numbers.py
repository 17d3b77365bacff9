"""A number that no column can hold is not found; it does not reach the database."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.factories import add_official, add_scene

LARGE = ("2147483648", "9" * 30, "9" * 5000)


@pytest.mark.parametrize("number", LARGE)
@pytest.mark.parametrize("page", ["", "/preview", "/phases", "/guides", "/sittings", "/notice"])
def test_a_year_beyond_counting_is_not_found(app: Flask, db: Database, page: str, number: str) -> None:
    admin = Client(app).sign_in(add_official(db, "admin", add_scene(db).office).id)
    assert admin.get(f"/desk/jepara/2026{page}").status_code == 200
    assert admin.get(f"/desk/jepara/{number}{page}").status_code == 404


@pytest.mark.parametrize("number", LARGE)
def test_a_page_beyond_counting_is_empty(app: Flask, db: Database, number: str) -> None:
    admin = Client(app).sign_in(add_official(db, "admin", add_scene(db).office).id)
    assert admin.get(f"/requests?page={number}").status_code == 200
