"""Receipts as pages: one's own after closing, and the public one, which tells valid from forged only."""

from __future__ import annotations

import html
import re

import pytest
import segno
from flask import Flask

from exam_server.db import Database
from exam_server.models import Account, Receipt
from exam_server.receipts import service, views
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import MINUTE, Run, Scene, add_booked, add_official, make_profile
from tests.receipts.closing import EVENING, HANDED_IN, close_by_clock, grant, hand_in, receipts, settle
from tests.verify.lived import unguard, write

OUTCOMES = {
    "valid": "Tanda terima sah",
    "superseded": "tidak lagi yang terbaru",
    "changed": "data yang tersimpan tidak lagi sama",
    "unknown": "Kode tidak dikenal",
}


@pytest.fixture
def candidate(app: Flask, run: Run, clock: SetClock) -> Client:
    client = Client(app)
    client.set_cookie("exam", run.token)
    clock.at = HANDED_IN + 2 * MINUTE
    return client


def text(client: Client, path: str) -> tuple[int, str]:
    """Status and text; the nonce and the token of the page, which differ each time, are taken out."""
    answer = client.get(path)
    page = html.unescape(answer.get_data(as_text=True))
    return answer.status_code, re.sub(r'nonce="[^"]*"|content="[^"]*"', "", page)


def outcome(client: Client, path: str) -> str:
    """Which of the four the page says; exactly one."""
    (found,) = [name for name, words in OUTCOMES.items() if words in text(client, path)[1]]
    return found


def test_a_stranger_reads_that_a_receipt_is_valid(
    app: Flask, scene: Scene, receipt: Receipt, client: Client
) -> None:
    status, page = text(client, f"/receipt/{receipt.code}")
    assert status == 200
    assert outcome(client, f"/receipt/{receipt.code}") == "valid"
    for said in (scene.office.name, scene.selection.name, scene.sitting.label, "2 dari 4 soal", "C•••",
                 "4 November 2026", "08.00", "08.20", "Dikumpulkan peserta", receipt.paper_sha256[:16],
                 receipt.answers_seal[:16], receipt.code):  # fmt: skip
        assert said in page


def test_what_was_typed_into_the_form_is_checked(client: Client, receipt: Receipt) -> None:
    assert client.get("/receipt").status_code == 200
    assert outcome(client, f"/receipt?code={receipt.code.lower().replace('-', '+')}") == "valid"
    assert outcome(client, "/receipt?code=") == "unknown"


def test_an_older_receipt_is_told_from_a_newer_one(
    db: Database, scene: Scene, run: Run, client: Client
) -> None:
    close_by_clock(db, run)
    older = settle(db, run, EVENING)
    grant(db, run, add_official(db, "admin", scene.office).id, EVENING)
    assert outcome(client, f"/receipt/{older.code}") == "superseded"
    close_by_clock(db, run)
    newer = settle(db, run, EVENING + MINUTE)
    assert outcome(client, f"/receipt/{older.code}") == "superseded"
    assert outcome(client, f"/receipt/{newer.code}") == "valid"


def test_the_page_says_so_when_what_is_stored_was_changed(
    db: Database, run: Run, receipt: Receipt, client: Client
) -> None:
    unguard(db, "response")
    write(db, "UPDATE response SET option = 1 WHERE attempt_id = :id AND position = 1", id=run.attempt_id)
    assert outcome(client, f"/receipt/{receipt.code}") == "changed"


def test_malformed_mistyped_and_forged_look_the_same(db: Database, run: Run, client: Client) -> None:
    hand_in(db, run)
    forged = settle(db, run, secret="t" * 40).code
    pages = set()
    for typed in ("x", "ABCD-EFGH-IJKL-MNOP-QRST", forged, "..%2f..%2fetc", "%3Cscript%3E"):
        status, page = text(client, f"/receipt?code={typed}")
        assert status == 404
        pages.add(re.sub(r'value="[^"]*"', "", page.replace(f"/receipt?code={typed}", "")))
    assert len(pages) == 1
    assert OUTCOMES["unknown"] in pages.pop()


@pytest.mark.parametrize("path", ["/receipt", "/receipt/{code}", "/receipt/unknown", "/receipt?code=x"])
def test_no_search_engine_and_no_cache_keeps_such_a_page(client: Client, receipt: Receipt, path: str) -> None:
    answer = client.get(path.format(code=receipt.code))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


def test_who_looks_too_often_waits(
    client: Client, receipt: Receipt, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "LOOKS", 2)
    path = f"/receipt/{receipt.code}"
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get("/receipt/unknown")
    assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (429, "noindex, nofollow")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/receipt").status_code == 200
    clock.pass_by(minutes=11)
    assert client.get(path).status_code == 200


def test_the_closed_page_shows_the_receipt_with_its_code_and_picture(
    candidate: Client, app: Flask, receipt: Receipt
) -> None:
    for path in ("/exam", "/receipt/mine"):
        status, page = text(candidate, path)
        assert status == 200
        assert 'data-receipt="here"' in page
        for said in (receipt.code, receipt.paper_sha256[:16], receipt.answers_seal[:16], "2 dari 4 soal",
                     "http://localhost/receipt"):  # fmt: skip
            assert said in page
        with app.test_request_context():
            assert views.receipt_picture(receipt.code) in page


def test_the_picture_says_the_address_at_which_the_receipt_is_checked(
    app: Flask, receipt: Receipt, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    said: list[str] = []
    make = segno.make
    monkeypatch.setattr(
        views.segno, "make", lambda content, **named: said.append(content) or make(content, **named)
    )
    with app.test_request_context():
        views.receipt_picture(receipt.code)
    assert said == [f"http://localhost/receipt/{receipt.code}"]
    assert outcome(client, said[0].removeprefix("http://localhost")) == "valid"


def test_until_it_is_there_the_page_says_that_it_comes(candidate: Client, db: Database, run: Run) -> None:
    hand_in(db, run)
    for path in ("/exam", "/receipt/mine"):
        _, page = text(candidate, path)
        assert 'data-receipt="awaited" data-from="/receipt/mine"' in page
        assert "Tanda terima sedang dibuat" in page
    settle(db, run)
    assert 'data-receipt="here"' in text(candidate, "/receipt/mine")[1]


def test_before_closing_there_is_no_receipt_and_the_way_leads_to_the_exam(
    app: Flask, db: Database, run: Run, scene: Scene
) -> None:
    for one in (run, add_booked(db, scene)):
        client = Client(app)
        client.set_cookie("exam", one.token)
        answer = client.get("/receipt/mine")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/exam")


def test_a_receipt_shows_no_answer_and_a_stranger_no_name(
    db: Database, scene: Scene, run: Run, receipt: Receipt, candidate: Client, client: Client
) -> None:
    """Everything that is known of the person and of the paper is searched for in every byte."""
    profile = make_profile(run.candidate_id, scene.office.id)
    with db.write() as tx:
        account = tx.get_one(Account, run.candidate_id)
        account.name = "Kartiningsih Wahyudiningrat"
        tx.add(profile)
    whole = [" pilihan ", "Soal nomor", '"option"', account.email, str(profile.nik), str(profile.phone)]
    strangers = [*whole, *account.name.split(), run.public_id]
    paths = (f"/receipt/{receipt.code}", "/receipt", f"/receipt?code={receipt.code}")
    public = [client.get(path).get_data(as_text=True) for path in paths]
    assert "K••• W•••" in html.unescape(public[0])
    assert [word for page in public for word in strangers if word in page] == []
    own = candidate.get("/receipt/mine").get_data(as_text=True)
    assert account.name in own
    assert [word for word in whole if word in own] == []
    assert [one.code for one in receipts(db, run)] == [receipt.code]


def test_control_the_same_search_finds_the_words_of_a_running_paper(app: Flask, run: Run) -> None:
    client = Client(app)
    client.set_cookie("exam", run.token)
    page = client.get("/exam").get_data(as_text=True)
    assert " pilihan " in page
    assert "Soal nomor" in page
