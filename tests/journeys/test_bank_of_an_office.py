"""An office's own spreadsheet on its way into a paper, in a real browser, each step by whom it belongs to.

One admin brings it in and cannot accept it himself; another reviews it, plans the paper and looks at one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from exam_server.models import BankItem, ImportBatch
from tests import worlds
from tests.imports.samples import BROKEN, GOOD, MENDED, WRONG_AT, csv, workbook
from tests.journeys.people import DESK, PHONE, Visitor, fits_the_screen
from tests.servers import ExamServer
from tests.worlds import PASSWORD, Somebody, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLET = {"width": 768, "height": 1024}
DROP = """async ([name, text]) => {
    const files = new DataTransfer();
    files.items.add(new File([text], name, { type: 'text/csv' }));
    const box = document.querySelector('[data-drop]');
    for (const kind of ['dragenter', 'dragover', 'drop']) {
        box.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: files }));
    }
}"""


@dataclass
class Bank:
    """An office with a small bank, the server over it, and two who keep it."""

    world: World
    server: ExamServer
    author: Somebody
    reviewer: Somebody
    folder: Path

    def file(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def states(self, topic: str) -> list[str]:
        with self.world.db.read() as tx:
            rows = sa.select(BankItem.state).where(BankItem.topic == topic).order_by(BankItem.id)
            return list(tx.scalars(rows))

    def batches(self) -> int:
        with self.world.db.read() as tx:
            return tx.scalar(sa.select(sa.func.count(ImportBatch.id))) or 0


class Keeper(Visitor):
    """An admin before the bank."""

    def __init__(self, chromium: Browser, bank: Bank, who: Somebody, size: dict[str, int] = DESK) -> None:
        super().__init__(chromium, bank.server.url, size)
        self.sign_in(who.email, PASSWORD)

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def choose_file(self, path: Path) -> None:
        self.page.locator("input[name=file]:visible").set_input_files(path)

    def upload(self, path: Path) -> None:
        self.page.goto("/bank/imports")
        self.choose_file(path)
        self.reads(path.name)
        self.turn(self.page.get_by_role("button", name="Unggah dan periksa"))

    def press(self, name: str | re.Pattern[str]) -> None:
        self.turn(self.page.get_by_role("main").get_by_role("button", name=name))

    def frame(self, number: int) -> str:
        """What an item's preview shows."""
        title = f"Soal {number} seperti dilihat peserta"
        view = self.page.frame_locator(f'iframe[title="{title}"]').locator("main")
        expect(view).to_be_visible()
        return view.inner_text()


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("bank")
    world = worlds.build(f"sqlite:///{folder / 'exam.db'}")
    author, reviewer = world.official("admin"), world.official("admin")
    server = ExamServer(folder)
    yield Bank(world, server, author, reviewer, folder)
    server.close()
    world.close()


def test_from_a_spreadsheet_with_mistakes_to_drafts_in_the_bank(chromium: Browser, bank: Bank) -> None:
    keeper = Keeper(chromium, bank, bank.author)
    bring_in(keeper, bank)
    assert bank.states("lapangan") == ["draft"] * 3
    take_back(keeper, bank)
    assert bank.states("lapangan") == ["retired"] * 3
    keeper.leave()


def bring_in(keeper: Keeper, bank: Bank) -> None:
    """Three mistakes are seen at their cells; the mended file keeps what was chosen, and comes as drafts."""
    keeper.upload(bank.file("soal.xlsx", workbook(BROKEN)))
    keeper.reads("3 soal salah", *WRONG_AT)
    keeper.accessible()
    expect(keeper.page.get_by_role("button", name=re.compile("^Impor"))).to_have_count(0)
    keeper.page.get_by_label("Soal 1", exact=True).check()
    keeper.press("Jangan ikutkan")
    keeper.reads("Tidak diikutkan")
    keeper.page.get_by_label("Topik", exact=True).fill("lapangan")
    keeper.page.get_by_label("Untuk").select_option(label="semua soal di berkas ini")
    keeper.press("Beri topik dan tingkat")
    keeper.reads("lapangan")

    keeper.choose_file(bank.file("soal-2.xlsx", workbook(MENDED)))
    keeper.press("Unggah ulang dan periksa")
    keeper.reads("soal-2.xlsx", "Impor 3 soal ke bank soal Kantor Uji", "Kunci: B")
    keeper.accessible()
    assert "Hasil 12 dibagi 4" in keeper.frame(2)
    keeper.press(re.compile("^Impor 3 soal"))
    keeper.reads("Di bank soal", "Batalkan impor ini")
    keeper.accessible()


def test_from_the_same_spreadsheet_to_a_paper_by_two_admins(chromium: Browser, bank: Bank) -> None:
    author, reviewer = Keeper(chromium, bank, bank.author), Keeper(chromium, bank, bank.reviewer, PHONE)
    author.upload(bank.file("naskah.xlsx", workbook([(*row[:6], "naskah", "mudah") for row in MENDED])))
    author.press(re.compile("^Impor 4 soal"))
    author.reads("Di bank soal")
    accept_all(author)
    author.reads("Selesai untuk 0 soal.", "4 soal dilewati karena versi terakhirnya Anda tulis sendiri")
    assert bank.states("naskah") == ["draft"] * 4
    accept_all(reviewer)
    reviewer.reads("Selesai untuk 4 soal.")
    assert bank.states("naskah") == ["reviewed"] * 4
    plan_and_look(reviewer)
    for keeper in (author, reviewer):
        keeper.leave()


def accept_all(keeper: Keeper) -> None:
    """What is ticked is told at once, and the act is at hand wherever the list stands."""
    keeper.page.goto("/bank?topic=naskah")
    keeper.accessible()
    follow = keeper.page.locator("#follow")
    expect(follow).to_be_hidden()
    for box in keeper.page.get_by_role("checkbox", name="Pilih soal").all():
        box.check()
    expect(follow).to_contain_text("4 soal dicentang.")
    keeper.accessible()
    assert fits_the_screen(keeper.page)
    keeper.turn(follow.get_by_role("button", name="Terima sesudah diperiksa"))


def plan_and_look(keeper: Keeper) -> None:
    """Five are not there, four are; a paper has all four of them and no key."""
    page = keeper.page
    keeper.turn(page.get_by_role("link", name=re.compile("^Susunan soal")))
    page.locator("[name=strata-1-topic]").fill("naskah")
    page.locator("[name=strata-1-count]").fill("5")
    expect(page.locator("#weighed")).to_contain_text("kurang 1")
    page.locator("[name=strata-1-count]").fill("4")
    expect(page.locator("#weighed")).to_contain_text("Dua peserta rata-rata mendapat 4 soal yang sama (100%)")
    keeper.accessible()
    page.get_by_label("Alasan perubahan").fill("Naskah dari berkas kantor")
    keeper.press("Simpan susunan soal")
    keeper.reads("Susunan soal tersimpan.")
    keeper.press("Lihat contoh naskah")
    expect(page.locator(".q")).to_have_count(4)
    expect(page.locator(".q", has_text="Hasil 12 dibagi 4")).to_have_count(1)
    expect(page.locator(":checked")).to_have_count(0)
    keeper.accessible()
    assert fits_the_screen(page)


def take_back(keeper: Keeper, bank: Bank) -> None:
    keeper.page.get_by_text("Batalkan impor ini").click()
    keeper.press(re.compile("^Batalkan impor soal-2"))
    keeper.reads("Dibatalkan")
    assert bank.batches() == 1


def test_a_file_may_be_dropped(chromium: Browser, bank: Bank) -> None:
    keeper = Keeper(chromium, bank, bank.author)
    keeper.page.goto("/bank/imports")
    keeper.page.evaluate(DROP, ["seret.csv", csv(*GOOD).decode()])
    keeper.reads("seret.csv")
    keeper.press("Unggah dan periksa")
    expect(keeper.page.get_by_role("main")).to_contain_text("Dibaca sebagai CSV")
    keeper.leave()


def test_what_is_no_bank_is_told_and_the_page_stays(chromium: Browser, bank: Bank) -> None:
    keeper = Keeper(chromium, bank, bank.author)
    keeper.page.goto("/bank/imports")
    keeper.choose_file(bank.file("surat.txt", b"Surat biasa tanpa soal."))
    keeper.page.get_by_role("button", name="Unggah dan periksa").click()
    keeper.reads("Berkas surat.txt tidak dapat dibaca.")
    expect(keeper.page.get_by_role("button", name="Unggah dan periksa")).to_be_enabled()
    assert keeper.until(lambda: bool(keeper.troubles)), "Chromium notes a refusal by itself"
    keeper.troubles.clear()
    keeper.leave()


def test_a_thousand_items_are_imported_while_the_page_tells_how_far_it_is(
    chromium: Browser, bank: Bank
) -> None:
    keeper = Keeper(chromium, bank, bank.author)
    rows = [(f"Soal besar {number}", "a", "b", "c", "d", "A", "besar", "mudah") for number in range(1000)]
    keeper.upload(bank.file("besar.csv", csv(*rows)))
    keeper.reads("Impor 1000 soal", "halaman 1 dari 50")
    keeper.press(re.compile("^Impor 1000 soal"))
    keeper.reads("Di bank soal", "Ditampilkan 500 soal pertama dari 1000.")
    assert bank.states("besar") == ["draft"] * 1000
    keeper.leave()


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_imports_are_accessible_and_fit(
    chromium: Browser, bank: Bank, size: dict[str, int], scheme: str
) -> None:
    keeper = Keeper(chromium, bank, bank.author, size)
    keeper.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    keeper.page.goto("/bank/imports")
    keeper.accessible()
    assert fits_the_screen(keeper.page)
    keeper.upload(bank.file("soal.xlsx", workbook(BROKEN, picture_at="B5")))
    keeper.frame(1)
    keeper.accessible()
    assert fits_the_screen(keeper.page)
    keeper.page.get_by_text("Buang berkas ini tanpa mengimpor").click()
    keeper.press("Buang soal.xlsx")
    expect(keeper.page).to_have_url(re.compile("/bank/imports$"))
    keeper.leave()
