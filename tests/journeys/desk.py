"""An official at the office's desk: joins, follows the checklist, types the announcement, plans and moves."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from playwright.sync_api import Browser, expect

from tests.journeys.people import DESK, Visitor
from tests.worlds import PASSWORD

VALUES = """() => Object.fromEntries([...document.querySelectorAll('main form [name]')]
    .filter(one => one.matches('input, select, textarea'))
    .map(one => [one.name, [one.tagName, one.value]]))"""
ROW = re.compile(r"([a-z]+)-([0-9]+)-")


class Official(Visitor):
    """Somebody of the staff who has nothing yet but a letter."""

    def __init__(self, chromium: Browser, url: str, name: str, email: str) -> None:
        super().__init__(chromium, url, DESK)
        self.name, self.email = name, email

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def press(self, name: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("button", name=name, exact=True))

    def open(self, name: str | re.Pattern[str]) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("link", name=name, exact=True))

    def menu(self, name: str) -> None:
        """Some of its places stand folded up under one word."""
        bar = self.page.get_by_role("navigation")
        expect(bar.locator("a", has_text=name).first).to_be_attached()
        folded = bar.locator("details:not([open])").filter(has=self.page.locator("a", has_text=name))
        if folded.count():
            folded.locator("summary").click()
        self.turn(bar.get_by_role("link", name=re.compile(f"^{name}")))

    def join(self, link: str, role: str) -> None:
        """By the link, choosing a password; the desk is the first page after signing in."""
        self.page.goto(link)
        self.reads(role, self.email)
        self.accessible()
        self.page.get_by_label("Nama lengkap").fill(self.name)
        self.page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
        self.press("Terima dan buat akun petugas")
        self.reads("Undangan diterima")
        self.accessible()
        self.open("Masuk")
        self.page.get_by_label("Alamat surel").fill(self.email)
        self.page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
        self.press("Masuk")
        expect(self.page.get_by_role("heading", name="Meja kantor", level=1)).to_be_visible()

    def add_office(self, form: dict[str, str]) -> None:
        self.menu("Meja kantor")
        self.open("Tambah kantor")
        self.reads("Kecamatan, satu nama per baris")
        self.accessible()
        self.fill(form)
        self.press("Simpan data kantor")
        self.reads("Data kantor tersimpan.")

    def invite(self, name: str, email: str, role: str, office: str) -> None:
        self.menu("Petugas")
        form = self.page.locator("form").filter(has_text="Kirim undangan")
        form.get_by_label("Nama lengkap").fill(name)
        form.get_by_label("Alamat surel").fill(email)
        form.get_by_label("Peran").select_option(label=role)
        form.get_by_label("Kantor").select_option(label=office)
        self.press("Kirim undangan")
        self.reads("Undangan dikirim melalui surel.", email)

    def desk(self, office: str) -> None:
        """The office's own part of the home page, with its checklist in sight."""
        self.menu("Meja kantor")
        expect(self.page.get_by_role("heading", name="Meja kantor", level=1)).to_be_visible()
        summary = self.page.get_by_text(f"Daftar periksa {office}")
        if summary.count():
            summary.click()

    def follow(self, title: str) -> None:
        """Where the checklist leads next."""
        self.reads(f"Kerjakan berikutnya: {title}")
        self.open(f"Kerjakan berikutnya: {title}")

    def start(self, year: int, source: str) -> None:
        """A draft from nothing or from a copy."""
        self.page.get_by_label("Tahun rekrutmen").fill(str(year))
        self.page.get_by_label("Mulai dari").select_option(label=source)
        self.accessible()
        self.press("Buat draf")
        self.reads("Draf: umum belum melihatnya.")

    def enter(self, form: dict[str, str]) -> None:
        """One section, from its open page back to the overview."""
        self.fill(form)
        self.press("Simpan")
        self.reads("Bagian tersimpan.")

    def fill(self, form: dict[str, str]) -> None:
        """As many rows as are wanted, and in each field what is wanted; what stands there already stays."""
        expect(self.page.locator(f"main form [name='{next(iter(form))}']")).to_be_visible()
        self._match_rows(form)
        standing = self.values()
        assert set(form) <= set(standing), sorted(set(form) - set(standing))
        for name, text in form.items():
            tag, value = standing[name]
            if value.replace("\r\n", "\n") != text.replace("\r\n", "\n"):
                field = self.page.locator(f"main form [name='{name}']")
                field.select_option(text) if tag == "SELECT" else field.fill(text)

    def values(self) -> dict[str, list[str]]:
        """By name: the kind of the field, and what stands in it."""
        found: dict[str, list[str]] = self.page.evaluate(VALUES)
        return found

    def _match_rows(self, form: dict[str, str]) -> None:
        wanted, present = rows_in(form), rows_in(self.values())
        for group, count in wanted.items():
            for number in range(present[group] + 1, count + 1):
                self.turn(self.page.locator(f"button[value='add-{group}']"))
                expect(self.page.locator(f"[name^='{group}-{number}-']").first).to_be_visible()
            for number in range(present[group], count, -1):
                self.turn(self.page.locator(f"button[value='remove-{group}-{number}']"))
                expect(self.page.locator(f"[name^='{group}-{number}-']")).to_have_count(0)
                expect(self.page.locator(f"[name^='{group}-{number - 1}-']").first).to_be_visible()

    def publish(self) -> None:
        self.press("Terbitkan pengumuman")
        self.reads("Pengumuman sudah terbit.")

    def plan(self, first: date, last: date, slots: tuple[tuple[str, str], ...], **fields: str) -> None:
        """The series form, up to its preview."""
        self.page.get_by_label("Hari pertama").fill(first.isoformat())
        self.page.get_by_label("Hari terakhir").fill(last.isoformat())
        for number, (starts, ends) in enumerate(slots, 1):
            self.page.get_by_label(f"Sesi {number} mulai", exact=True).fill(starts)
            self.page.get_by_label(f"Sesi {number} selesai", exact=True).fill(ends)
        for name, text in fields.items():
            self.page.locator(f"[name='{name}']").fill(text)
        self.accessible()
        self.press("Lihat pratinjau")
        self.reads("Belum ada yang dibuat.", "Perhatikan")

    def previewed(self) -> list[list[str]]:
        """Label, time, last entry and remarks of every sitting on the preview."""
        script = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
        found: list[list[str]] = self.page.locator("tbody tr").evaluate_all(script)
        return found

    def ask_to_move(self, label: str, day: date, at: str, reason: str) -> None:
        """From the list of sittings to the question that waits for somebody else."""
        self.turn(self.page.locator("table").get_by_role("link", name=label, exact=True))
        self.reads("Waktu dan tempat")
        self.accessible()
        self.open(f"Pindahkan waktu {label}")
        self.page.get_by_label("Hari yang baru").fill(day.isoformat())
        self.page.get_by_label(re.compile("^Jam mulai yang baru")).fill(at)
        self.page.get_by_label(re.compile("^Alasan")).fill(reason)
        self.accessible()
        self.press(f"Ajukan pindah waktu {label}")
        self.reads("Menunggu petugas lain", reason)
        self.accessible()

    def is_refused_alone(self, sentence: str) -> None:
        """No button grants one's own question, and a browser made to send it is told no."""
        expect(self.page.get_by_role("button", name=re.compile("Setujui"))).to_have_count(0)
        form = self.page.locator("main form").filter(has_text="Tarik kembali permintaan ini")
        form.evaluate("form => { form.action = form.action.replace('/withdraw', '/grant') }")
        self.turn(form.get_by_role("button"))
        self.reads(sentence)
        assert self.until(lambda: bool(self.troubles)), "Chromium notes a refusal by itself"
        assert [one for one in self.troubles if "status of 4" not in one] == []
        self.troubles.clear()  # the refusal that Chromium noted is the one that was wanted

    def grant(self, label: str) -> None:
        """As the second official, led by the count in the menu."""
        self.menu("Persetujuan 1")
        self.reads("Menunggu keputusan Anda")
        self.accessible()
        self.turn(self.page.get_by_role("link", name=re.compile(f"Pindahkan waktu {label}")))
        self.reads("Yang akan dilakukan", "Alasan dan keterangan")
        self.accessible()
        self.turn(self.page.get_by_role("button", name=re.compile("^Setujui")))
        self.reads("Disetujui")


def rows_in(form: dict[str, Any]) -> dict[str, int]:
    """By group: how many rows a form holds."""
    counts: dict[str, int] = {}
    for name in form:
        if found := ROW.match(name):
            counts[found[1]] = max(counts.get(found[1], 0), int(found[2]))
    return counts
