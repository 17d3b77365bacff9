"""Starting and closing happen once: twenty at a time, with saves in flight, and against the sweeper."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.exam import service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.papers import ensure_paper
from exam_server.exam.refusals import Closed, TakenOver
from exam_server.exam.sweeper import Sweeper
from exam_server.models import ServerSession, to_micros
from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from tests.conftest import SetClock
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

AT_ONCE = 20
WITHIN = 120.0


def sit(server: ExamServer, person: Somebody, play: Callable[[VirtualCandidate], Awaitable[Any]],
        transport: Any = "socket") -> Any:  # fmt: skip
    """Let one virtual candidate, signed in through the page, do what `play` says; within WITHIN seconds."""

    async def whole() -> Any:
        candidate = VirtualCandidate(server.url, person.email, PASSWORD, transport=transport, patience=90)
        try:
            async with asyncio.timeout(WITHIN):
                await candidate.log_in()
                return await play(candidate)
        finally:
            await candidate.close()

    return asyncio.run(whole())


async def fate(act: Coroutine[Any, Any, Any]) -> str:
    """`ok`, or the code of the refusal."""
    try:
        await act
    except Refused as refusal:
        return refusal.code
    return "ok"


def audited(world: World, act: str) -> int:
    return int(world.scalar("SELECT count(*) FROM audit WHERE act = :act", act=act))


@pytest.fixture
def person(world: World) -> Somebody:
    return world.booked(1, world.sitting())[0]


def test_twenty_parallel_starts_are_one_start(world: World, server: ExamServer, person: Somebody) -> None:
    async def play(candidate: VirtualCandidate) -> tuple[list[int], dict[str, Any], dict[str, Any]]:
        first = [
            answer.status for answer in await asyncio.gather(*(candidate.start() for _ in range(AT_ONCE)))
        ]
        before = await candidate.look()
        await candidate.start()
        return first, before, await candidate.look()

    statuses, before, after = sit(server, person, play)
    assert statuses == [303] * AT_ONCE
    assert before["phase"] == "running"
    assert before["started_at"] is not None
    assert (before["started_at"], before["deadline_at"]) == (after["started_at"], after["deadline_at"])
    assert audited(world, "attempt.started") == 1
    assert world.scalar("SELECT count(*) FROM paper") == 1


async def submit_storm(candidate: VirtualCandidate) -> tuple[list[str], list[str], str, int]:
    """Fates of 20 submits sent between saves, and of one save after them; how many saves were accepted."""
    await candidate.start()
    await candidate.join()
    acts: list[Coroutine[Any, Any, str]] = []
    for turn in range(AT_ONCE):
        candidate.answer(1 + turn % candidate.state["items"], 1 + turn % 4)
        if turn < 5:
            await candidate.save()
            candidate.answer(1 + turn % candidate.state["items"], 2)
        acts += [fate(candidate.save()), fate(candidate.submit())]
    told = await asyncio.gather(*acts)
    candidate.answer(1, 3)
    return list(told[1::2]), list(told[0::2]), await fate(candidate.save()), candidate.journal.acks


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_twenty_submits_among_saves_close_once_and_nothing_is_accepted_after(
    world: World, server: ExamServer, person: Somebody, transport: str
) -> None:
    journals = []

    async def play(candidate: VirtualCandidate) -> tuple[list[str], list[str], str, int]:
        journals.append(candidate.journal)
        return await submit_storm(candidate)

    submits, saves, later, acks = sit(server, person, play, transport)
    assert submits == ["ok"] * AT_ONCE
    assert set(saves) <= {"ok", "closed"}
    assert later == "closed"
    assert acks >= 5
    assert audited(world, "attempt.closed") == 1
    assert world.attempt(person).how == "submitted"
    assert journals[0].lost(world.stored(person)) == []
    kept = Counter(reason for _, _, reason in world.evidence(person))
    assert set(kept) == {"closed"}


def test_a_save_sent_after_the_first_submit_was_confirmed_changes_nothing(
    world: World, server: ExamServer, person: Somebody
) -> None:
    async def play(candidate: VirtualCandidate) -> str:
        await candidate.start()
        await candidate.join()
        candidate.answer(1, 1)
        await candidate.save()
        await candidate.submit()
        candidate.answer(1, 2)
        return await fate(candidate.save())

    assert sit(server, person, play) == "closed"
    assert [(row.position, row.seq, row.option) for row in world.stored(person)] == [(1, 1, 1)]
    assert world.scalar("SELECT count(*) FROM response_journal") == 1


@pytest.fixture
def two_workers(world: World) -> Iterator[list[GroupCommit]]:
    """Two writers on one database, as two workers would have."""
    writers = [GroupCommit(world.db), GroupCommit(world.db)]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.stop()


PEOPLE = 12


def running(world: World, clock: SetClock) -> list[tuple[int, int, int]]:
    """(attempt, session, lease) of PEOPLE candidates whose minutes begin now."""
    seats = []
    for person in world.booked(PEOPLE, world.sitting(allowed_seconds=60, grace_seconds=2)):
        world.token(person)
        attempt_id = world.attempt(person).id
        session_id = world.scalar("SELECT max(id) FROM server_session WHERE account_id = :id", id=person.id)
        with world.db.write() as tx:
            ensure_paper(tx, attempt_id, clock.now())
            service.start(tx, attempt_id, clock.now())
            lease = service.join(tx, attempt_id, session_id, "uji", False, clock.now())
        seats.append((attempt_id, session_id, lease))
    return seats


def test_sweepers_and_submits_that_meet_close_every_attempt_exactly_once(
    world: World, clock: SetClock, two_workers: list[GroupCommit]
) -> None:
    seats = running(world, clock)
    submitted_at = clock.now() + timedelta(seconds=59)
    clock.at += timedelta(seconds=60 + 2 + 5)
    together = threading.Barrier(PEOPLE + len(two_workers))

    def submit(number: int, seat: tuple[int, int, int]) -> None:
        attempt_id, session_id, lease = seat
        together.wait(60)
        act = functools.partial(service.submit, attempt_id=attempt_id, session_id=session_id, lease=lease,
                                now=submitted_at)  # fmt: skip
        try:
            two_workers[number % 2].run(act)
        except Closed:
            return

    def sweep(writer: GroupCommit) -> None:
        together.wait(60)
        Sweeper(world.db, clock, writer).sweep()

    threads = [threading.Thread(target=submit, args=(number, seat)) for number, seat in enumerate(seats)]
    threads += [threading.Thread(target=sweep, args=(writer,)) for writer in two_workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    Sweeper(world.db, clock, two_workers[0]).sweep()  # who was busy when the others came is closed now
    assert audited(world, "attempt.closed") == PEOPLE
    assert world.scalar("SELECT count(*) FROM attempt WHERE finalised_at IS NULL") == 0
    by_clock = "SELECT count(*) FROM attempt WHERE how = 'clock' AND finalised_at = deadline_at"
    by_candidate = "SELECT count(*) FROM attempt WHERE how = 'submitted' AND finalised_at = :at"
    assert world.scalar(by_clock) + world.scalar(by_candidate, at=to_micros(submitted_at)) == PEOPLE


def meet(world: World, clock: SetClock, writers: list[GroupCommit], patience: float) -> list[object]:
    """Two batches, each closing one attempt and then visiting the other's; what each of them came to."""
    (first, *_), (second, *_) = running(world, clock)[:2]
    now = clock.now() + timedelta(seconds=60 + 2 + 5)
    both_wrote = threading.Barrier(2)
    told: list[object] = []

    def close_then_visit(tx: Session, own: int, other: int) -> None:
        service.close_by_clock(tx, own, now)
        both_wrote.wait(patience)
        service.close_by_clock(tx, other, now)

    def work(writer: GroupCommit, own: int, other: int) -> None:
        try:
            told.append(writer.run(functools.partial(close_then_visit, own=own, other=other)))
        except Exception as problem:
            told.append(problem)

    threads = [threading.Thread(target=work, args=(writer, *order)) for writer, order in
               zip(writers, ((first, second), (second, first)), strict=True)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return told


def test_of_two_devices_that_sit_down_at_once_one_is_asked_to_take_over(
    world: World, clock: SetClock, two_workers: list[GroupCommit]
) -> None:
    """Each reads who holds the lease and only then waits for the other: the second must see the first."""
    (person,) = world.booked(1, world.sitting(allowed_seconds=60, grace_seconds=2))
    for _ in two_workers:
        world.token(person)
    attempt_id = world.attempt(person).id
    with world.db.read() as tx:
        devices = list(tx.scalars(sa.select(ServerSession.id).where(ServerSession.account_id == person.id)))
    with world.db.write() as tx:
        ensure_paper(tx, attempt_id, clock.now())
        service.start(tx, attempt_id, clock.now())
    together = threading.Barrier(len(two_workers))
    told: list[object] = []

    def sit_down(writer: GroupCommit, session_id: int) -> None:
        together.wait(60)
        try:
            told.append(writer.run(functools.partial(
                linger, attempt_id=attempt_id, session_id=session_id, now=clock.now()
            )))  # fmt: skip
        except TakenOver:
            told.append(TakenOver)

    threads = [threading.Thread(target=sit_down, args=one) for one in zip(two_workers, devices, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    assert Counter(told) == {1: 1, TakenOver: 1}
    assert world.attempt(person).lease == 1


def linger(tx: Session, attempt_id: int, session_id: int, now: datetime) -> int:
    """Sit down, and commit late enough that the other one comes in between."""
    lease = service.join(tx, attempt_id, session_id, "uji", False, now)
    if tx.get_bind().dialect.name == "postgresql":  # SQLite lets nobody in between
        tx.execute(sa.select(sa.func.pg_sleep(0.5)))
    return lease


# SQLite has one writer at a time: there is nobody to meet.
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@on_postgresql
def test_two_workers_that_write_to_the_trail_and_then_meet_at_a_row_both_commit(
    world: World, clock: SetClock, two_workers: list[GroupCommit]
) -> None:
    assert meet(world, clock, two_workers, 60) == [None, None]
    assert audited(world, "attempt.closed") == 2
    with world.db.read() as tx:
        assert audit.broken_at(tx) == []


@on_postgresql
def test_control_a_trail_written_before_the_end_makes_them_wait_for_each_other(
    world: World, clock: SetClock, two_workers: list[GroupCommit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "at_the_end", lambda tx, act: act(tx))
    assert meet(world, clock, two_workers, 2) != [None, None]


def test_a_sweep_that_comes_again_closes_nothing_twice(
    world: World, clock: SetClock, two_workers: list[GroupCommit]
) -> None:
    running(world, clock)
    clock.at += timedelta(seconds=60 + 2 + 5)
    counts = [Sweeper(world.db, clock, writer).sweep() for writer in two_workers]
    assert counts == [PEOPLE, 0]
    assert audited(world, "attempt.closed") == PEOPLE


def test_a_sweep_before_the_last_buffer_may_be_written_closes_nobody(
    world: World, clock: SetClock, two_workers: list[GroupCommit]
) -> None:
    running(world, clock)
    clock.at += timedelta(seconds=60 + 2 + 5) - timedelta(microseconds=1)
    assert Sweeper(world.db, clock, two_workers[0]).sweep() == 0
    assert audited(world, "attempt.closed") == 0
