"""F10: the network flaps between candidates and server, also after a commit and before its reply."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import pytest

from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.wire import Unknown
from tests.faults import check
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd, let_them_save, seed_said, until
from tests.faults.proxy import Mode, Proxy, origin
from tests.faults.sizes import size
from tests.processes import free_port
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = pytest.mark.slow
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
by_any_transport = pytest.mark.parametrize("transport", ["socket", "http"])

CANDIDATES = 12
PATIENCE = size(0.6, 5.0)
WEATHER: tuple[Mode, ...] = ("hole", "mute", "reset", "slow")
BAD_FOR, GOOD_FOR = size((0.9, 0.5), (20.0, 20.0))
"""Seconds that each kind of bad weather lasts, and the good weather after it."""

LASTS = size(0.0, 300.0)
"""Seconds; at the least, every kind of weather comes once."""

DRAINED_WITHIN = size(60.0, 20.0)
ONE_PATIENCE = 1.5
"""Seconds, of who is alone: enough for a page on a busy machine, and waited for at each lost reply."""


@dataclass
class Place:
    """Where candidates come in through a network that fails, and the database behind it."""

    proxy: Proxy
    world: World


@pytest.fixture
def one_server(world: World, tmp_path: Path) -> Iterator[Place]:
    """One server on SQLite."""
    port = free_port()
    server = ExamServer(tmp_path, world.url, env={"EXAM_ORIGINS": origin(port)})
    with Proxy(server.port, port) as proxy:
        yield Place(proxy, world)
    server.close()


@pytest.fixture
def three_workers(wide_world: World, cluster: Cluster) -> Iterator[Place]:
    """Three workers behind nginx, on PostgreSQL."""
    with Proxy(cluster.nginx.port, cluster.spare_port) as proxy:
        yield Place(proxy, wide_world)


@pytest.fixture
def proxy(three_workers: Place) -> Proxy:
    return three_workers.proxy


@pytest.fixture
def person(wide_world: World) -> Somebody:
    return wide_world.booked(1, wide_world.sitting())[0]


def weather(proxy: Proxy, crowd: Crowd, world: World) -> Iterator[Mode]:
    """One spell after the other until LASTS seconds have passed; after each, what is told is stored."""
    end = time.monotonic() + LASTS
    for played, mode in enumerate(cycle(WEATHER), 1):
        for turned, lasts in ((mode, BAD_FOR), ("open", GOOD_FOR)):
            proxy.turn(turned)
            over = time.monotonic() + lasts
            until(lambda: time.monotonic() >= over, lasts + 1)  # noqa: B023
            assert crowd.lost(world) == []
        yield mode
        if played >= len(WEATHER) and time.monotonic() >= end:
            return


@on_sqlite
def test_a_flapping_network_loses_nothing_and_doubles_nothing(one_server: Place) -> None:
    come_through(one_server)


def test_a_flapping_network_before_three_workers_loses_nothing_and_doubles_nothing(
    three_workers: Place,
) -> None:
    come_through(three_workers)


def come_through(place: Place) -> None:
    """Everybody answers through all weathers and hands in; nothing is lost, doubled or mixed up."""
    world, proxy = place.world, place.proxy
    people = world.booked(CANDIDATES, world.sitting())
    with Crowd(proxy.url, people, seed_said(), world=world, patience=PATIENCE) as crowd:
        let_them_save(crowd, random.Random(1))
        played = set(weather(proxy, crowd, world))
        before = crowd.acks
        assert until(lambda: crowd.everybody_saved_since(before), DRAINED_WITHIN), crowd.refusals
        crowd.hand_in()
        assert until(lambda: check.not_scored_once(world) == [], DRAINED_WITHIN)
    assert played == set(WEATHER)
    assert crowd.unknown > 0, "no answer was left without a reply"
    assert proxy.swallowed > 0, "no reply was lost after its commit"
    assert crowd.refusals == []
    assert check.not_the_last_word(world, crowd.sat) == []
    assert check.complaints(world, crowd.sat) == []


class Forgetful(VirtualCandidate):
    """A page without protections: what left counts as saved (`believes`), or what is sent again is new."""

    believes = False

    async def save(self) -> dict[str, object]:
        entries = self.outbox.entries
        try:
            return await super().save()
        except Unknown:
            for entry in entries:
                if self.believes:
                    self.outbox.settle(entry.position, entry.seq)
                else:
                    self.answer(entry.position, entry.option)
            raise


class Believing(Forgetful):
    believes = True


async def one_answer_in(
    mode: Mode, kind: type[VirtualCandidate], proxy: Proxy, world: World, person: Somebody,
    transport: Transport = "socket",
) -> tuple[VirtualCandidate, int]:  # fmt: skip
    """Who answered once while the weather was `mode`, and goes on after it; what was stored before that."""
    one = kind(
        proxy.url, person.email, PASSWORD, transport=transport, patience=ONE_PATIENCE, longest_pause=0.2
    )
    try:
        await one.adopt(world.token(person))
        await one.start()
        await one.join()
        await asyncio.to_thread(proxy.turn, mode)
        one.answer(1, 3)
        with pytest.raises(Unknown):
            await one.save()
        stored = len(world.stored(person))
        one.drop()
        await asyncio.to_thread(proxy.turn, "open")
        await one.deliver(DRAINED_WITHIN)
        return one, stored
    finally:
        await one.close()


@by_any_transport
def test_an_answer_whose_reply_was_lost_after_the_commit_is_stored_once(
    wide_world: World, proxy: Proxy, person: Somebody, transport: Transport
) -> None:
    one, stored = asyncio.run(one_answer_in("mute", VirtualCandidate, proxy, wide_world, person, transport))
    assert stored == 1, "the server has committed it, and nobody was told"
    assert one.journal.unknown == 1
    assert [tuple(row) for row in check.versions(wide_world, person)] == [(1, 1, 3)]
    assert one.outbox.entries == []
    assert check.complaints(wide_world, [(person, one.journal)]) == []


def test_control_an_answer_sent_again_under_a_new_number_is_stored_twice(
    wide_world: World, proxy: Proxy, person: Somebody
) -> None:
    asyncio.run(one_answer_in("mute", Forgetful, proxy, wide_world, person))
    assert [tuple(row) for row in check.versions(wide_world, person)] == [(1, 1, 3), (1, 2, 3)]


@by_any_transport
def test_an_answer_that_never_reached_the_server_is_sent_again(
    wide_world: World, proxy: Proxy, person: Somebody, transport: Transport
) -> None:
    one, stored = asyncio.run(one_answer_in("reset", VirtualCandidate, proxy, wide_world, person, transport))
    assert stored == 0
    assert [tuple(row) for row in wide_world.stored(person)] == [(1, 1, 3)]
    assert check.complaints(wide_world, [(person, one.journal)]) == []


def test_control_a_page_that_takes_what_it_sent_for_saved_loses_it(
    wide_world: World, proxy: Proxy, person: Somebody
) -> None:
    one, _ = asyncio.run(one_answer_in("reset", Believing, proxy, wide_world, person))
    assert one.outbox.entries == []
    assert check.complaints(wide_world, [(person, one.journal)]) != []


def test_of_six_answers_changed_offline_the_last_choice_of_each_is_stored(
    wide_world: World, proxy: Proxy, person: Somebody
) -> None:
    async def story() -> VirtualCandidate:
        one = VirtualCandidate(proxy.url, person.email, PASSWORD, patience=ONE_PATIENCE, longest_pause=0.2)
        try:
            await one.adopt(wide_world.token(person))
            await one.start()
            await one.join()
            for position in range(1, 7):
                one.answer(position, 1)
            await one.save()
            await asyncio.to_thread(proxy.turn, "hole")
            for option in (2, 3, 4):  # each choice leaves the page, and is overtaken on its way
                for position in range(1, 7):
                    one.answer(position, option)
                with pytest.raises(Unknown):
                    await one.save()
            one.drop()
            await asyncio.to_thread(proxy.turn, "open")
            assert await one.deliver(DRAINED_WITHIN)
            return one
        finally:
            await one.close()

    one = asyncio.run(story())
    assert [(row.position, row.option) for row in wide_world.stored(person)] == [(n, 4) for n in range(1, 7)]
    assert one.journal.unknown == 18
    assert check.complaints(wide_world, [(person, one.journal)]) == []
