"""Two admins and their bank: one writes an item, the other reviews it, plans the paper and looks at one.

Then both edit the same item at once, and neither loses what they typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, FilePayload, expect

from exam_server.models import Activity, AuditEntry, BankItem, ItemReview, ItemRevision
from tests.factories import make_picture
from tests.journeys.people import DESK, PHONE, Visitor, fits_the_screen
from tests.journeys.seats import Place, open_place
from tests.worlds import PASSWORD, TOPIC

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEM = "Luas petak sawah Pak Darto adalah 12 m<sup>2</sup>.\nBerapa luas separuhnya?"
OPTIONS = ("6 meter persegi", "12 meter persegi", "3 meter persegi")
PICTURE: FilePayload = {"name": "petak.png", "mimeType": "image/png", "buffer": make_picture(320, 200)}


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[Place]:
    place = open_place(tmp_path, count=1)
    yield place
    place.leave()
    place.server.close()
    place.world.close()


class Keeper(Visitor):
    """An admin of the office."""

    def __init__(self, chromium: Browser, place: Place, size: dict[str, int]) -> None:
        super().__init__(chromium, place.server.url, size)
        self.sign_in(place.world.official("admin").email, PASSWORD)

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def press(self, name: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("button", name=name, exact=True).last)

    def open(self, name: str) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first)

    def menu(self) -> None:
        self.turn(self.page.get_by_role("navigation").get_by_role("link", name="Bank soal", exact=True))
        self.whole()

    def whole(self) -> None:
        """The page stands, fits, and can be used by everybody."""
        self.accessible()
        assert fits_the_screen(self.page)

    def shown(self, *texts: str) -> None:
        """What the candidate's view in the frame says."""
        for text in texts:
            expect(self.page.frame_locator("#view").locator("body")).to_contain_text(text)

    def refused(self) -> None:
        """Chromium notes an answer that says no; only that one is wanted."""
        assert self.until(lambda: bool(self.troubles))
        assert [one for one in self.troubles if "status of 4" not in one] == []
        self.troubles.clear()


def test_an_item_is_written_reviewed_planned_and_seen_on_a_paper(chromium: Browser, hour: Place) -> None:
    rina, bagus = Keeper(chromium, hour, DESK), Keeper(chromium, hour, PHONE)
    write(rina)
    review(bagus)
    plan(bagus)
    look(bagus)
    edit_at_once(rina, bagus)
    for keeper in (rina, bagus):
        keeper.leave()
    check(hour)


def write(rina: Keeper) -> None:
    """With a mistake first, seen in the preview while it is typed and beside its field when it is saved."""
    page = rina.page
    rina.menu()
    rina.open("Tulis soal baru")
    rina.whole()
    page.get_by_label("Pokok soal").fill(STEM)
    for number, option in enumerate((OPTIONS[0], OPTIONS[0], OPTIONS[2]), 1):
        page.get_by_label(f"Pilihan {'ABC'[number - 1]}", exact=True).fill(option)
    rina.shown("m2", "Berapa luas separuhnya?", OPTIONS[2])
    expect(page.locator("#fresh")).to_contain_text("Pilihan A dan B sama.")
    page.get_by_label("Gambar soal").set_input_files(PICTURE)
    expect(page.frame_locator("#view").locator(".pic img")).to_be_visible()
    page.get_by_label("Topik").fill(TOPIC)
    page.get_by_label("Label", exact=True).fill("luas, sawah")
    page.get_by_label("Kode soal").fill("SAWAH-1")
    rina.press("Simpan soal baru")
    rina.refused()
    rina.reads("Pilihan A dan B sama.", "Tandai satu pilihan sebagai kunci.", "Tulis keterangan gambar")
    rina.whole()
    expect(page.get_by_label("Pokok soal")).to_have_value(STEM)
    page.get_by_label("Pilihan B", exact=True).fill(OPTIONS[1])
    page.get_by_label("A adalah kunci").check()
    page.get_by_label("Keterangan gambar").fill("Petak sawah persegi panjang")
    rina.press("Simpan soal baru")
    rina.reads("Soal baru tersimpan sebagai draf.", "Versi ini Anda tulis sendiri.")
    rina.shown(*OPTIONS)
    rina.whole()


def review(bagus: Keeper) -> None:
    """Found by a word, read on a phone, accepted."""
    bagus.menu()
    bagus.page.get_by_label("Cari kata dalam soal").fill("sawah")
    bagus.press("Saring")
    bagus.open("Luas petak sawah Pak Darto adalah 12 m2. Berapa luas separuhnya?")
    bagus.shown("Berapa luas separuhnya?")
    bagus.reads("Kunci dan pembahasan", "Pemeriksaan versi 1")
    bagus.whole()
    bagus.press("Terima versi 1")
    bagus.reads("Soal diterima dan sekarang ikut diundi.", "Sudah diperiksa")


def plan(bagus: Keeper) -> None:
    """The bank's answer follows the keys; what it cannot give is told before anything is saved."""
    page = bagus.page
    bagus.menu()
    bagus.open(f"Susunan soal {bagus.page.locator('a[href*=blueprint]').first.inner_text().split()[-1]}")
    bagus.whole()
    count = page.locator("[name=strata-1-count]")
    count.fill("99")
    expect(page.locator("#weighed")).to_contain_text("kurang")
    count.fill("5")
    expect(page.locator("#weighed")).to_contain_text("5 soal per peserta. Dua peserta rata-rata mendapat")
    bagus.whole()
    page.get_by_label("Alasan perubahan").fill("Waktu tes lebih pendek")
    bagus.press("Simpan susunan soal")
    bagus.reads("Susunan soal tersimpan.", "5 soal per peserta.")


def look(bagus: Keeper) -> None:
    """Papers as their candidates would see them, until one has the new item on it; nowhere is a key."""
    page = bagus.page
    bagus.press("Lihat contoh naskah")
    expect(page.locator(".q")).to_have_count(5)
    bagus.whole()
    while not page.locator(".q", has_text="Pak Darto").count():
        bagus.turn(page.get_by_role("link", name="Undi contoh lain"))
    item = page.locator(".q", has_text="Pak Darto")
    expect(item.locator("label")).to_have_count(3)
    expect(item.get_by_alt_text("Petak sawah persegi panjang")).to_be_visible()
    expect(page.locator(":checked")).to_have_count(0)
    bagus.turn(page.get_by_role("link", name="Kembali ke susunan soal"))


def edit_at_once(rina: Keeper, bagus: Keeper) -> None:
    """The later one is told what the other did, keeps every word, and saves the next version."""
    for keeper in (rina, bagus):
        keeper.menu()
        keeper.turn(keeper.page.get_by_role("link", name=re.compile("Pak Darto")))
        keeper.open("Ubah soal")
        keeper.whole()
    change(bagus, STEM.replace("Darto", "Suro"), "Nama tokoh diganti")
    bagus.reads("Versi 2 tersimpan sebagai draf.", "Nama tokoh diganti")
    expect(bagus.page.locator("ins")).to_contain_text(["Suro"])
    mine = STEM + " Tulis dalam meter persegi."
    change(rina, mine, "Satuan diperjelas")
    rina.refused()
    rina.reads("Petugas lain mengubah soal ini", "Nama tokoh diganti")
    rina.whole()
    expect(rina.page.get_by_label("Pokok soal")).to_have_value(mine)
    rina.press("Simpan sebagai versi baru")
    rina.reads("Versi 3 tersimpan sebagai draf.", "Versi 2")


def change(keeper: Keeper, stem: str, why: str) -> None:
    keeper.page.get_by_label("Pokok soal").fill(stem)
    keeper.page.get_by_label("Alasan perubahan").fill(why)
    keeper.press("Simpan sebagai versi baru")


def check(hour: Place) -> None:
    """What the browser did stands in the database, and in the trail."""
    with hour.world.db.read() as tx:
        item = tx.scalars(sa.select(BankItem).where(BankItem.code == "SAWAH-1")).one()
        revisions = sa.select(sa.func.count()).where(ItemRevision.item_id == item.id)
        assert (item.state, tx.scalar(revisions)) == ("draft", 3)
        assert tx.scalars(sa.select(ItemReview.verdict)).all() == ["accepted"]
        assert tx.get_one(Activity, hour.world.selection_id).blueprint[0]["count"] == 5
        acts = set(tx.scalars(sa.select(AuditEntry.act)))
    assert acts >= {"bank.item_added", "bank.item_accepted", "bank.item_revised", "recruitment.changed"}
