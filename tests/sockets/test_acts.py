"""Every act over a socket: its success, and its refusals with their own code and sentence."""

from __future__ import annotations

from typing import Any

import pytest

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.door import Refused
from tests.servers import ExamServer
from tests.sockets.conftest import Party, meet
from tests.worlds import World


def item(position: int = 1, seq: int = 1, option: int | None = 2, **more: Any) -> dict[str, Any]:
    return {"position": position, "seq": seq, "option": option, "flagged": False, **more}


async def refusal(one: VirtualCandidate, act: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What the server says when it refuses; fails when it does not."""
    with pytest.raises(Refused) as refused:
        await one._act(act, payload)
    assert refused.value.body["sentence"]
    return refused.value.body


def test_a_save_is_acknowledged_with_its_durable_seq(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        told = await one._act("save", one._named(items=[item(), item(2, 5, None)]))
        assert [(row["position"], row["state"], row["durable"]) for row in told["items"]] == [
            (1, "saved", 1),
            (2, "saved", 5),
        ]
        again = await one._act("save", one._named(items=[item()]))
        assert (again["items"][0]["state"], again["items"][0]["durable"]) == ("stale", 1)

    meet(server, story)
    assert sorted(row.position for row in world.stored(person)) == [1, 2]


def test_each_bad_save_has_its_own_code(world: World, server: ExamServer) -> None:
    sitting = world.sitting()
    person, other = world.booked(2, sitting)

    async def story(party: Party) -> None:
        one, neighbour = await party.candidate(person), await party.candidate(other)
        named = one._named
        assert (await refusal(one, "save", named(items=[item(option=99)])))["code"] == "unknown_option"
        assert (await refusal(one, "save", named(items=[item(position=99)])))["code"] == "unknown_position"
        assert (await refusal(one, "save", named(items="all")))["code"] == "bad_request"
        assert (await refusal(one, "save", {**named(items=[item()]), "lease": 0}))["code"] == "taken_over"
        foreign = {**named(items=[item()]), "attempt": neighbour.state["attempt"]}
        assert (await refusal(one, "save", foreign))["code"] == "foreign_attempt"

    meet(server, story)
    assert world.stored(person) == []


def test_a_save_before_the_start_is_refused(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person, running=False)
        await one.join()
        said = await refusal(one, "save", one._named(items=[item()]))
        assert said["code"] == "not_started"

    meet(server, story)


def test_a_save_after_submitting_is_refused_and_kept_as_evidence(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        await one._act("save", one._named(items=[item()]))
        assert (await one.submit())["ok"]
        assert (await one.submit())["ok"], "a repetition changes nothing"
        said = await refusal(one, "save", one._named(items=[item(2)]))
        assert said["code"] == "closed"
        assert await party.until(lambda: one.closed_how == "submitted")

    meet(server, story)
    assert world.evidence(person) == [(2, 1, "closed")]


def test_a_second_device_has_to_say_that_it_takes_over_and_the_first_one_freezes(
    world: World, server: ExamServer
) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        first = await party.candidate(person)
        second = await party.candidate(person, running=False)
        said = await refusal(second, "join", {"attempt": second.state["attempt"], "take_over": False})
        assert said["code"] == "taken_over"
        await second.join(take_over=True)
        assert await party.until(lambda: first.frozen)
        late = await refusal(first, "save", first._named(items=[item()]))
        assert late["code"] == "taken_over"
        assert (await second._act("save", second._named(items=[item(option=3)])))["ok"]

    meet(server, story)
    assert [(row.position, row.option) for row in world.stored(person)] == [(1, 3)]
    assert world.evidence(person) == [(1, 1, "taken_over")]


def test_an_event_that_is_no_object_is_refused_and_the_socket_lives(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        assert (await refusal(one, "save", []))["code"] == "bad_request"  # type: ignore[arg-type]
        assert (await one.beat())["ok"]

    meet(server, story)
