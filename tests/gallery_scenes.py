"""What happens before a picture of `make gallery` is taken: in the page, and in the office behind it."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from exam_server.db import Database
from exam_server.extra_time import granting
from exam_server.extra_time.wanted import Wanted
from exam_server.messages import service as messages
from exam_server.models import Account, Activity, Attempt, Outage, Receipt, Sitting, new_public_id
from tests.factories import add
from tests.journeys.seats import CONNECTED, OFFLINE, WHOLE_PAGE_IS_KEPT
from tests.processes import START_WITHIN
from tests.worlds import wall

PATIENTLY = 1000 * START_WITHIN
OFFLINE_ANSWERS = ((26, 2), (27, 3))
"""Position and option of what is chosen without a network; nobody of the demo is as far as that."""

SAID = "Hujan deras di luar. Bila suara mengganggu, angkat tangan; petugas akan menghampiri Anda."
POWER_CUT = Wanted(18 * 60, "power", "Listrik di aula padam 18 menit")


def first_board(page: Page) -> None:
    page.get_by_role("main").get_by_role("link").first.click()


def first_application(page: Page) -> None:
    first_board(page)
    page.get_by_role("main").get_by_role("button", name="Ambil berikutnya").click()


def with_rows(page: Page) -> None:
    """The board, as soon as its rows and faces stand."""
    first_board(page)
    expect(page.locator("#rows .tabulator-row").first).to_be_visible(timeout=PATIENTLY)
    page.wait_for_load_state("networkidle")


def grouped_by_kecamatan(page: Page) -> None:
    with_rows(page)
    page.get_by_label("Kelompokkan").select_option("kecamatan")


def told_whom_it_touches(page: Page) -> None:
    """Six minutes for the first four rows: one of them has not begun."""
    with_rows(page)
    boxes = page.locator("#rows .tabulator-row .c-pick")
    for number in range(4):
        boxes.nth(number).click()
    page.get_by_role("button", name="Tambah waktu", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tambahan waktu (menit)").fill("6")
    dialog.get_by_label("Sebab").select_option("power")
    dialog.get_by_label("Apa yang terjadi").fill("Listrik ruang 2 padam 6 menit.")
    dialog.get_by_role("button", name="Periksa siapa yang terkena").click()
    expect(dialog.locator("#effect")).to_contain_text("Terkena", timeout=PATIENTLY)


def given_back(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name=re.compile("^Beri ")).first.click()
    expect(page.get_by_role("main")).to_contain_text("Sudah diganti", timeout=PATIENTLY)
    page.evaluate("scrollTo(0, 0)")


def at_the_pledge(page: Page) -> None:
    page.locator("fieldset").evaluate("part => part.scrollIntoView()")
    page.get_by_role("checkbox").check()


def opened_again_without_a_network(page: Page) -> None:
    """Two answers are chosen after the network went, then the page is loaded again from the device."""
    link = page.locator("#link")
    expect(link).to_have_attribute("data-kind", CONNECTED, timeout=PATIENTLY)
    while not page.evaluate(WHOLE_PAGE_IS_KEPT):
        page.wait_for_timeout(100)
    page.context.set_offline(True)
    for position, option in OFFLINE_ANSWERS:
        page.locator("#map button").nth(position - 1).click()
        page.locator(".q").nth(position - 1).locator("label").nth(option - 1).click()
    page.reload()
    expect(link).to_have_attribute("data-kind", OFFLINE, timeout=PATIENTLY)


def with_the_sum_unfolded(page: Page) -> None:
    page.locator("#why summary").click()


def with_the_receipt(page: Page) -> None:
    expect(page.locator("#receipt")).to_have_attribute("data-receipt", "here", timeout=PATIENTLY)


def checked(page: Page) -> None:
    expect(page.locator("#told")).to_contain_text(re.compile("^Selesai diperiksa"), timeout=PATIENTLY)


def told_before_it_is_given(page: Page) -> None:
    """An official asked for six minutes more, and reads what they would do."""
    page.get_by_label("Tambahan waktu (menit)").fill("6")
    page.get_by_label("Sebab").select_option("network")
    page.get_by_label("Apa yang terjadi").fill("Jaringan aula terputus 6 menit")
    page.get_by_role("button", name="Periksa tambahan waktu ini").click()
    expect(page.locator("#effect")).to_be_visible(timeout=PATIENTLY)


def attempt_of(db: Database, email: str) -> Attempt:
    with db.read() as tx:
        return tx.scalars(sa.select(Attempt).join(Account, Account.id == Attempt.candidate_id)
                          .where(Account.email == email)).one()  # fmt: skip


def sitting_of(db: Database, email: str) -> str:
    """The public id of the sitting that this person chose."""
    with db.read() as tx:
        return tx.get_one(Sitting, attempt_of(db, email).sitting_id).public_id


def board_of(db: Database, email: str) -> str:
    """The address of the board on which this person stands."""
    with db.read() as tx:
        return f"/board/{tx.get_one(Activity, attempt_of(db, email).activity_id).public_id}"


def code_of(db: Database, email: str) -> str:
    """The code of a receipt that is there already."""
    with db.read() as tx:
        return tx.scalars(sa.select(Receipt.code).where(Receipt.attempt_id == attempt_of(db, email).id)).one()


def give_back_a_power_cut(db: Database, email: str, official: str) -> None:
    granting.grant(db, attempt_of(db, email).id, POWER_CUT, _account(db, official), wall())


def say(db: Database, email: str, official: str) -> None:
    """A message that this person has not read yet."""
    attempt, author = attempt_of(db, email), _account(db, official)
    with db.write() as tx:
        messages.send(tx, attempt.activity_id, [attempt.id], SAID, author, wall())


def _account(db: Database, email: str) -> int:
    with db.read() as tx:
        return tx.scalars(sa.select(Account.id).where(Account.email == email)).one()


def lose_seven_minutes(db: Database) -> None:
    """The server could not save a while ago, and nobody has given it back."""
    began = wall() - timedelta(minutes=9)
    add(db, Outage(public_id=new_public_id(), began_at=began, ended_at=began + timedelta(minutes=7)))
