"""F8: the clock of a phone is wrong, is set, or stands still in its sleep: the time shown is the server's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.faults.sizes import size
from tests.journeys.seats import OFFLINE, Place, Seat

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY, HOUR = 86_400_000, 3_600_000
FROZEN = size(3, 600)
"""Seconds for which the tab is not run."""

NAIVE = """export class ServerClock {
  constructor() { this.ask = () => {}; }
  stamp() { return { mono: 0, wall: 0 }; }
  take() {}
  takeFromPage() {}
  takeKept() {}
  distrust() {}
  get known() { return {}; }
  get sure() { return true; }
  now() { return Date.now(); }
}"""
"""What a page without this protection does: it believes the device."""


def believing_the_device(seat: Seat) -> None:
    seat.context.route(
        "**/common/clock.js", lambda route: route.fulfill(body=NAIVE, content_type="text/javascript")
    )


def deadline(seat: Seat) -> object:
    return seat.place.world.attempt(seat.person).deadline_at


@pytest.mark.parametrize("wrong", [-DAY, 2 * HOUR])
def test_f08_a_device_whose_clock_is_wrong_shows_the_time_of_the_server(
    chromium: Browser, place: Place, wrong: int
) -> None:
    seat = place.seat(chromium, wall=wrong)
    seat.enter()
    assert seat.right_within(2)
    before = deadline(seat)
    seat.answer(1, 2)
    seat.expect_fate(1, "Tersimpan")
    seat.be_kept()
    seat.lose_the_network()
    seat.page.reload()
    expect(seat.page.locator("#link")).to_have_attribute("data-kind", OFFLINE)
    assert seat.right_within(2), "also without a network, from what was known before"
    seat.context.set_offline(False)
    seat.expect_fate(1, "Tersimpan")
    assert deadline(seat) == before, "nothing that a device says moves the deadline"


def test_control_a_page_that_believes_its_device_shows_another_time(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium, "worker", wall=-DAY)
    believing_the_device(seat)
    seat.enter()
    assert not seat.right_within(2)


def test_f08_a_clock_that_is_set_during_the_exam_changes_nothing_for_longer_than_two_seconds(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    for step in (2 * HOUR, -3 * HOUR):
        seat.page.evaluate("step => { window.skew.wall += step }", step)
        assert seat.right_within(2)
        expect(seat.page.locator("#ended")).to_be_hidden()


def test_f08_after_ten_minutes_of_sleep_the_time_is_right_within_two_seconds(
    chromium: Browser, place: Place
) -> None:
    """The monotonic clock of a sleeping phone stands still, and that of the server does not."""
    seat = place.seat(chromium)
    seat.enter()
    seat.page.evaluate("window.skew.mono -= 600000")
    assert seat.right_within(2)


def test_f08_a_tab_that_is_not_run_for_minutes_shows_the_right_time_when_it_is_run_again(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    devtools = seat.context.new_cdp_session(seat.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    seat.page.wait_for_timeout(FROZEN * 1000)  # counted by the browser's driver, not by the page
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    assert seat.right_within(2)
    seat.answer(1, 2)
    seat.expect_fate(1, "Tersimpan")


def said(seat: Seat) -> Locator:
    return seat.page.locator("#polite")


def test_f08_a_mark_that_was_slept_over_is_said_once_with_the_time_that_is_left(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    expect(said(seat)).to_have_text("")
    seat.context.set_offline(True)  # so that the time stays as if it had passed
    seat.page.evaluate("window.skew.mono += 1860000; window.skew.wall += 1860000")  # 31 minutes
    expect(said(seat)).to_have_text(re.compile(r"Sisa waktu 2[89] menit"))
    seat.page.evaluate("document.getElementById('polite').textContent = ''")
    seat.page.wait_for_timeout(1500)
    expect(said(seat)).to_have_text("")
    seat.context.set_offline(False)


def test_extra_time_is_shown_at_once_with_its_reason(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    expect(seat.page.locator("#scope")).to_have_text("dari 60 menit")
    expect(seat.page.locator("#why")).to_be_hidden()
    place.grant(seat.person, 18 * 60, "listrik padam di desa")
    why = seat.page.locator("#why")
    expect(why.locator("summary")).to_contain_text("60 + 18 menit", timeout=2_000)
    expect(seat.page.locator("#notice")).to_contain_text(
        "tambahan waktu 18 menit. Alasan: listrik padam di desa"
    )
    assert seat.right_within(1)
    why.locator("summary").click()
    expect(why.locator("li")).to_have_text([
        re.compile("Waktu tes: 60 menit"),
        re.compile("Tambahan waktu: 18 menit. listrik padam di desa. Diberikan oleh Penyaring"),
    ])  # fmt: skip
    seat.accessible()
