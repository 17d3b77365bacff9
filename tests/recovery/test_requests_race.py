"""Officials who answer one request at the same instant: one answer counts, and everybody else is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import HelpRequest
from exam_server.recovery import lost_email, service
from tests.factories import START
from tests.recovery.pleas import (
    REASON,
    SECRET,
    Town,
    account,
    acts,
    asked,
    count,
    letters,
    nik_of,
    row,
)
from tests.recovery.samples import add_link

AT_ONCE = 8


def outcomes(act: Callable[[int, threading.Barrier], object]) -> Counter[str]:
    """What AT_ONCE simultaneous acts came to: `ok`, or the name of what was raised."""
    together, told = threading.Barrier(AT_ONCE), []

    def one(number: int) -> None:
        try:
            act(number, together)
            told.append("ok")
        except Exception as problem:
            told.append(type(problem).__name__)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return Counter(told)


def test_of_answers_given_at_once_one_counts(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")

    def decide(number: int, together: threading.Barrier) -> None:
        together.wait(20)
        if number % 2:
            service.grant(db, public_id, town.admin, REASON, SECRET, START)
        else:
            service.refuse(db, public_id, town.superadmin, REASON, START)

    assert outcomes(decide) == {"ok": 1, "AlreadyResolved": AT_ONCE - 1}
    granted = row(db, public_id).outcome == "granted"
    assert (nik_of(db, town.holder.id) is None) is granted
    assert [act for act, _, _ in acts(db)].count("nik.freed") == int(granted)
    assert len(letters(db)) == 2 + int(granted)


def test_control_looking_before_answering_lets_several_answers_count(db: Database, town: Town) -> None:
    public_id = asked(db, town, "nik")

    def decide(number: int, together: threading.Barrier) -> None:
        is_open = row(db, public_id).outcome is None
        together.wait(20)  # everybody has looked before anybody answers
        if not is_open:
            raise service.AlreadyResolved
        with db.write() as tx:
            answered = sa.update(HelpRequest).where(HelpRequest.public_id == public_id)
            tx.execute(answered.values(outcome="refused", resolved_at=START, answer=str(number)))

    assert outcomes(decide) == {"ok": AT_ONCE}


def test_a_link_that_is_used_at_once_changes_the_address_once(db: Database, town: Town) -> None:
    token = add_link(db, town.scene.office)

    def use(_: int, together: threading.Barrier) -> None:
        together.wait(20)
        lost_email.use(db, SECRET, token, START)

    assert outcomes(use) == {"ok": 1, "LinkExpired": AT_ONCE - 1}
    assert [act for act, _, _ in acts(db)].count("email.changed") == 1


def test_one_button_pressed_many_times_is_one_request(db: Database, town: Town) -> None:
    def ask(_: int, together: threading.Barrier) -> None:
        together.wait(20)
        asked(db, town, "erasure")

    assert outcomes(ask) == {"ok": 1, "AlreadyAsked": AT_ONCE - 1}
    assert count(db) == 1
    assert account(db, town.asker.id).disabled_at is None
