"""An official acts on what they watch, and on nothing else: the rest is foreign; the trail keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import AuditEntry, Incident, Message, SittingProctor
from tests.acts.samples import ALL, INCIDENT, MESSAGE, Desk
from tests.factories import HOUR, START, Run, add_official, add_other_scene, add_running, add_sitting

ACT_NAMES = [str(payload["act"]) for payload in ALL]


def refused(db: Database, account_id: int) -> list[tuple[str, int]]:
    """(kind, id) of what this account was refused."""
    with db.read() as tx:
        rows = sa.select(AuditEntry).where(
            AuditEntry.act == "access.refused", AuditEntry.actor_id == account_id
        )
        return [(row.object_kind, row.object_id) for row in tx.scalars(rows)]


def untouched(desk: Desk, *runs: Run) -> bool:
    with desk.db.read() as tx:
        nothing = not tx.scalar(sa.select(Message.id)) and not tx.scalar(sa.select(Incident.id))
    return nothing and all(
        desk.attempt(run).how is None and desk.attempt(run).lease == run.lease for run in runs
    )


@pytest.fixture
def neighbour(desk: Desk) -> Run:
    """Somebody in another sitting of the same activity, which this proctor does not watch."""
    sitting = add_sitting(desk.db, desk.scene.selection.id, label="Sesi 2", ends_at=START + 3 * HOUR)
    return add_running(desk.db, replace(desk.scene, sitting=sitting))


@pytest.mark.parametrize("payload", ALL, ids=ACT_NAMES)
def test_somebody_of_another_sitting_is_foreign_and_nobody_is_touched(
    desk: Desk, neighbour: Run, payload: dict[str, Any]
) -> None:
    answer = desk.send(desk.client, payload, desk.run, neighbour)
    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert refused(desk.db, desk.proctor) == [("attempt", neighbour.attempt_id)]
    assert untouched(desk, desk.run, neighbour)


@pytest.mark.parametrize("payload", ALL, ids=ACT_NAMES)
def test_control_an_admin_of_the_office_reaches_both(
    desk: Desk, neighbour: Run, payload: dict[str, Any]
) -> None:
    answer = desk.send(desk.as_(desk.admin), payload, desk.run, neighbour)
    assert answer.get_json()["touches"] == 2
    assert refused(desk.db, desk.admin) == []


def test_a_confirmation_does_not_outlive_the_assignment(desk: Desk) -> None:
    token = desk.ask(MESSAGE, desk.run)["confirm"]
    with desk.db.write() as tx:
        tx.execute(sa.delete(SittingProctor))
    assert desk.refused(MESSAGE, desk.run, confirm=token) == "forbidden"
    assert untouched(desk, desk.run)


def test_somebody_of_another_office_is_foreign_on_whatever_board(desk: Desk) -> None:
    elsewhere = add_other_scene(desk.db)
    stranger = add_running(desk.db, elsewhere)
    for client, official in ((desk.client, desk.proctor), (desk.as_(desk.admin), desk.admin)):
        assert desk.refused(MESSAGE, stranger, by=client) == "not_found"
        assert refused(desk.db, official) == [("attempt", stranger.attempt_id)]
    assert untouched(desk, stranger)


def test_an_attempt_of_another_board_of_ones_own_is_not_there(desk: Desk) -> None:
    elsewhere = add_other_scene(desk.db)
    stranger = add_running(desk.db, elsewhere)
    chief = add_official(desk.db, "superadmin", None).id
    assert desk.refused(MESSAGE, stranger, by=desk.as_(chief)) == "not_found"
    assert refused(desk.db, chief) == [], "a superadmin may watch it, only not here"


def test_who_watches_nothing_of_a_board_is_told_so(desk: Desk) -> None:
    outsider = add_official(desk.db, "proctor", add_other_scene(desk.db).office).id
    for official in (desk.idle, outsider):
        assert desk.refused(MESSAGE, desk.run, by=desk.as_(official)) == "forbidden"
    answer = desk.client.post("/board/tidak-ada/acts", json=MESSAGE | {"attempts": [desk.run.public_id]})
    assert answer.get_json()["code"] == "not_found"
    assert untouched(desk, desk.run)


def test_an_incident_of_a_foreign_sitting_is_refused_and_kept(desk: Desk) -> None:
    other = add_sitting(desk.db, desk.scene.selection.id, label="Sesi 2", ends_at=START + 3 * HOUR)
    assert desk.refused(INCIDENT, sitting=other.public_id) == "not_found"
    assert refused(desk.db, desk.proctor) == [("sitting", other.id)]
    assert desk.refused(INCIDENT, sitting="tidak-ada") == "not_found"
    assert desk.send(desk.as_(desk.admin), INCIDENT, sitting=other.public_id).get_json()["touches"] == 1
    assert untouched(desk)
