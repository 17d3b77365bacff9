"""A message is kept until it was read: told in every state and at every join, marked once, and plain text."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from exam_server.db import Database
from exam_server.exam import lookups
from exam_server.messages import service
from exam_server.messages.refusals import (
    MessageEmpty,
    MessagesTooMany,
    MessageTooLong,
    MessageUnknown,
    MessageUnreadable,
)
from exam_server.models import Attempt, Message, MessageTo
from tests.client import Client
from tests.conftest import SetClock
from tests.extra_time.samples import trail
from tests.factories import MINUTE, START, Run, Scene, add_booked, add_official, add_running, add_scene
from tests.messages.samples import TEXT, add_message, marks
from tests.together import AT_ONCE, outcomes

HTML = "<b onclick=alert(1)>Tenang</b> & lanjut"


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)


@pytest.fixture
def proctor(db: Database, scene: Scene) -> int:
    return add_official(db, "proctor", scene.office).id


def rev(db: Database, run: Run) -> int:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id).rev


def seat(app: Flask, run: Run) -> Client:
    client = Client(app)
    client.set_cookie("exam", run.token)
    return client


def messages(client: Client) -> list[str]:
    """Ids in the state that a page would get now."""
    return [one["id"] for one in client.get_json("/exam/state").get_json()["messages"]]


def test_a_message_to_many_is_one_message_that_each_of_them_has(
    db: Database, scene: Scene, proctor: int
) -> None:
    runs = [add_running(db, scene), add_booked(db, scene)]
    before = [rev(db, run) for run in runs]
    with db.write() as tx:
        told = service.send(
            tx, scene.selection.id, [run.attempt_id for run in runs], f" {TEXT}\r\n", proctor, START
        )
    for run in runs:
        (word,) = lookups.own_attempt(db, run.candidate_id).words
        assert (word.public_id, word.text, word.sent_at, word.office) == (
            told,
            TEXT,
            START,
            scene.office.name,
        )
        assert marks(db, run) == [(None, None)]
    assert [rev(db, run) for run in runs] == [one + 1 for one in before]
    (row,) = trail(db, "message.sent")
    assert (row.actor_id, row.office_id, row.detail) == (
        proctor,
        scene.office.id,
        {"count": 2, "reason": TEXT},
    )


def test_its_pages_hear_of_it_after_the_commit_only(
    db: Database, scene: Scene, run: Run, proctor: int
) -> None:
    heard: list[dict[str, object]] = []
    db.subscribe("message", heard.append)
    with pytest.raises(IntegrityError), db.write() as tx:
        service.send(tx, scene.selection.id, [run.attempt_id, 10**6], TEXT, proctor, START)
        tx.flush()
    assert heard == []
    add_message(db, run, proctor)
    assert [(row["attempt_id"], row["message"]["text"]) for row in heard] == [(run.attempt_id, TEXT)]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (" \n ", MessageEmpty),
        ("a" * 501, MessageTooLong),
        ("a\0b", MessageUnreadable),
        ("\ud800", MessageUnreadable),
    ],
)
def test_what_is_no_message_is_not_sent(
    db: Database, run: Run, proctor: int, text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_message(db, run, proctor, text)
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Message.id))) == 0


@pytest.mark.parametrize(
    "text", ["a" * 500, "Baris satu\nbaris dua", HTML, "Terima kasih \u00a0\U0001f468\u200d\U0001f393"]
)
def test_what_people_type_is_sent_as_it_is(db: Database, run: Run, proctor: int, text: str) -> None:
    add_message(db, run, proctor, text)
    assert lookups.words(db, run.attempt_id)[0].text == text


def test_an_unread_message_comes_with_every_state_and_every_join_until_it_was_read(
    app: Flask, db: Database, run: Run, proctor: int
) -> None:
    page = seat(app, run)
    first, second = add_message(db, run, proctor), add_message(db, run, proctor, "Kedua")
    assert messages(page) == [first, second]
    joined = page.post("/exam/join", json={"attempt": run.public_id}).get_json()
    assert [one["id"] for one in joined["messages"]] == [first, second]
    assert page.post("/exam/seen", json={"attempt": run.public_id, "message": first}).get_json()["ok"]
    assert messages(page) == [second]
    joined = page.post("/exam/join", json={"attempt": run.public_id}).get_json()
    assert [one["id"] for one in joined["messages"]] == [second]


def test_a_message_that_commits_while_a_page_joins_is_in_what_the_join_answers(
    app: Flask, db: Database, run: Run, proctor: int
) -> None:
    """The page is in its room by then: what was looked up before may be old."""
    told: list[str] = []
    db.subscribe("lease", lambda row: told.append(add_message(db, run, proctor)))
    joined = seat(app, run).post("/exam/join", json={"attempt": run.public_id}).get_json()
    assert [one["id"] for one in joined["messages"]] == told
    assert len(told) == 1


def test_it_waits_in_the_lobby_too(app: Flask, db: Database, scene: Scene, proctor: int) -> None:
    early = add_booked(db, scene)
    add_message(db, early, proctor, HTML)
    html = seat(app, early).get("/exam").get_data(as_text=True)
    assert 'id="messages"' in html
    assert "<b onclick" not in html
    assert "\\u003cb onclick" in html


def test_a_page_that_has_it_says_so_and_the_first_time_counts(
    app: Flask, db: Database, run: Run, proctor: int, clock: SetClock
) -> None:
    page, told = seat(app, run), add_message(db, run, proctor)
    for _ in range(2):
        assert page.post("/exam/got", json={"attempt": run.public_id, "messages": [told]}).get_json()["ok"]
        clock.pass_by(minutes=1)
    assert marks(db, run) == [(START, None)]
    page.post("/exam/seen", json={"attempt": run.public_id, "message": told})
    clock.pass_by(minutes=1)
    page.post("/exam/seen", json={"attempt": run.public_id, "message": told})
    assert marks(db, run) == [(START, START + 2 * MINUTE)]


def test_reading_is_having(db: Database, run: Run, proctor: int) -> None:
    told = add_message(db, run, proctor)
    before = rev(db, run)
    with db.write() as tx:
        service.seen(tx, run.attempt_id, told, START + MINUTE)
    assert marks(db, run) == [(START + MINUTE, START + MINUTE)]
    assert rev(db, run) == before + 1
    with db.write() as tx:
        service.seen(tx, run.attempt_id, told, START + 2 * MINUTE)
    assert rev(db, run) == before + 1


def test_somebody_elses_message_is_nobodys(
    app: Flask, db: Database, scene: Scene, run: Run, proctor: int
) -> None:
    other = add_running(db, scene)
    told = add_message(db, other, proctor)
    page = seat(app, run)
    answer = page.post("/exam/seen", json={"attempt": run.public_id, "message": told})
    assert (answer.status_code, answer.get_json()["code"]) == (404, "message_unknown")
    assert page.post("/exam/got", json={"attempt": run.public_id, "messages": [told]}).status_code == 200
    foreign = page.post("/exam/seen", json={"attempt": other.public_id, "message": told})
    assert foreign.get_json()["code"] == "foreign_attempt"
    with pytest.raises(MessageUnknown), db.write() as tx:
        service.seen(tx, run.attempt_id, "tidak-ada", START)
    assert marks(db, other) == [(None, None)]


@pytest.mark.parametrize("body", [
    {"messages": []}, {"messages": "all"}, {"messages": ["a"] * 51}, {"messages": [1]},
    {"messages": ["\ud800"]},
])  # fmt: skip
def test_what_cannot_be_read_as_messages_is_a_bad_request(
    app: Flask, run: Run, body: dict[str, object]
) -> None:
    answer = seat(app, run).post("/exam/got", json=body | {"attempt": run.public_id})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_marks_at_once_keep_one_instant(db: Database, run: Run, proctor: int) -> None:
    told = add_message(db, run, proctor)
    before, turns = rev(db, run), iter(range(AT_ONCE))

    def press(db: Database, together: threading.Barrier) -> None:
        at = START + next(turns) * MINUTE
        together.wait(30)
        with db.write() as tx:
            service.seen(tx, run.attempt_id, told, at)

    assert outcomes(db, press) == {"ok": AT_ONCE}
    assert rev(db, run) == before + 1, "the board is told once"


def test_control_looking_first_and_marking_later_tells_the_board_again(
    db: Database, run: Run, proctor: int
) -> None:
    add_message(db, run, proctor)
    before = rev(db, run)

    def press(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            unread = tx.scalar(sa.select(MessageTo.attempt_id).where(MessageTo.seen_at.is_(None)))
        together.wait(30)
        with db.write() as tx:
            if unread:
                service._turn(tx, [run.attempt_id])

    assert outcomes(db, press) == {"ok": AT_ONCE}
    assert rev(db, run) == before + AT_ONCE


def test_who_sends_too_much_is_stopped_and_nothing_of_it_is_kept(
    db: Database, run: Run, proctor: int, scene: Scene
) -> None:
    for turn in range(service.MOST):
        add_message(db, run, proctor, at=START + turn * service.WITHIN / service.MOST)
    with pytest.raises(MessagesTooMany) as refusal:
        add_message(db, run, proctor, at=START + service.WITHIN * 0.99)
    assert refusal.value.details["retry_after"] == 6
    assert len(marks(db, run)) == service.MOST
    add_message(db, run, add_official(db, "proctor", scene.office).id)
    add_message(db, run, proctor, at=START + service.WITHIN)
    assert len(marks(db, run)) == service.MOST + 2


def test_a_state_carries_the_newest_unread_messages_in_order(
    app: Flask, db: Database, run: Run, proctor: int
) -> None:
    sent = [add_message(db, run, proctor) for _ in range(lookups.MOST_WORDS + 3)]
    assert messages(seat(app, run)) == sent[3:]
    with db.write() as tx:
        service.seen(tx, run.attempt_id, sent[-1], START + MINUTE)
    assert messages(seat(app, run)) == sent[2:-1], "what is read makes room for what is older"


@pytest.mark.parametrize("sign", [*"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_signs_that_turn_the_direction_of_writing_are_left_out(
    db: Database, run: Run, proctor: int, sign: str
) -> None:
    add_message(db, run, proctor, f"{sign}Ruang{sign} 2\nlantai bawah{sign}")
    (word,) = lookups.own_attempt(db, run.candidate_id).words
    assert word.text == "Ruang 2\nlantai bawah"
    with pytest.raises(MessageEmpty):
        add_message(db, run, proctor, sign * 3)
