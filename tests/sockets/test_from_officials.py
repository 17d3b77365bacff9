"""What officials send reaches the pages: a message, again after a lost line, a release, a closing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from exam_server.attention import service as attention
from exam_server.models import PageEvent
from tests.messages.samples import TEXT, marks_of
from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.sockets.test_acts import item, refusal
from tests.worlds import World


def texts(state: dict[str, Any]) -> list[str]:
    return [one["text"] for one in state["messages"]]


async def confirmed(party: Party, world: World, payload: dict[str, Any]) -> dict[str, Any]:
    """As the board's page does it: asked, then confirmed."""
    proctor = await party.person(world.official("proctor"))
    path = f"/board/{world.board}/acts"
    token = (await proctor.door.post(path, payload=payload)).accepted().body["confirm"]
    return (await proctor.door.post(path, payload=payload | {"confirm": token})).accepted().body


def test_a_message_reaches_the_open_page_and_again_the_one_that_lost_its_line(
    world: World, server: ExamServer
) -> None:
    person, other = world.booked(2, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        wire = await party.socket(one)
        mine = {"attempt": one.state["attempt"]}
        await wire.call("join", mine, PATIENCE)
        told = await confirmed(party, world, {"act": "message", "attempts": [mine["attempt"]], "text": TEXT})
        assert told["done"] == 1

        def heard() -> list[dict[str, Any]]:
            return [data for event, data in party.heard if event == "message"]

        assert await party.until(lambda: len(heard()) == 1)
        (message,) = heard()
        assert message["text"] == TEXT
        assert message["author"]
        assert (await wire.call("got", mine | {"messages": [message["id"]]}, PATIENCE))["ok"]
        await wire.close()
        again = await party.socket(one)
        assert texts(await again.call("join", mine, PATIENCE)) == [TEXT], "had, but not read"
        assert (await again.call("seen", mine | {"message": message["id"]}, PATIENCE))["ok"]
        assert (await again.call("seen", mine | {"message": message["id"]}, PATIENCE))["ok"]
        assert texts(await again.call("join", mine, PATIENCE)) == []

        neighbour = await party.candidate(other)
        theirs = {"attempt": neighbour.state["attempt"], "message": message["id"]}
        assert (await refusal(neighbour, "seen", theirs))["code"] == "message_unknown"
        assert (await refusal(neighbour, "seen", mine | {"message": message["id"]}))[
            "code"
        ] == "foreign_attempt"

    meet(server, story)
    ((delivered_at, seen_at),) = marks_of(world.db, world.attempt(person).id)
    assert delivered_at is not None
    assert seen_at is not None
    assert delivered_at <= seen_at


def test_a_socket_without_a_seat_has_nothing_to_mark(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person, running=False)
        wire = await party.socket(one)
        for event in ("seen", "got", "attention"):
            told = await wire.call(event, {"attempt": one.state["attempt"]}, PATIENCE)
            assert (told["ok"], told["code"]) == (False, "not_started")

    meet(server, story)


def test_a_released_page_is_told_that_an_official_did_it_and_writes_no_more(
    world: World, server: ExamServer
) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        wire = await party.socket(one)
        mine = {"attempt": one.state["attempt"]}
        lease = (await wire.call("join", mine, PATIENCE))["lease"]
        told = await confirmed(
            party, world, {"act": "release", "attempts": [mine["attempt"]], "text": "Rusak"}
        )
        assert told["done"] == 1

        def frozen() -> list[dict[str, Any]]:
            return [data for event, data in party.heard if event == "frozen"]

        assert await party.until(lambda: {"lease": lease + 1, "released": True} in frozen())
        late = await wire.call("save", mine | {"lease": lease, "items": [item()]}, PATIENCE)
        assert late["items"][0]["state"] == "taken_over"
        back = await wire.call("join", mine, PATIENCE)
        assert (back["ok"], back["lease"]) == (True, lease + 2)

    meet(server, story)
    assert world.evidence(person) == [(1, 1, "taken_over")]


def test_leaving_the_page_is_heard_only_under_the_policy(world: World, server: ExamServer) -> None:
    sitting = world.sitting()
    person, other = world.booked(2, sitting)

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        left = {"attempt": one.state["attempt"], "kind": "left"}
        assert one.state["attention"] is False
        assert (await refusal(one, "attention", left))["code"] == "not_watched"
        attention.switch(world.db, world.selection_id, True, world.official("admin").id, world.now)
        late = await party.candidate(other)
        assert late.state["attention"] is True
        mine = {"attempt": late.state["attempt"]}
        assert (await late._act("attention", mine | {"kind": "left"}))["kept"] is True
        assert (await late._act("attention", mine | {"kind": "back"}))["kept"] is True
        assert (await refusal(late, "attention", mine | {"kind": "asleep"}))["code"] == "bad_request"
        assert (await refusal(late, "attention", left))["code"] == "foreign_attempt"

    meet(server, story)
    with world.db.read() as tx:
        assert list(tx.scalars(sa.select(PageEvent.kind).order_by(PageEvent.id))) == ["left", "back"]


def test_a_page_that_an_official_closed_is_told_how(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        mine = one.state["attempt"]
        await one._act("save", one._named(items=[item()]))
        assert (await confirmed(party, world, {"act": "close", "attempts": [mine], "text": "Curang"}))[
            "done"
        ] == 1
        assert await party.until(lambda: one.closed_how == "official")

    meet(server, story)
    assert sorted(row.position for row in world.stored(person)) == [1]
