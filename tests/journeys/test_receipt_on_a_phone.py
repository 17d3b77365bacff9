"""A receipt in a real browser at phone size: it takes its place by itself and leads to its check."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from exam_server.exam import service, settling
from exam_server.exam.saves import Save, store
from exam_server.models import Receipt
from tests import worlds
from tests.factories import add_session, answer
from tests.journeys.people import PATIENTLY, PHONE, Visitor, fits_the_screen
from tests.servers import SECRET_KEY, ExamServer
from tests.worlds import PASSWORD, Somebody, World, wall

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE = re.compile(r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){4}$")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = worlds.build(f"sqlite:///{tmp_path / 'exam.db'}")
    yield made
    made.close()


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[ExamServer]:
    serving = ExamServer(tmp_path)
    yield serving
    serving.close()


def hand_in(world: World, person: Somebody) -> int:
    """Handed in behind the server's back, so that it settles nothing yet; the attempt."""
    attempt_id, now = world.attempt(person).id, wall()
    session_id = add_session(world.db, person.id, now).session_id
    with world.db.write() as tx:
        service.begin(tx, attempt_id, now)
        lease = service.join(tx, attempt_id, session_id, "uji", False, now)
        store(tx, [Save(attempt_id, session_id, lease, (answer(1, 1, 2), answer(2, 1, 3)), now)])
        service.submit(tx, attempt_id, session_id, lease, now)
    return attempt_id


def settle(world: World, attempt_id: int) -> str:
    with world.db.write() as tx:
        assert settling.settle(tx, attempt_id, SECRET_KEY, wall())
        return tx.scalars(sa.select(Receipt.code).where(Receipt.attempt_id == attempt_id)).one()


def test_a_receipt_appears_by_itself_prints_and_is_checked_by_a_stranger(
    chromium: Browser, world: World, server: ExamServer
) -> None:
    (person,) = world.booked(1, world.sitting())
    candidate, stranger = Visitor(chromium, server.url, PHONE), Visitor(chromium, server.url, PHONE)
    candidate.sign_in(person.email, PASSWORD)
    attempt_id = hand_in(world, person)
    page = candidate.page
    page.goto("/exam")
    expect(page.locator("#receipt")).to_have_attribute("data-receipt", "awaited")
    candidate.accessible()
    code = settle(world, attempt_id)
    expect(page.locator("#receipt .receipt-letters")).to_have_text(code, timeout=PATIENTLY)
    assert CODE.match(code)
    expect(page.locator("#receipt img")).to_be_visible()
    assert page.locator("#receipt img").evaluate("img => img.complete && img.naturalWidth > 100")
    assert fits_the_screen(page)
    candidate.accessible()

    page.get_by_role("link", name="Halaman untuk mencetak").click()
    expect(page.get_by_role("button", name="Cetak tanda terima")).to_be_visible()
    candidate.accessible()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Cetak tanda terima")).to_be_hidden()
    expect(page.locator("#receipt img")).to_be_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    page.emulate_media(media="screen")

    stranger.page.goto("/receipt")
    stranger.accessible()
    stranger.page.get_by_label("Kode tanda terima").fill(code.lower().replace("-", " "))
    stranger.page.get_by_role("button", name="Periksa kode ini").click()
    expect(stranger.page.get_by_role("status")).to_contain_text("Tanda terima sah")
    expect(stranger.page.get_by_role("main")).to_contain_text("2 dari 8 soal")
    assert fits_the_screen(stranger.page)
    stranger.accessible()
    stranger.page.goto("/receipt/AAAA-BBBB-CCCC-DDDD-EEEE")
    expect(stranger.page.get_by_role("alert")).to_contain_text("Kode tidak dikenal")
    stranger.accessible()
    stranger.troubles[:] = [one for one in stranger.troubles if "status of 404" not in one]
    candidate.leave()
    stranger.leave()
