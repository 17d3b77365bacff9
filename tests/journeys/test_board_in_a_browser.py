"""The board in a real browser: filtered, grouped and worked by keyboard, acted from, and shown on a wall."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import DESK, PHONE, fits_the_screen
from tests.journeys.seats import Place, open_place
from tests.journeys.watching import Watch, start_unheard

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 6
LAPTOP, TABLET = {"width": 1280, "height": 800}, {"width": 768, "height": 1024}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Six candidates: one works and is not heard of again, one has lost contact, four have not begun."""
    place = open_place(tmp_path_factory.mktemp("hall"), count=COUNT)
    people = list(place.people)
    start_unheard(place, people[2])
    start_unheard(place, people[4], ago=50)
    yield place
    place.server.close()
    place.world.close()


@pytest.fixture
def board(chromium: Browser, hall: Place) -> Iterator[Watch]:
    watch = Watch(chromium, hall)
    watch.open()
    yield watch
    watch.leave()


def grid(page: Page) -> str:
    """Whom the cursor is on."""
    name = """() => {
        const row = document.getElementById('rows').getAttribute('aria-activedescendant');
        return document.getElementById(row)?.querySelector('[data-put=name]').textContent;
    }"""
    return str(page.evaluate(name))


def chosen(page: Page) -> int:
    return page.locator("#rows .tabulator-row[aria-selected=true]").count()


def test_what_needs_attention_stands_first_in_words_icon_and_colour(board: Watch) -> None:
    first = board.page.locator("#rows .tabulator-row").first
    expect(first).to_have_attribute("data-standing", "lost")
    expect(first).to_contain_text("Hilang kontak")
    expect(first.locator(".state .icon")).to_be_visible()
    assert len(board.names()) == COUNT
    board.accessible()


def test_tiles_search_order_and_groups_stand_in_the_address(board: Watch) -> None:
    page = board.page
    page.get_by_role("button", name=re.compile("Siap dimulai")).click()
    expect(page.locator("#count")).to_have_text(f"{COUNT - 2} dari {COUNT} peserta")
    page.get_by_role("button", name="Tampilkan semua peserta").click()
    page.get_by_label("Kelompokkan").select_option("kecamatan")
    bar = re.compile(rf"^Uji: {COUNT} peserta, \d hilang kontak$")
    expect(page.get_by_role("button", name=bar)).to_be_visible()
    board.accessible()
    page.get_by_role("columnheader", name="Nama").get_by_role("button").click()
    page.get_by_role("columnheader", name="Nama").get_by_role("button").click()
    assert board.until(lambda: board.names() == sorted(board.names(), reverse=True))
    expect(page.get_by_role("columnheader", name="Nama")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("searchbox").fill(board.names()[0])
    expect(page.locator("#count")).to_have_text(f"1 dari {COUNT} peserta")
    assert "group=kecamatan" in page.url
    page.get_by_label("Kelompokkan").select_option("sitting")
    expect(page.locator("#rows .group-bar").first).to_have_text(re.compile("^Sesi uji: 1 peserta"))
    page.get_by_label("Kelompokkan").select_option("kecamatan")
    page.reload()
    expect(page.locator("#count")).to_have_text(f"1 dari {COUNT} peserta")
    expect(page.get_by_label("Kelompokkan")).to_have_value("kecamatan")
    page.get_by_role("searchbox").fill("tidak ada orang ini")
    expect(page.locator("#none")).to_be_visible()


def test_the_board_is_worked_by_keyboard_alone(board: Watch) -> None:
    page = board.page
    names = board.names()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#rows")).to_be_focused()
    assert grid(page) == names[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert (grid(page), chosen(page)) == (names[1], 1)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    assert chosen(page) == 3
    expect(page.locator("#chosen")).to_have_text("3 peserta dipilih")
    board.accessible()
    page.keyboard.press("Escape")
    assert chosen(page) == 0
    page.keyboard.press("End")
    assert grid(page) == names[-1]
    page.keyboard.press("Control+a")
    assert chosen(page) == COUNT
    page.keyboard.press("Home")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/timeline/"))


def test_a_message_says_whom_it_touches_and_keeps_what_was_typed_until_it_is_sent(board: Watch) -> None:
    page = board.page
    page.get_by_role("button", name=f"Pilih semua yang tampak ({COUNT})").click()
    page.get_by_role("button", name="Kirim pesan", exact=True).click()
    dialog = page.get_by_role("dialog", name=f"Kirim pesan: {COUNT} peserta dipilih")
    expect(dialog).to_be_visible()
    board.accessible()
    look = dialog.get_by_role("button", name="Periksa siapa yang terkena")
    look.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Tulis")
    assert [told for told in board.troubles if "422" not in told] == []
    board.troubles.clear()
    dialog.get_by_label("Pesan").fill("Waktu istirahat ditiadakan.")
    look.click()
    expect(dialog.locator("#effect")).to_contain_text(f"Terkena {COUNT} peserta")
    board.accessible()
    sure = dialog.get_by_role("button", name=f"Kirim pesan ini kepada {COUNT} peserta")
    dialog.get_by_label("Pesan").press("End")
    dialog.get_by_label("Pesan").type(" Mohon tenang.")
    expect(sure).to_be_hidden()
    look.click()
    sure.click()
    expect(page.locator("#told")).to_have_text(f"Pesan terkirim kepada {COUNT} peserta.")
    expect(dialog).to_be_hidden()
    expect(board.row("Calon").filter(has_text="1 pesan belum dilihat")).to_have_count(COUNT)


def test_an_act_that_reaches_nobody_has_no_second_press(board: Watch) -> None:
    page = board.page
    page.get_by_role("button", name=re.compile("Siap dimulai")).click()
    expect(page.locator("#count")).to_have_text(f"{COUNT - 2} dari {COUNT} peserta")
    page.locator("#rows .tabulator-row .c-pick").first.click()
    page.get_by_role("button", name="Tutup tes", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Mengapa tes ditutup").fill("Salah ruang")
    dialog.get_by_role("button", name="Periksa siapa yang terkena").click()
    expect(dialog.locator("#effect")).to_contain_text("Tidak ada peserta yang terkena")
    expect(dialog.locator("#effect")).to_contain_text("Belum memulai.")
    expect(dialog.locator("#act-go")).to_be_hidden()
    dialog.get_by_role("button", name="Kembali ke papan").click()
    expect(dialog).to_be_hidden()


def test_an_incident_floats_up_with_its_kind(board: Watch) -> None:
    page = board.page
    page.get_by_label("Kelompokkan").select_option("")
    last = board.names()[-1]
    board.row(last).locator(".c-pick").click()
    page.get_by_role("button", name="Catat kejadian", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Jenis kejadian").select_option("illness")
    dialog.get_by_label("Apa yang terjadi").fill("Pusing, dibawa ke ruang istirahat")
    dialog.get_by_role("button", name="Periksa siapa yang terkena").click()
    dialog.get_by_role("button", name="Catat kejadian pada 1 peserta").click()
    expect(board.row(last)).to_contain_text("Peserta sakit (1)")
    page.mouse.move(5, 5)
    lost = page.locator("#rows .tabulator-row[data-standing=lost]")
    assert board.until(lambda: board.names().index(last) == lost.count()), "after those who lost contact"
    expect(page.get_by_role("button", name=re.compile("Ada kejadian"))).to_contain_text("1")


def test_the_wall_shows_numbers_and_the_age_of_them_and_nobody(chromium: Browser, hall: Place) -> None:
    watch = Watch(chromium, hall)
    page = watch.page
    page.goto(f"/board/{hall.world.board}/wall")
    watch.is_live()
    expect(page.locator("#sums .tile").filter(has_text="Hilang kontak")).to_have_text(
        re.compile("^[12]Hilang")
    )
    expect(page.locator("#fresh-age")).to_contain_text("data")
    expect(page.locator("#hour")).to_contain_text("WIB")
    assert "Calon" not in page.locator("body").inner_text()
    watch.accessible()
    assert fits_the_screen(page)
    watch.leave()


def test_a_screen_that_is_turned_again_and_again_keeps_its_rows(chromium: Browser, hall: Place) -> None:
    watch = Watch(chromium, hall)
    page = watch.open()
    for size in (PHONE, DESK, TABLET, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
    expect(page.locator("#rows")).to_have_attribute("data-layout", "wide")
    expect(page.locator("#rows .tabulator-row")).to_have_count(COUNT)
    watch.leave()  # which holds that no script failed


@pytest.mark.parametrize("size", [DESK, LAPTOP, TABLET, PHONE], ids=["desk", "laptop", "tablet", "phone"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_board_fits_every_screen(
    chromium: Browser, hall: Place, size: dict[str, int], colours: str
) -> None:
    watch = Watch(chromium, hall, size)
    watch.page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
    page = watch.open()
    expect(page.locator("#rows .tabulator-row")).to_have_count(COUNT)
    watch.accessible()
    assert fits_the_screen(page)
    page.locator("#rows .tabulator-row .c-pick").first.click()
    expect(page.locator("#acts")).to_be_visible()
    page.get_by_role("button", name="Tambah waktu", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    watch.accessible()
    assert fits_the_screen(page)
    watch.leave()
