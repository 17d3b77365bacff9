"""Proctors and candidates at the same instant: one closing wins, no answer is lost, no slices."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.acts import crowd, service
from exam_server.acts.wanted import Wanted, read
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.rules import Item
from exam_server.models import Attempt
from exam_server.verify import attempts as verification
from tests.acts.samples import CLOSE, SOON, TIME, Desk
from tests.extra_time.samples import chosen, own, trail
from tests.together import AT_ONCE, outcomes

WITHIN = 30
SAVES = 60
SECRET = "s" * 40


def wanted(payload: dict[str, Any], desk: Desk, *runs: Any) -> Wanted:
    return read(payload | {"attempts": [run.public_id for run in runs or [desk.run]]})


def run_together(*acts: Any) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)


def closing(desk: Desk, writer: GroupCommit, by: int) -> service.Done:
    """The act itself, as it is done once it was confirmed."""
    asked = wanted(CLOSE, desk)
    with desk.db.read() as tx:
        targets = service.people._targets(tx, Attempt.id == desk.run.attempt_id)
    return service._through_the_writer(writer, asked, targets, by, SOON)


def test_proctors_who_close_at_once_close_once_and_the_others_are_told(app: Flask, desk: Desk) -> None:
    told: Counter[int] = Counter()
    people = [desk.assigned() for _ in range(4)]
    together = threading.Barrier(len(people))

    def press(person: int) -> None:
        together.wait(WITHIN)
        told[closing(desk, app.extensions["autosave"], person).count] += 1

    run_together(*(functools.partial(press, person) for person in people))
    assert told == {1: 1, 0: 3}
    (row,) = trail(desk.db, "attempt.closed")
    assert row.actor_id in people


def test_closing_and_handing_in_at_once_end_in_one_closing(app: Flask, desk: Desk) -> None:
    writer, other = app.extensions["autosave"], GroupCommit(desk.db)
    other.start()
    told: dict[str, object] = {}
    together = threading.Barrier(2)

    def close() -> None:
        together.wait(WITHIN)
        told["closed"] = closing(desk, writer, desk.proctor).count

    def hand_in() -> None:
        together.wait(WITHIN)
        act = functools.partial(exam.submit, attempt_id=desk.run.attempt_id, session_id=desk.run.session_id,
                                lease=desk.run.lease, now=SOON)  # fmt: skip
        try:
            told["submitted"] = other.run(act) is None
        except Exception as problem:
            told["submitted"] = type(problem).__name__

    run_together(close, hand_in)
    other.stop()
    ended = (desk.attempt().how, told["closed"], told["submitted"])
    assert ended in (("official", 1, "Closed"), ("submitted", 0, True))
    assert len(trail(desk.db, "attempt.closed")) == 1


def test_answers_on_their_way_while_a_proctor_closes_are_saved_or_kept_and_none_is_lost(
    app: Flask, desk: Desk
) -> None:
    writers = [app.extensions["autosave"], GroupCommit(desk.db)]
    writers[1].start()
    fates: dict[int, str] = {}
    half = threading.Event()

    def send(writer: GroupCommit, numbers: range) -> None:
        for seq in numbers:
            item = Item(1 + seq % 4, seq, 1 + seq % 3, False)
            fates[seq] = writer.run(desk.run.save(item, at=SOON)).fates[item.position][0]
            if len(fates) > SAVES // 3:
                half.set()

    def close() -> None:
        half.wait(WITHIN)
        closing(desk, writers[0], desk.proctor)

    run_together(*(functools.partial(send, writer, range(1 + n, SAVES + 1, 2))
                   for n, writer in enumerate(writers)), close)  # fmt: skip
    writers[1].stop()
    assert set(fates.values()) <= {"saved", "stale", "closed"}
    assert len(fates) == SAVES
    saved = [seq for seq, fate in fates.items() if fate == "saved"]
    newest = {1 + seq % 4: 1 + seq % 3 for seq in sorted(saved)}
    assert chosen(desk.db, desk.run) == newest, "what was told saved is what counts"
    assert desk.attempt().how == "official"
    assert verification.look(desk.db, SECRET)[1] == []


def test_proctors_who_give_one_sitting_in_slices_at_once_stay_below_half(desk: Desk) -> None:
    slices = [desk.runs[:2], desk.runs[2:4]]
    together, told = threading.Barrier(2), []

    def give(runs: list[Any]) -> None:
        asked = wanted(TIME, desk, *runs)
        with desk.db.read() as tx:
            targets = service.people._targets(tx, Attempt.public_id.in_(asked.attempts))
        together.wait(WITHIN)
        told.append(service._give_time(desk.db, asked, targets, desk.proctor, SOON).count)

    run_together(*(functools.partial(give, runs) for runs in slices))
    assert sorted(told) == [0, 2]
    assert sorted(own(desk.db, run).extra_seconds for run in desk.runs) == [0, 0, 0, 600, 600]


def test_control_measuring_first_and_giving_later_gives_it_to_most_of_the_sitting(desk: Desk) -> None:
    slices = [desk.runs[:2], desk.runs[2:4]]
    together = threading.Barrier(2)

    def give(runs: list[Any]) -> None:
        asked = wanted(TIME, desk, *runs)
        with desk.db.read() as tx:
            targets = service.people._targets(tx, Attempt.public_id.in_(asked.attempts))
            free = not any(service.slices.whole(tx, service._by_sitting(targets), SOON))
        together.wait(WITHIN)
        with desk.db.write() as tx:
            if free:
                grants = {one.id: service._grant(asked, desk.proctor) for one in targets}
                service.ledger.enter_all(tx, grants, SOON)

    run_together(*(functools.partial(give, runs) for runs in slices))
    assert sum(own(desk.db, run).extra_seconds == 600 for run in desk.runs) == 4


def test_proctors_who_send_at_once_send_each_their_own(desk: Desk) -> None:
    def send(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            found = service.Plan(
                tuple(service.people._targets(tx, Attempt.sitting_id == desk.scene.sitting.id)), ()
            )
        asked = wanted({"act": "message", "text": "Tenang"}, desk, *desk.runs)
        together.wait(WITHIN)
        service._tell(db, asked, found.touched, desk.proctor, SOON)

    before = desk.attempt().rev
    assert outcomes(desk.db, send) == {"ok": AT_ONCE}
    assert desk.attempt().rev == before + AT_ONCE
    assert len(own(desk.db, desk.run).words) == AT_ONCE


def closings(desk: Desk) -> dict[int, functools.partial[None]]:
    """As an act on everybody hands them over."""
    named = functools.partial(exam.close_by_official, actor_id=desk.proctor, reason="Padam", now=SOON)
    return {run.attempt_id: functools.partial(named, attempt_id=run.attempt_id) for run in desk.runs}


def test_many_closings_go_through_the_writer_in_handfuls(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "AT_ONCE", 2)
    acts = closings(desk)
    assert crowd.perform(app.extensions["autosave"], acts) == dict.fromkeys(acts)
    with desk.db.read() as tx:
        assert set(tx.scalars(sa.select(Attempt.how))) == {"official"}


def test_a_writer_that_does_not_answer_leaves_the_rest_unsent_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "AT_ONCE", 2)
    silent = GroupCommit(desk.db)  # never started
    acts = closings(desk)
    told = crowd.perform(silent, acts, patience=0.01)
    assert set(told.values()) == {crowd.UNKNOWN}
    assert {service._why(one) for one in told.values()} == {"not_stored"}
    assert len(silent._queue) == 2, "what waits may still be done; the others were never asked for"
