"""What a phone keeps of its answers: before they are sent, across a reload, and with little storage."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.seats import Place, Seat

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHANGED = {1: 2, 2: 3, 3: 4}
SLOW = 1500
"""Milliseconds that a slow device needs to keep a choice."""

SLOW_DEVICE = """Object.defineProperty(IDBTransaction.prototype, "oncomplete", { set(heard) {
  this.addEventListener("complete", () => setTimeout(heard, %d));
} })"""

BELIEVING = """this.own = new Map();
    for (const [position, entry] of this.store.entries) this.durable.set(position, entry);
    return;"""


def come_back(seat: Seat) -> None:
    """The page is left without a network, and opened again with one."""
    seat.page.goto("about:blank")
    seat.context.set_offline(False)
    seat.page.goto("/exam")
    seat.be_connected()
    seat.expect_fate(1, "Tersimpan")


def change_without_a_network(seat: Seat) -> None:
    """The first of these was saved otherwise before."""
    seat.enter()
    seat.answer(1, 1)
    seat.expect_fate(1, "Tersimpan")
    seat.lose_the_network()
    seat.answer_all(CHANGED)


def test_answers_that_were_found_again_are_sent(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    change_without_a_network(seat)
    come_back(seat)
    seat.expect_fate(3, "Tersimpan")
    assert seat.stored() == CHANGED


def test_control_a_page_that_believes_found_answers_to_be_saved_loses_them(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium, "worker")
    seat.run_instead("exam/outbox.js", r"(#take\(\) \{)", rf"\1 {BELIEVING}")
    change_without_a_network(seat)
    come_back(seat)
    seat.has_chosen("2", "3", "4")
    assert seat.stored() == {1: 1}, "shown as saved, and never sent"


def test_without_the_database_answers_survive_a_reload_and_it_is_said(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium, "worker", "database")
    change_without_a_network(seat)
    expect(seat.page.locator("#notice")).to_contain_text("penyimpanan sederhana")
    come_back(seat)
    seat.expect_fate(3, "Tersimpan")
    assert seat.stored() == CHANGED


def test_control_without_any_storage_they_do_not_and_it_is_said(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium, "worker", "storage")
    change_without_a_network(seat)
    expect(seat.page.locator("#notice")).to_contain_text("tidak mengizinkan penyimpanan")
    come_back(seat)
    assert seat.stored() == {1: 1}


def test_a_choice_stands_somewhere_before_the_tap_is_over(chromium: Browser, place: Place) -> None:
    """A tab may be killed before the database has taken it."""
    seat = place.seat(chromium)
    seat.enter()
    key = f"exam:{place.world.attempt(seat.person).public_id}"
    tap = "key => { document.querySelector('.q label').click(); return localStorage.getItem(key) }"
    left = json.loads(seat.page.evaluate(tap, key))
    assert {position: entry["option"] for position, entry in left["own"].items()} == {"1": 1}
    seat.expect_fate(1, "Tersimpan")
    assert seat.page.evaluate("key => localStorage.getItem(key)", key) is None


def sent_early(seat: Seat) -> bool:
    """Whether an answer leaves before this device, which is slow, has kept it."""
    seat.context.add_init_script(SLOW_DEVICE % SLOW)
    seat.enter()
    seat.answer(2, 3)
    seat.page.wait_for_timeout(SLOW / 2)
    early = seat.stored() == {2: 3}
    seat.expect_fate(2, "Tersimpan")
    return early


def test_nothing_is_sent_before_it_is_kept(chromium: Browser, place: Place) -> None:
    assert not sent_early(place.seat(chromium))


def test_control_a_page_that_does_not_wait_sends_it_earlier(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium, "worker")
    seat.run_instead("exam/sender.js", r"await this\.outbox\.written\(\);", "")
    assert sent_early(seat)


def test_what_an_older_page_left_in_the_simple_storage_is_sent(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    key = f"exam:{place.world.attempt(seat.person).public_id}"
    entry = {"seq": 1, "option": 3, "flagged": False, "base": 0, "sent": [[1, 3, False]]}
    left = json.dumps({"own": {"2": entry}, "lease": 1})
    seat.page.evaluate("([key, left]) => localStorage.setItem(key, left)", [key, left])
    seat.page.reload()
    seat.expect_fate(2, "Tersimpan")
    assert seat.stored() == {2: 3}
    assert seat.page.evaluate("key => localStorage.getItem(key)", key) is None
