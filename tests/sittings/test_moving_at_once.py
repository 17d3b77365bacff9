"""Moving at the same moment as another move or a start: one of them happens."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from exam_server.approvals.service import ApprovalOver
from exam_server.errors import Refusal
from exam_server.exam import lookups
from exam_server.exam import service as exam
from exam_server.exam.papers import ensure_paper
from exam_server.models import Mail, Notice, SittingMove
from tests.factories import (
    START,
    add_booked,
    add_official,
)
from tests.sittings.moving_desk import Desk


def at_once(*acts: Callable[[], None]) -> list[str]:
    """What each came to, when all began together."""
    together, told = threading.Barrier(len(acts)), []

    def one(act: Callable[[], None]) -> None:
        together.wait(10)
        try:
            act()
            told.append("done")
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(told)


def test_two_who_grant_at_once_move_it_once(desk: Desk) -> None:
    add_booked(desk.db, desk.scene)
    letters, third = len(desk.all(Mail)), add_official(desk.db, "superadmin", None).id
    public_id = desk.ask()
    told = at_once(lambda: desk.grant(public_id), lambda: desk.grant(public_id, third))
    assert told == [ApprovalOver.code, "done"]
    assert (len(desk.all(SittingMove)), len(desk.all(Mail)) - letters, len(desk.all(Notice))) == (1, 1, 1)


@pytest.mark.parametrize("turn", range(5))
def test_a_start_and_a_move_at_once_never_both_happen(desk: Desk, turn: int) -> None:
    run, public_id = add_booked(desk.db, desk.scene), desk.ask()
    with desk.db.write() as tx:
        ensure_paper(tx, run.attempt_id, START)

    def start() -> None:
        with desk.db.write() as tx:
            exam.start(tx, run.attempt_id, START)

    told = at_once(start, lambda: desk.grant(public_id, now=START))
    began = lookups.own_attempt(desk.db, run.candidate_id).facts.started_at is not None
    assert told in (["already_started", "done"], ["done", "outside_window"])
    assert (desk.sitting().starts_at == START) is began


def test_a_move_waits_for_a_start_that_is_not_committed_yet(desk: Desk) -> None:
    if desk.db.sqlite:
        assert desk.db.sqlite  # one writer at a time: there is no such moment
        return
    run, public_id = add_booked(desk.db, desk.scene), desk.ask()
    told: list[str] = []
    with desk.db.write() as tx:
        exam.start(tx, run.attempt_id, START)
        mover = threading.Thread(
            target=lambda: told.extend(at_once(lambda: desk.grant(public_id, now=START)))
        )
        mover.start()
        mover.join(0.3)
        assert told == []
    mover.join(20)
    assert told == ["already_started"]
