"""A released device writes no more: its answers are kept as evidence, and any browser may sit down."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.exam import lookups
from exam_server.models import LateAnswer
from exam_server.verify import attempts as verification
from tests.acts.samples import RELEASE, SOON, Desk
from tests.client import Client
from tests.factories import Run, add_session, answer

SECRET = "s" * 40


def page(app: Flask, token: str) -> Client:
    client = Client(app)
    client.set_cookie("exam", token)
    return client


def item(position: int = 1, seq: int = 1, option: int = 2) -> dict[str, object]:
    return {"position": position, "seq": seq, "option": option, "flagged": False}


def save(client: Client, run: Run, lease: int, **more: int) -> str:
    answer = client.post(
        "/exam/save", json={"attempt": run.public_id, "lease": lease, "items": [item(**more)]}
    )
    return str(answer.get_json()["items"][0]["state"])


def test_the_old_page_is_refused_its_answer_kept_and_its_candidate_sits_down_without_taking_over(
    app: Flask, desk: Desk
) -> None:
    old = page(app, desk.run.token)
    assert save(old, desk.run, desk.run.lease) == "saved"
    heard: list[dict[str, object]] = []
    desk.db.subscribe("lease", heard.append)
    desk.do(RELEASE, desk.run)
    assert [(row["attempt_id"], row["released"]) for row in heard] == [(desk.run.attempt_id, True)]
    assert old.get_json("/exam/state").get_json()["released"] is True
    assert save(old, desk.run, desk.run.lease, seq=2, option=3) == "taken_over"

    fresh = page(app, add_session(desk.db, desk.run.candidate_id, SOON).token)
    joined = fresh.post("/exam/join", json={"attempt": desk.run.public_id})
    assert joined.status_code == 200
    told = joined.get_json()
    assert (told["lease"], told["released"]) == (desk.run.lease + 2, False)
    assert save(fresh, desk.run, told["lease"], position=2) == "saved"
    assert fresh.get_json("/exam/state").get_json()["released"] is False
    stored = {one["position"]: one["option"] for one in lookups.responses(desk.db, desk.run.attempt_id)}
    assert stored == {1: 2, 2: 2}
    with desk.db.read() as tx:
        kept = [(one.position, one.seq, one.reason) for one in tx.scalars(sa.select(LateAnswer))]
    assert kept == [(1, 2, "taken_over")]
    assert verification.look(desk.db, SECRET)[1] == [], "the journal tells the release too"


def test_control_without_a_release_another_browser_has_to_take_over(app: Flask, desk: Desk) -> None:
    fresh = page(app, add_session(desk.db, desk.run.candidate_id, SOON).token)
    joined = fresh.post("/exam/join", json={"attempt": desk.run.public_id})
    assert joined.get_json()["code"] == "taken_over"


def test_the_same_browser_sits_down_again(app: Flask, desk: Desk) -> None:
    desk.do(RELEASE, desk.run)
    old = page(app, desk.run.token)
    told = old.post("/exam/join", json={"attempt": desk.run.public_id}).get_json()
    assert save(old, desk.run, told["lease"]) == "saved"


@pytest.mark.parametrize("queued", [True, False])
def test_an_answer_that_stands_in_the_queue_before_the_release_counts(
    app: Flask, desk: Desk, queued: bool
) -> None:
    """What arrived first was on a device that held the seat; one that comes later was not."""
    writer = app.extensions["autosave"]
    waiting = desk.run.save(answer(), at=SOON)
    if not queued:
        desk.do(RELEASE, desk.run)
    fate = writer.run(waiting).fates[1][0]
    assert fate == ("saved" if queued else "taken_over")
