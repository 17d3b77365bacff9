"""`make gallery`: today's screens of the demo, as small PNGs in docs/gallery/."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from exam_server.db import Database
from exam_server.demo import phones, seed
from exam_server.schema import upgrade
from tests import gallery_results, processes
from tests import gallery_scenes as scenes
from tests.journeys import two_offices
from tests.journeys.conftest import FLAGS
from tests.processes import ROOT
from tests.servers import ExamServer
from tests.worlds import PASSWORD, wall

OUT = ROOT / "docs" / "gallery"
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)
COLOURS = 128
SETTLED = 1500
"""Milliseconds in which a page has drawn its live parts."""

SHARP = 1.3
"""Dots for each point of a paper."""

PROCTOR, SCREENER, ADMIN = (f"{name}@jepara.example" for name in ("pengawas", "penyaring", "admin"))


def main() -> None:
    """Draw every picture anew."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'exam.db'}")
        upgrade(db)
        seed.ensure(db, wall(), PASSWORD, Path(folder))
        server = ExamServer(Path(folder), env={phones.SERVED: "1"})
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=processes.chromium(), args=FLAGS)
                studio = Studio(chromium, server.url, db)
                scenes.give_back_a_power_cut(db, GRANTED, PROCTOR)
                # what officials see comes first: who sits down in a picture leaves again afterwards
                for draw in (draw_the_board, draw_lost_time, draw_the_office, draw_the_way_to_the_test,
                             draw_the_exam):  # fmt: skip
                    draw(studio)
                draw_the_results(chromium, Path(folder) / "results")
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
        page = self._open(size, dark, email)
        page.goto(path)
        then(page)
        page.wait_for_timeout(SETTLED)
        _keep(Image.open(io.BytesIO(page.screenshot())), name)
        page.context.close()

    def draw_paper(self, name: str, path: str, email: str) -> None:
        """The first page of a PDF."""
        page = self._open(DESK, dark=False, email=email)
        with pypdfium2.PdfDocument(page.request.get(path).body()) as document:
            _keep(document[0].render(scale=SHARP).to_pil(), name)
        page.context.close()

    def _open(self, size: tuple[int, int], dark: bool, email: str) -> Page:
        """A browser of its own, in which that person is signed in."""
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
        return page


def _keep(picture: Image.Image, name: str) -> None:
    picture.convert("RGB").quantize(COLOURS).save(OUT / f"{name}.png", optimize=True)


def candidate(number: int) -> str:
    return f"calon{number:02d}@jepara.example"


GRANTED = candidate(35)


def draw_the_board(studio: Studio) -> None:
    board, moved = scenes.with_rows, scenes.attempt_of(studio.db, candidate(38)).public_id
    wall_of = scenes.board_of(studio.db, GRANTED) + "/wall"
    studio.draw("board-desk", DESK, "/board", PROCTOR, then=board)
    studio.draw("board-desk-dark", DESK, "/board", PROCTOR, dark=True, then=board)
    studio.draw("board-tablet", TABLET, "/board", PROCTOR, then=board)
    studio.draw("board-groups-desk", DESK, "/board", PROCTOR, then=scenes.grouped_by_kecamatan)
    studio.draw("board-act-desk", DESK, "/board", PROCTOR, then=scenes.told_whom_it_touches)
    studio.draw("wall-desk", DESK, wall_of, PROCTOR)
    studio.draw("timeline-desk", DESK, f"/timeline/{moved}", PROCTOR)


def draw_the_results(chromium: Browser, folder: Path) -> None:
    """In an installation of its own: the demo's candidates still sit."""
    folder.mkdir()
    told = gallery_results.announced(folder)
    server = ExamServer(folder)
    try:
        studio, path = Studio(chromium, server.url, told.db), told.path
        preview = f"{path}/corrections/preview?revision={told.item}&kind=key&option={two_offices.TRUE}"
        studio.draw("analysis-desk", DESK, f"{path}/analysis", ADMIN)
        studio.draw("analysis-item-desk", DESK, f"{path}/analysis/items/{told.item}", ADMIN)
        studio.draw("fairness-desk", DESK, f"{path}/analysis/fairness", ADMIN)
        studio.draw("correction-desk", DESK, preview, ADMIN)
        studio.draw("selection-list-desk", DESK, f"{path}/list", ADMIN)
        studio.draw("places-desk", DESK, f"{path}/places", ADMIN)
        studio.draw("result-phone", PHONE, f"/offices/{told.house.slug}/result")
        studio.draw("result-desk", DESK, f"/offices/{told.house.slug}/result")
        studio.draw("own-result-phone", PHONE, "/result", told.took.email)
    finally:
        server.close()
        told.db.close()


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
    ready, handed_in, told = candidate(27), candidate(40), candidate(36)
    studio.draw("lobby-phone", PHONE, "/exam", ready)
    studio.draw("pledge-phone", PHONE, "/exam", ready, then=scenes.at_the_pledge)
    studio.draw("paper-phone", PHONE, "/exam", candidate(31))
    studio.draw("paper-phone-dark", PHONE, "/exam", candidate(32), dark=True)
    studio.draw("paper-desk", DESK, "/exam", candidate(33))
    studio.draw(
        "paper-offline-phone", PHONE, "/exam", candidate(34), then=scenes.opened_again_without_a_network
    )
    scenes.say(studio.db, told, PROCTOR)
    studio.draw("message-phone", PHONE, "/exam", told)
    studio.draw("extra-time-phone", PHONE, "/exam", GRANTED, then=scenes.with_the_sum_unfolded)
    studio.draw("receipt-phone", PHONE, "/receipt/mine", handed_in, then=scenes.with_the_receipt)
    studio.draw("receipt-check-phone", PHONE, f"/receipt/{scenes.code_of(studio.db, handed_in)}")


def draw_the_office(studio: Studio) -> None:
    granted = scenes.attempt_of(studio.db, GRANTED)
    studio.draw("screening-queue-desk", DESK, "/screening", SCREENER, then=scenes.first_board)
    studio.draw("screening-desk", DESK, "/screening", SCREENER, then=scenes.first_application)
    studio.draw("desk-desk", DESK, "/desk", ADMIN)
    studio.draw(
        "attempt-desk", DESK, f"/attempts/{granted.public_id}", PROCTOR, then=scenes.told_before_it_is_given
    )


def draw_lost_time(studio: Studio) -> None:
    sitting = scenes.sitting_of(studio.db, GRANTED)
    time, minutes = f"/attempts/sitting/{sitting}", f"/minutes/{sitting}"
    scenes.lose_seven_minutes(studio.db)
    studio.draw("compensation-desk", DESK, time, PROCTOR)
    studio.draw("compensated-desk", DESK, time, PROCTOR, then=scenes.given_back)
    studio.draw("minutes-desk", DESK, minutes, PROCTOR)
    studio.draw_paper("minutes-paper", f"{minutes}/pdf", PROCTOR)


if __name__ == "__main__":
    main()
