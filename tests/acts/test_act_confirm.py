"""A confirmation is for one official, one act, these people and five minutes; and it is good once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask

from exam_server.acts import confirm, service
from exam_server.acts.refusals import ConfirmExpired, ConfirmUsed
from exam_server.acts.wanted import Wanted, read
from exam_server.auth import Viewer
from exam_server.db import Database
from tests.acts.samples import CLOSE, MESSAGE, SOON, TIME, Desk
from tests.conftest import SetClock
from tests.extra_time.samples import own
from tests.together import AT_ONCE, outcomes

SECRET = "s" * 40


def test_a_confirmation_does_it_once_and_a_second_press_nothing(desk: Desk) -> None:
    token = desk.ask(TIME, desk.run)["confirm"]
    assert desk.ask(TIME, desk.run, confirm=token)["done"] == 1
    assert desk.refused(TIME, desk.run, confirm=token) == "confirm_used"
    assert own(desk.db, desk.run).extra_seconds == 600


@pytest.mark.parametrize("change", [
    {"minutes": 480}, {"text": "Lain"}, {"reason_code": "other"}, {"act": "close"}, {"act": "message"},
])  # fmt: skip
def test_what_is_confirmed_is_what_was_shown(desk: Desk, change: dict[str, object]) -> None:
    token = desk.ask(TIME, desk.run)["confirm"]
    assert desk.refused(TIME | change, desk.run, confirm=token) == "confirm_unknown"
    assert (own(desk.db, desk.run).extra_seconds, desk.attempt().how) == (0, None)


def test_a_confirmation_is_for_the_people_who_were_shown(desk: Desk) -> None:
    token = desk.ask(TIME, desk.run)["confirm"]
    assert desk.refused(TIME, desk.runs[1], confirm=token) == "confirm_unknown"
    assert desk.refused(TIME, *desk.runs[:2], confirm=token) == "confirm_unknown"
    assert own(desk.db, desk.runs[1]).extra_seconds == 0


def test_somebody_elses_confirmation_is_none(desk: Desk) -> None:
    token = desk.ask(TIME, desk.run)["confirm"]
    assert desk.refused(TIME, desk.run, by=desk.as_(desk.admin), confirm=token) == "confirm_unknown"
    assert own(desk.db, desk.run).extra_seconds == 0


@pytest.mark.parametrize("token", ["", "x.y", "a" * 300])
def test_a_forged_confirmation_is_none(desk: Desk, token: str) -> None:
    assert desk.refused(CLOSE, desk.run, confirm=token) == "confirm_unknown"
    assert desk.attempt().how is None


def test_a_confirmation_signed_for_something_else_is_none(desk: Desk) -> None:
    real = desk.ask(CLOSE, desk.run)["confirm"]
    said, _, sealed = real.rpartition(".")
    assert desk.refused(CLOSE, desk.run, confirm=f"{said}.{sealed[::-1]}") == "confirm_unknown"
    foreign = confirm.sign("t" * 40, "anything", desk.proctor, SOON)
    assert desk.refused(CLOSE, desk.run, confirm=foreign) == "confirm_unknown"
    assert desk.attempt().how is None


def test_a_confirmation_is_over_after_five_minutes(desk: Desk, clock: SetClock) -> None:
    early, late = (desk.ask(MESSAGE, desk.run)["confirm"] for _ in range(2))
    clock.at = SOON + timedelta(minutes=5) - timedelta(milliseconds=1)
    assert desk.ask(MESSAGE, desk.run, confirm=early)["done"] == 1
    clock.at = SOON + timedelta(minutes=5)
    assert desk.refused(MESSAGE, desk.run, confirm=late) == "confirm_expired"
    assert desk.refused(MESSAGE, desk.run, confirm=early) == "confirm_expired"


def test_a_refused_confirmation_is_not_used_up(desk: Desk) -> None:
    token = desk.ask(TIME, desk.run)["confirm"]
    assert desk.refused(TIME, desk.runs[1], confirm=token) == "confirm_unknown"
    assert desk.ask(TIME, desk.run, confirm=token)["done"] == 1


def asked(desk: Desk, minutes: int = 10) -> tuple[str, Wanted, Viewer]:
    wanted = read(TIME | {"minutes": minutes, "attempts": [desk.run.public_id]})
    board = desk.scene.selection.public_id
    roles = frozenset({("proctor", desk.scene.office.id)})
    return board, wanted, Viewer(desk.proctor, 1, "Petugas", "p@surel.example", roles)


def test_presses_at_once_do_it_once(app: Flask, desk: Desk) -> None:
    board, wanted, person = asked(desk)
    token = confirm.sign(SECRET, wanted.told(board), person.id, SOON)

    def press(db: Database, together: threading.Barrier) -> None:
        together.wait(30)
        service.perform(db, app.extensions["autosave"], SECRET, token, board, wanted, person, SOON)

    assert outcomes(desk.db, press) == {"ok": 1, "ConfirmUsed": AT_ONCE - 1}
    assert own(desk.db, desk.run).extra_seconds == 600


def test_control_a_confirmation_that_is_only_read_is_good_again(app: Flask, desk: Desk) -> None:
    board, wanted, person = asked(desk, minutes=2)

    def press(db: Database, together: threading.Barrier) -> None:
        found = service.plan(db, board, wanted, person, SOON)
        together.wait(30)
        service._give_time(db, wanted, found.touched, person.id, SOON)

    assert outcomes(desk.db, press) == {"ok": AT_ONCE}
    assert own(desk.db, desk.run).extra_seconds == AT_ONCE * 120


def test_used_and_expired_are_told_apart(desk: Desk) -> None:
    token = confirm.sign(SECRET, "this", desk.proctor, SOON)
    confirm.use(desk.db, SECRET, token, "this", desk.proctor, SOON)
    with pytest.raises(ConfirmUsed):
        confirm.use(desk.db, SECRET, token, "this", desk.proctor, SOON + timedelta(minutes=4))
    with pytest.raises(ConfirmExpired):
        confirm.use(desk.db, SECRET, token, "this", desk.proctor, SOON + timedelta(hours=1))
