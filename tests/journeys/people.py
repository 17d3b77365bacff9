"""A candidate at a phone and a proctor at a board, each in a browser of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
BOARD_WITHIN = 2_000
"""Milliseconds in which the board has to show a step."""

PATIENTLY = 15_000
NETWORK_NOISE = re.compile(r"net::ERR_|WebSocket connection to|status of 50[0-9]")
"""What Chromium itself writes when a network goes away; everything else in the console is ours."""


class Visitor:
    """One browser window that remembers what went wrong in it."""

    def __init__(self, chromium: Browser, url: str, size: dict[str, int]) -> None:
        phone = size is PHONE
        self.context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            base_url=url, is_mobile=phone, has_touch=phone, reduced_motion="reduce",
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.strangers: list[str] = []
        self._own = url
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda problem: self.troubles.append(str(problem)))
        self.context.on("request", self._note_request)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NETWORK_NOISE.search(message.text):
            self.troubles.append(message.text)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self._own, self._own.replace("http", "ws", 1), "data:")):
            self.strangers.append(request.url)

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/login")
        self.page.get_by_label("Alamat surel").fill(email)
        self.page.get_by_label("Kata sandi").fill(f" {password} ")  # pasted blanks do no harm
        self.page.get_by_role("button", name="Masuk", exact=True).click()
        expect(self.page.get_by_role("button", name="Keluar")).to_be_visible()

    def accessible(self) -> None:
        """axe finds nothing on the page as it stands."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()

    def leave(self) -> None:
        self.context.close()
        assert self.troubles == []
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
        self.page.get_by_role("link", name=re.compile(f"Pilih sesi .*{day}")).first.click()
        expect(self.page.get_by_role("main")).to_contain_text(day)
        self.accessible()
        self.page.get_by_role("button", name=re.compile("Tetapkan sesi")).click()
        expect(self.page).to_have_url(re.compile("/booking$"))
        self.accessible()

    def start(self) -> None:
        self.page.goto("/exam")
        self.accessible()
        self.page.get_by_role("button", name="Mulai mengerjakan tes").click()
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
        expect(question.locator(".fate")).to_contain_text(word, timeout=PATIENTLY)

    def chosen(self, count: int) -> list[str]:
        """What is ticked at the first `count` positions, as the page shows it."""
        script = "qs => qs.map(q => (q.querySelector('input:checked') || {}).value || '')"
        return list(self.page.locator(".q").evaluate_all(script))[:count]

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
        self.page.get_by_role("main").get_by_role("link").first.click()
        expect(self.page.locator("#fresh")).to_have_attribute("data-mode", "live", timeout=PATIENTLY)
        self.accessible()

    def row(self, name: str) -> Locator:
        return self.page.locator("#rows [role=row]").filter(has_text=name)

    def sees(self, name: str, standing: str, within: float = BOARD_WITHIN) -> None:
        expect(self.row(name)).to_have_attribute("data-standing", standing, timeout=within)

    def sees_answered(self, name: str, count: int) -> None:
        expect(self.row(name).locator(".c-answered")).to_contain_text(f"{count}/", timeout=BOARD_WITHIN)


def until(seen: Callable[[], bool], within: float) -> bool:
    """True as soon as `seen`."""
    end = time.monotonic() + within
    while not seen():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True
