"""Watching a board: who may, and how soon it tells."""

from __future__ import annotations

import time
from datetime import timedelta

import sqlalchemy as sa

from exam_server.models import ServerSession
from tests.board.stand import named
from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.sockets.test_acts import item, refusal
from tests.worlds import World, wall

WITHIN = 2.0
"""Seconds that a board may be behind, beyond what the machine itself is late."""


SILENCE = 3.0
"""Seconds without a frame, which a board that is told never has: there is a pulse each second."""


class Silence:
    """True once nothing has been told to a party for SILENCE."""

    def __init__(self, party: Party) -> None:
        self._party, self._heard, self._since = party, -1, 0.0

    def __call__(self) -> bool:
        if len(self._party.heard) != self._heard:
            self._heard, self._since = len(self._party.heard), time.monotonic()
        return time.monotonic() - self._since > SILENCE


def test_a_proctor_hears_every_step_of_a_candidate_within_two_seconds(
    world: World, server: ExamServer
) -> None:
    (person,), official = world.booked(1, world.sitting()), world.official("proctor")

    async def story(party: Party) -> None:
        proctor = await party.person(official)
        wire = await party.socket(proctor)
        assert (await wire.call("watch", {"board": world.board}, PATIENCE))["ok"]

        def rows() -> list[dict[str, object]]:
            return [row for event, data in party.heard if event == "rows" for row in map(named, data["rows"])]

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


def test_a_socket_leaves_the_board_when_its_person_is_assigned_no_more(
    world: World, server: ExamServer
) -> None:
    people, official = world.booked(2, world.sitting()), world.official("proctor")

    async def story(party: Party) -> None:
        wire = await party.socket(await party.person(official))
        ack = await wire.call("watch", {"board": world.board}, PATIENCE)
        assert (ack["ok"], ack["queue"], len(ack["frames"])) == (True, True, 1)
        assert await party.until(lambda: bool(party.heard)), "a quiet board has a pulse"
        with world.db.write() as tx:
            tx.execute(sa.text("DELETE FROM sitting_proctor"))
        assert await party.until(Silence(party), PATIENCE), "it is still told"
        heard = len(party.heard)
        await party.candidate(people[0])
        refused = await wire.call("watch", {"board": world.board}, PATIENCE)
        assert (refused["ok"], refused["code"]) == (False, "forbidden")
        assert len(party.heard) == heard

    meet(server, story)


def test_a_socket_ends_with_the_session_of_its_official(world: World, server: ExamServer) -> None:
    world.sitting()
    official = world.official("proctor")

    async def story(party: Party) -> None:
        wire = await party.socket(await party.person(official))
        assert (await wire.call("watch", {"board": world.board}, PATIENCE))["ok"]
        with world.db.write() as tx:
            ran_out = {"opened_at": wall() - timedelta(hours=13), "expires_at": wall() - timedelta(seconds=1)}
            of_it = ServerSession.account_id == official.id
            tx.execute(sa.update(ServerSession).where(of_it).values(**ran_out))
        assert await party.until(lambda: wire.gone), "it is still told"

    meet(server, story)
