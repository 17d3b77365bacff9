"""The exam in two tabs, on two phones, and reopened: one place writes, and the other says why it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.seats import CONNECTED, Place, Seat, open_place

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OTHER_TAB, OTHER_PLACE = "sudah terbuka di tab lain", "perangkat atau tab lain"
SHORT, GRACE = 5, 2


def go_on(page: Page) -> None:
    page.bring_to_front()
    page.get_by_role("button", name="Lanjutkan di sini").click()


def answer(page: Page, position: int, option: int) -> None:
    page.bring_to_front()
    page.locator("#map button").nth(position - 1).click()
    page.locator(".q").nth(position - 1).locator("label").nth(option - 1).click()


def is_saved(page: Page, position: int) -> None:
    page.locator("#map button").nth(position - 1).click()
    expect(page.locator(".q").nth(position - 1).locator(".fate")).to_contain_text("Tersimpan")


def second_tab(seat: Seat) -> Page:
    page = seat.context.new_page()
    page.goto("/exam")
    return page


def test_a_second_tab_waits_until_it_is_asked_to_go_on(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    lease = place.world.attempt(seat.person).lease
    other = second_tab(seat)
    expect(other.locator("#elsewhere")).to_contain_text(OTHER_TAB)
    seat.page.bring_to_front()
    answer(seat.page, 1, 2)
    is_saved(seat.page, 1)
    assert place.world.attempt(seat.person).lease == lease, "the second tab took nothing over"
    go_on(other)
    expect(other.locator("#elsewhere")).to_be_hidden()
    expect(seat.page.locator("#elsewhere")).to_contain_text(OTHER_TAB)
    answer(other, 2, 3)
    is_saved(other, 2)
    assert seat.stored() == {1: 2, 2: 3}
    go_on(seat.page)
    expect(other.locator("#elsewhere")).to_be_visible()
    seat.answer(3, 4)
    seat.expect_fate(3, "Tersimpan")


def test_control_without_locks_a_second_tab_takes_over_without_asking(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium, "locks")
    seat.enter()
    other = second_tab(seat)
    expect(other.locator("#link")).to_have_attribute("data-kind", CONNECTED)
    expect(other.locator("#elsewhere")).to_be_hidden()
    expect(seat.page.locator("#elsewhere")).to_contain_text(OTHER_PLACE)


def test_a_second_tab_goes_on_without_a_network_with_what_the_first_could_not_send(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    seat.be_kept()
    seat.lose_the_network()
    seat.answer(1, 2)
    other = second_tab(seat)
    expect(other.locator("#elsewhere")).to_contain_text(OTHER_TAB)
    seat.page.bring_to_front()
    seat.answer(2, 3)
    go_on(other)
    expect(seat.page.locator("#elsewhere")).to_be_visible()
    expect(other.locator(".q").nth(1).locator("input").nth(2)).to_be_checked()
    answer(other, 3, 4)
    seat.context.set_offline(False)
    is_saved(other, 3)
    assert seat.stored() == {1: 2, 2: 3, 3: 4}


def test_a_tab_goes_on_by_itself_when_the_other_one_is_closed(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    other = second_tab(seat)
    expect(other.locator("#elsewhere")).to_be_visible()
    seat.page.goto("/status")
    expect(other.locator("#elsewhere")).to_be_hidden()
    answer(other, 2, 3)
    is_saved(other, 2)


def test_a_reload_is_never_kept_waiting(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    for _ in range(3):
        seat.page.reload()
        seat.be_connected()
        expect(seat.page.locator("#elsewhere")).to_be_hidden()


def test_a_phone_that_was_without_a_network_hands_over_evidence_and_says_so(
    chromium: Browser, place: Place
) -> None:
    first = place.seat(chromium)
    first.enter()
    first.answer(1, 1)
    first.expect_fate(1, "Tersimpan")
    first.lose_the_network()
    first.answer(1, 2)
    first.answer(2, 3)
    second = place.other_phone(chromium, first.person)
    second.be_signed_in()
    second.page.goto("/exam")
    expect(second.page.locator("#elsewhere")).to_contain_text(OTHER_PLACE)
    go_on(second.page)
    second.be_connected()
    second.answer(1, 4)
    second.expect_fate(1, "Tersimpan")
    first.context.set_offline(False)
    expect(first.page.locator("#elsewhere-left")).to_contain_text("2 jawaban")
    expect(first.page.locator("#elsewhere-left")).to_contain_text("disimpan sebagai bukti")
    expect(first.page.locator("#link")).to_contain_text("berhenti menyimpan")
    expect(first.page.locator(".q input").first).to_be_disabled()
    assert second.stored() == {1: 4}, "what the old phone held was not mixed in"
    assert sorted(place.world.evidence(first.person)) == [(1, 2, "taken_over"), (2, 1, "taken_over")]
    first.accessible()


@pytest.fixture(scope="module")
def short_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An exam of seconds."""
    place = open_place(tmp_path_factory.mktemp("short"), 1, allowed=SHORT, grace=GRACE)
    yield place
    place.leave()
    place.server.close()
    place.world.close()


def test_time_granted_at_the_end_and_after_the_clock_closed_leads_back_to_the_paper(
    chromium: Browser, short_room: Place
) -> None:
    seat = short_room.seat(chromium)
    seat.enter()
    ended = seat.page.locator("#ended")
    expect(ended).to_be_visible()
    short_room.grant(seat.person, SHORT, "bel salah")
    expect(ended).to_be_hidden()
    seat.answer(1, 2)
    seat.expect_fate(1, "Tersimpan")
    expect(seat.page.get_by_role("heading", name="Tes sudah ditutup")).to_be_visible()
    short_room.grant(seat.person, 600, "listrik padam")
    expect(seat.page.locator("#time")).to_contain_text(re.compile("9 menit"))
    expect(seat.page.locator("#notice")).to_contain_text("listrik padam")
    seat.be_connected()
    seat.answer(2, 3)
    seat.expect_fate(2, "Tersimpan")
    assert seat.stored() == {1: 2, 2: 3}
