"""A candidate at a phone and a proctor at a board, each in a browser of their own.

Who presses what leads to another page waits until that page stands (`turn`): a look that does not wait by
itself, such as `count` or axe, would else see half of the one page or of the other.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, expect

from tests.journeys.witness import Witness

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
BOARD_WITHIN = 2_000
"""Milliseconds in which the board has to show a step, beyond what the machine itself was late meanwhile."""

PATIENTLY = 30_000
"""Milliseconds that nothing promises to keep within: a busy machine is given time."""

expect.set_options(timeout=PATIENTLY)
NETWORK_NOISE = re.compile(r"net::ERR_|WebSocket connection to|status of 50[0-9]")
"""What Chromium itself writes when a network goes away; everything else in the console is ours."""

NO_PHOTO = re.compile(r"/board/[^/]+/photo/[^/]+$")
"""Worlds have rows for documents and no files, so a board that asks for a face is told that there is none."""


class Visitor:
    """One browser window that remembers what went wrong in it."""

    def __init__(self, chromium: Browser, url: str, size: dict[str, int]) -> None:
        phone = size is PHONE
        self.context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=url, is_mobile=phone, has_touch=phone, reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(2 * PATIENTLY)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.strangers: list[str] = []
        self._own = url
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda problem: self.troubles.append(str(problem)))
        self.context.on("request", self._note_request)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or NETWORK_NOISE.search(message.text):
            return
        if not NO_PHOTO.search(message.location["url"]):
            self.troubles.append(message.text)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self._own, self._own.replace("http", "ws", 1), "data:")):
            self.strangers.append(request.url)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/login")
        self.page.get_by_label("Alamat surel").fill(email)
        self.page.get_by_label("Kata sandi").fill(f" {password} ")  # pasted blanks do no harm
        self.turn(self.page.get_by_role("button", name="Masuk", exact=True))
        expect(self.page.get_by_role("button", name="Keluar")).to_be_visible()

    def turn(self, what: Locator) -> None:
        """Press what leads to another page, and wait until that page stands, its scripts included."""
        try:
            with self.page.expect_navigation(wait_until="load"):
                what.click()
        except Error as problem:
            # The lobby goes to the paper by itself when it hears of the start: two ways to one page, and the
            # second ends the first.
            if "ERR_ABORTED" not in str(problem):
                raise
            self.page.wait_for_load_state("load")

    def until(self, seen: Callable[[], bool], within: float = PATIENTLY) -> bool:
        """True as soon as `seen`, with the browser going on meanwhile."""
        end = time.monotonic() + within / 1000
        while not seen():
            if time.monotonic() > end:
                return False
            self.page.wait_for_timeout(50)
        return True

    def accessible(self) -> None:
        """axe finds nothing on the page as it stands, which is whole.

        The same pages come from every async server, so one round of the journeys looks.
        """
        self.page.wait_for_load_state("load")
        expect(self.page.get_by_role("main")).to_be_visible()
        expect(self.page.locator("h1").first).to_be_visible()
        if os.environ.get("EXAM_ASYNC") == "gevent":
            return
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def leave(self) -> None:
        self.context.close()
        assert self.troubles == [], self.troubles
        assert self.strangers == [], "a page wanted something from elsewhere"


class Candidate(Visitor):
    """Walks from the sign-in to the closing page."""

    def __init__(self, chromium: Browser, url: str, name: str) -> None:
        super().__init__(chromium, url, PHONE)
        self.name = name

    def choose(self, day: str) -> None:
        """Pick the only sitting of that day, see it named, press once more, and read the receipt."""
        self.page.goto("/choose")
        self.accessible()
        self.turn(self.page.get_by_role("link", name=re.compile(f"Pilih sesi .*{day}")).first)
        expect(self.page.get_by_role("main")).to_contain_text(day)
        self.accessible()
        self.turn(self.page.get_by_role("button", name=re.compile("Tetapkan sesi")))
        expect(self.page).to_have_url(re.compile("/booking$"))
        self.accessible()

    def start(self) -> None:
        self.page.goto("/exam")
        self.accessible()
        self.page.get_by_label("Saya menyatakan semua hal di atas.").check()
        self.page.get_by_role("checkbox").check()  # the pledge
        self.turn(self.page.get_by_role("button", name="Mulai mengerjakan tes"))
        expect(self.page.locator("#time")).to_contain_text(re.compile("menit|detik"))
        expect(self.page.locator("#link")).to_have_attribute("data-kind", re.compile("socket|http"))
        self.accessible()

    def open_question(self, position: int) -> Locator:
        self.page.locator("#map button").nth(position - 1).click()
        question = self.page.locator(".q").nth(position - 1)
        expect(question).to_be_visible()
        return question

    def answer(self, position: int, option: int) -> None:
        question = self.open_question(position)
        question.locator("label").nth(option - 1).click()
        expect(question.locator("input").nth(option - 1)).to_be_checked()

    def expect_fate(self, position: int, word: str) -> None:
        """The word beside that question is the server's, or says that the server was not heard."""
        question = self.open_question(position)
        expect(question.locator(".fate")).to_contain_text(word)

    def has_chosen(self, *options: str) -> None:
        """What is ticked at the first positions, as the page shows it; empty for nothing."""
        script = "qs => qs.map(q => (q.querySelector('input:checked') || {}).value || '')"

        def chosen() -> list[str]:
            return list(self.page.locator(".q").evaluate_all(script))[: len(options)]

        assert self.until(lambda: chosen() == list(options)), chosen()

    def wording(self) -> list[str]:
        """The paper as it is laid out: stems and options in their order."""
        script = "parts => parts.map(part => part.textContent.trim())"
        return list(self.page.locator(".q .stem, .q label").evaluate_all(script))


class Proctor(Visitor):
    """Watches one board; every step has to be there in time."""

    def __init__(self, chromium: Browser, url: str) -> None:
        super().__init__(chromium, url, DESK)

    def watch(self) -> None:
        self.page.goto("/board")
        self.accessible()
        self.turn(self.page.get_by_role("main").get_by_role("link").first)
        expect(self.page.locator("#fresh")).to_have_attribute("data-mode", "live")
        self.accessible()
        self._witness = Witness(self.page)

    def row(self, name: str) -> Locator:
        return self.page.locator("#rows .tabulator-row").filter(has_text=name)

    def finds(self, name: str, standing: str, within: float = PATIENTLY) -> None:
        """Sooner or later."""
        expect(self.row(name)).to_have_attribute("data-standing", standing, timeout=within)

    def sees(self, name: str, standing: str) -> None:
        """The step that has just been taken stands on the board in time."""
        asked_at = time.time() * 1000
        self.finds(name, standing)
        self._in_time(asked_at, name, "standing", standing)

    def sees_answered(self, name: str, count: int) -> None:
        """The answer that has just been saved is counted in time."""
        asked_at = time.time() * 1000
        expect(self.row(name).locator(".c-answered")).to_contain_text(f"{count}/")
        self._in_time(asked_at, name, "answered", f"{count}/")

    def _in_time(self, asked_at: float, name: str, column: str, text: str) -> None:
        shown_at = self._witness.shown_at(name, column, text)
        late = self._witness.lateness(asked_at, shown_at)
        took = shown_at - asked_at
        assert took < BOARD_WITHIN + late, f"{took:.0f} ms, on a machine that was {late:.0f} ms late itself"


def fits_the_screen(page: Page) -> bool:
    """Nothing stands out to the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
