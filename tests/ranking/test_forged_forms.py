"""Forms as no page sends them: a sentence for each, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.conftest import SetClock
from tests.ranking.stand import AFTER, INTERVIEW, WITH_INTERVIEW, Stand, build

ROW = {"line": 2, "number": "TIDAKADA", "name": "", "value": "5", "note": "", "cells": {}}


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def stand(db: Database, clock: SetClock) -> Stand:
    clock.at = AFTER
    return build(db, criteria=WITH_INTERVIEW)


@pytest.fixture
def admin(app: Flask, stand: Stand) -> Client:
    return Client(app).sign_in(stand.admin)


def bring_back(admin: Client, stand: Stand, **changed: Any) -> int:
    rows = json.dumps([ROW | changed])
    form = {"act": "import", "component": INTERVIEW.key, "filename": "nilai.csv", "rows": rows}
    return admin.submit(f"{stand.path}/marks", **form).status_code


def test_a_checked_row_that_does_not_say_where_it_stood_is_refused_by_its_line(
    admin: Client, stand: Stand
) -> None:
    number = stand.people[0].number
    assert bring_back(admin, stand) == 422
    assert bring_back(admin, stand, number=number, value="x") == 422
    assert bring_back(admin, stand, number=number, note="n" * 501) == 422


def test_a_checked_row_without_a_readable_line_is_refused(admin: Client, stand: Stand) -> None:
    assert bring_back(admin, stand, line=float("inf")) == 400


def test_an_instant_before_the_calendar_is_refused(app: Flask, db: Database, clock: SetClock) -> None:
    clock.at = AFTER
    stand = build(db, frozen=True)
    admin = Client(app).sign_in(stand.admin)
    said = {"names": "full", "not_accepted": "none", "offer_hours": "1", "publish": "at",
            "day": "0001-01-01", "time": "00:00"}  # fmt: skip
    shown = admin.get(f"{stand.path}/announcement/preview", query_string=said)
    assert shown.status_code == 422
    assert admin.submit(f"{stand.path}/announcement", **said, reason="Rapat").status_code == 422
