"""`make gallery`: today's screens of the demo, as small PNGs in docs/gallery/."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from exam_server.db import Database
from exam_server.demo import seed
from exam_server.schema import upgrade
from tests.journeys.conftest import FLAGS
from tests.processes import ROOT
from tests.servers import ExamServer
from tests.worlds import PASSWORD, wall

OUT = ROOT / "docs" / "gallery"
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)
COLOURS = 128
SETTLED = 1500
"""Milliseconds in which a page has drawn its live parts."""


def main() -> None:
    """Draw every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'exam.db'}")
        upgrade(db)
        seed.ensure(db, wall(), PASSWORD, Path(folder))
        db.close()
        server = ExamServer(Path(folder))
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                draw_all(chromium, server.url)
                chromium.close()
        finally:
            server.close()


def draw_all(chromium: Browser, url: str) -> None:
    # each picture of a paper has a candidate of its own: one attempt is open at one place
    names = ("calon09", "calon27", "calon31", "calon32", "calon33", "pengawas")
    candidate, ready, running, another, third, proctor = (f"{name}@jepara.example" for name in names)
    draw(chromium, url, "home-phone", PHONE, "/")
    draw(chromium, url, "announcement-phone", PHONE, "/offices/magetan")
    draw(chromium, url, "status-phone", PHONE, "/status", candidate)
    new, corrected = "calon01@jepara.example", "calon04@jepara.example"
    draw(chromium, url, "signup-phone", PHONE, "/signup")
    draw(chromium, url, "profile-phone", PHONE, "/profile", new)
    draw(chromium, url, "documents-phone", PHONE, "/documents", corrected)
    draw(chromium, url, "choose-phone", PHONE, "/choose", candidate)
    draw(chromium, url, "choose-tablet", TABLET, "/choose", candidate)
    draw(chromium, url, "lobby-phone", PHONE, "/exam", ready)
    draw(chromium, url, "paper-phone", PHONE, "/exam", running)
    draw(chromium, url, "paper-phone-dark", PHONE, "/exam", another, dark=True)
    draw(chromium, url, "paper-desk", DESK, "/exam", third)
    screener, admin = "penyaring@jepara.example", "admin@jepara.example"
    draw(chromium, url, "screening-queue-desk", DESK, "/screening", screener, then=first_board)
    draw(chromium, url, "screening-desk", DESK, "/screening", screener, then=first_application)
    draw(chromium, url, "desk-desk", DESK, "/desk", admin)
    draw(chromium, url, "board-desk", DESK, "/board", proctor, then=first_board)
    draw(chromium, url, "board-desk-dark", DESK, "/board", proctor, dark=True, then=first_board)


def first_board(page: Page) -> None:
    page.get_by_role("main").get_by_role("link").first.click()


def first_application(page: Page) -> None:
    first_board(page)
    page.get_by_role("main").get_by_role("button", name="Ambil berikutnya").click()


def draw(
    chromium: Browser, url: str, name: str, size: tuple[int, int], path: str, email: str = "",
    *, dark: bool = False, then: Callable[[Page], None] = lambda page: None,
) -> None:  # fmt: skip
    """One picture of one page, as that person sees it."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, base_url=url, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    if email:
        page.goto("/login")
        page.get_by_label("Alamat surel").fill(email)
        page.get_by_label("Kata sandi").fill(PASSWORD)
        page.get_by_role("button", name="Masuk", exact=True).click()
        page.wait_for_url("**/*")
    page.goto(path)
    then(page)
    page.wait_for_timeout(SETTLED)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    picture.save(OUT / f"{name}.png", optimize=True)
    context.close()


if __name__ == "__main__":
    main()
