"""The key stays inside: every byte sent to candidates and proctors during a whole exam is searched for it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.bank.codec import seal
from exam_server.models import ItemKey
from exam_server.rehearsal.candidate import Transport, VirtualCandidate
from exam_server.rehearsal.door import Answer, Door, Refused
from exam_server.rehearsal.wire import Wire
from tests import worlds
from tests.journeys import canaries
from tests.journeys.canaries import FIELDS_OF_A_KEY, HIDDEN, VISIBLE, Recorder, disguises
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

ITEMS, DRAWN = 12, 10
ALLOWED = 10
"""Seconds: one of the two candidates is closed by the clock."""

WITHIN = 150.0
PAGES = (
    "/", "/offices/uji", "/status", "/choose", "/booking", "/exam", "/login", "/nowhere", "/board",
    "/exam/start", "/exam/picture/99", "/exam/picture/0", "/exam/state", "/choose/seats", "/healthz",
    "/static/nowhere.js", "/receipt", "/receipt/mine", "/receipt/nowhere",
)  # fmt: skip


@dataclass
class Heard:
    """Everything that was sent: to a candidate on each transport, and to the proctor who watched them."""

    socket: Recorder
    http: Recorder
    proctor: Recorder

    @property
    def everybody(self) -> tuple[Recorder, ...]:
        return self.socket, self.http, self.proctor


async def look_around(candidate: VirtualCandidate) -> None:
    """Every page, every picture of the paper, and every refusal that a request can earn."""
    for path in PAGES:
        await candidate.door.page(path)
        await candidate.door.get(path)
    for position in range(1, DRAWN + 1):
        await candidate.door.page(f"/exam/picture/{position}")


async def provoke(candidate: VirtualCandidate) -> None:
    """Saves, joins and submits that must be refused, each with its answer recorded."""
    named = {"attempt": candidate.state.get("attempt", ""), "lease": candidate.lease}
    bad_items: list[Any] = [
        [{"position": 999, "seq": 1, "option": 1}], [{"position": 1, "seq": 1, "option": 99}],
        [{"position": "1"}], [], "soal", [{"position": 1, "seq": 0, "option": 1}],
    ]  # fmt: skip
    for items in bad_items:
        await refused(candidate, "save", named | {"items": items})
    good = [{"position": 1, "seq": 1, "option": 1}]
    await refused(candidate, "save", named | {"items": good, "lease": 999})
    await refused(candidate, "save", named | {"items": good, "attempt": "somebody-else"})
    await refused(candidate, "join", {"attempt": "somebody-else"})
    await refused(candidate, "submit", named | {"lease": 999})


async def refused(candidate: VirtualCandidate, act: str, payload: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        await candidate._act(act, payload)


async def sit(
    url: str, person: Somebody, sitting: str, tap: Recorder, transport: Transport
) -> VirtualCandidate:
    """A whole exam: choosing, waiting, starting, the paper with its pictures, saving, refusals."""
    candidate = VirtualCandidate(url, person.email, PASSWORD, tap=tap, transport=transport)
    await candidate.door.read_token("/login")
    await candidate.door.post("/login", form={"email": person.email, "password": "salah"})
    await candidate.log_in()
    await look_around(candidate)
    await candidate.door.page(f"/choose/confirm?sitting={sitting}")
    (await candidate.choose(sitting)).accepted()
    await candidate.door.post("/choose", form={"sitting": "another"})
    await look_around(candidate)
    await candidate.start()
    await candidate.join()
    for position in range(1, DRAWN + 1):
        candidate.answer(position, 1 + position % 4, position % 3 == 0)
    await candidate.save()
    await candidate.beat()
    await look_around(candidate)
    await provoke(candidate)
    return candidate


async def watch(url: str, person: Somebody, board: str, tap: Recorder) -> tuple[Door, Wire]:
    door = Door(url, tap)
    await door.sign_in(person.email, PASSWORD)
    for path in ("/board", f"/board/{board}", f"/board/{board}/snapshot", "/exam", "/choose", "/"):
        await door.page(path)
        await door.get(path)
    wire = await Wire.open(door.session, url, lambda event, data: None, tap)
    assert (await wire.call("watch", {"board": board}, 10))["ok"]
    return door, wire


async def whole_exam(server: ExamServer, world: World) -> Heard:
    """One candidate submits, the other one is closed by the clock; the proctor watches both to the end."""
    heard = Heard(Recorder(), Recorder(), Recorder())
    sitting = world.sitting(allowed_seconds=ALLOWED, grace_seconds=0)
    first, second = world.accepted(2)
    door, wire = await watch(server.url, world.official("proctor"), world.board, heard.proctor)
    over_socket = await sit(server.url, first, sitting, heard.socket, "socket")
    over_http = await sit(server.url, second, sitting, heard.http, "http")
    if (await over_http.look())["phase"] == "running":
        await over_http.submit()
    while over_socket.closed_how is None:
        await asyncio.sleep(0.05)
    for candidate in (over_socket, over_http):
        candidate.answer(1, 1)
        with pytest.raises(Refused):
            await candidate.save()
        await look_around(candidate)
        await candidate.close()
    await door.get(f"/board/{world.board}/snapshot")
    await door.get("/socket.io/?EIO=4&transport=polling")
    await wire.close()
    await door.close()
    return heard


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    folder: Path = tmp_path_factory.mktemp("canaries")
    items, pictures = canaries.bank(ITEMS)
    world = worlds.build(f"sqlite:///{folder / 'exam.db'}", bank_items=items, pictures=pictures, drawn=DRAWN)
    server = ExamServer(folder)
    try:

        async def bounded() -> Heard:
            async with asyncio.timeout(WITHIN):
                return await whole_exam(server, world)

        yield asyncio.run(bounded())
    finally:
        server.close()
        world.close()


@pytest.mark.parametrize("who", ["socket", "http", "proctor"])
def test_no_byte_of_a_key_or_of_the_authors_notes_is_ever_sent(heard: Heard, who: str) -> None:
    recorder: Recorder = getattr(heard, who)
    assert len(recorder.seen) > 10
    assert recorder.hits(disguises(HIDDEN)) == []


@pytest.mark.parametrize("who", ["socket", "http", "proctor"])
def test_no_json_has_a_field_in_which_a_key_could_travel(heard: Heard, who: str) -> None:
    recorder: Recorder = getattr(heard, who)
    objects = Recorder([(where, data) for where, data in recorder.seen if _is_json(data)])
    assert len(objects.seen) > 3
    assert objects.hits(FIELDS_OF_A_KEY) == []


def _is_json(data: bytes) -> bool:
    return data.startswith(b"4") or b"application/json" in data.partition(b"\n\n")[0]


@pytest.mark.parametrize("who", ["socket", "http"])
def test_control_the_same_search_finds_the_canary_of_the_stems(heard: Heard, who: str) -> None:
    assert "GET /exam" in getattr(heard, who).hits(disguises(VISIBLE))


def test_the_stems_are_sent_to_nobody_but_their_candidate(heard: Heard) -> None:
    assert heard.proctor.hits(disguises(VISIBLE)) == []
    assert set(heard.socket.hits(disguises(VISIBLE))) == {"GET /exam"}


def test_the_record_holds_pages_pictures_refusals_and_both_transports(heard: Heard) -> None:
    pictures = [data for where, data in heard.socket.seen if where.startswith("GET /exam/picture/")]
    assert any(b"image/png" in data and b"IHDR" in data for data in pictures)
    frames = [data for where, data in heard.socket.seen if where == "socket"]
    assert any(b'"closed"' in frame and b"clock" in frame for frame in frames)
    assert any(b'"rows"' in data for where, data in heard.proctor.seen if where == "socket")
    assert {"POST /exam/save", "POST /exam/submit"} <= heard.http.places
    said = b" ".join(data for _, data in heard.http.seen + heard.socket.seen)
    for code in (b"unknown_option", b"unknown_position", b"bad_request", b"foreign_attempt", b"taken_over"):
        assert code in said


def test_no_answer_of_the_whole_exam_was_an_accident(heard: Heard) -> None:
    accidents = [
        where for one in heard.everybody for where, data in one.seen if where != "socket" and data[:1] == b"5"
    ]
    assert accidents == []


@pytest.mark.parametrize("form", disguises(HIDDEN), ids=range(len(disguises(HIDDEN))))
def test_control_every_disguise_of_a_planted_word_is_found(form: bytes) -> None:
    recorder = Recorder([("somewhere", b"before " + form + b" after")])
    assert recorder.hits(disguises(HIDDEN)) == ["somewhere"]


def test_a_page_is_the_same_whatever_its_key_says(tmp_path: Path) -> None:
    """The strongest form: with every key changed, not one byte of paper or state changes."""
    items, pictures = canaries.bank(ITEMS)
    world = worlds.build(
        f"sqlite:///{tmp_path / 'exam.db'}", bank_items=items, pictures=pictures, drawn=DRAWN
    )
    person = world.booked(1, world.sitting())[0]
    token = world.token(person)
    server = ExamServer(tmp_path)
    try:
        before = asyncio.run(paper(server.url, token))
        turn_every_key(world)
        server.restart()
        after = asyncio.run(paper(server.url, token))
    finally:
        server.close()
        world.close()
    assert VISIBLE in before
    assert before == after


async def paper(url: str, token: str) -> str:
    """The page of the running exam without what differs from answer to answer: nonce and server time."""
    door = Door(url)
    try:
        door.adopt(token)
        await door.read_token("/")
        (await door.post("/exam/start", form={"pledge": "yes"})).accepted()
        page: Answer = (await door.page("/exam")).accepted()
    finally:
        await door.close()
    return re.sub(r'nonce="[^"]*"|nonce-[\w-]+|"now": ?\d+', "", page.content.decode())


def turn_every_key(world: World) -> None:
    """A further version of every key that accepts another option."""
    with world.db.write() as tx:
        for key in tx.scalars(sa.select(ItemKey)).all():
            content = json.dumps({"accepted": [3], "explanation": "lain"}).encode()
            tx.add(ItemKey(revision_id=key.revision_id, version=key.version + 1, content=seal(content),
                           created_at=worlds.wall()))  # fmt: skip
