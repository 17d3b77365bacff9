"""Somebody who comes as a stranger: an announcement, an account, a profile, three files, an application."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from exam_server.demo.announce import Announced
from exam_server.demo.lives import Life
from tests.journeys.papers import fingerprint
from tests.journeys.people import Candidate
from tests.mailbox import Found, Mailbox

WORDS = "hujan sore di kebun kopi"
"""The password of everybody here."""


class Applicant(Candidate):
    """Walks on from page to page as the pages themselves lead, and opens the links of the letters."""

    def __init__(
        self, chromium: Browser, url: str, mailbox: Mailbox, life: Life, papers: dict[str, Path]
    ) -> None:
        super().__init__(chromium, url, life.name)
        self.life, self.papers = life, papers
        self.email = f"{life.name.lower().replace(' ', '.')}@surel.example"
        self._mailbox = mailbox

    def press(self, button: str) -> None:
        self.turn(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("link", name=link, exact=True).first)

    def is_at(self, path: str) -> None:
        """That page is shown, and axe finds nothing on it."""
        expect(self.page).to_have_url(re.compile(rf"^[^?#]*{path}([?#].*)?$"))
        self.accessible()

    def reads(self, *texts: str) -> None:
        """The page says each of them."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def letter(self, subject_part: str, *texts: str) -> Found:
        """The letter that came, saying each of the texts."""
        found = self._mailbox.wait_for(self.email, subject_part)
        for text in texts:
            assert text in found.text
        return found

    def open_link(self, letter: Found, path: str) -> None:
        """The link of a letter that leads there."""
        self.page.goto(next(link for link in letter.links if path in link))

    def read_announcement(self, slug: str, requirements: int) -> None:
        """Every requirement is listed, and the way to an account stands on top."""
        self.page.goto(f"/offices/{slug}")
        self.accessible()
        expect(self.page.locator("li", has_text="Dasar:")).to_have_count(requirements)
        self.follow("Buat akun untuk mendaftar")
        self.is_at("/signup")

    def sign_up(self) -> None:
        self.page.get_by_label("Nama lengkap").fill(self.name)
        self.page.get_by_label("Alamat surel").fill(f" {self.email.upper()} ")
        self.page.get_by_label("Kata sandi", exact=True).fill(WORDS)
        self.press("Daftar akun")
        self.reads("Periksa surel Anda", "Buka tautannya dalam 24 jam")
        self.accessible()

    def activate(self) -> None:
        """Looking at the link does nothing, pressing its button does; a second look says so."""
        letter = self.letter("Aktifkan akun")
        self.open_link(letter, "/activate/")
        self.is_at("/activate/[^/]+")
        self.press("Aktifkan akun")
        self.reads("Akun Anda sudah aktif")
        self.accessible()
        self.open_link(letter, "/activate/")
        self.reads("Akun Anda sudah aktif")
        self.follow("Masuk")
        self.is_at("/login")
        self.sign_in(self.email, WORDS)

    def begin_profile(self) -> None:
        self.page.goto("/status")
        self.is_at("/status")
        self.follow("Lengkapi data diri")
        self.is_at("/profile")
        self.follow("Lanjut ke Identitas")
        self.is_at("/profile/identity")

    def mistype_nik(self) -> None:
        """A digit is missing: the sentence stands at its field, which has the focus; what was typed stays."""
        self._fill_identity(nik=self.life.nik[:15], birth_place=self.life.birth_place)
        self.turn(self.page.get_by_role("button", name="Simpan dan lanjut"))
        nik = self.page.get_by_label("NIK", exact=True)
        expect(nik).to_be_focused()
        expect(nik).to_have_value(self.life.nik[:15])
        expect(nik).to_have_accessible_description(re.compile("16 angka.*15 angka|15 angka.*16 angka"))
        expect(self.page.get_by_label("Nama sesuai KTP")).to_have_value(self.name)
        self.accessible()
        self.forget_refusal(422)

    def forget_refusal(self, status: int) -> None:
        """Chromium itself writes a line about a form that came back refused; that one line is expected."""
        self.until(lambda: bool(self.troubles))
        assert [str(status) in line for line in self.troubles] == [True]
        self.troubles.clear()

    def fill_profile(self, slug: str, birth_place: str) -> None:
        """All four steps, from the first on."""
        spaced = " ".join(re.findall("....", self.life.nik))  # as it is copied from somewhere else
        self._fill_identity(f" {spaced} ", birth_place)
        self._next("/profile/domicile")
        self._fill_domicile(slug)
        self._next("/profile/work")
        self._fill_work()
        self._next("/profile/means")
        self._fill_means()
        self._next("/documents")

    def _next(self, path: str) -> None:
        self.press("Simpan dan lanjut")
        self.is_at(path)

    def _fill_identity(self, nik: str, birth_place: str) -> None:
        self.page.get_by_label("Nama sesuai KTP").fill(self.name)
        self.page.get_by_label("NIK", exact=True).fill(nik)
        self.page.get_by_label("Tempat lahir").fill(birth_place)
        self.page.get_by_label("Tanggal lahir").fill(f"{self.life.birth_date:%d-%m-%Y}")
        self.page.get_by_label({"m": "Laki-laki", "f": "Perempuan"}[self.life.sex]).check()

    def _fill_domicile(self, slug: str) -> None:
        self.page.get_by_label("Nomor ponsel").fill(self.life.phone)
        self.page.get_by_label("Alamat tempat tinggal").fill(self.life.address)
        self.page.get_by_label("Kabupaten atau kota", exact=True).select_option(slug)
        self.page.get_by_role("combobox", name="Kecamatan").select_option(self.life.kecamatan)
        self.page.get_by_label("Desa atau kelurahan").fill(self.life.desa)

    def _fill_work(self) -> None:
        self.page.get_by_label("Pendidikan terakhir").select_option(self.life.education)
        self.page.get_by_label("Jurusan").fill(self.life.major or "")
        self.page.get_by_label("Pekerjaan").select_option(self.life.occupation)
        self.page.get_by_label("Bukan ASN").check()

    def _fill_means(self) -> None:
        self.page.get_by_label("Ponsel pintar").check()
        self.page.get_by_label("Sepeda motor").check()
        self.page.get_by_label("Pernah", exact=True).check()
        self.page.get_by_label("Uraian pengalaman").fill("Petugas pendata Sensus Pertanian 2023")

    def upload(self, kind: str, word: str, path: Path) -> None:
        """Chosen, sent, and answered with a receipt that names the bytes of this very file."""
        card = self.page.locator(f"li#{kind}")
        card.locator("input[type=file]").set_input_files(path)
        expect(card.locator("[data-chosen]")).to_contain_text("Belum dikirim")
        self.turn(card.get_by_role("button", name=f"Kirim {word}"))
        expect(card).to_contain_text("Berkas baru sudah diterima")
        expect(card).to_contain_text(fingerprint(path)[:12])

    def upload_all(self) -> None:
        for kind, word in (("ktp", "KTP"), ("photo", "Foto terbaru"), ("ijazah", "Ijazah")):
            self.upload(kind, word, self.papers[kind])
        self.accessible()

    def apply(self, place: Announced, statements: int) -> None:
        """By way of the announcement once more, with everything that will be sent before the eyes."""
        self.follow("Lihat status pendaftaran")
        self.is_at("/status")
        self.follow(place.name)
        self.is_at(f"/offices/{place.slug}")
        self.follow("Daftar di kantor ini")
        self.is_at(f"/apply/{place.slug}")
        self.reads("NIK sesuai dengan tanggal lahir", "Berdomisili di", "Tidak berstatus ASN")
        boxes = self.page.get_by_role("checkbox")
        expect(boxes).to_have_count(statements)
        for box in boxes.all():
            box.check()
        self.accessible()
        self.press(f"Kirim pendaftaran ke {place.name}")

    def sees_sent(self) -> None:
        """On the status page, and in the letter with the fingerprint of every file."""
        self.is_at("/status")
        self.reads("Pendaftaran terkirim", "Belum ada yang perlu dilakukan")
        self.letter("Pendaftaran diterima", *(fingerprint(path) for path in self.papers.values()))

    def correct(self, birth_place: str, ijazah: Path, wishes: tuple[str, ...], due: str) -> None:
        """As the letter leads: the field is put right, the file sent anew, and both are sent again."""
        self.open_link(self.letter("Perlu perbaikan sebelum", *wishes, due), "/correction")
        self.is_at("/correction")
        self.reads(*wishes, due, "Belum ada yang berubah")
        self.follow("Perbaiki Tempat lahir")
        self.page.get_by_label("Tempat lahir").fill(birth_place)
        self.press("Simpan dan kembali")
        self.is_at("/correction")
        self.reads(f"menjadi {birth_place}")
        self.follow("Ganti Ijazah")
        self.upload("ijazah", "Ijazah", ijazah)
        self.follow("Kembali ke perbaikan pendaftaran")
        self.is_at("/correction")
        self.turn(self.page.get_by_role("button", name=re.compile("^Kirim perbaikan")))

    def sees_corrected(self, ijazah: Path) -> None:
        self.is_at("/status")
        self.reads("Perbaikan terkirim", "Versi 2")
        self.letter("Perbaikan diterima", fingerprint(ijazah))

    def sees_rejected(self, reason: str, text: str) -> None:
        """The letter and the status page give the same reason."""
        self.open_link(self.letter("Tidak diterima pada seleksi administrasi", reason, text), "/status")
        self.is_at("/status")
        self.reads("Tidak diterima (seleksi administrasi)", reason, text)
        expect(self.page.get_by_role("link", name="Tes Kompetensi")).to_have_count(0)

    def book(self, day: str) -> None:
        """As the letter leads: accepted, a sitting chosen for good, and its receipt here and by letter."""
        letter = self.letter("Diterima pada seleksi administrasi", "Diterima (seleksi administrasi)")
        self.page.goto("/status")
        self.is_at("/status")
        self.reads("Diterima (seleksi administrasi)", "Sesi hanya dapat dipilih satu kali")
        self.open_link(letter, "/choose")
        self.choose(day)
        self.reads(self.name, day)
        self.letter("Sesi Tes Kompetensi Anda", day, "Pilihan ini tetap")
        self.page.goto("/status")
        self.is_at("/status")
        self.reads("Sesi sudah dipilih", day)

    def sees_who_looked(self, official: str) -> None:
        self.page.goto("/documents")
        self.follow("Siapa saja yang sudah membuka berkas saya")
        self.is_at("/documents/views")
        self.reads("KTP", "Foto terbaru", "Ijazah", "Yang dibuka: halaman 1", official)
