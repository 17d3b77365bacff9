"""What proctors do, at the candidate's phone: a message that moves nothing, a release, a left page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from exam_server.attention import service as attention
from exam_server.models import PageEvent
from tests.journeys.people import PHONE, Visitor, fits_the_screen
from tests.journeys.seats import Place, Seat, open_place
from tests.messages.samples import marks_of
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT = "Ruang 2 <b>pindah</b> ke lantai bawah.\nWaktu Anda tetap berjalan."
ACT = """async ([path, payload]) => {
  const send = async (body) => (await fetch(path, { method: "POST", body: JSON.stringify(body), headers: {
    "Content-Type": "application/json", Accept: "application/json",
    "X-CSRF": document.querySelector("meta[name=csrf]").content } })).json();
  const { confirm } = await send(payload);
  return send({ ...payload, confirm });
}"""
PLACES = """() => [...document.querySelectorAll(".q:not([hidden]) label")]
  .map((one) => one.getBoundingClientRect().top)"""
DEAF = 700
"""Milliseconds after a message came in which a press was meant for something else."""


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[Place]:
    place = open_place(tmp_path, count=2)
    yield place
    place.leave()
    place.server.close()
    place.world.close()


@pytest.fixture
def proctor(chromium: Browser, hour: Place) -> Iterator[Visitor]:
    official = Visitor(chromium, hour.server.url, PHONE)
    official.sign_in(hour.world.official("proctor").email, PASSWORD)
    yield official
    official.leave()


def act(proctor: Visitor, seat: Seat, **payload: Any) -> None:
    """As the board's page does it: asked, then confirmed."""
    world = seat.place.world
    wanted = payload | {"attempts": [world.attempt(seat.person).public_id]}
    told = proctor.page.evaluate(ACT, [f"/board/{world.board}/acts", wanted])
    assert told.get("done") == 1, told


def marked(seat: Seat) -> list[tuple[bool, bool]]:
    """(delivered, seen) of each message."""
    world = seat.place.world
    told = marks_of(world.db, world.attempt(seat.person).id)
    return [(delivered is not None, seen is not None) for delivered, seen in told]


def read(seat: Seat) -> None:
    """As a person does it: not in the instant in which the message comes."""
    began = float(seat.page.evaluate("() => performance.now()"))
    assert seat.until(lambda: seat.page.evaluate("() => performance.now()") > began + DEAF)
    seat.page.get_by_role("button", name="Sudah saya baca").click()
    expect(seat.page.locator("#messages")).to_be_hidden()


def test_a_message_lies_above_the_question_moves_nothing_and_stays_until_it_was_read(
    chromium: Browser, hour: Place, proctor: Visitor
) -> None:
    seat = hour.seat(chromium)
    seat.enter()
    page, banner = seat.page, seat.page.locator("#messages")
    before = page.evaluate(PLACES)
    act(proctor, seat, act="message", text=TEXT)
    expect(banner).to_be_visible()
    expect(banner.locator(".said")).to_have_text(TEXT)
    assert banner.locator("b").count() == 0, "told as text"
    assert page.evaluate(PLACES) == before, "nothing moves under a thumb"
    expect(page.locator("#polite")).to_contain_text("Pesan dari")
    assert fits_the_screen(page)
    seat.accessible()
    assert seat.until(lambda: marked(seat) == [(True, False)])
    page.reload()
    seat.be_connected()
    expect(banner).to_be_visible()
    expect(banner).not_to_have_attribute("data-over", re.compile(".*"))
    read(seat)
    assert seat.until(lambda: marked(seat) == [(True, True)])
    page.reload()
    seat.be_connected()
    expect(banner).to_be_hidden()
    seat.answer(1, 2)
    seat.expect_fate(1, "Tersimpan")


def test_a_message_that_was_sent_while_the_network_was_away_comes_with_it(
    chromium: Browser, hour: Place, proctor: Visitor
) -> None:
    seat = hour.seat(chromium)
    seat.enter()
    seat.lose_the_network()
    act(proctor, seat, act="message", text=TEXT)
    seat.context.set_offline(False)
    seat.be_connected()
    expect(seat.page.locator("#messages")).to_be_visible()


def test_the_waiting_room_hears_messages_too(chromium: Browser, hour: Place, proctor: Visitor) -> None:
    seat = hour.seat(chromium)
    seat.be_signed_in()
    seat.page.goto("/exam")
    banner = seat.page.locator("#messages")
    start = seat.page.get_by_role("button", name="Mulai mengerjakan tes")
    act(proctor, seat, act="message", text=TEXT)
    expect(banner).to_be_visible()
    assert fits_the_screen(seat.page)
    seat.accessible()
    assert seat.until(lambda: marked(seat) == [(True, False)])
    read(seat)
    expect(start).to_be_visible()
    assert seat.until(lambda: marked(seat) == [(True, True)])


def test_a_released_phone_says_who_did_it_and_sits_down_again(
    chromium: Browser, hour: Place, proctor: Visitor
) -> None:
    seat = hour.seat(chromium)
    seat.enter()
    act(proctor, seat, act="release", text="Ponsel rusak")
    dialog = seat.page.get_by_role("dialog", name="Perangkat ini dilepas oleh petugas")
    expect(dialog).to_contain_text("Petugas melepas perangkat ini")
    seat.accessible()
    other = hour.other_phone(chromium, seat.person)
    other.be_signed_in()
    other.page.goto("/exam")
    other.be_connected()
    other.answer(1, 3)
    other.expect_fate(1, "Tersimpan")
    assert other.stored() == {1: 3}


def test_leaving_the_page_is_told_when_the_lobby_said_so(chromium: Browser, hour: Place) -> None:
    world = hour.world
    quiet, watched = hour.seat(chromium), hour.seat(chromium)
    quiet.enter()
    attention.switch(world.db, world.selection_id, True, world.official("admin").id, world.now)
    watched.be_signed_in()
    watched.page.goto("/exam")
    expect(watched.page.locator("#watched")).to_be_visible()
    watched.enter()
    for seat in (quiet, watched):
        seat.page.evaluate("dispatchEvent(new Event('focus'))")
        seat.page.evaluate(
            "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
            " document.dispatchEvent(new Event('visibilitychange')); }"
        )

    def told() -> list[tuple[int, str]]:
        with world.db.read() as tx:
            return [(row.attempt_id, row.kind) for row in tx.scalars(sa.select(PageEvent))]

    assert watched.until(lambda: told() == [(world.attempt(watched.person).id, "left")])
