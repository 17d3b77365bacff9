"""A real Chromium, and the real server over a world that a journey walks through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import processes
from tests.journeys.seats import Place, open_place

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Gone after its module: while it lives its event loop runs in this thread, and no other can start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=processes.chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def exam_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One server for the candidates of a module."""
    place = open_place(tmp_path_factory.mktemp("room"))
    yield place
    place.server.close()
    place.world.close()


@pytest.fixture
def place(exam_room: Place) -> Iterator[Place]:
    """The exam room, whose phones are put away after each test."""
    yield exam_room
    exam_room.leave()
