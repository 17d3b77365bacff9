"""A lease is read by every browser of its candidate; only the one that holds it may write under it."""

from __future__ import annotations

from exam_server.db import Database
from exam_server.exam.saves import store
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import MINUTE, START, add_running, add_scene, add_session, answer


def test_another_browser_of_the_candidate_cannot_write_under_a_lease_it_only_read(db: Database) -> None:
    run = add_running(db, add_scene(db))
    second = add_session(db, run.candidate_id)
    with db.write() as tx:
        (fates,) = store(tx, [run.save(answer(1, 1, 2), at=START + MINUTE, session_id=second.session_id)])
    assert fates.fates == {1: ("taken_over", 0)}


def test_the_browser_that_holds_the_lease_writes_under_it(db: Database) -> None:
    run = add_running(db, add_scene(db))
    with db.write() as tx:
        (fates,) = store(tx, [run.save(answer(1, 1, 2), at=START + MINUTE)])
    assert fates.fates == {1: ("saved", 1)}


def test_brackets_nested_thousands_deep_are_a_bad_request(
    db: Database, client: Client, clock: SetClock
) -> None:
    run = add_running(db, add_scene(db))
    clock.at = START + MINUTE
    client.sign_in(run.candidate_id)
    headers = {"X-CSRF": client.csrf(), "Content-Type": "application/json"}
    body = b"[" * 200_000
    told = client.client.post("/exam/save", base_url=client.base_url, data=body, headers=headers)
    assert told.status_code == 400
    assert told.json["code"] == "bad_request"
