"""The progress picture: what happened in each minute, counted once and never out of sight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from exam_server.board import progress as counting
from exam_server.board.progress import LONGEST, MINUTE_MS, QUIET, Saves, picture, progress
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.saves import store
from tests.board.stand import ms
from tests.client import Client
from tests.factories import (
    MINUTE,
    START,
    Scene,
    add_official,
    add_running,
    add_scene,
    add_sitting,
    answer,
    assign,
)

LATER = START + timedelta(hours=1)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


def happen(db: Database, scene: Scene) -> None:
    """Two begin; one saves twice in the second minute, once in the fourth, and submits."""
    first, _ = add_running(db, scene), add_running(db, scene, START + 2 * MINUTE)
    with db.write() as tx:
        for position, at in ((1, MINUTE), (2, MINUTE), (3, 3 * MINUTE)):
            store(tx, [first.save(answer(position), at=START + at)])
        exam.submit(tx, first.attempt_id, first.session_id, first.lease, START + 4 * MINUTE)


def test_each_minute_tells_its_starts_saves_and_submissions(db: Database, scene: Scene) -> None:
    happen(db, scene)
    told = progress(db, Saves(), scene.selection.id, [scene.sitting.id], LATER)
    assert told.minutes == [ms(START) + number * MINUTE_MS for number in range(5)]
    assert told.starts == [1, 0, 1, 0, 0]
    assert told.saves == [0, 2, 0, 1, 0]
    assert told.submissions == [0, 0, 0, 0, 1]


def test_other_sittings_are_not_in_the_picture(db: Database, scene: Scene) -> None:
    happen(db, scene)
    other = add_sitting(db, scene.selection.id)
    told = progress(db, Saves(), scene.selection.id, [other.id], LATER)
    assert told == ([], [], [], [])


def test_saves_are_counted_once_however_often_and_in_whatever_parts(
    db: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "AT_ONCE", 2)
    monkeypatch.setattr(counting, "UNSETTLED", 1)
    saves, run = Saves(), add_running(db, scene)
    for number in range(1, 5):
        with db.write() as tx:
            store(tx, [run.save(*(answer(position, number) for position in (1, 2, 3)), at=START)])
        now = LATER + timedelta(minutes=number)
        assert sum(saves.count(db, now).values()) == 3 * number
        assert sum(saves.count(db, now).values()) == 3 * number


def test_what_was_counted_a_moment_ago_is_told_from_memory(db: Database, scene: Scene) -> None:
    saves, run = Saves(), add_running(db, scene)
    assert saves.count(db, LATER) == {}
    with db.write() as tx:
        store(tx, [run.save(answer(), at=START)])
    assert saves.count(db, LATER + Saves.STAYS / 2) == {}
    assert sum(saves.count(db, LATER + Saves.STAYS).values()) == 1


def test_a_picture_shows_the_newest_twelve_hours() -> None:
    told = picture({0: 1}, dict.fromkeys(range(0, 10_000, QUIET), 1) | {10_000: 2}, {})
    assert (len(told.minutes), told.minutes[-1], told.saves[-1], sum(told.starts)) == (
        LONGEST,
        10_000 * MINUTE_MS,
        2,
        0,
    )


def test_a_picture_begins_anew_after_a_long_quiet() -> None:
    told = picture({0: 1, 500: 1}, {499 - QUIET: 1, 510: 2}, {505: 1})
    assert (told.minutes[0], len(told.minutes)) == (500 * MINUTE_MS, 11)
    assert (sum(told.starts), sum(told.saves), sum(told.submissions)) == (1, 2, 1)


def test_a_proctor_gets_the_picture_of_the_sittings_assigned(app: Flask, db: Database, scene: Scene) -> None:
    happen(db, scene)
    official, path = add_official(db, "proctor", scene.office), f"/board/{scene.selection.public_id}/progress"
    client = Client(app).sign_in(official.id)
    assert client.get_json(path).status_code == 403
    assign(db, add_sitting(db, scene.selection.id).id, official.id)
    assert client.get_json(path).get_json()["minutes"] == []
    assign(db, scene.sitting.id, official.id)
    assert client.get_json(path).get_json()["saves"] == [0, 2, 0, 1, 0]
