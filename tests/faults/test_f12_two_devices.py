"""F12: another device takes over while the first is offline with five answers; the first comes back."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.door import Refused
from exam_server.rehearsal.journal import Row
from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.sizes import size
from tests.faults.watcher import Watcher
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow

VARIANT = Path(__file__).with_name("variant.py")
SEEN_WITHIN = size(20.0, 2.0)
"""Seconds from a take-over until the board shows it."""

WITHIN = 45.0
BEFORE = {1: 1, 2: 1}
"""What the first device saved, by position."""

OFFLINE = {1: 2, 2: 2, 3: 2, 4: 2, 5: 2}
BY_THE_SECOND = {1: 3, 3: 3, 6: 3}


@dataclass
class Story:
    """How it ended: the two devices, what the first was told on its return, when the board knew (seconds)."""

    first: VirtualCandidate
    second: VirtualCandidate
    told: list[str]
    items: list[dict[str, Any]]
    board_knew_after: float


async def device(url: str, world: World, person: Somebody, transport: Transport) -> VirtualCandidate:
    one = VirtualCandidate(url, person.email, PASSWORD, transport=transport, patience=5)
    await one.adopt(world.token(person))
    return one


async def come_back(one: VirtualCandidate) -> tuple[list[str], list[dict[str, Any]]]:
    """What the page is told when it sits down again, and when it sends what it had, twice."""
    told, items = [], []
    for act in (one.come_back, one.save, one.save):
        try:
            await act()
            told.append("ok")
        except Refused as refusal:
            told.append(refusal.code)
            items += refusal.body.get("items", [])
    return told, items


async def play(url: str, world: World, person: Somebody, transport: Transport) -> Story:
    """The first saves and goes offline, the second takes over and saves, the first returns with its five."""
    board = Watcher(url, world.token(world.official("proctor")), world.board)
    watching = asyncio.create_task(board.watch())
    first = await device(url, world, person, transport)
    second = await device(url, world, person, transport)
    try:
        await first.start()
        await first.join()
        put(first, BEFORE)
        await first.save()
        put(first, OFFLINE)
        first.drop()
        await second.look()
        await second.join(take_over=True)
        took_over_at, rev = time.monotonic(), world.attempt(person).rev
        while board.rows.get(world.attempt(person).public_id, {"rev": -1})["rev"] < rev:
            assert time.monotonic() - took_over_at < WITHIN, "the board never knew"
            await asyncio.sleep(0.02)
        knew_after = time.monotonic() - took_over_at
        put(second, BY_THE_SECOND)
        await second.save()
        told, items = await come_back(first)
        put(second, {7: 3})
        await second.save()
        return Story(first, second, told, items, knew_after)
    finally:
        board.leave()
        await watching
        await first.close()
        await second.close()


def put(one: VirtualCandidate, answers: dict[int, int]) -> None:
    for position, option in answers.items():
        one.answer(position, option)


def options(rows: list[Row]) -> dict[int, int | None]:
    return {row.position: row.option for row in rows}


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_the_first_device_is_refused_its_answers_are_kept_and_never_mixed_in(
    wide_world: World, cluster: Cluster, transport: Transport
) -> None:
    (person,) = wide_world.booked(1, wide_world.sitting())
    story = asyncio.run(asyncio.wait_for(play(cluster.url, wide_world, person, transport), WITHIN))
    assert story.told == ["taken_over"] * 3
    assert {item["state"] for item in story.items} == {"taken_over"}
    assert options(wide_world.stored(person)) == BEFORE | BY_THE_SECOND | {7: 3}
    kept = wide_world.evidence(person)
    assert [(position, reason) for position, _, reason in kept] == [(n, "taken_over") for n in OFFLINE], (
        "each is kept, and kept once"
    )
    assert story.second.journal.lost(
        [row for row in wide_world.stored(person) if row.position in BY_THE_SECOND | {7: 3}]
    ) == []  # fmt: skip
    assert story.first.outbox.entries != [], "the page still has what was not saved"
    assert story.board_knew_after < SEEN_WITHIN
    assert check.complaints(wide_world, []) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("variant", [None, "ignores_leases"])
def test_control_without_the_fencing_number_the_first_device_writes_among_the_second_ones_answers(
    world: World, tmp_path: Path, variant: str | None
) -> None:
    (person,) = world.booked(1, world.sitting())
    if variant:
        server = ExamServer(tmp_path, world.url, script=VARIANT, env={"EXAM_VARIANT": variant})
    else:
        server = ExamServer(tmp_path, world.url)
    try:
        story = asyncio.run(asyncio.wait_for(play(server.url, world, person, "http"), WITHIN))
    finally:
        server.close()
    mixed = options(world.stored(person)) != BEFORE | BY_THE_SECOND | {7: 3}
    assert mixed is bool(variant), story.told
