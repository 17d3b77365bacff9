"""A key is corrected while somebody is being settled, or corrected elsewhere: nobody keeps the wrong key."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.approvals import service as approvals
from exam_server.corrections import correcting
from exam_server.corrections.correcting import Correcting
from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam import settling
from exam_server.exam.settling import settle
from exam_server.models import Activity, ResultVersion
from tests.corrections.samples import NOW, OTHER, Case, case, whole
from tests.factories import MINUTE, START, Run, add_running
from tests.ranking.stand import SECRET
from tests.together import AT_ONCE, outcomes

HANDED_IN = START + 20 * MINUTE
MET = 1.0
"""Seconds in which the other one has come, unless it waits for this one."""
WITHIN = 30


@pytest.fixture
def fix(db: Database) -> Case:
    return case(db, rights=(4, 0), absent=0, opened=False)


@pytest.fixture
def late(fix: Case) -> Run:
    """Handed in and not yet settled."""
    run = add_running(fix.db, fix.stand.scene)
    with fix.db.write() as tx:
        exam.submit(tx, run.attempt_id, run.session_id, run.lease, HANDED_IN)
    return run


def together(*acts: Callable[[], object]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)
        assert not thread.is_alive()


def settled(fix: Case, run: Run) -> None:
    with fix.db.write() as tx:
        settle(tx, run.attempt_id, SECRET, NOW)


def settled_while_corrected(fix: Case, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The score is made by the old key; before it is kept, the correction has the time to end, if it can."""
    asked, marked, corrected = fix.ask(Wish("void")), threading.Event(), threading.Event()
    mark = settling.mark

    def slowly(*told: Any) -> Any:
        found = mark(*told)
        marked.set()
        corrected.wait(MET)
        return found

    monkeypatch.setattr(settling, "mark", slowly)

    def correct() -> None:
        marked.wait(WITHIN)
        fix.grant(asked)
        corrected.set()

    together(lambda: settled(fix, run), correct)


def test_who_is_settled_a_moment_before_gets_the_corrected_key_with_the_others(
    fix: Case, late: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled_while_corrected(fix, late, monkeypatch)
    assert dict(fix.in_force()[late.attempt_id].keys)[fix.revision] == 2
    assert fix.points()[late.attempt_id] == (1, 4)
    assert fix.points(1)[late.attempt_id] == (0, 4)


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)  # SQLite has one writer at a time anyway
def test_control_without_the_lock_the_old_key_would_stay(
    fix: Case, late: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(tx: Any, public_id: str, lock: bool) -> int:
        return tx.scalars(sa.select(Activity.id).where(Activity.public_id == public_id)).one()

    monkeypatch.setattr(correcting, "_activity", unlocked)
    settled_while_corrected(fix, late, monkeypatch)
    assert dict(fix.in_force()[late.attempt_id].keys)[fix.revision] == 1


def test_who_is_settled_a_moment_after_waits_and_gets_the_corrected_key(fix: Case, late: Run) -> None:
    asked, applied, done = fix.ask(Wish("void")), threading.Event(), threading.Event()

    class Slow(Correcting):
        def apply(self, *told: Any) -> None:
            super().apply(*told)
            applied.set()
            done.wait(MET)

    def settle_it() -> None:
        applied.wait(WITHIN)
        settled(fix, late)
        done.set()

    together(lambda: fix.grant(asked, act=Slow()), settle_it)
    assert fix.points()[late.attempt_id] == (1, 4)
    assert late.attempt_id not in fix.points(1), "there was no score before the correction"


def test_of_many_who_ask_about_one_item_at_once_one_is_heard(fix: Case) -> None:
    wishes = itertools.cycle([Wish("void"), Wish("drop"), Wish("second", OTHER)])

    def ask(db: Database, barrier: threading.Barrier) -> None:
        wish = next(wishes)
        barrier.wait(WITHIN)
        fix.ask(wish)

    assert outcomes(fix.db, ask) == {"ok": 1, "AlreadyAsked": AT_ONCE - 1}


def test_of_many_who_grant_at_once_one_does_it(fix: Case) -> None:
    asked = fix.ask(Wish("void"))

    def grant(db: Database, barrier: threading.Barrier) -> None:
        barrier.wait(WITHIN)
        fix.grant(asked)

    assert outcomes(fix.db, grant) == {"ok": 1, "ApprovalOver": AT_ONCE - 1}
    with fix.db.read() as tx:
        assert tx.scalars(sa.select(ResultVersion.number)).all() == [2]


def test_two_items_corrected_at_once_make_two_versions_and_both_count(fix: Case) -> None:
    other = fix.other_revision("U002")
    questions = [fix.ask(Wish("void")), other.ask(Wish("second", OTHER))]
    act = {correcting.KIND: Correcting().apply}
    together(*(
        lambda asked=asked: approvals.grant(fix.db, act, asked, fix.stand.second, NOW) for asked in questions
    ))  # fmt: skip
    with fix.db.read() as tx:
        assert tx.scalars(sa.select(ResultVersion.number).order_by(ResultVersion.number)).all() == [2, 3]
    found = fix.in_force()
    for attempt, one in found.items():
        assert (one.correct, one.out_of) == (whole(fix.db, attempt).correct, 4)
        assert {dict(one.keys)[revision] for revision in (fix.revision, other.revision)} == {2}
