"""F9: what arrives before deadline + grace is saved, what arrives later is told so and kept as evidence."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.auth import csrf_token
from exam_server.exam import saves
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.sweeper import Sweeper
from exam_server.models import LateAnswer, ResponseJournal
from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from tests.conftest import SetClock
from tests.faults.cluster import Cluster
from tests.faults.sizes import size
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World, wall

ALLOWED, GRACE = 20, 2
STEP = timedelta(milliseconds=100)
PREDICATE = "AND s.arrived_at < a.deadline_at + a.grace_seconds * 1000000"


class Page:
    """One candidate's page over HTTP, in process, under a clock that the test moves."""

    def __init__(self, app: Flask, world: World, person: Somebody) -> None:
        self._client = app.test_client(use_cookies=False)
        self._headers = {"Cookie": f"exam={world.token(person)}", "Accept": "application/json"}
        with app.test_request_context(headers=self._headers):
            self._headers["X-CSRF"] = csrf_token()
        self._seqs = itertools.count(1)
        started = self._client.post("/exam/start", data={"pledge": "yes"}, headers=self._headers)
        assert started.status_code == 303
        state = self._client.get("/exam/state", headers=self._headers).get_json()
        self.named = {"attempt": state["attempt"]}
        self.named["lease"] = self._post("join", self.named)[1]["lease"]

    def _post(self, act: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        answer = self._client.post(f"/exam/{act}", json=payload, headers=self._headers)
        return answer.status_code, answer.get_json(silent=True) or {}

    def save(self, position: int = 1) -> tuple[int, str]:
        """(status, state) of one answer under the next seq."""
        item = {"position": position, "seq": next(self._seqs), "option": 1}
        status, told = self._post("save", self.named | {"items": [item]})
        return status, told["items"][0]["state"]


@pytest.fixture
def person(world: World) -> Somebody:
    return world.booked(1, world.sitting(allowed_seconds=ALLOWED, grace_seconds=GRACE))[0]


@pytest.fixture
def sheet(app: Flask, world: World, person: Somebody) -> Page:
    return Page(app, world, person)


def deadline(world: World, person: Somebody) -> datetime:
    found = world.attempt(person).deadline_at
    assert found is not None
    return found


def test_every_answer_up_to_the_end_of_grace_is_saved_and_every_later_one_is_evidence(
    world: World, person: Somebody, sheet: Page, clock: SetClock
) -> None:
    ends = deadline(world, person)
    limit = ends + timedelta(seconds=GRACE)
    clock.at = ends - timedelta(seconds=1)
    told = []
    while clock.at <= limit + timedelta(seconds=2):
        position = 1 if clock.at < limit else 1 + len(told) % 2  # so many of one are not kept
        told.append((clock.at < limit, sheet.save(position)))
        clock.at += STEP
    assert len([one for one in told if one[0]]) == 30
    assert len([one for one in told if not one[0]]) == 21
    assert {answer for in_time, answer in told if in_time} == {(200, "saved")}
    assert {answer for in_time, answer in told if not in_time} == {(410, "deadline_passed")}
    assert [row.seq for row in world.stored(person)] == [30]
    assert world.evidence(person) == [(2 - seq % 2, seq, "deadline_passed") for seq in range(31, 52)]


@pytest.mark.parametrize(("after_limit", "fate"), [(-1, (200, "saved")), (0, (410, "deadline_passed"))])
def test_the_end_of_grace_is_the_first_instant_that_is_too_late(
    world: World, person: Somebody, sheet: Page, clock: SetClock, after_limit: int, fate: tuple[int, str]
) -> None:
    clock.at = deadline(world, person) + timedelta(seconds=GRACE, microseconds=after_limit)
    assert sheet.save() == fate


def test_no_packet_reopens_an_attempt_that_was_closed(
    app: Flask, world: World, person: Somebody, sheet: Page, clock: SetClock
) -> None:
    assert sheet.save() == (200, "saved")
    ends = deadline(world, person)
    clock.at = ends + timedelta(seconds=GRACE + 5)
    writer: GroupCommit = app.extensions["autosave"]
    assert Sweeper(world.db, clock, writer).sweep() == 1
    assert sheet.save() == (410, "deadline_passed")
    clock.at = ends - timedelta(seconds=1)  # even to a clock that went back
    assert sheet.save() == (409, "closed")
    attempt = world.attempt(person)
    assert (attempt.finalised_at, attempt.how) == (ends, "clock")
    assert [row.seq for row in world.stored(person)] == [1]
    assert [reason for _, _, reason in world.evidence(person)] == ["deadline_passed", "closed"]


def test_control_without_the_predicate_late_answers_are_saved(
    world: World, person: Somebody, sheet: Page, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dialect, statement in saves.STORE.items():
        weaker = str(statement).replace(PREDICATE, "")
        assert weaker != str(statement)
        monkeypatch.setitem(saves.STORE, dialect, sa.text(weaker))
    clock.at = deadline(world, person) + timedelta(seconds=GRACE + 1)
    assert sheet.save() == (200, "saved")


CROWD = size(10, 200)
SHORT, SHORT_GRACE = size(4, 20), 1
BEYOND = size(1.5, 20.0)
"""Seconds after the end of grace for which everybody still tries."""

WITHIN = 180.0


async def save_across(
    url: str, one: VirtualCandidate, token: str, everybody_in: asyncio.Barrier
) -> list[str]:
    """Fates of a candidate who answers ten times a second until BEYOND is over."""
    fates = []
    try:
        await one.adopt(token)
        await everybody_in.wait()  # the time is short
        await one.start()
        await one.join()
        last = one.state["deadline_at"] / 1000 + SHORT_GRACE + BEYOND
        while wall().timestamp() < last or fates[-1:] == ["saved"]:
            one.answer(1, 1)
            try:
                await one.save()
                fates.append("saved")
            except Refused as refusal:
                fates.append(refusal.code)
            await asyncio.sleep(STEP.total_seconds())
    finally:
        await one.close()
    return fates


def fates_of(url: str, world: World, people: list[Somebody]) -> list[list[str]]:
    """What each of them was told, in order; one in three has no WebSocket."""

    async def everybody() -> list[list[str]]:
        everybody_in = asyncio.Barrier(len(people))
        async with asyncio.timeout(WITHIN):
            return await asyncio.gather(*(
                save_across(url, VirtualCandidate(url, person.email, PASSWORD, patience=60,
                                                  transport="http" if number % 3 == 0 else "socket"),
                            world.token(person), everybody_in)
                for number, person in enumerate(people)
            ))  # fmt: skip

    return asyncio.run(everybody())


def told_the_same(url: str, world: World) -> None:
    """Nobody is told saved after the end, or stored after it, and everybody else is kept as evidence."""
    people = world.booked(CROWD, world.sitting(allowed_seconds=SHORT, grace_seconds=SHORT_GRACE))
    fates = fates_of(url, world, people)
    assert all({"saved", "deadline_passed"} == set(one) for one in fates), fates
    assert all(one == sorted(one, key="saved deadline_passed".index) for one in fates)
    limits = {
        world.attempt(person).id: deadline(world, person) + timedelta(seconds=SHORT_GRACE)
        for person in people
    }
    accepted, refused = (arrivals(world, table, limits) for table in (ResponseJournal, LateAnswer))
    assert {row.attempt_id for row in accepted} == {row.attempt_id for row in refused} == set(limits)
    assert all(row.arrived_at < limits[row.attempt_id] for row in accepted)
    assert {row.reason for row in refused} == {"deadline_passed"}
    assert all(row.arrived_at >= limits[row.attempt_id] for row in refused)


def arrivals(world: World, table: type[Any], attempts: Iterable[int]) -> list[Any]:
    with world.db.read() as tx:
        return list(tx.scalars(sa.select(table).where(table.attempt_id.in_(attempts))))


@pytest.mark.slow
def test_connections_held_open_across_the_deadline_are_told_the_same(
    world: World, server: ExamServer
) -> None:
    told_the_same(server.url, world)
    assert world.scalar("SELECT count(*) FROM late_answer") > 0


@pytest.mark.slow
def test_connections_to_three_workers_across_the_deadline_are_told_the_same(
    wide_world: World, cluster: Cluster
) -> None:
    told_the_same(cluster.url, wide_world)
    assert wide_world.scalar("SELECT count(*) FROM late_answer") > 0
