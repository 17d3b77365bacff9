"""Two workers on one socket, over PostgreSQL and Redis: nothing relies on one process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.workers_queue import SIGN_EVERY
from tests.board.stand import named
from tests.servers import ExamServer, Redis
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.sockets.test_acts import item
from tests.worlds import World

CANDIDATES = 10
"""So many that both workers serve some: that all land on one has a chance of 1 in 512."""

LEARNS_WITHIN = 5
"""Tries until a worker knows that somebody listens at the other: each says so once a second."""


@pytest.fixture
def server(world: World, tmp_path: Path, redis: Redis) -> Iterator[ExamServer]:
    url = world.db.engine.url.render_as_string(False)
    serving = ExamServer(tmp_path, url, env={"EXAM_WORKERS": "2", "REDIS_URL": redis.url})
    yield serving
    serving.close()


def test_a_board_on_one_worker_hears_the_candidates_of_both(world: World, server: ExamServer) -> None:
    people, official = world.booked(CANDIDATES, world.sitting()), world.official("proctor")

    async def story(party: Party) -> None:
        proctor = await party.person(official)
        wire = await party.socket(proctor)
        assert (await wire.call("watch", {"board": world.board}, PATIENCE))["ok"]
        crowd = await asyncio.gather(*(party.candidate(person) for person in people))

        def told() -> set[object]:
            rows = [row for event, data in party.heard if event == "rows" for row in map(named, data["rows"])]
            return {row["id"] for row in rows if row["answered"] == 1}

        for seq in range(1, LEARNS_WITHIN):  # what changed before a worker knew is in the page's snapshot
            await asyncio.gather(*(one._act("save", one._named(items=[item(seq=seq)])) for one in crowd))
            if await party.until(lambda: len(told()) == CANDIDATES, 3 * SIGN_EVERY):
                return
        raise AssertionError(f"only {len(told())} were told")

    meet(server, story)


def test_a_take_over_on_any_worker_freezes_the_page_on_the_other(world: World, server: ExamServer) -> None:
    people = world.booked(CANDIDATES, world.sitting())

    async def story(party: Party) -> None:
        firsts = await asyncio.gather(*(party.candidate(person) for person in people))
        seconds = await asyncio.gather(*(party.candidate(person, running=False) for person in people))
        await asyncio.gather(*(one.join(take_over=True) for one in seconds))

        def frozen() -> list[VirtualCandidate]:
            return [one for one in firsts if one.frozen]

        assert await party.until(lambda: len(frozen()) == CANDIDATES), f"only {len(frozen())} froze"

    meet(server, story)
