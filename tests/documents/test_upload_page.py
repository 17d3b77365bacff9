"""The page in a real browser: a choice is shown, a camera's photo is made smaller, a refusal is heard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.schema import upgrade
from tests.documents import corpus
from tests.documents.sending import held
from tests.factories import add_account
from tests.journeys.people import PATIENTLY
from tests.processes import chromium
from tests.servers import ExamServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

expect.set_options(timeout=PATIENTLY)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'exam.db'}")
    upgrade(database)
    yield database
    database.close()


@pytest.fixture
def owner(db: Database) -> int:
    now = datetime.now(UTC)
    return add_account(db, created_at=now, activated_at=now).id


@pytest.fixture
def page(db: Database, owner: int, tmp_path: Path) -> Iterator[Page]:
    """Berkas on a phone, 360 pixels wide, with nothing that the content security policy refused."""
    server = ExamServer(tmp_path)
    token = accounts.open_session(db, owner, "uji", datetime.now(UTC))
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
        context.add_cookies([{"name": "exam", "value": token, "url": server.url}])
        opened = context.new_page()
        opened.on(
            "console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None
        )
        opened.goto(server.url + "/documents")
        yield opened
        browser.close()
    server.close()
    assert complaints == []


def choose(page: Page, kind: str, name: str, media_type: str, data: bytes) -> None:
    chosen = {"name": name, "mimeType": media_type, "buffer": data}
    page.set_input_files(f"#file-{kind}", chosen)  # type: ignore[arg-type]


def large_photo() -> bytes:
    """More than the 5 MB that the server takes, as cameras make them."""
    out = io.BytesIO()
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    noise.save(out, "JPEG", quality=92)
    return out.getvalue()


def test_a_photo_is_shown_sent_and_confirmed(page: Page, db: Database, owner: int) -> None:
    choose(page, "ktp", "ktp.jpg", "image/jpeg", corpus.jpeg())
    expect(page.locator("#ktp canvas")).to_be_visible()
    expect(page.locator("#ktp [data-chosen]")).to_contain_text("Belum dikirim")
    page.click("#ktp button")
    expect(page.locator("#ktp .file-now img")).to_be_visible()
    kept = held(db, owner)
    assert kept is not None
    expect(page.locator("#ktp")).to_contain_text(kept.sha256[:12])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_photo_too_large_is_made_smaller_and_the_page_says_so(page: Page, db: Database, owner: int) -> None:
    data = large_photo()
    assert len(data) > 5 * 1024 * 1024
    choose(page, "photo", "kamera.jpg", "image/jpeg", data)
    expect(page.locator("#photo [data-chosen]")).to_contain_text("diperkecil menjadi")
    page.click("#photo button")
    expect(page.locator("#photo .file-now img")).to_be_visible()
    kept = held(db, owner, "photo")
    assert kept is not None
    assert kept.size < 5 * 1024 * 1024


def test_a_pdf_too_large_is_refused_before_it_is_sent(page: Page) -> None:
    choose(page, "ijazah", "ijazah.pdf", "application/pdf", corpus.pdf() + bytes(6 * 1024 * 1024))
    expect(page.locator("#problem-ijazah")).to_contain_text("lebih besar dari 5 MB")
    page.click("#ijazah button")
    expect(page.locator("#file-ijazah")).to_be_focused()


def test_the_reason_of_a_refusal_stands_beside_its_field_and_is_focused(page: Page) -> None:
    choose(page, "ktp", "iphone.heic", "image/heic", corpus.HEIC)
    page.click("#ktp button")
    expect(page.locator("#problem-ktp")).to_contain_text("Paling kompatibel")
    expect(page.locator("#file-ktp")).to_be_focused()
    assert page.get_attribute("#file-ktp", "aria-invalid") == "true"


def test_a_lost_connection_keeps_the_choice(page: Page, db: Database, owner: int) -> None:
    choose(page, "ktp", "ktp.jpg", "image/jpeg", corpus.jpeg())
    page.context.set_offline(True)
    page.click("#ktp button")
    expect(page.locator("#problem-ktp")).to_contain_text("Sambungan terputus")
    assert held(db, owner) is None
    page.context.set_offline(False)
    page.click("#ktp button")
    expect(page.locator("#ktp .file-now img")).to_be_visible()
