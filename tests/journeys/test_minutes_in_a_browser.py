"""The berita acara and a candidate's own page in a real browser, at three sizes, and on paper."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.journeys.past_sitting import Past, open_past
from tests.journeys.people import DESK, PHONE, Visitor, fits_the_screen
from tests.worlds import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABLET = {"width": 768, "height": 1024}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    past = open_past(tmp_path_factory.mktemp("past"))
    yield past
    past.close()


def official(chromium: Browser, past: Past, size: dict[str, int]) -> Visitor:
    visitor = Visitor(chromium, past.server.url, size)
    visitor.sign_in(past.proctor.email, PASSWORD)
    return visitor


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["minutes", "timeline"])
def test_the_pages_are_accessible_and_fit(
    chromium: Browser, past: Past, size: dict[str, int], scheme: str, what: str
) -> None:
    seen = official(chromium, past, size)
    seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    of = {"minutes": past.sitting, "timeline": past.world.attempt(past.people[0]).public_id}[what]
    seen.page.goto(f"/{what}/{of}")
    seen.accessible()
    assert fits_the_screen(seen.page)
    seen.leave()


def test_from_the_candidate_to_the_berita_acara_that_is_fixed_and_printed(
    chromium: Browser, past: Past
) -> None:
    seen = official(chromium, past, DESK)
    seen.page.goto(f"/timeline/{past.world.attempt(past.people[0]).public_id}")
    main = seen.page.get_by_role("main")
    expect(main).to_contain_text("Perangkat dilepas")
    photo = seen.page.get_by_role("img", name="Foto Calon")
    assert seen.until(lambda: bool(photo.evaluate("one => one.complete && one.naturalWidth > 0")))
    expect(main).to_contain_text("Ini bukan bukti pelanggaran")
    seen.turn(seen.page.get_by_role("link", name=re.compile("^Pesan ")))
    expect(seen.page.locator(".line-event")).to_have_count(1)
    seen.turn(seen.page.get_by_role("link", name="Berita acara Sesi uji"))
    expect(main).to_contain_text("KONSEP")
    seen.turn(seen.page.get_by_role("button", name=re.compile("^Tetapkan berita acara Sesi uji, versi 1")))
    expect(main).to_contain_text("Versi 1, ditetapkan")
    seen.accessible()
    sha256 = seen.page.locator(".min-seal span").inner_text()
    printed = PdfReader(io.BytesIO(seen.page.pdf(prefer_css_page_size=True)))
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842], "A4"
    whole = " ".join(page.extract_text() for page in printed.pages)
    assert sha256 in re.sub(r"\s", "", whole) or sha256 in whole
    assert "Tetapkan" not in whole
    assert "Akun saya" not in whole
    with seen.page.expect_download() as download:
        seen.page.get_by_role("link", name="Unduh PDF").click()
    file = PdfReader(download.value.path())
    assert all(sha256 in page.extract_text() for page in file.pages)
    seen.leave()
