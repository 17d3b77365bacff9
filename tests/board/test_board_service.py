"""The board: a row per booked candidate, and an early snapshot plus any deltas equals a late snapshot."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exam_server.board import publisher as publishing
from exam_server.board import service
from exam_server.board.publisher import Publisher
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam import service as exam
from exam_server.exam.rules import CONTACT_LOST_AFTER
from exam_server.exam.saves import store
from tests.conftest import SetClock
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_other_scene,
    add_running,
    add_scene,
    answer,
)

TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
Row = dict[str, Any]


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


def ms(instant: Any) -> int:
    return int(instant.timestamp() * 1000)


def row_of(db: Database, scene: Scene, run: Run, now: Any) -> Row:
    (row,) = [row for row in service.snapshot(db, scene.selection.id, now) if row["id"] == run.public_id]
    return row


def test_a_row_tells_the_facts_of_a_running_attempt(db: Database, scene: Scene) -> None:
    run = add_running(db, scene)
    with db.write() as tx:
        store(tx, [run.save(answer(1), answer(2, option=None), answer(3), at=START + 5 * MINUTE)])
    row = row_of(db, scene, run, START + 6 * MINUTE)
    contact = START + 5 * MINUTE
    assert {
        name: row[name]
        for name in (
            "phase",
            "until",
            "answered",
            "saved_at",
            "contact_at",
            "started_at",
            "deadline_at",
            "finalised_at",
            "sitting_label",
            "device",
        )
    } == {
        "phase": "running",
        "until": ms(DEADLINE),
        "answered": 2,
        "saved_at": ms(contact),
        "contact_at": ms(contact),
        "started_at": ms(START),
        "deadline_at": ms(DEADLINE),
        "finalised_at": None,
        "sitting_label": "Sesi 1",
        "device": "Android",
    }
    assert row["contact_lost_at"] == ms(contact + CONTACT_LOST_AFTER)


def test_a_row_has_nothing_that_tells_an_answer_or_a_key(db: Database, scene: Scene) -> None:
    row = row_of(db, scene, add_running(db, scene), START)
    assert not set(row) & {"option", "options", "responses", "key", "paper", "seed", "email", "candidate_id"}


def test_who_waits_is_on_the_board_and_lost_contact_is_no_worry_yet(db: Database, scene: Scene) -> None:
    row = row_of(db, scene, add_booked(db, scene), START - MINUTE)
    assert (row["phase"], row["until"], row["contact_lost_at"], row["device"]) == (
        "waiting",
        ms(START),
        None,
        "",
    )


def test_a_board_shows_only_its_own_activity(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    elsewhere = add_booked(db, add_other_scene(db))
    ids = {row["id"] for row in service.snapshot(db, scene.selection.id, START)}
    assert ids == {run.public_id}
    assert elsewhere.public_id not in ids


def test_boards_are_found_by_public_id_and_only_those_of_selection(db: Database, scene: Scene) -> None:
    assert service.board(db, scene.selection.public_id).office_id == scene.office.id
    for wrong in (scene.registration.public_id, "nothing", ""):
        with pytest.raises(NotFound):
            service.board(db, wrong)
    assert [card.public_id for card in service.boards(db)] == [scene.selection.public_id]


@pytest.mark.parametrize(
    ("began", "cut"),
    [(False, START), (False, START + HOUR), (True, DEADLINE), (True, DEADLINE + timedelta(seconds=10))],
    ids=["doors open", "last entry", "deadline", "end of grace"],
)
def test_what_time_alone_turns_is_found_at_each_cut(
    db: Database, scene: Scene, began: bool, cut: Any
) -> None:
    run = (add_running if began else add_booked)(db, scene)
    assert service.turned(db, cut - 2 * TICK, cut - TICK) == []
    assert service.turned(db, cut - TICK, cut) == [run.attempt_id]
    assert service.turned(db, cut, cut + TICK) == []


def test_what_was_closed_does_not_turn_any_more(db: Database, scene: Scene) -> None:
    run = add_running(db, scene)
    with db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, START + MINUTE)
    assert service.turned(db, START + MINUTE, START + 5 * HOUR) == []


class Board:
    """What a page does: it applies a row unless the one it shows is newer (`rev`, then the frame's `now`)."""

    def __init__(self, now: int, rows: list[Row]) -> None:
        self.shown: dict[str, tuple[tuple[int, int], Row]] = {}
        self.apply(now, rows)

    def apply(self, now: int, rows: list[Row]) -> None:
        for row in rows:
            age = (row["rev"], now)
            if row["id"] not in self.shown or age >= self.shown[row["id"]][0]:
                self.shown[row["id"]] = (age, row)

    @property
    def rows(self) -> list[Row]:
        return sorted((row for _, row in self.shown.values()), key=lambda row: str(row["id"]))


class Ear:
    """Stands where the sockets stand and keeps every frame."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, dict[str, Any]]] = []

    def emit(self, event: str, frame: dict[str, Any], room: str) -> None:
        assert event == "rows"
        self.frames.append((room, frame))


def history(db: Database, scene: Scene, clock: SetClock) -> tuple[Ear, list[Row], list[Row]]:
    """(frames, early snapshot, late snapshot) of an exam in which everything that can happen happens."""
    runs = [add_booked(db, scene) for _ in range(4)]
    clock.at = START - MINUTE
    ear = Ear()
    ticker = Publisher(db, clock, ear)  # type: ignore[arg-type]
    early = service.snapshot(db, scene.selection.id, clock.now())
    runs.append(add_booked(db, scene))

    def write(what: Callable[..., Any], *args: Any, **named: Any) -> Any:
        with db.write() as tx:
            return what(tx, *args, **named)

    clock.at = START
    ticker.tick()
    first, second, third = runs[:3]
    leases = {}
    for run in (first, second, third):
        write(exam.start, run.attempt_id, clock.at)
        leases[run] = write(exam.join, run.attempt_id, run.session_id, "Windows", False, clock.at)
    ticker.tick()
    for number in range(1, 4):
        clock.pass_by(minutes=5)
        for run in (first, second):
            write(store, [run.save(answer(number, 1, number), at=clock.at, lease=leases[run])])
        write(exam.contact, third.attempt_id, third.session_id, clock.at)
        ticker.tick()
    write(exam.submit, second.attempt_id, second.session_id, leases[second], clock.at)
    ticker.tick()
    for at in (START + HOUR, DEADLINE + timedelta(seconds=10), DEADLINE + timedelta(seconds=20)):
        clock.at = at
        ticker.tick()
    write(exam.close_by_clock, first.attempt_id, clock.at)
    ticker.tick()
    return ear, early, service.snapshot(db, scene.selection.id, clock.now())


def by_id(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: str(row["id"]))


def test_early_snapshot_and_deltas_equal_the_late_snapshot(
    db: Database, scene: Scene, clock: SetClock
) -> None:
    ear, early, late = history(db, scene, clock)
    assert {row["phase"] for row in late} == {"closed", "submitted", "absent"}
    assert {room for room, _ in ear.frames} == {publishing.room(scene.selection.id)}
    frames = [frame for _, frame in ear.frames]
    board = Board(ms(START - MINUTE), early)
    for frame in frames:
        board.apply(frame["now"], frame["rows"])
    assert board.rows == by_id(late)
    for seed in range(30):  # repeated and in any order, and the same again
        dice = random.Random(seed)
        told = frames + dice.choices(frames, k=5)
        dice.shuffle(told)
        board = Board(ms(START - MINUTE), early)
        for frame in told:
            board.apply(frame["now"], frame["rows"])
        assert board.rows == by_id(late)


def test_lost_deltas_are_mended_by_the_next_snapshot(db: Database, scene: Scene, clock: SetClock) -> None:
    ear, early, late = history(db, scene, clock)
    for seed in range(30):
        dice = random.Random(seed)
        board = Board(ms(START - MINUTE), early)
        for _, frame in dice.sample(ear.frames, k=4):
            board.apply(frame["now"], frame["rows"])
        board.apply(ms(clock.now()), late)
        assert board.rows == by_id(late)


def test_a_board_that_ignores_revisions_would_be_wrong(db: Database, scene: Scene, clock: SetClock) -> None:
    """The control: without the revision, shuffled deltas do not end at the late snapshot."""
    ear, early, late = history(db, scene, clock)
    wrong = {str(row["id"]): row for row in early}
    for _, frame in reversed(ear.frames):
        wrong |= {str(row["id"]): row for row in frame["rows"]}
    assert by_id(list(wrong.values())) != by_id(late)


def test_nothing_is_sent_when_nothing_changed(db: Database, scene: Scene, clock: SetClock) -> None:
    add_running(db, scene)
    ear = Ear()
    ticker = Publisher(db, clock, ear)  # type: ignore[arg-type]
    clock.pass_by(seconds=1)
    ticker.tick()
    assert ear.frames == []


def test_a_tick_that_failed_forgets_nothing(
    db: Database, scene: Scene, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    ticker = Publisher(db, clock, ear)  # type: ignore[arg-type]
    run = add_running(db, scene)
    with monkeypatch.context() as broken:
        broken.setattr(service, "changed", None)
        with pytest.raises(TypeError):
            ticker.tick()
    ticker.tick()
    assert [row["id"] for _, frame in ear.frames for row in frame["rows"]] == [run.public_id]


@given(st.text(max_size=60))
def test_a_device_is_one_short_word(user_agent: str) -> None:
    word = service._device(user_agent)
    assert len(word) <= 8
    assert bool(word) == bool(user_agent)
