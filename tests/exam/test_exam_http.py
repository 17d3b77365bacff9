"""The exam over HTTP: every state of a save with its status, and pages that follow the phase."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.models import Attempt, Response
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_accepted,
    add_booked,
    add_running,
    add_session,
)

GRACE_ENDS = START + HOUR + timedelta(seconds=10)


@pytest.fixture
def candidate(client: Client, run: Run) -> Client:
    client.set_cookie("exam", run.token)
    return client


def item(**changed: Any) -> dict[str, Any]:
    return {"position": 1, "seq": 1, "option": 1, "flagged": False} | changed


def save(client: Client, run: Run, *items: Any, **changed: Any) -> tuple[int, dict[str, Any]]:
    payload = {"attempt": run.public_id, "lease": run.lease, "items": list(items) or [item()]} | changed
    answer = client.post("/exam/save", json=payload)
    return answer.status_code, answer.get_json()


def answers(db: Database) -> int:
    with db.read() as tx:
        return tx.execute(sa.select(sa.func.count()).select_from(Response)).scalar_one()


def test_a_save_is_durable_when_it_is_acknowledged(candidate: Client, run: Run, db: Database) -> None:
    status, told = save(candidate, run, item(), item(position=3, option=None, flagged=True))
    assert status == 200
    assert told["items"] == [{"position": 1, "seq": 1, "state": "saved", "durable": 1},
                             {"position": 3, "seq": 1, "state": "saved", "durable": 1}]  # fmt: skip
    assert answers(db) == 2


def test_a_repetition_is_stale_and_no_error(candidate: Client, run: Run) -> None:
    save(candidate, run)
    status, told = save(candidate, run)
    assert (status, told["ok"], told["items"][0]["state"]) == (200, True, "stale")


def refused(told: tuple[int, dict[str, Any]]) -> tuple[int, str, str]:
    status, body = told
    assert body["ok"] is False
    assert body["sentence"]
    return status, body["code"], body["items"][0]["state"] if "items" in body else ""


def test_a_late_save_is_refused_with_410(candidate: Client, run: Run, clock: SetClock) -> None:
    clock.at = GRACE_ENDS
    assert refused(save(candidate, run)) == (410, "deadline_passed", "deadline_passed")


def test_client_clocks_mean_nothing(candidate: Client, run: Run, clock: SetClock, db: Database) -> None:
    clock.at = GRACE_ENDS
    assert refused(save(candidate, run, item(elapsed=0, at=0, arrived_at=0), elapsed=0, now=0))[0] == 410
    assert answers(db) == 0


def test_a_save_after_submitting_is_refused(candidate: Client, run: Run, clock: SetClock) -> None:
    mine = {"attempt": run.public_id, "lease": run.lease}
    assert candidate.post("/exam/submit", json=mine).status_code == 200
    assert candidate.post("/exam/submit", json=mine).status_code == 200
    assert refused(save(candidate, run)) == (409, "closed", "closed")


def test_a_save_of_an_older_page_is_refused(candidate: Client, run: Run) -> None:
    joined = candidate.post("/exam/join", json={"attempt": run.public_id}).get_json()
    assert joined["lease"] == run.lease + 1
    assert refused(save(candidate, run)) == (409, "taken_over", "taken_over")
    assert save(candidate, run, lease=joined["lease"])[0] == 200


def test_another_browser_is_asked_before_it_takes_over(client: Client, run: Run, db: Database) -> None:
    client.set_cookie("exam", add_session(db, run.candidate_id).token)
    asked = client.post("/exam/join", json={"attempt": run.public_id})
    assert (asked.status_code, asked.get_json()["code"]) == (409, "taken_over")
    assert client.post("/exam/join", json={"attempt": run.public_id, "take_over": True}).status_code == 200


def test_who_was_signed_out_is_asked_to_sign_in(candidate: Client, run: Run, db: Database) -> None:
    accounts.end_session(db, run.session_id, START)
    status, told = save(candidate, run)
    assert (status, told["code"]) == (401, "sign_in_needed")
    assert answers(db) == 0


@pytest.mark.parametrize(
    ("changed", "wanted"),
    [
        ({"position": 5}, (422, "unknown_position", "unknown_position")),
        ({"option": 5}, (422, "unknown_option", "unknown_option")),
        ({"seq": "1"}, (400, "bad_request", "bad_item")),
    ],
    ids=str,
)
def test_what_is_not_on_the_paper_is_refused(
    candidate: Client, run: Run, db: Database, changed: dict[str, Any], wanted: tuple[int, str, str]
) -> None:
    assert refused(save(candidate, run, item(**changed))) == wanted
    status, told = save(candidate, run, item(**changed), item(position=2))
    assert (status, told["ok"]) == (200, True), "one that is durable makes the answer a success"
    assert answers(db) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"items": []},
        {"items": None},
        {"items": "x"},
        {"lease": "1"},
        {"lease": None},
        {"lease": -1},
        {"lease": True},
        {"lease": 2**40},
    ],
    ids=str,
)
def test_a_payload_that_is_none_is_refused(candidate: Client, run: Run, changed: dict[str, Any]) -> None:
    assert refused(save(candidate, run, **changed)) == (400, "bad_request", "")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(candidate: Client, run: Run, body: bytes) -> None:
    answer = candidate.client.post("/exam/save", data=body, content_type="application/json",
                                   headers={"X-CSRF": candidate.csrf()})  # fmt: skip
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["save", "join", "submit"])
def test_an_old_tab_cannot_act_on_the_attempt_of_another(
    candidate: Client, run: Run, db: Database, scene: Scene, path: str
) -> None:
    neighbour = add_running(db, scene)
    payload = {"attempt": neighbour.public_id, "lease": neighbour.lease, "items": [item()]}
    answer = candidate.post(f"/exam/{path}", json=payload)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "foreign_attempt")
    assert answers(db) == 0


def test_who_chose_no_sitting_has_no_exam(client: Client, db: Database, scene: Scene) -> None:
    client.sign_in(add_accepted(db, scene).id)
    for path in ("/exam", "/exam/state"):
        answer = client.get_json(path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "no_attempt")


def test_the_clock_starts_by_one_press_and_not_by_looking(
    client: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    run = add_booked(db, scene)
    client.set_cookie("exam", run.token)
    clock.at = START + 5 * MINUTE
    for path in ("/exam", "/exam/state", "/booking"):
        assert client.get(path).status_code == 200
    assert client.get_json("/exam/state").get_json()["phase"] == "ready"
    for _ in range(2):
        assert client.post("/exam/start", pledge="yes").status_code == 303
        clock.pass_by(minutes=1)
    told = client.get_json("/exam/state").get_json()
    assert (told["phase"], told["started_at"]) == ("running", int((START + 5 * MINUTE).timestamp() * 1000))
    assert told["items"] == 4


def test_a_start_outside_the_window_is_refused(
    client: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    client.set_cookie("exam", add_booked(db, scene).token)
    for at in (START - MINUTE / 60, START + HOUR):
        clock.at = at
        answer = client.post("/exam/start", pledge="yes")
        assert (answer.status_code, answer.get_json()["code"]) == (409, "outside_window")
    with db.read() as tx:
        assert tx.scalars(sa.select(Attempt.started_at)).all() == [None]


def test_before_the_start_a_page_has_nothing_of_the_paper(
    client: Client, db: Database, scene: Scene, clock: SetClock
) -> None:
    run = add_booked(db, scene)
    client.set_cookie("exam", run.token)
    for at in (START - MINUTE / 60, START + MINUTE):
        clock.at = at
        assert "Soal nomor" not in client.get("/exam").get_data(as_text=True)
    assert save(client, run)[1]["code"] == "not_started"
    assert client.get_json("/exam/picture/1").get_json()["code"] == "not_started"


def test_the_paper_stays_the_same_however_often_it_is_loaded(candidate: Client, run: Run) -> None:
    def stems() -> list[str]:
        text = candidate.get("/exam").get_data(as_text=True)
        return text.replace("<", " ").split("Soal nomor ")[1:]

    first = [stem.split()[0] for stem in stems()]
    assert len(set(first)) == 4
    assert [stem.split()[0] for stem in stems()] == first


def test_after_the_end_the_paper_is_gone(candidate: Client, run: Run, clock: SetClock) -> None:
    assert "Soal nomor" in candidate.get("/exam").get_data(as_text=True)
    clock.at = GRACE_ENDS
    assert "Soal nomor" not in candidate.get("/exam").get_data(as_text=True)


def test_the_state_names_everything_a_page_needs_to_go_on(candidate: Client, run: Run, app: Flask) -> None:
    save(candidate, run, item(option=3))
    told = candidate.get_json("/exam/state").get_json()
    assert told["responses"] == [{"position": 1, "seq": 1, "option": 3, "flagged": False}]
    assert (told["attempt"], told["phase"], told["lease"]) == (run.public_id, "running", run.lease)
    assert told["until"] == told["deadline_at"] == int((START + HOUR).timestamp() * 1000)
    assert not {"key", "keys", "seed", "sha256"} & set(told)
    assert len(told["paper"]) == 64  # its digest, never its content
    assert told["ledger"] == [{"kind": "start", "seconds": 3600, "reason": "", "author": ""}]
