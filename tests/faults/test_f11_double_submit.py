"""F11: twenty starts and twenty submits at once, on any worker, among saves: one transition and one score."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam import autosave, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.papers import ensure_paper
from exam_server.models import Attempt
from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.door import Refused
from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import until
from tests.faults.sizes import size
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

AT_ONCE = 20
WITHIN = 45.0
SETTLED_WITHIN = size(60.0, 15.0)
Place = tuple[str, World]
"""The address of a server, and the world behind it."""


@pytest.fixture(params=["one server", "three workers"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """One server on SQLite; three workers on PostgreSQL."""
    if request.param == "one server":
        world: World = request.getfixturevalue("world")
        server = ExamServer(tmp_path, world.url)
        yield server.url, world
        server.close()
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        yield cluster.url, request.getfixturevalue("wide_world")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'exam.db'}"


def sit(
    place: Place, person: Somebody, play: Callable[[VirtualCandidate], Awaitable[Any]],
    transport: Transport = "http",
) -> Any:  # fmt: skip
    """Let one virtual candidate do what `play` says; what it returned."""

    async def whole() -> Any:
        candidate = VirtualCandidate(place[0], person.email, PASSWORD, transport=transport, patience=30)
        try:
            async with asyncio.timeout(WITHIN):
                await candidate.adopt(place[1].token(person))
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


def count(world: World, table: str, attempt_id: int, **where: str) -> int:
    """Rows of this attempt."""
    also = "".join(f" AND {column} = :{column}" for column in where)
    query = f"SELECT count(*) FROM {table} WHERE attempt_id = :id{also}"
    return int(world.scalar(query, id=attempt_id, **where))


def told_in_the_trail(world: World, attempt_id: int, act: str) -> int:
    query = "SELECT count(*) FROM audit WHERE act = :act AND object_kind = 'attempt' AND object_id = :id"
    return int(world.scalar(query, act=act, id=str(attempt_id)))


def test_twenty_starts_at_once_are_one_start(place: Place) -> None:
    world = place[1]
    (person,) = world.booked(1, world.sitting())

    async def play(candidate: VirtualCandidate) -> list[tuple[int, bytes]]:
        answers = await asyncio.gather(*(candidate.start() for _ in range(AT_ONCE)))
        return [(answer.status, answer.content) for answer in answers]

    replies = sit(place, person, play)
    assert {status for status, _ in replies} == {303}
    assert len(set(replies)) == 1, "not everybody was told the same"
    attempt = world.attempt(person)
    assert attempt.started_at is not None
    assert attempt.deadline_at == attempt.started_at + timedelta(seconds=attempt.allowed_seconds)
    for table, where in (
        ("paper", {}),
        ("integrity_pledge", {}),
        ("ledger_entry", {"kind": "start"}),
        ("attempt_journal", {"kind": "started"}),
        ("attempt_journal", {"kind": "pledged"}),
    ):
        assert count(world, table, attempt.id, **where) == 1, (table, where)  # fmt: skip
    assert told_in_the_trail(world, attempt.id, "attempt.started") == 1
    assert check.complaints(world, []) == []


async def submit_among_saves(candidate: VirtualCandidate) -> tuple[list[str], list[str], str]:
    """Fates of AT_ONCE submits, of the saves between them, and of a save after all of them."""
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
    return list(told[1::2]), list(told[0::2]), await fate(candidate.save())


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_twenty_submits_at_once_among_saves_close_once_and_score_once(
    place: Place, transport: Transport
) -> None:
    world = place[1]
    (person,) = world.booked(1, world.sitting())
    journals = []

    async def play(candidate: VirtualCandidate) -> tuple[list[str], list[str], str]:
        journals.append(candidate.journal)
        return await submit_among_saves(candidate)

    submits, saves, later = sit(place, person, play, transport)
    assert submits == ["ok"] * AT_ONCE
    assert set(saves) <= {"ok", "closed"}
    assert later == "closed"
    attempt = world.attempt(person)
    assert attempt.how == "submitted"
    assert until(lambda: check.not_scored_once(world) == [], SETTLED_WITHIN)
    assert [count(world, table, attempt.id) for table in ("score", "receipt")] == [1, 1]
    assert count(world, "attempt_journal", attempt.id, kind="closed") == 1
    assert told_in_the_trail(world, attempt.id, "attempt.closed") == 1
    last = "SELECT kind FROM attempt_journal WHERE attempt_id = :id ORDER BY number DESC LIMIT 1"
    assert world.scalar(last, id=attempt.id) == "closed", "something was saved after the submit"
    assert check.complaints(world, [(person, journals[0])]) == []


def looks_then_writes(both_looked: threading.Barrier, finalise: Callable[..., bool]) -> Callable[..., bool]:
    """Closing as it must not be: whether it is still open is asked first, and it is closed afterwards."""

    def close(tx: Session, attempt_id: int, at: datetime, how: str, also: sa.ColumnElement[bool]) -> bool:
        is_open = tx.scalar(sa.select(Attempt.finalised_at).where(Attempt.id == attempt_id)) is None
        both_looked.wait(10)
        if is_open:  # so that what follows writes whatever stands there by now
            again = "UPDATE attempt SET finalised_at = NULL, how = NULL WHERE id = :id"
            tx.execute(sa.text(again), {"id": attempt_id})
        return finalise(tx, attempt_id, at, how, also)

    return close


def closings(world: World) -> int:
    """How often the journal of one attempt says closed, after two workers were told at once to close it."""
    (person,) = world.booked(1, world.sitting())
    world.token(person)
    session_id = world.scalar("SELECT max(id) FROM server_session WHERE account_id = :id", id=person.id)
    attempt_id, now = world.attempt(person).id, world.now
    with world.db.write() as tx:
        ensure_paper(tx, attempt_id, now)
        service.begin(tx, attempt_id, now)
        lease = service.join(tx, attempt_id, session_id, "uji", False, now)
    act = functools.partial(
        service.submit, attempt_id=attempt_id, session_id=session_id, lease=lease, now=now
    )
    writers = [GroupCommit(world.db), GroupCommit(world.db)]
    for writer in writers:
        writer.start()
    threads = [threading.Thread(target=writer.run, args=(act,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)
    for writer in writers:
        writer.stop()
    return count(world, "attempt_journal", attempt_id, kind="closed")


def test_two_workers_that_close_at_once_close_once(other_world: World) -> None:
    assert closings(other_world) == 1


def test_control_who_looks_first_and_closes_afterwards_closes_twice(
    other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(autosave, "_hold", lambda tx, batch: None)
    naive = looks_then_writes(threading.Barrier(2), service._finalise)
    monkeypatch.setattr(service, "_finalise", naive)
    assert closings(other_world) == 2
