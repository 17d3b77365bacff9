"""Beats and the gaps between them: what the server itself measured as an outage, and whom it hit."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from exam_server.db import Database
from exam_server.exam import ledger, service
from exam_server.exam import outages as measured
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.outages import WIDEST_GAP, Beat, beat, hits
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.models import (
    Attempt,
    Outage,
    OutageScope,
    OutageStruck,
    ServerHeartbeat,
    Sitting,
    new_public_id,
    to_micros,
)
from tests.conftest import SetClock
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add,
    add_booked,
    add_official,
    add_running,
    add_sitting,
)

SECOND = timedelta(seconds=1)
TICK = timedelta(microseconds=1)
DEADLINE = START + HOUR
DUE = DEADLINE + timedelta(seconds=10) + LONGEST_BUFFER_AGE


def beats(db: Database, *instants: datetime) -> None:
    for now in instants:
        with db.write() as tx:
            beat(tx, now)


def outages(db: Database) -> list[tuple[datetime, datetime]]:
    with db.read() as tx:
        return [(one.began_at, one.ended_at) for one in tx.scalars(sa.select(Outage).order_by(Outage.id))]


def last_beat(db: Database) -> datetime:
    with db.read() as tx:
        return tx.scalars(sa.select(ServerHeartbeat)).one().at


def test_the_first_beat_of_an_installation_is_no_outage(db: Database) -> None:
    beats(db, START)
    assert (last_beat(db), outages(db)) == (START, [])


def test_beats_that_follow_each_other_leave_one_row(db: Database) -> None:
    beats(db, *(START + turn * 5 * SECOND for turn in range(6)))
    assert (last_beat(db), outages(db)) == (START + 25 * SECOND, [])


@pytest.mark.parametrize(("gap", "is_one"), [(WIDEST_GAP, False), (WIDEST_GAP + TICK, True), (HOUR, True)])
def test_only_a_longer_silence_is_an_outage(db: Database, gap: timedelta, is_one: bool) -> None:
    beats(db, START, START + gap)
    assert outages(db) == ([(START, START + gap)] if is_one else [])


def test_each_gap_is_told_once(db: Database) -> None:
    beats(db, START, START + MINUTE, START + MINUTE + SECOND, START + 3 * MINUTE)
    assert outages(db) == [(START, START + MINUTE), (START + MINUTE + SECOND, START + 3 * MINUTE)]


def test_a_beat_that_comes_out_of_order_moves_nothing_back(db: Database) -> None:
    beats(db, START + MINUTE, START, START + MINUTE + SECOND)
    assert (last_beat(db), outages(db)) == (START + MINUTE + SECOND, [])


def test_several_workers_that_wake_together_tell_one_outage(db: Database) -> None:
    beats(db, START)
    threads = [threading.Thread(target=beats, args=(db, START + HOUR + turn * TICK)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(outages(db)) == 1
    assert last_beat(db) == START + HOUR + 5 * TICK


def test_two_workers_that_beat_for_the_first_time_together_leave_one_row_and_no_error(db: Database) -> None:
    first_has_written, failures = threading.Event(), []

    def first() -> None:
        with db.write() as tx:
            beat(tx, START)
            first_has_written.set()
            if not db.sqlite:  # where the second may come in between
                tx.execute(sa.select(sa.func.pg_sleep(0.5)))

    def second() -> None:
        first_has_written.wait(20)
        try:
            beats(db, START)
        except Exception as problem:
            failures.append(repr(problem))

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert (last_beat(db), outages(db)) == (START, [])


def test_a_worker_beats_through_the_writer_of_the_answers(db: Database, clock: SetClock) -> None:
    writer = GroupCommit(db)
    worker = Beat(clock, writer)
    writer.start()
    try:
        worker.round()
        clock.pass_by(seconds=5)
        worker.round()
        clock.pass_by(seconds=40)
        worker.round()
    finally:
        writer.stop()
    assert outages(db) == [(START + 5 * SECOND, START + 45 * SECOND)]


@pytest.fixture
def outage(db: Database) -> Outage:
    """From minute 20 to minute 22 of the sitting."""
    return add(db, Outage(public_id=new_public_id(), began_at=START + 20 * MINUTE,
                          ended_at=START + 22 * MINUTE))  # fmt: skip


def hit(db: Database, outage: Outage, sitting: Sitting) -> list[tuple[int, int, int | None]]:
    """(attempt, seconds lost, seconds given) of whom it hit in that sitting."""
    with db.read() as tx:
        found = hits(tx, Attempt.sitting_id == sitting.id)
    assert {one.sitting_id for one in found} <= {sitting.id}
    return [(one.attempt_id, one.seconds, one.given) for one in found if one.outage_id == outage.id]


def test_whoever_ran_in_an_outage_is_hit_by_all_of_it(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    assert hit(db, outage, scene.sitting) == [(run.attempt_id, 120, None)]


def test_who_began_in_the_middle_of_it_lost_the_rest(db: Database, scene: Scene, outage: Outage) -> None:
    run = add_running(db, scene, outage.began_at + timedelta(seconds=30.5))
    assert hit(db, outage, scene.sitting) == [(run.attempt_id, 90, None)]


def test_who_had_not_begun_or_had_handed_in_lost_nothing(db: Database, scene: Scene, outage: Outage) -> None:
    add_booked(db, scene)
    add_running(db, scene, outage.ended_at)
    done = add_running(db, scene)
    with db.write() as tx:
        service.submit(tx, done.attempt_id, done.session_id, done.lease, outage.ended_at + MINUTE)
    assert hit(db, outage, scene.sitting) == []


def test_time_given_later_makes_nobody_run_in_an_outage_of_the_past(
    db: Database, scene: Scene, run: Run
) -> None:
    official = add_official(db, "proctor", scene.office).id
    night = add(db, Outage(public_id=new_public_id(), began_at=DEADLINE, ended_at=DEADLINE + 5 * HOUR))
    assert hit(db, night, scene.sitting) == []
    with db.write() as tx:
        grant = ledger.Grant("extra", 1200, "power", "listrik padam", official)
        ledger.enter(tx, run.attempt_id, grant, night.ended_at)
    assert hit(db, night, scene.sitting) == []


def test_time_given_before_it_counts_among_what_was_left(db: Database, scene: Scene, run: Run) -> None:
    official = add_official(db, "proctor", scene.office).id
    with db.write() as tx:
        ledger.enter(tx, run.attempt_id, ledger.Grant("extra", 60, "power", "listrik padam", official), START)
    late = add(db, Outage(public_id=new_public_id(), began_at=DEADLINE, ended_at=DEADLINE + MINUTE))
    assert hit(db, late, scene.sitting) == [(run.attempt_id, 60, None)]


def test_whom_the_clock_closed_during_it_is_hit(db: Database, scene: Scene, run: Run) -> None:
    late = add(db, Outage(public_id=new_public_id(), began_at=DEADLINE - MINUTE, ended_at=DEADLINE + HOUR))
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, DUE + HOUR)
    assert hit(db, late, scene.sitting) == [(run.attempt_id, 3660, None)]


def compensate(db: Database, outage: Outage, run: Run, seconds: int, official: int) -> None:
    with db.write() as tx:
        grant = ledger.Grant("outage", seconds, "outage", "server mati", official, outage.id)
        ledger.enter(tx, run.attempt_id, grant, outage.ended_at)


def test_who_was_compensated_is_told_from_who_was_not(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    neighbour = add_running(db, scene)
    compensate(db, outage, run, 120, add_official(db, "proctor", scene.office).id)
    assert hit(db, outage, scene.sitting) == [(run.attempt_id, 120, 120), (neighbour.attempt_id, 120, None)]


def test_compensation_of_one_outage_is_none_of_another(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    second = add(db, Outage(public_id=new_public_id(), began_at=START + 30 * MINUTE,
                            ended_at=START + 31 * MINUTE))  # fmt: skip
    compensate(db, outage, run, 120, add_official(db, "proctor", scene.office).id)
    assert hit(db, second, scene.sitting) == [(run.attempt_id, 60, None)]


def test_where_outages_overlap_no_second_is_lost_twice(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    around = add(db, Outage(public_id=new_public_id(), began_at=outage.began_at - MINUTE,
                            ended_at=outage.ended_at + timedelta(seconds=30.5)))  # fmt: skip
    inside = add(db, Outage(public_id=new_public_id(), began_at=outage.began_at + SECOND,
                            ended_at=outage.ended_at))  # fmt: skip
    assert hit(db, outage, scene.sitting) == [(run.attempt_id, 120, None)]
    assert hit(db, around, scene.sitting) == [(run.attempt_id, 60 + 31, None)]
    assert hit(db, inside, scene.sitting) == []


@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(16, 900)), min_size=1, max_size=6))
def test_all_outages_together_take_exactly_their_union(spans: list[tuple[int, int]]) -> None:
    away = [(START + began * SECOND, START + (began + length) * SECOND) for began, length in spans]
    struck = [measured._Struck(None, (one,), scoped=False) for one in away]
    taken = [seconds for _, seconds in measured._without_overlap(struck)]
    union = {second for began, length in spans for second in range(began, began + length)}
    assert sum(taken) == len(union)
    assert all(0 <= seconds <= length for seconds, (_, length) in zip(taken, spans, strict=True))


def only_some(db: Database, sitting: Sitting, outage: Outage, *struck: tuple[Run, int, int]) -> None:
    """The outage took from these only, each from one minute of the sitting to another."""
    lost = {str(run.attempt_id): [[to_micros(START + began * MINUTE), to_micros(START + ended * MINUTE)]]
            for run, began, ended in struck}  # fmt: skip
    add(db, OutageScope(outage_id=outage.id, sitting_id=sitting.id, evidence={"lost": lost}))
    for run, _, _ in struck:
        add(db, OutageStruck(outage_id=outage.id, attempt_id=run.attempt_id))


def test_an_outage_of_one_sitting_struck_only_whom_it_names_and_each_for_its_own_time(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    neighbour, _unharmed = add_running(db, scene), add_running(db, scene)
    only_some(db, scene.sitting, outage, (run, 20, 22), (neighbour, 21, 22))
    assert hit(db, outage, scene.sitting) == [(run.attempt_id, 120, None), (neighbour.attempt_id, 60, None)]


def test_an_outage_of_the_server_gives_those_only_the_rest(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    neighbour = add_running(db, scene)
    only_some(db, scene.sitting, outage, (run, 20, 22))
    later = add(db, Outage(public_id=new_public_id(), began_at=outage.began_at, ended_at=START + 25 * MINUTE))
    assert hit(db, later, scene.sitting) == [(run.attempt_id, 180, None), (neighbour.attempt_id, 300, None)]


def test_another_sitting_is_asked_for_itself(db: Database, scene: Scene, run: Run, outage: Outage) -> None:
    other = add_sitting(db, scene.selection.id, label="Sesi 2")
    assert hit(db, outage, other) == []
    assert [attempt_id for attempt_id, _, _ in hit(db, outage, scene.sitting)] == [run.attempt_id]


def test_a_deadline_moved_by_the_gap_leaves_the_time_that_was_left(
    db: Database, scene: Scene, run: Run, outage: Outage
) -> None:
    left = DEADLINE - outage.began_at
    ((_, seconds, _),) = hit(db, outage, scene.sitting)
    compensate(db, outage, run, seconds, add_official(db, "proctor", scene.office).id)
    with db.read() as tx:
        moved = tx.get_one(Attempt, run.attempt_id).deadline_at
    assert moved is not None
    assert moved - outage.ended_at == left
