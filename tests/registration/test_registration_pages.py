"""The pages around an application and its correction: all is shown first, and nothing is sent twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.models import Account, Phase, Requirement
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, Scene, add_account, add_official, add_other_scene, add_scene
from tests.registration.people import (
    DUE,
    add_asked,
    add_ready,
    add_statements,
    change_profile,
    replace_file,
    versions,
)

SEND = "Kirim pendaftaran ke BPS Kabupaten Jepara"
RESEND = "Kirim perbaikan ke BPS Kabupaten Jepara"


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    add_statements(db, scene, 1, 2)
    return add_ready(db, scene)


@pytest.fixture
def browser(app: Flask, candidate: Account) -> Client:
    return Client(app).sign_in(candidate.id)


@pytest.fixture
def asked(db: Database, scene: Scene) -> Account:
    screener = add_official(db, "screener", scene.office)
    return add_asked(db, scene, screener.id, ("desa", "Tidak sama dengan KTP"), ("ktp", "Buram"))


def submit(client: Client, path: str, *ticked: int) -> TestResponse:
    """As a browser without scripts sends the form."""
    data: dict[str, Any] = {"csrf": client.csrf(), "statement": [str(one) for one in ticked]}
    return client.client.post(
        path, data=data, base_url=client.base_url, headers={"Accept": "text/html"}, buffered=True
    )


def test_everything_is_shown_before_it_is_sent(browser: Client) -> None:
    page = browser.get("/apply/jepara")
    assert page.status_code == 200
    for said in (
        SEND,
        "17 Mei 1998",
        "Ponsel pintar",
        "Usia 28 tahun pada 4 November 2026",
        "Tidak berstatus ASN.",
        "1. Syarat 1",
        "2. Syarat 2",
        "Pendaftaran ditutup",
        "/thumbnail",
    ):
        assert said in page.text, said
    assert "Syarat 99" not in page.text
    assert 'href="/profile/identity?back=jepara"' in page.text


def test_sending_leads_to_the_status(db: Database, browser: Client, candidate: Account) -> None:
    answer = submit(browser, "/apply/jepara", 1, 2)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/status")
    assert len(versions(db, candidate.id)) == 1


def test_a_form_sent_twice_is_sent_once_and_leads_to_the_same_page(
    db: Database, browser: Client, candidate: Account
) -> None:
    answers = [submit(browser, "/apply/jepara", 1, 2) for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == ["/status"] * 2
    assert len(versions(db, candidate.id)) == 1
    assert browser.get("/apply/jepara").headers["Location"] == "/status"


def test_what_was_ticked_stays_ticked_and_the_rest_is_pointed_at(browser: Client) -> None:
    page = submit(browser, "/apply/jepara", 1)
    assert page.status_code == 422
    assert 'value="1" checked' in page.text
    assert re.search(
        r'value="2" aria-invalid="true" aria-describedby="statement-2-problem" autofocus', page.text
    )
    assert "ada pernyataan yang belum dicentang" in page.text


def test_what_is_missing_is_listed_with_a_way_to_it_and_without_a_button(
    db: Database, browser: Client, candidate: Account
) -> None:
    change_profile(db, candidate.id, desa=sa.null())
    replaced = replace_file(db, candidate.id, "photo")
    with db.write() as tx:
        tx.execute(sa.text("UPDATE document SET purged_at = 1 WHERE id = :id"), {"id": replaced})
    page = browser.get("/apply/jepara")
    assert SEND not in page.text
    assert 'href="/profile/domicile?back=jepara#desa"' in page.text
    assert 'href="/documents?back=jepara#photo"' in page.text
    assert submit(browser, "/apply/jepara", 1, 2).status_code == 422


def test_a_civil_servant_reads_why_there_is_no_button(
    db: Database, browser: Client, candidate: Account
) -> None:
    change_profile(db, candidate.id, civil_servant=True)
    page = browser.get("/apply/jepara")
    assert "ASN tidak dapat mendaftar" in page.text
    assert SEND not in page.text
    assert submit(browser, "/apply/jepara", 1, 2).status_code == 422


def test_a_closed_window_says_when_it_closed(
    db: Database, browser: Client, clock: SetClock, candidate: Account
) -> None:
    clock.pass_by(days=14)
    browser.sign_in(candidate.id)
    page = browser.get("/apply/jepara")
    assert "Pendaftaran sudah ditutup Rabu, 18 November 2026 pukul 08.00 WIB." in page.text
    assert SEND not in page.text
    assert submit(browser, "/apply/jepara", 1, 2).status_code == 409
    assert versions(db, candidate.id) == []


def test_a_window_to_come_says_when_it_opens(db: Database, browser: Client, clock: SetClock) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Phase).where(Phase.kind == "registration").values(opens_at=clock.at + DAY))
    assert "Dibuka Kamis, 5 November 2026 pukul 08.00 WIB." in browser.get("/apply/jepara").text


def test_who_applied_elsewhere_reads_where(db: Database, browser: Client) -> None:
    add_other_scene(db)
    submit(browser, "/apply/jepara", 1, 2)
    page = browser.get("/apply/magetan")
    assert "Tahun ini Anda sudah mendaftar di BPS Kabupaten Jepara." in page.text
    assert "Kirim pendaftaran" not in page.text
    answer = submit(browser, "/apply/magetan")
    assert answer.status_code == 409
    assert "satu orang mendaftar pada satu kantor saja" in answer.text


def test_a_program_is_refused_in_json(browser: Client) -> None:
    answer = browser.post("/apply/jepara", statement="1")
    assert answer.status_code == 422
    assert (answer.json["code"], answer.json["positions"]) == ("statements_missing", [2])


def test_an_unknown_office_is_not_found(browser: Client) -> None:
    assert browser.get("/apply/nowhere").status_code == 404
    assert browser.post("/apply/nowhere").status_code == 404


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "1 OR 1", "²"])
def test_strange_positions_are_not_ticks(db: Database, scene: Scene, browser: Client, junk: str) -> None:
    with db.write() as tx:
        tx.execute(sa.delete(Requirement).where(Requirement.position == 2))
    assert browser.post("/apply/jepara", statement=junk).json["positions"] == [1]


def test_strangers_are_led_to_sign_in_and_back(app: Flask, scene: Scene) -> None:
    answer = Client(app).get("/apply/jepara")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/apply/jepara")


def test_the_announcement_has_one_way_to_apply_while_registration_is_open(
    app: Flask, scene: Scene, browser: Client, clock: SetClock
) -> None:
    assert '<a class="button" href="/apply/jepara">' in browser.get("/offices/jepara").text
    assert 'href="/login?next=/apply/jepara"' in Client(app).get("/offices/jepara").text
    clock.pass_by(days=14)
    closed = Client(app).get("/offices/jepara").text
    assert "/apply/jepara" not in closed
    assert "Pendaftaran sudah ditutup Rabu, 18 November 2026 pukul 08.00 WIB." in closed


def test_a_correction_shows_what_is_asked_and_until_when(app: Flask, asked: Account) -> None:
    page = Client(app).sign_in(asked.id).get("/correction")
    assert page.status_code == 200
    for said in (
        "Kirim sebelum Sabtu, 7 November 2026 pukul 08.00 WIB.",
        "Tidak sama dengan KTP",
        "Buram",
        "Yang terkirim: Bangsri",
        'href="/profile/domicile?back=correction#desa"',
        'href="/documents?back=correction#ktp"',
        "Belum ada yang berubah",
        "Tombol kirim muncul di sini",
    ):
        assert said in page.text, said
    assert RESEND not in page.text


def test_what_changed_is_shown_before_it_is_sent(db: Database, app: Flask, asked: Account) -> None:
    client = Client(app).sign_in(asked.id)
    change_profile(db, asked.id, desa="Wedelan")
    replace_file(db, asked.id, "ktp")
    page = client.get("/correction")
    assert "Bangsri menjadi Wedelan" in page.text
    assert "Berkas baru, diunggah" in page.text
    answers = [submit(client, "/correction") for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == ["/status"] * 2
    assert len(versions(db, asked.id)) == 2


def test_sending_nothing_new_is_told(app: Flask, asked: Account) -> None:
    answer = submit(Client(app).sign_in(asked.id), "/correction")
    assert answer.status_code == 422
    assert "Belum ada yang berubah sejak kiriman terakhir. Perbaiki dahulu" in answer.text


def test_after_the_deadline_a_sentence_stands_there_instead_of_the_button(
    db: Database, app: Flask, asked: Account, clock: SetClock
) -> None:
    change_profile(db, asked.id, desa="Wedelan")
    clock.at = DUE
    client = Client(app).sign_in(asked.id)
    page = client.get("/correction")
    assert "Batas waktu perbaikan sudah lewat pada Sabtu, 7 November 2026 pukul 08.00 WIB." in page.text
    assert RESEND not in page.text
    assert submit(client, "/correction").status_code == 409
    assert client.post("/correction").json["code"] == "correction_over"


def test_without_a_request_the_page_says_so(db: Database, app: Flask, scene: Scene) -> None:
    client = Client(app).sign_in(add_account(db).id)
    assert "Kantor tidak sedang meminta perbaikan." in client.get("/correction").text
