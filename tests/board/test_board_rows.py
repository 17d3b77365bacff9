"""A row of the board: the facts of one booked candidate, and nothing that tells an answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exam_server.board import rows
from exam_server.board.turning import turned
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.rules import CONTACT_LOST_AFTER
from exam_server.exam.saves import store
from exam_server.models import Attempt, Document, Incident, PageEvent, WatchPolicy
from exam_server.screening import service as screening
from exam_server.selection import service as selection
from exam_server.selection.numbers import numbers
from tests.board.stand import ms, named, row_of, snapshot
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add,
    add_booked,
    add_extra_time,
    add_official,
    add_other_scene,
    add_profile,
    add_running,
    add_scene,
    add_session,
    add_sitting,
    answer,
    attempt_of,
)
from tests.messages.samples import add_message
from tests.screening.cast import agree_to_all, file_application

TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
NOON = START - 2 * HOUR


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


def number(db: Database, run: Run) -> str:
    with db.read() as tx:
        return numbers(tx, Attempt.id == run.attempt_id)[run.attempt_id]


def test_a_row_tells_the_facts_of_a_running_attempt(db: Database, scene: Scene) -> None:
    run = add_running(db, scene)
    saved = [answer(1, flagged=True), answer(2, option=None, flagged=True), answer(3)]
    with db.write() as tx:
        store(tx, [run.save(*saved, at=START + 5 * MINUTE)])
    row = row_of(db, scene, run, START + 6 * MINUTE)
    contact = ms(START + 5 * MINUTE)
    wanted = {
        "name": row["name"], "number": number(db, run), "sitting": scene.sitting.public_id,
        "sitting_label": "Sesi 1", "kecamatan": "", "phase": "running", "until": ms(DEADLINE),
        "answered": 2, "flagged": 2,
        "saved_at": contact, "contact_at": contact,
        "contact_lost_at": contact + int(CONTACT_LOST_AFTER.total_seconds() * 1000),
        "started_at": ms(START), "deadline_at": ms(DEADLINE), "finalised_at": None, "device": "Android",
        "takeovers": 0, "extra_seconds": 0, "how": None, "check": None, "checked_at": None, "incidents": 0,
        "incident_kind": "", "messages": 0, "unseen": 0, "away": None, "photo": False,
    }  # fmt: skip
    assert row == {"id": run.public_id, "rev": row["rev"]} | wanted
    assert tuple(row) == rows.COLUMNS


def test_a_row_has_nothing_that_tells_an_answer_or_a_key() -> None:
    told = {"option", "options", "responses", "key", "paper", "seed", "email", "nik", "candidate_id"}
    assert not set(rows.COLUMNS) & told


def test_who_waits_is_on_the_board_and_lost_contact_is_no_worry_yet(db: Database, scene: Scene) -> None:
    row = row_of(db, scene, add_booked(db, scene), START - MINUTE)
    shown = (row["phase"], row["until"], row["contact_lost_at"], row["device"], row["answered"])
    assert shown == ("waiting", ms(START), None, "", 0)


def test_a_row_tells_where_its_candidate_lives(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    add_profile(db, run.candidate_id, scene.office, kecamatan="Keling")
    assert row_of(db, scene, run, START)["kecamatan"] == "Keling"


def test_a_seat_that_another_browser_took_is_a_take_over_and_a_reload_is_none(
    db: Database, scene: Scene
) -> None:
    run, forged = add_running(db, scene), '","took_over":true}'
    elsewhere = add_session(db, run.candidate_id).session_id
    for session, device in ((run.session_id, forged), (elsewhere, "Windows"), (elsewhere, "Windows")):
        with db.write() as tx:
            exam.join(tx, run.attempt_id, session, device, True, START + MINUTE)
    assert row_of(db, scene, run, START + MINUTE)["takeovers"] == 1


def test_a_row_tells_the_sum_of_its_ledger(db: Database, scene: Scene) -> None:
    run, official = add_running(db, scene), add_official(db, "admin", scene.office)
    for seconds in (600, 60):
        add_extra_time(db, seconds, official.id, run.attempt_id)
    row = row_of(db, scene, run, START)
    assert (row["extra_seconds"], row["deadline_at"]) == (660, ms(DEADLINE) + 660_000)


def test_incidents_are_counted_and_the_newest_names_its_kind(db: Database, scene: Scene) -> None:
    run, official = add_running(db, scene), add_official(db, "admin", scene.office)
    for kind, attempt in (("power", run.attempt_id), ("noise", run.attempt_id), ("illness", None)):
        add(db, Incident(sitting_id=scene.sitting.id, attempt_id=attempt, kind=kind, text="",
                         author_id=official.id, noted_at=START))  # fmt: skip
    row = row_of(db, scene, run, START)
    assert (row["incidents"], row["incident_kind"]) == (2, "noise")


def test_messages_are_counted_and_so_are_those_that_nobody_has_read(db: Database, scene: Scene) -> None:
    run, official = add_running(db, scene), add_official(db, "admin", scene.office)
    for _ in range(3):
        add_message(db, run, official.id)
    with db.write() as tx:
        tx.execute(sa.text("UPDATE message_to SET delivered_at = 1, seen_at = 1 WHERE message_id = 1"))
    row = row_of(db, scene, run, START)
    assert (row["messages"], row["unseen"]) == (3, 2)


@pytest.mark.parametrize(("policy", "told"), [(None, None), (False, None), (True, 2)])
def test_how_often_a_page_was_left_is_told_only_where_the_office_wants_to_know(
    db: Database, scene: Scene, policy: bool | None, told: int | None
) -> None:
    run, official = add_running(db, scene), add_official(db, "admin", scene.office)
    for kind in ("left", "back", "left"):
        add(db, PageEvent(attempt_id=run.attempt_id, kind=kind, at=START))
    if policy is not None:
        add(db, WatchPolicy(activity_id=scene.selection.id, page_events=policy, changed_at=START,
                            changed_by=official.id))  # fmt: skip
    assert row_of(db, scene, run, START)["away"] == told


def test_a_photo_is_told_only_when_the_office_accepted_it_and_it_is_still_there(
    db: Database, scene: Scene
) -> None:
    filed, official = file_application(db, scene, NOON), add_official(db, "screener", scene.office)
    agree_to_all(db, filed, official.id, NOON)
    screening.accept(db, filed.public_id, 1, official.id, NOON)
    run = _booked(db, scene, filed.candidate_id)
    assert row_of(db, scene, run, START)["photo"] is True
    with db.write() as tx:
        tx.execute(sa.update(Document).values(purged_at=START))
    assert row_of(db, scene, run, START)["photo"] is False
    other = add_booked(db, scene)
    add_profile(db, other.candidate_id, scene.office)
    assert row_of(db, scene, other, START)["photo"] is False


def _booked(db: Database, scene: Scene, candidate_id: int) -> Run:
    selection.choose_sitting(db, candidate_id, scene.sitting.public_id, NOON)
    attempt = attempt_of(db, candidate_id)
    return Run(candidate_id, attempt.id, attempt.public_id, 0, "")


def test_a_board_shows_only_its_own_activity_and_of_it_only_the_sittings_asked_for(
    db: Database, scene: Scene
) -> None:
    run = add_booked(db, scene)
    add_booked(db, add_other_scene(db))
    elsewhere = add_sitting(db, scene.selection.id)
    assert [row[0] for row in snapshot(db, scene.selection.id, START)] == [run.public_id]
    assert [row[0] for row in snapshot(db, scene.selection.id, START, sittings=[scene.sitting.id])] == [
        run.public_id
    ]
    assert snapshot(db, scene.selection.id, START, sittings=[elsewhere.id]) == []


def test_rows_are_read_in_parts_and_none_is_left_out(
    db: Database, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [add_booked(db, scene) for _ in range(5)]
    monkeypatch.setattr(rows, "AT_ONCE", 2)
    parts = list(rows.changed(db, {run.attempt_id for run in runs}, START))
    assert [len(part) for part in parts] == [2, 2, 1]
    ids = [named(one.row)["id"] for one in itertools.chain(*parts)]
    assert sorted(ids) == sorted(run.public_id for run in runs)


CUTS = {
    "doors open": (add_booked, 0, START),
    "last entry": (add_booked, 0, START + HOUR),
    "last entry with more time": (add_booked, 1800, START + HOUR / 2),
    "deadline": (add_running, 0, DEADLINE),
    "end of grace": (add_running, 0, DEADLINE + timedelta(seconds=10)),
    "deadline with more time": (add_running, 600, DEADLINE + 10 * MINUTE),
}


@pytest.mark.parametrize("name", CUTS)
def test_what_time_alone_turns_is_found_at_each_cut(db: Database, scene: Scene, name: str) -> None:
    make: Callable[..., Run]
    make, extra, cut = CUTS[name]
    run = make(db, scene)
    if extra:
        add_extra_time(db, extra, add_official(db, "admin", scene.office).id, run.attempt_id)
    before = row_of(db, scene, run, cut - TICK)["phase"]
    assert before != row_of(db, scene, run, cut)["phase"]
    assert turned(db, cut - 2 * TICK, cut - TICK) == []
    assert turned(db, cut - TICK, cut) == [run.attempt_id]
    assert turned(db, cut, cut + TICK) == []


def test_what_was_closed_does_not_turn_any_more(db: Database, scene: Scene) -> None:
    run = add_running(db, scene)
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, START + MINUTE)
    assert turned(db, START + MINUTE, START + 5 * HOUR) == []


@given(st.text(max_size=60))
def test_a_device_is_one_short_word(user_agent: str) -> None:
    word: Any = rows.device_word(user_agent)
    assert len(word) <= 8
    assert bool(word) == bool(user_agent)
