"""Practice over HTTP: the exam's own page over a practice run, each act, and each refusal with its status."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.practice import service
from exam_server.practice.items import ITEMS
from exam_server.practice.refusals import OWN_WORDS
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    MINUTE,
    START,
    add_accepted,
    add_account,
    add_official,
    add_running,
    add_scene,
    add_session,
)
from tests.practice.samples import FACTS, Practising, add_practising, runs

OVER = START + service.LASTS + service.GRACE
RIGHT = [{"position": place, "seq": 1, "option": item.key + 1, "flagged": False}
         for place, item in enumerate(ITEMS, 1)]  # fmt: skip


@pytest.fixture
def one(db: Database) -> Practising:
    return add_practising(db)


@pytest.fixture
def candidate(client: Client, one: Practising) -> Client:
    client.set_cookie("exam", one.signed_in.token)
    return client


def told(client: Client, act: str, one: Practising, **changed: Any) -> tuple[int, str, dict[str, Any]]:
    """Status, code and answer of an act over HTTP."""
    payload = {"attempt": one.public_id, "lease": one.lease, "items": RIGHT[:1]} | changed
    answer = client.post(f"/practice/{act}", json=payload)
    body = answer.get_json()
    return answer.status_code, body.get("code", "ok"), body


def text(client: Client, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_the_practice_is_the_page_of_the_exam(candidate: Client, one: Practising) -> None:
    page = text(candidate, "/practice/run")
    assert "Latihan: tidak dinilai" in page
    assert "exam/paper.js" in page
    assert all(f"Soal {place} dari {len(ITEMS)}" in page for place in range(1, len(ITEMS) + 1))
    for path in ("join", "save", "beat", "submit", "state", "run", "picture/2"):
        assert f'"/practice/{path}' in page, path
    assert not re.search(r'"/exam/|"/exam"', page.split("</header>", 1)[1].split("</main>")[0])


def test_the_page_of_a_practice_that_runs_tells_no_right_answer(candidate: Client) -> None:
    page = text(candidate, "/practice/run")
    assert not [item.explanation for item in ITEMS if item.explanation in page]
    assert candidate.get_json("/practice/state").get_json()["events"] == "practice_"


def test_the_state_of_a_practice_has_the_shape_of_the_exam(
    candidate: Client, one: Practising, app: Flask, db: Database
) -> None:
    practice = candidate.get_json("/practice/state").get_json()
    sitting = Client(app)
    sitting.set_cookie("exam", add_running(db, add_scene(db)).token)
    exam = sitting.get_json("/exam/state").get_json()
    assert set(practice) - set(exam) == {"events"}
    assert {type(practice[name]) for name in exam} <= {type(value) for value in exam.values()}
    assert (practice["attempt"], practice["phase"], practice["items"]) == (
        one.public_id,
        "running",
        len(ITEMS),
    )


def test_a_practice_is_begun_by_a_press_and_opened_again(client: Client, db: Database) -> None:
    account = add_account(db)
    client.sign_in(account.id)
    assert client.get("/practice/run").headers["Location"] == "/practice"
    assert client.submit("/practice/start").headers["Location"] == "/practice/run"
    assert "Lanjutkan latihan" in text(client, "/practice")
    assert len(runs(db, account.id)) == 1


def test_a_save_is_stored_when_it_is_acknowledged(candidate: Client, one: Practising, db: Database) -> None:
    status, _, body = told(candidate, "save", one)
    assert (status, body["items"]) == (200, [{"position": 1, "seq": 1, "state": "saved", "durable": 1}])
    assert [row["option"] for row in service.responses(db, one.run_id)] == [ITEMS[0].key + 1]


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"items": [RIGHT[0] | {"position": 6}]}, (422, "unknown_position")),
        ({"items": [RIGHT[0] | {"option": 5}]}, (422, "unknown_option")),
        ({"items": []}, (400, "bad_request")),
        ({"lease": "1"}, (400, "bad_request")),
        ({"lease": 0}, (409, "taken_over")),
        ({"attempt": "somebody-elses"}, (403, "foreign_attempt")),
    ],
    ids=str,
)
def test_a_save_that_cannot_be_is_refused(
    candidate: Client, one: Practising, db: Database, changed: dict[str, Any], wanted: tuple[int, str]
) -> None:
    assert told(candidate, "save", one, **changed)[:2] == wanted
    assert service.responses(db, one.run_id) == []


def test_late_and_closed_saves_are_refused_in_words_about_a_practice(
    candidate: Client, one: Practising, clock: SetClock
) -> None:
    assert told(candidate, "submit", one)[:2] == (200, "ok")
    status, code, body = told(candidate, "save", one)
    assert (status, code) == (409, "closed")
    assert "Latihan" in body["sentence"]
    clock.at = OVER
    status, code, body = told(candidate, "save", one)
    assert (status, code) == (410, "deadline_passed")
    assert "bukti" not in body["sentence"]


def test_every_word_about_an_exam_has_its_word_about_a_practice() -> None:
    for exam, own in OWN_WORDS.items():
        assert (own.code, own.status) == (exam.code, exam.status)
        assert own.sentence != exam.sentence


def test_who_was_signed_out_is_asked_to_sign_in(candidate: Client, one: Practising, db: Database) -> None:
    accounts.end_session(db, one.signed_in.session_id, START)
    assert told(candidate, "save", one)[:2] == (401, "sign_in_needed")


@pytest.mark.parametrize("act", ["join", "submit"])
def test_an_act_on_the_practice_of_another_is_refused(candidate: Client, one: Practising, act: str) -> None:
    assert told(candidate, act, one, attempt="somebody-elses")[:2] == (403, "foreign_attempt")


@pytest.mark.parametrize("act", ["join", "save", "submit"])
def test_who_never_began_has_nothing_to_act_on(
    client: Client, db: Database, one: Practising, act: str
) -> None:
    client.sign_in(add_account(db).id)
    assert told(client, act, one)[:2] == (404, "no_attempt")
    assert client.get_json("/practice/state").status_code == 404


def test_another_browser_is_asked_before_it_takes_over(client: Client, one: Practising, db: Database) -> None:
    client.set_cookie("exam", add_session(db, one.account_id).token)
    assert told(client, "join", one)[:2] == (409, "taken_over")
    status, _, body = told(client, "join", one, take_over=True)
    assert (status, body["lease"]) == (200, one.lease + 1)


def test_handing_in_after_the_end_is_refused(candidate: Client, one: Practising, clock: SetClock) -> None:
    clock.at = OVER
    assert told(candidate, "submit", one)[:2] == (409, "closed")
    assert told(candidate, "join", one)[2]["lease"] == 0


def test_a_practice_during_the_exam_is_refused(client: Client, db: Database) -> None:
    client.set_cookie("exam", add_running(db, add_scene(db)).token)
    answer = client.post("/practice/start")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "exam_runs")


def test_the_result_tells_right_and_wrong_with_the_reason(
    candidate: Client, one: Practising, clock: SetClock
) -> None:
    wrong = RIGHT[1] | {"option": RIGHT[1]["option"] % 4 + 1}
    told(candidate, "save", one, items=[RIGHT[0], wrong, RIGHT[2] | {"option": None}])
    told(candidate, "submit", one)
    page = text(candidate, "/practice/run")
    assert re.search(r"Jawaban tersimpan</dt><dd>2 dari 5 soal", page)
    assert re.search(r"Benar</dt><dd>1 dari 5 soal", page)
    marks = re.findall(r"</svg>(Benar|Belum tepat|Tidak dijawab)</span>", page)
    assert marks == ["Benar", "Belum tepat", "Tidak dijawab", "Tidak dijawab", "Tidak dijawab"]
    assert all(item.explanation in page for item in ITEMS)
    assert "Berlatih lagi" in page


def test_a_practice_that_time_closed_shows_its_result(
    candidate: Client, one: Practising, clock: SetClock
) -> None:
    told(candidate, "save", one, items=RIGHT)
    clock.at = OVER
    page = text(candidate, "/practice/run")
    assert "Waktu latihan habis" in page
    assert re.search(r"Benar</dt><dd>5 dari 5 soal", page)


def test_the_only_picture_is_served_and_no_other(candidate: Client) -> None:
    answer = candidate.get("/practice/picture/2")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert [candidate.get_json(f"/practice/picture/{place}").status_code for place in (0, 1, 6)] == [404] * 3


def test_a_check_is_answered_with_its_judgement(candidate: Client) -> None:
    answer = candidate.post("/practice/device", json=FACTS | {"worker": False})
    body = answer.get_json()
    assert (answer.status_code, body["outcome"], body["lines"]["worker"]) == (200, "weak", "weak")
    assert "Lemah" in text(candidate, "/practice/device")
    assert "Lemah" in text(candidate, "/practice")


@pytest.mark.parametrize(
    ("body", "wanted"), [(FACTS | {"width": "wide"}, (422, "facts_unreadable")), ([], (400, "bad_request"))]
)
def test_a_check_that_cannot_be_read_is_refused(
    candidate: Client, body: Any, wanted: tuple[int, str]
) -> None:
    answer = candidate.post("/practice/device", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == wanted
    assert answer.get_json()["sentence"]


def test_checks_without_end_are_refused(candidate: Client) -> None:
    answers = [candidate.post("/practice/device", json=FACTS) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


def test_a_device_page_without_scripts_says_so(candidate: Client) -> None:
    assert "<noscript>" in text(candidate, "/practice/device")


def test_the_way_to_practice_is_shown_to_who_is_accepted(client: Client, db: Database) -> None:
    scene = add_scene(db)
    client.sign_in(add_accepted(db, scene).id)
    for path in ("/status", "/choose"):
        assert 'href="/practice"' in text(client, path), path


def test_the_way_to_practice_is_shown_to_who_has_chosen(
    client: Client, db: Database, clock: SetClock
) -> None:
    client.set_cookie("exam", add_running(db, add_scene(db), START).token)
    for path in ("/booking", "/booking/card"):
        assert 'href="/practice"' in text(client, path), path


def test_an_official_does_not_practise(client: Client, db: Database) -> None:
    client.sign_in(add_official(db, "proctor", add_scene(db).office).id)
    assert client.get_json("/practice").status_code == 403


def test_a_beat_tells_the_time_of_the_server(candidate: Client, clock: SetClock) -> None:
    clock.at = START + MINUTE
    answer = candidate.post("/practice/beat", json={})
    assert answer.get_json()["now"] == int((START + MINUTE).timestamp() * 1000)
