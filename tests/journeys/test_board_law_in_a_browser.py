"""The law of the board in a real browser: a snapshot and frames, told however badly, equal the late snapshot.

The page's own truth.js and rows.js are driven, by a generator that is told its seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.processes import ROOT

pytestmark = pytest.mark.browser
RUNS = 2_000
HOST = "http://board.example"
LAW = ROOT / "tests" / "journeys" / "board_law.js"


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A page with nothing but the scripts: no server is asked for anything."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path == "/":
            page = '<!doctype html><html lang="id"><script type="module" src="/law.js"></script></html>'
            route.fulfill(body=page, content_type="text/html")
            return
        file = LAW if path == "/law.js" else ROOT / path.lstrip("/")
        route.fulfill(body=file.read_text(), content_type="text/javascript")

    context = chromium.new_context()
    context.route(f"{HOST}/**", answer)
    found = context.new_page()
    found.goto(f"{HOST}/")
    found.wait_for_function("window.laws !== undefined")
    yield found
    context.close()


def runs(page: Page, law: str) -> list[dict[str, bool]]:
    told: list[dict[str, Any]] = page.evaluate("([law, runs]) => window.laws[law](runs)", [law, RUNS])
    assert len(told) == RUNS
    return told


def seeds(told: list[dict[str, bool]], wrong: str) -> list[int]:
    """Seeds of the runs that were not `wrong`."""
    return [seed for seed, one in enumerate(told, 1) if not one[wrong]]


def test_frames_in_any_order_and_twice_end_at_the_late_snapshot(page: Page) -> None:
    assert seeds(runs(page, "shuffled"), "right") == []


def test_a_board_that_ignores_revisions_would_be_wrong(page: Page) -> None:
    """The control: taken as they come, the same frames end somewhere else."""
    assert len(seeds(runs(page, "shuffled"), "upset")) > RUNS // 2


def test_a_board_that_misses_something_knows_it_and_a_snapshot_makes_it_right(page: Page) -> None:
    told = runs(page, "lossy")
    assert [seed for seed, one in enumerate(told, 1) if one["missing"] and not one["knew"]] == []
    assert seeds(told, "right") == []
    assert sum(one["missing"] for one in told) > RUNS // 2, "hardly anything was lost, so nothing was tried"


def test_frames_before_the_first_snapshot_count_and_an_old_snapshot_takes_nothing_back(page: Page) -> None:
    assert seeds(runs(page, "beforehand"), "right") == []
