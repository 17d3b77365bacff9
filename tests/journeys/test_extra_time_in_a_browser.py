"""Time granted in a real browser: an official finds the candidate on the board, sees what it does, gives it;
the candidate's page shows the sum and why at once, also when the clock had closed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from exam_server.models import Outage, new_public_id
from tests.factories import add
from tests.journeys.people import PHONE, Proctor, Visitor, fits_the_screen
from tests.journeys.seats import Place, Seat, open_place
from tests.worlds import PASSWORD, Somebody

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REASON = "Listrik di aula padam 18 menit"
SHORT = 20
UNTIL_CLOSED = (SHORT + 1 + 5 + 40) * 1000


def opened(folder: Path, allowed: int, grace: int) -> Iterator[Place]:
    place = open_place(folder, count=1, allowed=allowed, grace=grace)
    yield place
    place.leave()
    place.server.close()
    place.world.close()


@pytest.fixture
def hour(tmp_path: Path) -> Iterator[Place]:
    yield from opened(tmp_path, 3600, 10)


@pytest.fixture
def moment(tmp_path: Path) -> Iterator[Place]:
    """A sitting so short that the clock closes it while one looks."""
    yield from opened(tmp_path, SHORT, 1)


def seated(chromium: Browser, place: Place) -> Seat:
    candidate = place.seat(chromium)
    candidate.enter()
    candidate.answer(1, 2)
    candidate.expect_fate(1, "Tersimpan")
    return candidate


def name_of(person: Somebody) -> str:
    """As worlds name people: calon001@... is Calon 001."""
    return re.sub(r"^calon(\d+)@.*", r"Calon \1", person.email)


def ask_for(official: Visitor, minutes: str) -> None:
    """The first press: everything is shown, nothing is done."""
    page = official.page
    page.get_by_label("Tambahan waktu (menit)").fill(minutes)
    page.get_by_label("Sebab").select_option("power")
    page.get_by_label("Apa yang terjadi").fill(REASON)
    official.turn(page.get_by_role("button", name="Periksa tambahan waktu ini"))


def test_a_proctor_grants_eighteen_minutes_and_the_candidate_sees_the_sum_and_why_at_once(
    chromium: Browser, hour: Place
) -> None:
    candidate = seated(chromium, hour)
    name = name_of(candidate.person)
    official = hour.world.official("proctor")
    proctor = Proctor(chromium, hour.server.url)
    proctor.sign_in(official.email, PASSWORD)
    proctor.watch()
    proctor.turn(proctor.row(name).get_by_role("link", name=name))
    proctor.turn(proctor.page.get_by_role("link", name=f"Waktu dan bukti {name}"))
    proctor.accessible()
    ask_for(proctor, "18")
    effect = proctor.page.locator("#effect")
    expect(effect).to_contain_text(re.compile(r"Batas waktu baru \d\d\.\d\d\.\d\d WIB; 0 jawaban terlambat"))
    proctor.accessible()
    expect(candidate.page.locator("#why")).to_be_hidden()
    proctor.turn(proctor.page.get_by_role("button", name=f"Beri 18 menit kepada {name}"))
    expect(proctor.page.get_by_role("heading", name="Waktu: 60 + 18 menit")).to_be_visible()
    expect(proctor.page.get_by_role("main")).to_contain_text(REASON)
    why = candidate.page.locator("#why")
    expect(why.locator("summary")).to_contain_text("60 + 18 menit")
    why.locator("summary").click()
    expect(why).to_contain_text(REASON)
    assert fits_the_screen(candidate.page)
    assert fits_the_screen(proctor.page)
    pocket = Visitor(chromium, hour.server.url, PHONE)
    pocket.sign_in(official.email, PASSWORD)
    for path in (f"/attempts/{hour.world.attempt(candidate.person).public_id}", sitting_of(proctor)):
        pocket.page.goto(path)
        pocket.accessible()
        assert fits_the_screen(pocket.page)
    pocket.leave()
    proctor.leave()


def sitting_of(official: Visitor) -> str:
    link = official.page.get_by_role("main").get_by_role("link", name="Sesi uji")
    return str(link.first.get_attribute("href"))


def test_a_page_that_the_clock_closed_goes_on_when_time_is_granted(chromium: Browser, moment: Place) -> None:
    candidate = seated(chromium, moment)
    closed = candidate.page.get_by_role("heading", name="Tes sudah ditutup")
    expect(closed).to_be_visible(timeout=UNTIL_CLOSED)
    expect_finalised(candidate)
    proctor = Visitor(chromium, moment.server.url, PHONE)
    proctor.sign_in(moment.world.official("proctor").email, PASSWORD)
    proctor.page.goto(f"/attempts/{moment.world.attempt(candidate.person).public_id}")
    expect(proctor.page.get_by_role("main")).to_contain_text("oleh batas waktu")
    ask_for(proctor, "10")
    expect(proctor.page.locator("#effect")).to_contain_text("Tes yang sudah ditutup dibuka lagi")
    proctor.turn(proctor.page.get_by_role("button", name=re.compile("^Beri 10 menit kepada")))
    expect(candidate.page.locator("#time")).to_contain_text(re.compile("[89] menit"))
    candidate.be_connected()
    candidate.has_chosen("2", "")
    candidate.answer(2, 3)
    candidate.expect_fate(2, "Tersimpan")
    assert candidate.stored() == {1: 2, 2: 3}
    proctor.leave()


def expect_finalised(candidate: Seat) -> None:
    """The sweeper has been there, too: what follows is a reopening."""
    world, person = candidate.place.world, candidate.person
    assert candidate.until(lambda: world.attempt(person).how == "clock", within=UNTIL_CLOSED)


def test_what_the_server_lost_is_proposed_on_the_board_and_given_back_with_one_click(
    chromium: Browser, hour: Place
) -> None:
    candidate = seated(chromium, hour)
    started = hour.world.attempt(candidate.person).started_at
    assert started is not None
    add(hour.world.db, Outage(public_id=new_public_id(), began_at=started - timedelta(seconds=1),
                              ended_at=started + timedelta(seconds=155)))  # fmt: skip
    proctor = Proctor(chromium, hour.server.url)
    proctor.sign_in(hour.world.official("proctor").email, PASSWORD)
    proctor.watch()
    offer = proctor.page.locator("#offers")
    expect(offer).to_contain_text("Usulan kompensasi")
    proctor.accessible()
    proctor.turn(offer.get_by_role("link"))
    proctor.accessible()
    proctor.turn(proctor.page.get_by_role("button", name="Beri 2 menit 35 detik kepada 1 peserta"))
    expect(proctor.page.get_by_role("main")).to_contain_text("Sudah diganti")
    expect(candidate.page.locator("#why ul")).to_contain_text("Server tidak dapat menyimpan jawaban")
    assert hour.world.attempt(candidate.person).deadline_at == started + timedelta(seconds=3600 + 155)
    proctor.leave()
