"""Every confirmed act stands in the trail with who, whom, when and why, in a sentence that names them."""

from __future__ import annotations

from typing import Any

import pytest

from exam_server.trail.words import SENTENCES, sentence
from tests.acts.samples import ALL, INCIDENT, SOON, Desk
from tests.extra_time.samples import trail

ACTS = {
    "message": "message.sent",
    "time": "attempt.time_granted",
    "close": "attempt.closed",
    "release": "attempt.released",
    "incident": "incident.noted",
}


@pytest.mark.parametrize("payload", ALL, ids=lambda payload: str(payload["act"]))
def test_a_confirmed_act_leaves_who_whom_when_and_why(desk: Desk, payload: dict[str, Any]) -> None:
    desk.ask(payload, desk.run)
    assert trail(desk.db, *ACTS.values()) == [], "asking alone is no act"
    desk.do(payload, desk.run)
    (row,) = trail(desk.db, ACTS[payload["act"]])
    assert (row.actor_id, row.at, row.office_id) == (desk.proctor, SOON, desk.scene.office.id)
    assert row.detail["reason"] == payload["text"]
    if payload["act"] != "message":
        assert (row.object_kind, row.object_id) == ("attempt", desk.run.attempt_id)
    said = sentence(
        row.act, row.detail, "id", actor="Petugas", person="Calon", office="BPS", thing="pesan #1"
    )
    assert said.startswith("Petugas ")
    assert payload["text"] in said


def test_an_incident_of_a_whole_sitting_is_kept_under_the_sitting(desk: Desk) -> None:
    desk.do(INCIDENT, sitting=desk.scene.sitting.public_id)
    (row,) = trail(desk.db, "incident.noted_sitting")
    assert (row.object_kind, row.object_id, row.actor_id) == ("sitting", desk.scene.sitting.id, desk.proctor)
    said = sentence(row.act, row.detail, "id", actor="Petugas", person=None, office="BPS", thing="sesi #1")
    assert "Gaduh atau gangguan di ruang" in said


def test_whoever_is_left_out_leaves_no_row(desk: Desk) -> None:
    waiting = desk.booked()
    desk.do(ALL[2], desk.run, waiting)
    assert [row.object_id for row in trail(desk.db, "attempt.closed")] == [desk.run.attempt_id]


@pytest.mark.parametrize("act", [*ACTS.values(), "incident.noted_sitting", "attention.on", "attention.off"])
def test_every_act_has_its_sentence(act: str) -> None:
    assert act in SENTENCES
