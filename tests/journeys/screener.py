"""An official who compares what was typed with the files, by keyboard and by mouse, and decides."""

from __future__ import annotations

import re
from datetime import datetime

from playwright.sync_api import Browser, Locator, expect

from tests.journeys.people import DESK, Visitor


class Screener(Visitor):
    """Takes the next application, ticks it line by line, and decides."""

    def __init__(self, chromium: Browser, url: str, name: str) -> None:
        super().__init__(chromium, url, DESK)
        self.name = name

    def open_queue(self) -> None:
        self.turn(self.page.get_by_role("navigation").get_by_role("link", name="Seleksi Administrasi"))
        self.accessible()
        self.turn(self.page.get_by_role("main").get_by_role("link", name=re.compile("Buka antrean")))
        expect(self.page.get_by_role("button", name="Ambil berikutnya")).to_be_visible()
        self.accessible()

    def take_next(self, name: str) -> None:
        """The oldest one that waits is this person's."""
        self.turn(self.page.get_by_role("button", name="Ambil berikutnya"))
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()
        self.accessible()

    def finds_none(self) -> None:
        self.turn(self.page.get_by_role("button", name="Ambil berikutnya"))
        expect(self.page.get_by_role("status").first).to_contain_text("Tidak ada lagi permohonan")
        self.accessible()

    def line(self, name: str) -> Locator:
        return self.page.locator(f"#f-{name}")

    def lines(self) -> list[str]:
        return list(self.page.locator(".scr-line").evaluate_all("all => all.map(one => one.dataset.line)"))

    def agree_by_key(self, name: str) -> None:
        """The line is the current one already: the line before has moved on to it."""
        expect(self.line(name)).to_have_attribute("aria-current", "true")
        self.page.keyboard.press("y")
        expect(self.line(name)).to_have_attribute("data-verdict", "agrees")

    def agree_by_mouse(self, name: str) -> None:
        self.line(name).get_by_role("button", name="Sesuai").click()
        expect(self.line(name)).to_have_attribute("data-verdict", "agrees")

    def differ(self, name: str, note: str) -> None:
        """By the letter n, then the note and Enter, which moves on."""
        expect(self.line(name)).to_have_attribute("aria-current", "true")
        self.page.keyboard.press("n")
        expect(self.line(name).locator("[name=note]")).to_be_focused()
        self.page.keyboard.type(note)
        self.page.keyboard.press("Enter")
        expect(self.line(name)).to_have_attribute("data-verdict", "differs")
        expect(self.page.locator(f"[name='note-{name}']")).to_have_value(note)

    def compare(self, differing: dict[str, str]) -> None:
        """Every line gets its word: what differs with its note, every fourth of the others by mouse."""
        expect(self.page.locator(".scr-live")).to_be_visible()
        names = self.lines()
        for number, name in enumerate(names):
            if name in differing:
                self.differ(name, differing[name])
            elif number % 4 == 3:
                self.agree_by_mouse(name)
            else:
                self.agree_by_key(name)
        self.reads(f"{len(names) - len(differing)} dari {len(names)} sesuai")

    def compare_again(self, changed: set[str]) -> None:
        """Only what a correction changed is still open, and gets its word by mouse."""
        expect(self.page.locator(".scr-live")).to_be_visible()
        script = "all => all.filter(one => one.dataset.verdict !== 'agrees').map(one => one.dataset.line)"
        assert set(self.page.locator(".scr-line").evaluate_all(script)) == changed
        for name in changed:
            self.agree_by_mouse(name)
        count = len(self.lines())
        self.reads(f"{count} dari {count} sesuai")

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def look_closer(self) -> None:
        """Enlarged, turned and fitted again, by the keyboard."""
        image = self.page.locator(".scr-doc[data-shown] .scr-page[data-shown] img")
        expect(image).to_have_attribute("style", re.compile("width"))  # it has come, and was fitted
        before = image.bounding_box()
        assert before is not None
        self.page.keyboard.press("+")
        self.page.keyboard.press("r")

        def stands_larger() -> bool:
            after = image.bounding_box()
            return after is not None and after["height"] > before["height"]

        assert self.until(stands_larger), "a lying picture stands, and is larger"
        self.page.keyboard.press("0")

    def ask_correction(self, name: str, due: datetime) -> None:
        """What was marked as differing is proposed already, notes included."""
        self.page.locator("#correction > summary").click()
        self.accessible()
        self.page.get_by_label(re.compile("^Batas waktu perbaikan")).fill(f"{due:%Y-%m-%dT%H:%M}")
        self.turn(self.page.get_by_role("button", name=f"Minta {name} memperbaiki"))
        self.reads("Perlu perbaikan", "Perbaikan diminta")
        self.accessible()

    def accept(self, name: str) -> None:
        self.page.locator("#accept > summary").click()
        self.turn(self.page.get_by_role("button", name=f"Terima {name}"))
        self.reads("Diterima (seleksi administrasi)", "Diputuskan")
        self.accessible()

    def reject(self, name: str, reason: str, text: str) -> None:
        """Pressed twice: the second time beside the very words that the candidate will read."""
        self.page.locator("#reject > summary").click()
        self.page.get_by_label(reason).check()
        self.page.get_by_label(re.compile("^Penjelasan petugas")).fill(text)
        self.accessible()
        self.turn(self.page.get_by_role("button", name=f"Lanjut ke penolakan {name}"))
        self.reads("Penolakan tidak dapat dibatalkan")
        self.accessible()
        self.turn(self.page.get_by_role("button", name=f"Ya, tolak permohonan {name}"))
        self.reads("Tidak diterima (seleksi administrasi)", reason, text)
        self.accessible()
