"""The law: an early snapshot with frames shuffled, repeated and dropped equals a late snapshot.

First over any history that numbers can have, then over a real exam on both databases.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exam_server.board.frames import Streams
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.saves import store
from exam_server.live import Person
from tests.board.page import Page, Row
from tests.board.stand import Stand, ms, snapshot
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE, START, Scene, add_booked, add_scene, answer

DEADLINE = START + HOUR
RUNS = 2_000
ROOM = "board:1"


@dataclass
class Server:
    """Rows as [id, rev, what time alone makes of it], changed at any of several workers."""

    workers: list[Streams]
    now: int = 0
    revs: dict[str, int] = field(default_factory=lambda: dict.fromkeys("abcd", 0))
    changed: list[set[str]] = field(default_factory=list)

    def row(self, key: str) -> Row:
        return [key, self.revs[key], self.now // 3]

    def snapshot(self) -> tuple[int, list[Row], dict[str, int]]:
        """As worker 0 answers it."""
        return self.now, [self.row(key) for key in self.revs], self.workers[0].told([ROOM])

    def tick(self, worker: int, keys: set[str]) -> dict[str, Any]:
        stream, n = self.workers[worker].next(ROOM, float(self.now))
        return {"now": self.now, "worker": stream, "n": n, "rows": [self.row(key) for key in sorted(keys)]}


KEYS = st.sets(st.sampled_from("abcd"))
STEP = st.tuples(st.integers(0, 2), KEYS, KEYS, st.booleans())
"""Worker, rows that change there, rows that time turns (told by everybody), whether its frame gets lost."""


@settings(max_examples=RUNS, deadline=None, database=None)
@given(steps=st.lists(STEP, max_size=12), dice=st.randoms(use_true_random=False), early=st.integers(0, 4))
def test_shuffled_repeated_and_dropped_frames_end_at_the_late_snapshot(
    steps: list[tuple[int, set[str], set[str], bool]], dice: random.Random, early: int
) -> None:
    server = Server([Streams() for _ in range(3)])
    for worker in server.workers:
        worker.listen([ROOM])
    page, told = Page(), []
    page.join(server.workers[0].told([ROOM]))
    first = server.snapshot()
    for number, (worker, keys, _, lost) in enumerate(steps):
        server.now += 1
        for key in keys:
            server.revs[key] += 1
        turned = set(server.revs) if server.now % 3 == 0 else set()
        for other in range(3):
            frame = server.tick(other, turned | (keys if other == worker else set()))
            if not (lost and other == worker):
                told.append(frame)
        if number < early:
            first = server.snapshot()
    late = server.snapshot()
    told += [server.tick(worker, set()) for worker in range(3)]  # the pulses that follow in any case
    told += dice.choices(told, k=3)
    dice.shuffle(told)
    before = dice.randrange(len(told))
    page.ask()
    for frame in told[:before]:
        page.hear(frame)
    page.take(*first)
    for frame in told[before:]:
        page.hear(frame)
    if page.whole:
        assert page.shown == {row[0]: row for row in late[1]}
    page.ask()  # what a page does whose numbers have a gap
    page.take(*server.snapshot())
    assert page.whole
    assert page.shown == {row[0]: row for row in late[1]}


@settings(max_examples=300, deadline=None, database=None)
@given(lost=st.integers(0, 9), revs=st.lists(st.sampled_from("abcd"), min_size=10, max_size=10))
def test_a_dropped_frame_is_always_noticed_by_the_next_one_of_its_worker(lost: int, revs: list[str]) -> None:
    server = Server([Streams()])
    server.workers[0].listen([ROOM])
    page = Page()
    page.join(server.workers[0].told([ROOM]))
    page.ask()
    page.take(*server.snapshot())
    for number, key in enumerate(revs):
        server.now += 1
        server.revs[key] += 1
        frame = server.tick(0, {key})
        if number != lost:
            page.hear(frame)
    page.hear(server.tick(0, set()))
    assert not page.whole


def test_who_hears_a_worker_for_the_first_time_or_after_a_rest_asks_for_a_snapshot() -> None:
    ours, other = Streams(), Streams()
    for one in (ours, other):
        one.listen([ROOM])
    page = Page()
    page.join(ours.told([ROOM]))
    page.ask()
    page.hear(_frame(ours))
    assert page.whole
    page.hear(_frame(other))
    assert not page.whole
    page.ask()
    other.listen([])
    assert other.told([ROOM]) == {}
    other.listen([ROOM])
    page.hear(_frame(other))
    assert not page.whole


def _frame(streams: Streams) -> dict[str, Any]:
    stream, n = streams.next(ROOM, 0.0)
    return {"now": 0, "worker": stream, "n": n, "rows": []}


def test_a_pulse_is_owed_after_a_second_of_silence_and_not_before() -> None:
    streams = Streams()
    streams.listen([ROOM])
    assert streams.quiet(0.0) == [ROOM]
    streams.next(ROOM, 5.0)
    assert streams.quiet(5.9) == []
    assert streams.quiet(6.0) == [ROOM]


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@dataclass(frozen=True)
class History:
    """An exam in which everything that can happen happens, as one person at a socket heard it."""

    frames: list[dict[str, Any]]
    joined: dict[str, int]
    early: list[Row]
    late: list[Row]
    now: int

    @property
    def shown(self) -> dict[str, Row]:
        return {row[0]: row for row in self.late}

    def page(self) -> Page:
        """Joined, with the early snapshot."""
        page = Page()
        page.join(self.joined)
        page.ask()
        page.take(ms(START - MINUTE), self.early, self.joined)
        return page


@pytest.fixture
def history(db: Database, scene: Scene, clock: SetClock) -> History:
    runs = [add_booked(db, scene) for _ in range(4)]
    clock.at = START - MINUTE
    stand = Stand(db, clock)
    person = stand.admin(scene)
    joined = stand.watch(person, scene)
    early = snapshot(db, scene.selection.id, clock.now())
    runs.append(add_booked(db, scene))
    _happen(stand, db, clock, runs)
    return History(stand.ear.told(person), joined, early, snapshot(db, scene.selection.id, clock.now()),
                   stand.now)  # fmt: skip


def _happen(stand: Stand, db: Database, clock: SetClock, runs: list[Any]) -> None:
    def write(what: Callable[..., Any], *args: Any, **named: Any) -> Any:
        with db.write() as tx:
            return what(tx, *args, **named)

    clock.at = START
    stand.tick()
    first, second, third = runs[:3]
    leases = {}
    for run in (first, second, third):
        write(exam.start, run.attempt_id, clock.at)
        leases[run] = write(exam.join, run.attempt_id, run.session_id, "Windows", False, clock.at)
    stand.tick()
    for number in range(1, 4):
        clock.pass_by(minutes=5)
        for run in (first, second):
            write(store, [run.save(answer(number, 1, number), at=clock.at, lease=leases[run])])
        write(exam.contact, third.attempt_id, third.session_id, clock.at)
        stand.tick()
    write(exam.submit, second.attempt_id, second.session_id, leases[second], clock.at)
    stand.tick()
    for at in (START + HOUR, DEADLINE + timedelta(seconds=10), DEADLINE + timedelta(seconds=20)):
        clock.at = at
        stand.tick()
    write(exam.close_by_clock, first.attempt_id, clock.at)
    stand.tick()


def test_a_real_exam_told_in_frames_ends_at_the_late_snapshot(history: History) -> None:
    assert {row[7] for row in history.late} == {"closed", "submitted", "absent"}
    page = history.page()
    for frame in history.frames:
        page.hear(frame)
    assert page.whole
    assert page.shown == history.shown
    for seed in range(30):  # repeated and in any order, and the same again
        dice = random.Random(seed)
        told = history.frames + dice.choices(history.frames, k=5)
        dice.shuffle(told)
        page = history.page()
        for frame in told:
            page.hear(frame)
        assert page.shown == history.shown


def test_frames_of_a_real_exam_that_were_lost_are_noticed_and_mended(history: History) -> None:
    for seed in range(30):
        dice, page = random.Random(seed), history.page()
        kept = sorted(dice.sample(range(len(history.frames) - 1), k=4))
        for number in [*kept, len(history.frames) - 1]:
            page.hear(history.frames[number])
        assert not page.whole
        page.ask()
        page.take(history.now, history.late, {})
        assert page.shown == history.shown


def test_a_page_that_ignores_revisions_would_be_wrong(history: History) -> None:
    """The control: without the revision, shuffled frames do not end at the late snapshot."""
    wrong = {row[0]: row for row in history.early}
    for frame in reversed(history.frames):
        wrong |= {row[0]: row for row in frame["rows"]}
    assert wrong != history.shown


def test_one_person_hears_each_row_of_a_tick_once(db: Database, scene: Scene, clock: SetClock) -> None:
    stand, run = Stand(db, clock), add_booked(db, scene)
    person: Person = stand.admin(scene)
    stand.watch(person, scene)
    with db.write() as tx:
        exam.start(tx, run.attempt_id, START)
    stand.tick()
    assert [row[0] for frame in stand.ear.told(person) for row in frame["rows"]] == [run.public_id]
