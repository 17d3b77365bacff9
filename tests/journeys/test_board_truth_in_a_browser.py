"""The board in a real browser tells the truth: it says when it does not know, and equals the database again
after a cut connection, a server that was killed, and a sleep.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys.people import PHONE, Visitor
from tests.journeys.seats import Place, open_place
from tests.journeys.watching import Watch, instant, start_unheard
from tests.profile.samples import IDENTITY
from tests.worlds import Somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MINUTE_ASLEEP = "window.skew.mono += 60_000; window.skew.wall += 60_000"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Place]:
    place = open_place(tmp_path, count=6)
    yield place
    place.server.close()
    place.world.close()


@pytest.fixture
def people(hall: Place) -> list[Somebody]:
    return list(hall.people)


@pytest.fixture
def board(chromium: Browser, hall: Place) -> Iterator[Watch]:
    watch = Watch(chromium, hall)
    watch.open()
    assert watch.equals_the_database()
    yield watch
    watch.leave()


def says_stale(board: Watch, cut_at: float) -> None:
    """In time, with its sentence."""
    board.told_stale(since=cut_at)
    expect(board.page.locator("#fresh-word")).to_have_text("Data tidak mutakhir")
    expect(board.page.locator("#alarm")).to_be_visible()
    expect(board.page.locator("#board")).to_have_attribute("data-stale", "")


def test_after_a_cut_connection_the_board_equals_the_database(
    board: Watch, hall: Place, people: list[Somebody]
) -> None:
    cut_at = instant()
    board.context.set_offline(True)
    says_stale(board, cut_at)
    for person in people[:3]:
        start_unheard(hall, person)
    start_unheard(hall, people[3], ago=50)
    assert not board.equals_the_database(within=500)
    back_at = instant()
    board.context.set_offline(False)
    board.told_true(since=back_at)
    board.is_live()
    expect(board.page.locator("#alarm")).to_be_hidden()


def test_after_a_killed_server_the_board_equals_the_database(
    board: Watch, hall: Place, people: list[Somebody]
) -> None:
    cut_at = instant()
    hall.server.kill()
    says_stale(board, cut_at)
    start_unheard(hall, people[0])
    start_unheard(hall, people[1], ago=50)
    hall.server.start()
    board.told_true(since=instant())
    board.is_live()


def test_a_board_that_slept_is_stale_at_once_and_heals(
    board: Watch, hall: Place, people: list[Somebody]
) -> None:
    start_unheard(hall, people[0])
    board.page.wait_for_timeout(2_500)
    assert not board.equals_the_database(within=100), "nobody told the board of it"
    woke_at = instant()
    board.page.evaluate(MINUTE_ASLEEP)
    board.told_stale(since=woke_at)
    board.told_true(since=woke_at)
    board.is_live()


def test_a_board_without_websockets_polls_and_says_so(
    chromium: Browser, hall: Place, people: list[Somebody]
) -> None:
    watch = Watch(chromium, hall)
    watch.context.route_web_socket("**/socket.io/**", lambda line: line.close())
    page = watch.page
    page.goto(f"/board/{hall.world.board}")
    expect(page.locator("#fresh")).to_have_attribute("data-mode", "polling")
    expect(page.locator("#fresh-word")).to_contain_text("Diperbarui tiap")
    start_unheard(hall, people[0])
    assert watch.equals_the_database()
    watch.leave()


def test_a_name_that_is_put_right_comes_to_the_open_board_and_takes_its_place(
    chromium: Browser, board: Watch, hall: Place, people: list[Somebody]
) -> None:
    last = people[-1]
    phone = Visitor(chromium, hall.server.url, PHONE)
    cookie = {"name": "exam", "value": hall.world.token(last), "url": hall.server.url}
    phone.context.add_cookies([cookie])  # type: ignore[list-item]
    board.page.get_by_role("columnheader", name="Nama").get_by_role("button").click()
    phone.page.goto("/profile/identity")
    for name, typed in (IDENTITY | {"name": "Aaliyah Putri"}).items():
        if name == "sex":
            phone.page.locator(f"main [name=sex][value={typed}]").check()
        else:
            phone.page.locator(f"main [name={name}]").fill(typed)
    phone.turn(phone.page.get_by_role("button", name="Simpan dan lanjut"))
    assert board.until(lambda: board.names()[0] == "Aaliyah Putri"), board.names()
    board.page.get_by_role("searchbox").fill("aaliyah")
    expect(board.page.locator("#count")).to_have_text(f"1 dari {len(people)} peserta")
    phone.leave()


def test_a_queue_that_carries_nothing_makes_the_board_stale_and_it_asks_for_snapshots(
    chromium: Browser, hall: Place, people: list[Somebody]
) -> None:
    watch = Watch(chromium, hall)
    hear = {"queue": True}

    def between(line: Any) -> None:
        server = line.connect_to_server()

        def back(text: Any) -> None:
            if not hear["queue"] and isinstance(text, str) and '"queue":true' in text:
                text = text.replace('"queue":true', '"queue":false')
            line.send(text)

        server.on_message(back)

    watch.context.route_web_socket("**/socket.io/**", between)
    watch.open()
    cut_at = instant()
    hear["queue"] = False
    says_stale(watch, cut_at)
    expect(watch.page.locator("#alarm")).to_contain_text("Kabar antarserver terputus")
    start_unheard(hall, people[0])
    watch.told_true(since=instant())
    hear["queue"] = True
    watch.is_live()
    watch.leave()


def test_a_lost_frame_is_noticed_by_its_number(
    chromium: Browser, hall: Place, people: list[Somebody]
) -> None:
    """The control is the wait: the snapshot that heals now and then is minutes away."""
    watch = Watch(chromium, hall)
    lost: list[str] = []

    def between(line: Any) -> None:
        server = line.connect_to_server()

        def back(text: Any) -> None:
            if _tells(text) and not lost:
                lost.append(text)
                return
            line.send(text)

        server.on_message(back)

    watch.context.route_web_socket("**/socket.io/**", between)
    watch.open()
    hall.grant(people[0], 60, "Uji")
    assert watch.until(lambda: bool(lost))
    expect(watch.row("Calon").filter(has_text="+ 1 menit")).to_have_count(1)
    watch.leave()


def _tells(text: Any) -> bool:
    """True for a frame with rows in it."""
    if not (isinstance(text, str) and text.startswith('42["rows"')):
        return False
    return bool(json.loads(text[2:])[1]["rows"])


def test_who_is_signed_out_is_offered_the_way_back_in(board: Watch) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=401, json={"ok": False, "code": "sign_in_needed", "sentence": ""})

    board.context.route("**/snapshot", refuse)
    cut_at = instant()
    board.context.set_offline(True)
    says_stale(board, cut_at)
    board.context.set_offline(False)
    expect(board.page.locator("#alarm")).to_contain_text("Sesi masuk Anda berakhir")
    expect(board.page.locator("#alarm").get_by_role("link", name="Masuk kembali")).to_be_visible()
    assert [told for told in board.troubles if "401" not in told] == []
    board.troubles.clear()
