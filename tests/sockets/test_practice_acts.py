"""Every act of a practice over a socket, and that a seat at a practice is none at an exam."""

from __future__ import annotations

from typing import Any

from exam_server.rehearsal.candidate import VirtualCandidate
from exam_server.rehearsal.wire import Wire
from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.worlds import World


def item(position: int = 1, seq: int = 1, option: int | None = 2) -> dict[str, Any]:
    return {"position": position, "seq": seq, "option": option, "flagged": False}


async def call(wire: Wire, act: str, **payload: Any) -> dict[str, Any]:
    return await wire.call(act, payload, PATIENCE)


async def begun(party: Party, one: VirtualCandidate) -> str:
    """The name of a practice that runs from now."""
    assert (await one.door.post("/practice/start", form={})).status == 303
    return str((await one.door.get("/practice/state")).body["attempt"])


def test_a_practice_is_joined_saved_and_handed_in(world: World, server: ExamServer) -> None:
    (person,) = world.accepted(1)

    async def story(party: Party) -> None:
        one = await party.person(person)
        attempt = await begun(party, one)
        wire = await party.socket(one)
        joined = await call(wire, "practice_join", attempt=attempt)
        mine = {"attempt": attempt, "lease": joined["lease"]}
        saved = await call(wire, "practice_save", **mine, items=[item(), item(2, 3)])
        assert [(row["state"], row["durable"]) for row in saved["items"]] == [("saved", 1), ("saved", 3)]
        assert (await call(wire, "practice_beat"))["now"] >= saved["now"]
        assert (await call(wire, "practice_submit", **mine))["ok"]
        assert await party.until(lambda: ("closed", {"how": "submitted"}) in party.heard)
        late = await call(wire, "practice_save", **mine, items=[item(seq=2)])
        assert (late["code"], late["items"][0]["state"]) == ("closed", "closed")

    meet(server, story)


def test_a_second_device_takes_over_and_the_first_one_hears_of_it(world: World, server: ExamServer) -> None:
    (person,) = world.accepted(1)

    async def story(party: Party) -> None:
        one, other = await party.person(person), await party.person(person)
        attempt = await begun(party, one)
        first = await party.socket(one)
        lease = (await call(first, "practice_join", attempt=attempt))["lease"]
        second = await party.socket(other)
        assert (await call(second, "practice_join", attempt=attempt))["code"] == "taken_over"
        assert (await call(second, "practice_join", attempt=attempt, take_over=True))["lease"] == lease + 1
        assert await party.until(lambda: ("frozen", {"lease": lease + 1}) in party.heard)
        said = await call(first, "practice_save", attempt=attempt, lease=lease, items=[item()])
        assert said["code"] == "taken_over"
        assert (await call(first, "practice_submit", attempt=attempt, lease=lease))["code"] == "taken_over"

    meet(server, story)


def test_a_practice_that_is_not_ones_own_is_refused(world: World, server: ExamServer) -> None:
    person, other = world.accepted(2)

    async def story(party: Party) -> None:
        one, neighbour = await party.person(person), await party.person(other)
        foreign = await begun(party, neighbour)
        wire = await party.socket(one)
        assert (await call(wire, "practice_save", attempt=foreign, lease=1, items=[item()]))[
            "code"
        ] == "not_started"
        assert (await call(wire, "practice_join", attempt=foreign))["code"] == "no_attempt"
        await begun(party, one)
        assert (await call(wire, "practice_join", attempt=foreign))["code"] == "foreign_attempt"
        said = await call(wire, "practice_save", attempt=foreign, lease=1, items=[item()])
        assert said["code"] == "foreign_attempt"
        assert (await call(wire, "practice_save", items="all"))["sentence"]

    meet(server, story)


def test_a_seat_at_a_practice_writes_nothing_into_an_exam(world: World, server: ExamServer) -> None:
    """The run and an attempt may have the same number; what is named decides, and the kind of the seat."""
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.person(person)
        attempt = await begun(party, one)
        wire = await party.socket(one)
        lease = (await call(wire, "practice_join", attempt=attempt))["lease"]
        for act in ("save", "submit", "beat"):
            said = await call(wire, act, attempt=attempt, lease=lease, items=[item()])
            assert said["code"] == "not_started", act
        assert (await call(wire, "practice_save", attempt=attempt, lease=lease, items=[item()]))["ok"]

    meet(server, story)
    assert world.stored(person) == []


def test_a_seat_at_an_exam_writes_nothing_into_a_practice(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.person(person)
        await one.look()
        attempt = await begun(party, one)
        await one.start()
        wire = await party.socket(one)
        assert (await call(wire, "join", attempt=one.state["attempt"], take_over=True))["ok"]
        said = await call(wire, "practice_save", attempt=attempt, lease=1, items=[item()])
        assert said["code"] == "not_started"

    meet(server, story)
    assert world.scalar("SELECT count(*) FROM practice_response") == 0
