"""`make gallery`: today's screens of the demo, as small PNGs in docs/gallery/."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from exam_server.db import Database
from exam_server.demo import seed
from exam_server.schema import upgrade
from tests import gallery_scenes as scenes
from tests.journeys.conftest import FLAGS
from tests.processes import ROOT
from tests.servers import ExamServer
from tests.worlds import PASSWORD, wall

OUT = ROOT / "docs" / "gallery"
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)
COLOURS = 128
SETTLED = 1500
"""Milliseconds in which a page has drawn its live parts."""

PROCTOR, SCREENER, ADMIN = (f"{name}@jepara.example" for name in ("pengawas", "penyaring", "admin"))


def main() -> None:
    """Draw every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'exam.db'}")
        upgrade(db)
        seed.ensure(db, wall(), PASSWORD, Path(folder))
        server = ExamServer(Path(folder))
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                studio = Studio(chromium, server.url, db)
                for draw in (draw_the_way_to_the_test, draw_the_exam, draw_the_office, draw_lost_time):
                    draw(studio)
                chromium.close()
        finally:
            server.close()
            db.close()


@dataclass(frozen=True)
class Studio:
    """A browser, the demo's server, and the database behind it."""

    chromium: Browser
    url: str
    db: Database

    def draw(
        self, name: str, size: tuple[int, int], path: str, email: str = "",
        *, dark: bool = False, then: Callable[[Page], None] = lambda page: None,
    ) -> None:  # fmt: skip
        """One picture of one page, as that person sees it."""
        context = self.chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=self.url,
            color_scheme="dark" if dark else "light", reduced_motion="reduce",
        )  # fmt: skip
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


def candidate(number: int) -> str:
    return f"calon{number:02d}@jepara.example"


def draw_the_way_to_the_test(studio: Studio) -> None:
    new, corrected, accepted = candidate(1), candidate(4), candidate(9)
    studio.draw("home-phone", PHONE, "/")
    studio.draw("announcement-phone", PHONE, "/offices/magetan")
    studio.draw("status-phone", PHONE, "/status", accepted)
    studio.draw("signup-phone", PHONE, "/signup")
    studio.draw("profile-phone", PHONE, "/profile", new)
    studio.draw("documents-phone", PHONE, "/documents", corrected)
    studio.draw("choose-phone", PHONE, "/choose", accepted)
    studio.draw("choose-tablet", TABLET, "/choose", accepted)
    studio.draw("practice-phone", PHONE, "/practice", accepted)
    studio.draw("device-check-phone", PHONE, "/practice/device", accepted, then=scenes.checked)


def draw_the_exam(studio: Studio) -> None:
    # each picture of a paper has a candidate of its own: one attempt is open at one place
    ready, handed_in, granted = candidate(27), candidate(40), candidate(35)
    studio.draw("lobby-phone", PHONE, "/exam", ready)
    studio.draw("pledge-phone", PHONE, "/exam", ready, then=scenes.at_the_pledge)
    studio.draw("paper-phone", PHONE, "/exam", candidate(31))
    studio.draw("paper-phone-dark", PHONE, "/exam", candidate(32), dark=True)
    studio.draw("paper-desk", DESK, "/exam", candidate(33))
    studio.draw(
        "paper-offline-phone", PHONE, "/exam", candidate(34), then=scenes.opened_again_without_a_network
    )
    scenes.give_back_a_power_cut(studio.db, granted, PROCTOR)
    studio.draw("extra-time-phone", PHONE, "/exam", granted, then=scenes.with_the_sum_unfolded)
    studio.draw("receipt-phone", PHONE, "/receipt/mine", handed_in, then=scenes.with_the_receipt)
    studio.draw("receipt-check-phone", PHONE, f"/receipt/{scenes.code_of(studio.db, handed_in)}")


def draw_the_office(studio: Studio) -> None:
    board, granted = scenes.first_board, scenes.attempt_of(studio.db, candidate(35))
    studio.draw("screening-queue-desk", DESK, "/screening", SCREENER, then=board)
    studio.draw("screening-desk", DESK, "/screening", SCREENER, then=scenes.first_application)
    studio.draw("desk-desk", DESK, "/desk", ADMIN)
    studio.draw("board-desk", DESK, "/board", PROCTOR, then=board)
    studio.draw("board-desk-dark", DESK, "/board", PROCTOR, dark=True, then=board)
    studio.draw(
        "attempt-desk", DESK, f"/attempts/{granted.public_id}", PROCTOR, then=scenes.told_before_it_is_given
    )


def draw_lost_time(studio: Studio) -> None:
    sitting = scenes.sitting_of(studio.db, candidate(35))
    scenes.lose_two_minutes(studio.db)
    studio.draw("compensation-desk", DESK, f"/attempts/sitting/{sitting}", PROCTOR)


if __name__ == "__main__":
    main()
