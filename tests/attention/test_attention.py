"""Leaving the page is told only where the office wants to know and the lobby said so; nothing follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.attention import service
from exam_server.attention.refusals import NotWatched
from exam_server.db import Database
from exam_server.exam import lookups
from exam_server.models import Attempt, PageEvent, WatchPolicy
from exam_server.throttle import TooMany
from tests.client import Client
from tests.extra_time.samples import close, submit, trail
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_official,
    add_running,
    add_scene,
    assign,
)

BEFORE = START - HOUR
SECOND = timedelta(seconds=1)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def admin(db: Database, scene: Scene) -> int:
    return add_official(db, "admin", scene.office).id


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)


def switch(db: Database, scene: Scene, admin: int, on: bool = True, at: datetime = BEFORE) -> bool:
    return service.switch(db, scene.selection.id, on, admin, at)


def keep(db: Database, run: Run, kind: str, at: datetime = START + MINUTE) -> bool:
    with db.write() as tx:
        return service.keep(tx, run.attempt_id, kind, at)


def kept(db: Database, run: Run) -> list[tuple[str, datetime]]:
    with db.read() as tx:
        rows = tx.scalars(
            sa.select(PageEvent).where(PageEvent.attempt_id == run.attempt_id).order_by(PageEvent.id)
        )
        return [(row.kind, row.at) for row in rows]


def attempt(db: Database, run: Run) -> Attempt:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id)


def watched(db: Database, run: Run) -> bool:
    return lookups.own_attempt(db, run.candidate_id).watched


def test_it_is_off_unless_an_admin_switched_it_on(db: Database, scene: Scene, run: Run) -> None:
    assert not service.policy(db, scene.selection.public_id).page_events
    assert not watched(db, run)
    with pytest.raises(NotWatched):
        keep(db, run, "left")
    assert kept(db, run) == []


def test_when_it_is_on_leaving_and_coming_back_are_kept_and_nothing_else_changes(
    db: Database, scene: Scene, run: Run, admin: int
) -> None:
    switch(db, scene, admin)
    before = attempt(db, run)
    assert keep(db, run, "left", START + MINUTE)
    assert keep(db, run, "back", START + 2 * MINUTE)
    assert kept(db, run) == [("left", START + MINUTE), ("back", START + 2 * MINUTE)]
    after = attempt(db, run)
    assert after.rev == before.rev + 2, "the board hears of it"
    same = ("deadline_at", "finalised_at", "how", "lease", "lease_session_id", "last_contact_at")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]


def test_the_same_twice_running_and_a_return_without_a_leaving_are_no_news(
    db: Database, scene: Scene, run: Run, admin: int
) -> None:
    switch(db, scene, admin)
    told = [keep(db, run, kind) for kind in ("back", "left", "left", "back", "back")]
    assert told == [False, True, False, True, False]
    assert [kind for kind, _ in kept(db, run)] == ["left", "back"]


def test_who_had_begun_before_it_was_switched_on_is_not_watched(
    db: Database, scene: Scene, run: Run, admin: int
) -> None:
    waiting = add_booked(db, scene)
    switch(db, scene, admin, at=START + MINUTE)
    assert (watched(db, run), watched(db, waiting)) == (False, True)
    with pytest.raises(NotWatched):
        keep(db, run, "left", START + 2 * MINUTE)


def test_switching_off_ends_it_for_everybody(db: Database, scene: Scene, run: Run, admin: int) -> None:
    switch(db, scene, admin)
    assert watched(db, run)
    switch(db, scene, admin, on=False, at=START + MINUTE)
    assert not watched(db, run)
    with pytest.raises(NotWatched):
        keep(db, run, "left", START + 2 * MINUTE)


def test_an_attempt_that_does_not_run_has_no_page_to_leave(db: Database, scene: Scene, admin: int) -> None:
    waiting = add_booked(db, scene)
    switch(db, scene, admin)
    over, swept = add_running(db, scene), add_running(db, scene)
    submit(db, over, START + MINUTE)
    close(db, swept)
    assert [keep(db, one, "left") for one in (waiting, over, swept)] == [False] * 3


def test_events_are_limited_and_the_limit_passes(db: Database, scene: Scene, run: Run, admin: int) -> None:
    switch(db, scene, admin)
    for number in range(service.MOST):
        assert keep(db, run, ("left", "back")[number % 2], START + number * SECOND)
    with pytest.raises(TooMany):
        keep(db, run, "left", START + service.MOST * SECOND)
    assert keep(db, run, "left", START + service.WITHIN)
    assert len(kept(db, run)) == service.MOST + 1


def test_a_switch_is_kept_with_who_and_when_and_the_same_again_is_none(
    db: Database, scene: Scene, admin: int
) -> None:
    assert switch(db, scene, admin)
    assert not switch(db, scene, admin, at=START)
    assert switch(db, scene, admin, on=False, at=START)
    rows = trail(db, "attention.on", "attention.off")
    assert [(row.act, row.actor_id, row.at, row.office_id) for row in rows] == [
        ("attention.on", admin, BEFORE, scene.office.id),
        ("attention.off", admin, START, scene.office.id),
    ]
    with db.read() as tx:
        (policy,) = tx.scalars(sa.select(WatchPolicy))
    assert (policy.page_events, policy.changed_at, policy.changed_by) == (False, START, admin)


def test_waiting_rooms_hear_of_a_switch_and_running_pages_of_its_end(
    db: Database, scene: Scene, run: Run, admin: int
) -> None:
    waiting = add_booked(db, scene)
    heard: list[tuple[int, bool]] = []
    db.subscribe("attention", lambda row: heard.append((row["attempt_id"], row["on"])))
    switch(db, scene, admin)
    assert heard == [(waiting.attempt_id, True)]
    heard.clear()
    switch(db, scene, admin, on=False, at=START)
    assert heard == [(run.attempt_id, False), (waiting.attempt_id, False)]


def page(app: Flask, run: Run) -> str:
    client = Client(app)
    client.set_cookie("exam", run.token)
    return client.get("/exam").get_data(as_text=True)


def test_the_waiting_room_says_it_when_it_is_on_and_only_then(
    app: Flask, db: Database, scene: Scene, admin: int
) -> None:
    waiting = add_booked(db, scene)
    assert '<li id="watched" hidden>' in page(app, waiting)
    switch(db, scene, admin)
    assert '<li id="watched">' in page(app, waiting)


def test_an_admin_switches_it_on_its_page(app: Flask, db: Database, scene: Scene, admin: int) -> None:
    path, client = f"/board/{scene.selection.public_id}/attention", Client(app).sign_in(admin)
    assert "Dimatikan" in client.get(path).get_data(as_text=True)
    assert client.submit(path, page_events="on").status_code == 303
    assert service.policy(db, scene.selection.public_id).page_events
    shown = client.get(path).get_data(as_text=True)
    assert "Dinyalakan" in shown
    assert "Petugas admin" in shown
    client.submit(path, page_events="off")
    assert not service.policy(db, scene.selection.public_id).page_events


def test_the_board_leads_there_whoever_decides_it_and_nobody_else(
    app: Flask, db: Database, scene: Scene, admin: int
) -> None:
    proctor, board = add_official(db, "proctor", scene.office), f"/board/{scene.selection.public_id}"
    assign(db, scene.sitting.id, proctor.id)
    way = f'href="{board}/attention"'
    assert way in Client(app).sign_in(admin).get(board).text
    shown = Client(app).sign_in(proctor.id).get(board)
    assert (shown.status_code, way in shown.text) == (200, False)


def test_a_proctor_does_not_decide_it(app: Flask, db: Database, scene: Scene) -> None:
    client = Client(app).sign_in(add_official(db, "proctor", scene.office).id)
    path = f"/board/{scene.selection.public_id}/attention"
    assert client.get(path).status_code == 403
    assert client.submit(path, page_events="on").status_code == 403
    assert client.get("/board/tidak-ada/attention").status_code == 404
    assert not service.policy(db, scene.selection.public_id).page_events
