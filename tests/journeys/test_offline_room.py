"""A phone without a network: what was chosen stays, what was not saved says so, and all arrives later."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, WebSocketRoute, expect

from tests.faults.sizes import size
from tests.journeys.seats import OFFLINE, Place, Seat
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AWAY = size(6, 180)
"""Seconds without a network."""

CHANGED = {1: 2, 2: 3, 3: 4, 4: 1, 5: 2, 6: 3}


def start_and_lose_the_network(seat: Seat) -> None:
    seat.enter()
    seat.answer(1, 1)
    seat.expect_fate(1, "Tersimpan")
    seat.lose_the_network()


def test_six_answers_changed_without_a_network_survive_a_reload_and_are_saved_later(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    seat.answer(1, 1)
    seat.answer(8, 4)
    seat.expect_fate(8, "Tersimpan")
    seat.be_kept()
    seat.lose_the_network()
    gone = time.monotonic()
    seat.answer_all(CHANGED)
    before = seat.wording()
    seat.page.wait_for_timeout(AWAY * 500)
    seat.page.reload()
    expect(seat.page.locator("#link")).to_have_attribute("data-kind", OFFLINE)
    assert seat.wording() == before, "the paper opens without a network, every question of it"
    seat.has_chosen(*(str(option) for option in CHANGED.values()), "", "4")
    marked = seat.page.locator('#map button[data-marks~="unsaved"]')
    expect(marked).to_have_count(7)  # the seventh was saved, which no server has told this page yet
    assert seat.right_within(2)
    seat.accessible()
    assert seat.stored() == {1: 1, 8: 4}
    seat.page.wait_for_timeout(max(0.0, AWAY - (time.monotonic() - gone)) * 1000)
    seat.context.set_offline(False)
    expect(marked).to_have_count(0)
    seat.be_connected()
    assert seat.stored() == CHANGED | {8: 4}


def test_control_without_the_worker_a_reload_without_a_network_shows_no_paper(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium, "worker")
    start_and_lose_the_network(seat)
    seat.answer_all(CHANGED)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        seat.page.reload()
    seat.context.set_offline(False)
    seat.page.goto("/exam")
    seat.expect_fate(6, "Tersimpan")
    assert seat.stored() == CHANGED, "the answers themselves never needed the worker"


@pytest.fixture
def hung(place: Place) -> Iterator[None]:
    """Afterwards the server goes on, whatever happened."""
    yield
    os.kill(place.server.pid, signal.SIGCONT)


STOPWATCH = """() => {
  const watch = window.stopwatch = { late: 0 };
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    watch.late = Math.max(watch.late, now - last - 50);
    last = now;
    if (/Belum tersimpan: 1/.test(document.getElementById("link").textContent)) watch.said ??= now;
  }, 50);
  addEventListener("change", () => { watch.tapped ??= Date.now(); }, true);
}"""
"""When an answer was chosen, when the page said that it is not saved, and how late the machine is itself."""


def said_in_time(seat: Seat) -> bool:
    """Whether the page says within five seconds of a tap that it is not saved."""
    seat.page.evaluate(STOPWATCH)
    seat.answer(2, 3)
    seat.page.wait_for_function("() => window.stopwatch.said || Date.now() > window.stopwatch.tapped + 7000")
    watch = seat.page.evaluate("window.stopwatch")
    return "said" in watch and watch["said"] - watch["tapped"] <= 5_000 + watch["late"]


def test_f08_a_half_open_network_shows_belum_tersimpan_within_five_seconds(
    chromium: Browser, place: Place, hung: None
) -> None:
    seat = place.seat(chromium)
    seat.enter()
    os.kill(place.server.pid, signal.SIGSTOP)
    assert said_in_time(seat)
    seat.page.locator("#map button").nth(1).click()
    expect(seat.page.locator(".q").nth(1).locator(".fate")).to_contain_text("Gagal")
    os.kill(place.server.pid, signal.SIGCONT)
    seat.expect_fate(2, "Tersimpan")
    assert seat.stored() == {2: 3}


def test_control_a_page_with_more_patience_says_it_too_late(
    chromium: Browser, place: Place, hung: None
) -> None:
    seat = place.seat(chromium, "worker")
    seat.run_instead("common/live.js", "(PATIENCE|DEAD_AFTER) = [48]000", r"\1 = 60000")
    seat.enter()
    os.kill(place.server.pid, signal.SIGSTOP)
    assert not said_in_time(seat)


def test_a_socket_that_takes_everything_and_answers_nothing_gives_way_to_http(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    deaf: list[str | bytes] = []

    def between(line: WebSocketRoute) -> None:
        server = line.connect_to_server()
        line.on_message(lambda said: deaf.append(said) if deaf else server.send(said))

    seat.context.route_web_socket(re.compile("socket.io"), between)
    seat.enter()
    expect(seat.page.locator("#link")).to_have_attribute("data-kind", "socket")
    deaf.append("from now on")
    seat.answer(2, 3)
    expect(seat.page.locator("#link")).to_have_attribute("data-kind", OFFLINE)
    expect(seat.page.locator("#link")).to_have_attribute("data-kind", "http")
    seat.expect_fate(2, "Tersimpan")
    assert seat.stored() == {2: 3}
    assert len(deaf) > 1, "the answer went into the dead socket first"


def test_the_rescue_file_holds_what_never_arrived_and_nothing_else(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    start_and_lose_the_network(seat)
    seat.answer(2, 3)
    seat.answer(5, 1)
    button = seat.page.locator(".bar .rescue button")
    expect(button).to_be_hidden()
    seat.page.evaluate("window.skew.wall += 61000; window.skew.mono += 61000")
    expect(button).to_be_visible()
    expect(seat.page.locator(".bar .rescue")).to_contain_text(
        "Berkas ini bukti, bukan jawaban yang tersimpan"
    )
    seat.accessible()
    with seat.page.expect_download() as download:
        button.click()
    attempt = place.world.attempt(seat.person)
    assert download.value.suggested_filename == f"penyelamat-{attempt.public_id}.json"
    found = json.loads(Path(download.value.path()).read_text())
    paper = place.world.scalar("SELECT sha256 FROM paper WHERE attempt_id = :id", id=attempt.id)
    made, wall_at = found.pop("made_at"), found.pop("wall_at")
    assert abs(made - wall_at) < 2_000
    assert [abs(entry.pop("chosen_at") + 61_000 - made) < 30_000 for entry in found["entries"]] == [
        True,
        True,
    ]
    assert found == {
        "kind": "rescue", "version": 1, "attempt": attempt.public_id, "paper": paper, "lease": attempt.lease,
        "entries": [{"position": 2, "seq": 1, "option": 3, "flagged": False},
                    {"position": 5, "seq": 1, "option": 1, "flagged": False}],
    }  # fmt: skip
    seat.context.set_offline(False)
    seat.expect_fate(5, "Tersimpan")
    expect(button).to_be_hidden()


def found_by_the_next_person(seat: Seat) -> bool:
    """Whether somebody who signs in after this candidate is shown the paper when the network goes."""
    other = next(seat.place.people)
    seat.enter()
    seat.be_kept()
    stem = seat.page.locator(".stem").first.inner_text()
    seat.page.goto("/status")
    seat.turn(seat.page.get_by_role("button", name="Keluar"))
    seat.sign_in(other.email, PASSWORD)
    seat.context.set_offline(True)
    with contextlib.suppress(Error):  # net::ERR_FAILED: there is nothing to show
        seat.page.goto("/exam")
    found = seat.page.get_by_text(stem).count() == 1
    seat.context.set_offline(False)
    return found


def test_another_person_in_the_same_browser_never_sees_the_paper(chromium: Browser, place: Place) -> None:
    assert not found_by_the_next_person(place.seat(chromium))


def test_control_where_strangers_pages_do_not_forget_the_next_person_is_shown_the_paper(
    chromium: Browser, place: Place
) -> None:
    seat = place.seat(chromium)
    seat.run_instead("exam/forget.js", r"dropPaper\(\);", "")
    assert found_by_the_next_person(seat)


def test_the_closing_page_leaves_no_paper_on_the_device(chromium: Browser, place: Place) -> None:
    seat = place.seat(chromium)
    seat.enter()
    seat.be_kept()
    seat.page.locator("#map [data-submit]").click()
    seat.page.locator("#sure").click()
    expect(seat.page.get_by_role("heading", name="Tes sudah ditutup")).to_be_visible()
    assert seat.until(lambda: not seat.page.evaluate("caches.has('exam-paper')"))
