"""Device checks: judged by the server, kept, and seen by the office, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.models import DeviceCheck
from exam_server.practice import checks
from exam_server.practice.refusals import FactsUnreadable
from exam_server.throttle import TooMany
from tests.board.stand import row_of
from tests.client import Client
from tests.factories import MINUTE, START, Scene, add_account, add_booked, add_official, add_scene
from tests.practice.samples import FACTS

PHONE = "Mozilla/5.0 (Android)"


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


def kept(db: Database) -> list[tuple[str, str]]:
    with db.read() as tx:
        return [(row.outcome, row.device) for row in tx.scalars(sa.select(DeviceCheck))]


def test_a_check_is_judged_and_kept(db: Database) -> None:
    account = add_account(db).id
    judged = checks.keep(db, account, PHONE, FACTS | {"link": "http", "story": "x"}, START)
    assert (judged.outcome, judged.lines["socket"]) == ("weak", "weak")
    assert kept(db) == [("weak", PHONE)]
    with db.read() as tx:
        assert set(tx.scalars(sa.select(DeviceCheck.facts)).one()) == set(FACTS)


def test_the_newest_check_counts(db: Database) -> None:
    account = add_account(db).id
    assert checks.newest(db, account) is None
    checks.keep(db, account, PHONE, FACTS | {"features": False}, START)
    checks.keep(db, account, PHONE, FACTS, START + MINUTE)
    assert checks.newest(db, account) == checks.Checked("good", START + MINUTE)


def test_facts_that_cannot_be_are_refused_and_not_kept(db: Database) -> None:
    with pytest.raises(FactsUnreadable):
        checks.keep(db, add_account(db).id, PHONE, FACTS | {"width": "wide"}, START)
    assert kept(db) == []


def test_a_program_cannot_fill_the_disk_with_checks(db: Database) -> None:
    account = add_account(db).id
    for _ in range(checks.MOST):
        checks.keep(db, account, PHONE, FACTS, START)
    with pytest.raises(TooMany):
        checks.keep(db, account, PHONE, FACTS, START + checks.WINDOW - timedelta(seconds=1))
    assert len(kept(db)) == checks.MOST


def test_a_device_with_a_long_name_is_kept_shortened(db: Database) -> None:
    checks.keep(db, add_account(db).id, "x" * 5000, FACTS, START)
    assert [len(device) for _, device in kept(db)] == [checks.DEVICE_LENGTH]


def test_the_board_shows_the_newest_check_of_its_candidates(db: Database, scene: Scene) -> None:
    run, other = add_booked(db, scene), add_booked(db, scene)
    checks.keep(db, run.candidate_id, PHONE, FACTS | {"link": "none", "latency_ms": None}, START)
    checks.keep(db, run.candidate_id, PHONE, FACTS, START + MINUTE)
    rows = [row_of(db, scene, one, START) for one in (run, other)]
    shown = [(row["check"], row["checked_at"]) for row in rows]
    assert shown == [("good", to_ms(START + MINUTE)), (None, None)]


def test_a_check_reaches_the_board_as_a_newer_row(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    before = row_of(db, scene, run, START)
    told: list[set[int]] = []
    db.subscribe("attempts", lambda row: told.append(set(row["attempt_ids"])))
    checks.keep(db, run.candidate_id, PHONE, FACTS, START)
    assert told == [{run.attempt_id}]
    row = row_of(db, scene, run, START)
    assert row["rev"] > before["rev"]
    assert row["check"] == "good"


def test_the_page_of_a_sitting_counts_the_checks_of_who_chose_it(
    app: Flask, db: Database, scene: Scene
) -> None:
    for facts in (FACTS, FACTS, FACTS | {"link": "http"}, FACTS | {"features": False}, None):
        run = add_booked(db, scene)
        if facts:
            checks.keep(db, run.candidate_id, PHONE, facts, START)
    official = Client(app).sign_in(add_official(db, "admin", scene.office).id)
    page = official.get(f"/desk/sittings/{scene.sitting.public_id}").get_data(as_text=True)
    for count in ("baik 2", "lemah 1", "bermasalah 1", "belum diperiksa 1"):
        assert count in page
