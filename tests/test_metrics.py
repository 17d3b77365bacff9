"""The metrics: for this machine and superadmins, never through a proxy, and the banner that says the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import add_running
from tests.routes import Cast, cast_of

ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


def gauges(app: Flask) -> dict[str, float]:
    """What a monitor on this machine reads."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    lines = [line for line in answer.get_data(as_text=True).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.split() for line in lines)}


def test_a_monitor_reads_the_running_attempts(app: Flask, db: Database, cast: Cast) -> None:
    add_running(db, cast.scene)
    assert gauges(app) == {
        "exam_clock_step_seconds": 0, "exam_closing_held": 0, "exam_attempts_running": 2,
    }  # fmt: skip


@pytest.mark.parametrize(("stepped", "held"), [(3600, 1), (-120, 1), (2, 0)])
def test_a_step_of_the_clock_is_a_number_and_holds_closing_when_it_is_wide(
    app: Flask, clock: SetClock, stepped: int, held: int
) -> None:
    clock.stepped = timedelta(seconds=stepped)
    clock.step()
    told = gauges(app)
    assert (told["exam_clock_step_seconds"], told["exam_closing_held"]) == (stepped, held)


@pytest.mark.parametrize(("viewer", "status"), [("superadmin", 200), ("admin", 403), ("candidate", 403)])
def test_from_elsewhere_only_a_superadmin_reads_them(
    app: Flask, cast: Cast, viewer: str, status: int
) -> None:
    answer = cast.client(app, viewer).get("/metrics", environ_overrides=ELSEWHERE)
    assert answer.status_code == status


def test_a_stranger_from_elsewhere_is_asked_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/metrics", environ_overrides=ELSEWHERE, headers={"Accept": "*/*"})
    assert "exam_" not in answer.get_data(as_text=True)
    assert answer.status_code in (302, 303, 401)


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_came_through_a_proxy_is_not_of_this_machine(app: Flask, name: str) -> None:
    answer = app.test_client().get("/metrics", headers={name: "127.0.0.1"})
    assert "exam_" not in answer.get_data(as_text=True)


BANNER = "Jam server bergeser +3600 detik; penutupan otomatis ditahan, jawaban tetap diterima."


def test_officials_see_a_step_of_the_clock_until_it_is_gone(app: Flask, clock: SetClock, cast: Cast) -> None:
    official: Client = cast.client(app, "proctor")
    assert "staff-alarm" not in official.get("/board").get_data(as_text=True)
    clock.stepped = timedelta(hours=1)
    clock.step()
    assert BANNER in official.get("/board").get_data(as_text=True)
    clock.stepped = timedelta(0)
    clock.step()
    assert "staff-alarm" not in official.get("/board").get_data(as_text=True)
