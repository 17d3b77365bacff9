"""Who may open a socket, and what closes it again."""

from __future__ import annotations

import asyncio
import inspect

import aiohttp
import pytest
from socketio import Server

from exam_server.rehearsal.wire import PATH, ConnectRefused
from tests.servers import ExamServer
from tests.sockets.conftest import PATIENCE, Party, meet
from tests.worlds import World


def test_a_socket_without_a_signed_in_person_is_refused(server: ExamServer) -> None:
    async def story(party: Party) -> None:
        from exam_server.rehearsal.candidate import VirtualCandidate

        stranger = VirtualCandidate(server.url, "nobody@uji.example", "x", patience=PATIENCE)
        try:
            with pytest.raises(ConnectRefused):
                await party.socket(stranger)
        finally:
            await stranger.close()

    meet(server, story)


def test_a_socket_from_a_foreign_page_is_refused(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person, running=False)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await one.door.session.ws_connect(server.url + PATH, origin="https://elsewhere.example")
        assert refused.value.status == 400

    meet(server, story)


def test_signing_out_on_a_page_drops_the_socket_too(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        wire = await party.socket(one)
        assert (await one.door.post("/logout", form={})).status == 303
        assert await party.until(lambda: wire.gone)
        with pytest.raises(ConnectRefused):
            await party.socket(one)

    meet(server, story)


def test_a_frame_that_is_too_large_ends_the_connection(world: World, server: ExamServer) -> None:
    (person,) = world.booked(1, world.sitting())

    async def story(party: Party) -> None:
        one = await party.candidate(person)
        async with one.door.session.ws_connect(server.url + PATH, origin=server.url) as ws:
            await ws.send_str("42" + "x" * 70_000)
            async with asyncio.timeout(PATIENCE):
                while (message := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
                    pass
            assert message.type in (
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.ERROR,
            )

    meet(server, story)


def test_the_private_method_that_carries_an_ack_id_is_as_we_know_it() -> None:
    names = list(inspect.signature(Server._handle_event_internal).parameters)
    assert names == ["self", "server", "sid", "eio_sid", "data", "namespace", "id"]
