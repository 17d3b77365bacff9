"""Watching a board: who may, and how soon it tells."""

from __future__ import annotations

from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.sockets.test_acts import item, refusal
from tests.worlds import World

WITHIN = 2.0
"""Seconds that a board may be behind, beyond what the machine itself is late."""


def test_a_proctor_hears_every_step_of_a_candidate_within_two_seconds(
    world: World, server: ExamServer
) -> None:
    (person,), official = world.booked(1, world.sitting()), world.official("proctor")

    async def story(party: Party) -> None:
        proctor = await party.person(official)
        wire = await party.socket(proctor)
        assert (await wire.call("watch", {"board": world.board}, PATIENCE))["ok"]

        def rows() -> list[dict[str, object]]:
            return [row for event, data in party.heard if event == "rows" for row in data["rows"]]

        one = await party.candidate(person)
        assert await party.promptly(lambda: any(row["phase"] == "running" for row in rows()), WITHIN)
        await one._act("save", one._named(items=[item(1), item(2)]))
        assert await party.promptly(lambda: any(row["answered"] == 2 for row in rows()), WITHIN), (
            wire.gone,
            party.heard,
            server.log,
        )
        await one.submit()
        assert await party.promptly(lambda: any(row["phase"] == "submitted" for row in rows()), WITHIN)
        revisions = [int(str(row["rev"])) for row in rows()]
        assert revisions == sorted(revisions)

    meet(server, story)


def test_a_candidate_cannot_watch_a_board(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        assert (await refusal(one, "watch", {"board": world.board}))["code"] == "forbidden"
        assert (await refusal(one, "watch", {"board": "nothing"}))["code"] == "not_found"

    meet(server, story)
