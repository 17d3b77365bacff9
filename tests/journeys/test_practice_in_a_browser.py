"""Before the day, on a phone: check the device, practise on the real runner, offline too, see how it went."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from exam_server.practice.items import ITEMS
from tests import worlds
from tests.journeys.people import PATIENTLY, Candidate
from tests.servers import ExamServer
from tests.worlds import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHECKED_WITHIN = 30_000
"""Milliseconds: a socket that never opens is waited for, and a busy machine is given time."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = worlds.build(f"sqlite:///{tmp_path / 'exam.db'}")
    yield made
    made.close()


@pytest.fixture
def candidate(chromium: Browser, world: World, tmp_path: Path) -> Iterator[Candidate]:
    (person,) = world.accepted(1)
    server = ExamServer(tmp_path)
    one = Candidate(chromium, server.url, "calon")
    one.sign_in(person.email, PASSWORD)
    yield one
    one.leave()
    server.close()


def begin(candidate: Candidate) -> None:
    candidate.page.goto("/practice")
    candidate.turn(candidate.page.get_by_role("button", name="Mulai latihan"))
    expect(candidate.page.locator("#link")).to_have_attribute(
        "data-kind", re.compile("socket|http"), timeout=PATIENTLY
    )


def kept(candidate: Candidate) -> bool:
    """True when this device holds the page with its picture, so that it opens without a network."""
    script = """async () => {
      const names = await (await caches.open("exam-paper")).keys();
      const paths = names.map((request) => new URL(request.url).pathname);
      return paths.includes("/practice/run") && paths.includes("/practice/picture/2");
    }"""
    return bool(candidate.page.evaluate(script))


def answers(world: World) -> dict[int, int | None]:
    """What the database holds: position to option."""
    row = "SELECT json_group_object(position, option) FROM practice_response"
    found: dict[str, Any] = json.loads(world.scalar(row))
    return {int(position): option for position, option in found.items()}


def test_a_candidate_checks_the_device_and_the_office_can_see_it(candidate: Candidate, world: World) -> None:
    page = candidate.page
    page.goto("/status")
    candidate.turn(page.get_by_role("link", name="Latihan dan periksa perangkat").first)
    expect(page.get_by_text("Belum diperiksa")).to_be_visible()
    candidate.accessible()
    candidate.turn(page.get_by_role("link", name="Periksa perangkat ini"))
    expect(page.locator("#told")).to_contain_text("Selesai diperiksa", timeout=CHECKED_WITHIN)
    for line in ("browser", "socket", "storage", "worker", "width", "clock"):
        expect(page.locator(f"[data-line={line}]")).to_contain_text("Baik")
    expect(page.locator("[data-line=latency] .value")).to_contain_text("milidetik")
    candidate.accessible()
    facts = world.scalar("SELECT json_extract(facts, '$.link', '$.width', '$.store') FROM device_check")
    assert facts == '["socket",360,"database"]'


def test_where_websockets_are_blocked_the_check_says_what_it_means(
    candidate: Candidate, world: World
) -> None:
    def refuse(socket: WebSocketRoute) -> None:
        socket.close()

    candidate.page.route_web_socket(re.compile("socket.io"), refuse)
    candidate.page.goto("/practice/device")
    told = candidate.page.locator("#told")
    expect(told).to_contain_text("dapat dipakai, tetapi", timeout=CHECKED_WITHIN)
    expect(candidate.page.locator("[data-line=socket]")).to_contain_text("jalur cadangan")
    assert world.scalar("SELECT json_extract(facts, '$.link') FROM device_check") == "http"
    candidate.accessible()


def test_a_practice_goes_like_the_exam_and_shows_its_result(candidate: Candidate, world: World) -> None:
    page = candidate.page
    begin(candidate)
    expect(page.get_by_text("Latihan: tidak dinilai")).to_be_visible()
    candidate.accessible()
    assert candidate.until(lambda: kept(candidate))
    for place, item in enumerate(ITEMS[:3], 1):
        candidate.answer(place, item.key + 1)
        candidate.expect_fate(place, "Tersimpan")
    picture = candidate.open_question(2).locator("img")
    assert picture.evaluate("async img => { await img.decode(); return img.naturalWidth }") > 0
    candidate.context.set_offline(True)
    candidate.answer(4, ITEMS[3].key + 1)
    expect(page.locator("#link")).to_have_attribute("data-kind", "offline", timeout=PATIENTLY)
    assert answers(world) == {place: ITEMS[place - 1].key + 1 for place in (1, 2, 3)}
    page.reload()
    candidate.has_chosen(*(str(item.key + 1) for item in ITEMS[:4]), "")
    expect(page.get_by_text("Latihan: tidak dinilai")).to_be_visible()
    candidate.context.set_offline(False)
    candidate.expect_fate(4, "Tersimpan")
    page.reload()
    candidate.has_chosen(*(str(item.key + 1) for item in ITEMS[:4]), "")
    candidate.open_question(5)
    page.get_by_role("button", name="Periksa", exact=True).click()
    page.get_by_role("button", name="Kumpulkan jawaban").click()
    expect(page.get_by_role("heading", name="Hasil latihan")).to_be_visible(timeout=PATIENTLY)
    main = page.get_by_role("main")
    expect(main).to_contain_text("4 dari 5 soal")
    expect(main).to_contain_text(ITEMS[4].explanation)
    candidate.accessible()
    candidate.turn(page.get_by_role("button", name="Berlatih lagi"))
    expect(page.locator("#link")).to_have_attribute("data-kind", re.compile("socket|http"), timeout=PATIENTLY)
    candidate.has_chosen(*[""] * 5)
