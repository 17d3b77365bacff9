"""`python -m bench.board_frames`: frames that Chromium presents while one scrolls ten thousand changing rows.

Counted from a trace of the browser's own display compositor: what was put on the screen, not what a script of
the page was promised. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.programs import SECRETS, Floor
from tests import processes, worlds
from tests.journeys.conftest import FLAGS

ROUNDS, SPEED, DOWN, UP = 5, 1500, 3000, 2000
"""Scrolls down and up again, pixels a second, and how many pixels each."""

LIVE = "#fresh[data-mode=live]"
CATEGORIES = ["viz", "benchmark"]
PRESENTED = "Display::FrameDisplayed"


def main() -> None:
    """Prints one line of JSON: presented frames a second, and over how long."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = worlds.build(f"sqlite:///{folder / 'exam.db'}", drawn=30)
        token = world.token(world.official("admin"))
        board = world.board
        world.close()
        env = {
            "EXAM_ENV": "demo",
            "DATABASE_URL": f"sqlite:///{folder / 'exam.db'}",
            "DATA_DIR": name,
            **SECRETS,
        }
        server = Floor(folder, "eventlet", "bench.board_frames_host", env)
        try:
            print(json.dumps(measure(server.url, board, token)))
        finally:
            server.close()


def measure(url: str, board: str, token: str) -> dict[str, float]:
    """Presented frames per second of scrolling."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=processes.chromium(), args=FLAGS)
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=url)
        context.add_cookies([{"name": "exam", "value": token, "url": url}])
        page = context.new_page()
        page.goto(f"/board/{board}")
        page.locator("#rows .tabulator-row").first.wait_for()
        page.evaluate("document.querySelector('#tools').scrollIntoView()")
        page.locator(LIVE).wait_for()
        page.wait_for_timeout(2000)
        presented, seconds = _trace(context.new_cdp_session(page), page)
        shown = page.locator("#count").inner_text()
        page.locator(LIVE).wait_for()
        chromium.close()
    if not shown.startswith("10000"):
        raise SystemExit(f"{shown}: nothing was measured")
    return {"presented_fps": round(presented / seconds, 1), "seconds": round(seconds, 2)}


def _trace(session: CDPSession, page: Page) -> tuple[int, float]:
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    config = {"includedCategories": CATEGORIES, "recordMode": "recordAsMuchAsPossible"}
    session.send("Tracing.start", {"traceConfig": config, "transferMode": "ReportEvents"})
    began = page.evaluate("performance.now()")
    for turn in range(ROUNDS * 2):
        _scroll(session, page, -DOWN if turn % 2 == 0 else UP)
    seconds = (page.evaluate("performance.now()") - began) / 1000
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(100)
    return sum(event["name"] == PRESENTED for event in events), seconds


def _scroll(session: CDPSession, page: Page, distance: int) -> None:
    box = page.locator(".tabulator-tableholder").bounding_box()
    if box is None:
        raise SystemExit("there are no rows to scroll")
    session.send("Input.synthesizeScrollGesture", {
        "x": box["x"] + 400, "y": box["y"] + 300, "yDistance": distance, "speed": SPEED,
        "gestureSourceType": "mouse",
    })  # fmt: skip


if __name__ == "__main__":
    main()
