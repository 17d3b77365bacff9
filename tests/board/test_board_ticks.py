"""A tick: one frame for all that changed, a pulse when nothing did, and nothing forgotten when it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from exam_server.board import publisher, rows
from exam_server.board.audience import whole_room
from exam_server.db import Database
from tests.board.stand import Stand
from tests.conftest import SetClock
from tests.factories import START, Scene, add_booked, add_running, add_scene


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def stand(db: Database, clock: SetClock) -> Stand:
    return Stand(db, clock)


class Seconds:
    """What the publisher takes for the monotonic clock."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Seconds:
    made = Seconds()
    monkeypatch.setattr(publisher, "time", made)
    return made


def test_all_that_changed_since_the_last_tick_is_one_frame(db: Database, scene: Scene, stand: Stand) -> None:
    admin = stand.admin(scene)
    stand.watch(admin, scene)
    runs = [add_running(db, scene) for _ in range(3)]
    stand.tick()
    (frame,) = stand.ear.told(admin)
    assert {row[0] for row in frame["rows"]} == {run.public_id for run in runs}
    assert set(frame) == {"now", "worker", "n", "rows"}


def test_a_quiet_board_has_a_pulse_each_second_and_its_numbers_have_no_gap(
    scene: Scene, stand: Stand, seconds: Seconds
) -> None:
    admin = stand.admin(scene)
    joined = stand.watch(admin, scene)
    for _ in range(8):
        stand.tick()
        seconds.at += publisher.EVERY
    told = stand.ear.told(admin)
    assert [frame["rows"] for frame in told] == [[]] * 4
    numbers = [*joined.values(), *(frame["n"] for frame in told)]
    assert all(later == former + 1 for former, later in pairwise(numbers))
    assert {frame["worker"] for frame in told} == set(joined)


def test_a_board_that_nobody_watches_is_told_nothing(db: Database, scene: Scene, stand: Stand) -> None:
    add_running(db, scene)
    stand.tick()
    assert stand.ear.frames == []


def test_who_hangs_up_is_told_nothing_more(db: Database, scene: Scene, stand: Stand) -> None:
    admin = stand.admin(scene)
    stand.watch(admin, scene)
    stand.ear.people.clear()
    add_running(db, scene)
    stand.tick()
    assert stand.ear.frames == []


class Others:
    """Neighbours, one of whom has somebody listening."""

    heard = True

    def __init__(self, rooms: set[str]) -> None:
        self.rooms = rooms
        self.asks: Callable[[], Iterable[str]] = tuple

    def listening(self) -> set[str]:
        return self.rooms

    def tell(self, rooms: Callable[[], Iterable[str]]) -> None:
        self.asks = rooms


def test_a_board_that_is_watched_at_another_worker_is_told_from_here_too(
    db: Database, scene: Scene, clock: SetClock
) -> None:
    others = Others({whole_room(scene.selection.id)})
    stand = Stand(db, clock, others)
    assert list(others.asks()) == []
    run = add_running(db, scene)
    stand.tick()
    ((room, frame),) = stand.ear.frames
    assert (room, frame["rows"][0][0]) == (whole_room(scene.selection.id), run.public_id)
    stand.watch(stand.admin(scene), scene)
    assert list(others.asks()) == [whole_room(scene.selection.id)]


def test_a_tick_that_failed_forgets_nothing(
    db: Database, scene: Scene, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = stand.admin(scene)
    stand.watch(admin, scene)
    run = add_running(db, scene)
    with monkeypatch.context() as broken:
        broken.setattr(rows, "changed", None)
        with pytest.raises(TypeError):
            stand.tick()
    assert stand.ear.frames == [], "a pulse would say that all is well"
    stand.tick()
    assert [row[0] for frame in stand.ear.told(admin) for row in frame["rows"]] == [run.public_id]


def test_many_changes_leave_in_several_frames(
    db: Database, scene: Scene, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "AT_ONCE", 2)
    admin = stand.admin(scene)
    stand.watch(admin, scene)
    runs = [add_booked(db, scene, START) for _ in range(5)]
    stand.tick()
    told = stand.ear.told(admin)
    assert [len(frame["rows"]) for frame in told] == [2, 2, 1]
    assert {row[0] for frame in told for row in frame["rows"]} == {run.public_id for run in runs}
