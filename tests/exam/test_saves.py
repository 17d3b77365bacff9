"""What becomes of a save: every fate, with what is durable afterwards and what is kept as evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.exam import service
from exam_server.exam.rules import Item
from exam_server.exam.saves import Save, store
from exam_server.models import Attempt, LateAnswer, Response, ResponseJournal
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    Scene,
    add_booked,
    add_running,
    add_scene,
    add_session,
    answer,
)

AT = START + 10 * MINUTE
DEADLINE = START + HOUR
GRACE_ENDS = DEADLINE + timedelta(seconds=10)
TICK = timedelta(microseconds=1)

Fates = dict[int, tuple[str, int]]


def stored(db: Database, *saves: Save) -> list[Fates]:
    """The fates, told after the commit."""
    with db.write() as tx:
        results = store(tx, list(saves))
    return [dict(result.fates) for result in results]


def durable(db: Database, run: Run) -> dict[int, tuple[int, int | None, bool]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(Response).where(Response.attempt_id == run.attempt_id))
        return {row.position: (row.seq, row.option, row.flagged) for row in rows}


def journal(db: Database, run: Run) -> list[tuple[int, int, int | None]]:
    with db.read() as tx:
        found = sa.select(ResponseJournal).where(ResponseJournal.attempt_id == run.attempt_id)
        return [(row.position, row.seq, row.option) for row in tx.scalars(found.order_by(ResponseJournal.id))]


def evidence(db: Database, run: Run) -> list[tuple[int, int, int | None, str]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(LateAnswer).where(LateAnswer.attempt_id == run.attempt_id))
        return [(row.position, row.seq, row.option, row.reason) for row in rows]


def attempt(db: Database, run: Run) -> Attempt:
    with db.read() as tx:
        return tx.get_one(Attempt, run.attempt_id)


def test_an_answer_is_saved_and_journaled(db: Database, run: Run) -> None:
    before = attempt(db, run)
    assert stored(db, run.save(answer(1, 1, 3, True), at=AT)) == [{1: ("saved", 1)}]
    assert durable(db, run) == {1: (1, 3, True)}
    assert journal(db, run) == [(1, 1, 3)]
    assert evidence(db, run) == []
    assert attempt(db, run).rev == before.rev + 1
    assert attempt(db, run).last_contact_at == AT


def test_a_save_carries_several_answers(db: Database, run: Run) -> None:
    assert stored(db, run.save(answer(1, 1, 1), answer(2, 1, None), answer(4, 7, 2), at=AT)) == [
        {1: ("saved", 1), 2: ("saved", 1), 4: ("saved", 7)}
    ]
    assert durable(db, run) == {1: (1, 1, False), 2: (1, None, False), 4: (7, 2, False)}


def test_a_newer_choice_replaces_and_the_journal_keeps_both(db: Database, run: Run) -> None:
    stored(db, run.save(answer(1, 1, 3), at=AT))
    assert stored(db, run.save(answer(1, 2, None), at=AT + MINUTE)) == [{1: ("saved", 2)}]
    assert durable(db, run) == {1: (2, None, False)}
    assert journal(db, run) == [(1, 1, 3), (1, 2, None)]


@pytest.mark.parametrize("seq", [1, 2])
def test_a_repeated_or_overtaken_answer_is_stale_and_says_what_is_durable(
    db: Database, run: Run, seq: int
) -> None:
    stored(db, run.save(answer(1, 2, 3), at=AT))
    assert stored(db, run.save(answer(1, seq, 1), at=AT + MINUTE)) == [{1: ("stale", 2)}]
    assert durable(db, run) == {1: (2, 3, False)}
    assert len(journal(db, run)) == 1


def test_a_repetition_after_the_end_is_still_told_that_it_is_durable(db: Database, run: Run) -> None:
    stored(db, run.save(answer(), at=AT))
    assert stored(db, run.save(answer(), at=GRACE_ENDS + HOUR)) == [{1: ("stale", 1)}]
    assert evidence(db, run) == []


@pytest.mark.parametrize("at", [DEADLINE - TICK, DEADLINE, GRACE_ENDS - TICK])
def test_what_arrives_before_the_grace_ends_counts(db: Database, run: Run, at: datetime) -> None:
    assert stored(db, run.save(answer(), at=at)) == [{1: ("saved", 1)}]


@pytest.mark.parametrize("at", [GRACE_ENDS, GRACE_ENDS + HOUR])
def test_what_arrives_later_is_kept_as_evidence(db: Database, run: Run, at: datetime) -> None:
    assert stored(db, run.save(answer(2, 1, 4), at=at)) == [{2: ("deadline_passed", 0)}]
    assert durable(db, run) == {}
    assert journal(db, run) == []
    assert evidence(db, run) == [(2, 1, 4, "deadline_passed")]


@pytest.mark.parametrize("option", [4, None])
def test_the_same_late_answer_sent_again_is_kept_once(db: Database, run: Run, option: int | None) -> None:
    late = [run.save(answer(2, 1, option), at=GRACE_ENDS + n * MINUTE) for n in range(3)]
    assert stored(db, *late[:2]) + stored(db, late[2]) == [{2: ("deadline_passed", 0)}] * 3
    assert evidence(db, run) == [(2, 1, option, "deadline_passed")]


@pytest.mark.parametrize("another", [answer(3, 1, 4), answer(2, 2, 4), answer(2, 1, 3), answer(2, 1, None)])
def test_another_late_answer_is_further_evidence(db: Database, run: Run, another: Item) -> None:
    stored(db, run.save(answer(2, 1, 4), at=GRACE_ENDS))
    stored(db, run.save(another, at=GRACE_ENDS + MINUTE))
    assert evidence(db, run) == [
        (2, 1, 4, "deadline_passed"), (another.position, another.seq, another.option, "deadline_passed")
    ]  # fmt: skip


def test_after_closing_an_answer_is_kept_as_evidence(db: Database, run: Run) -> None:
    with db.write() as tx:
        service.submit(tx, run.attempt_id, run.session_id, run.lease, AT)
    assert stored(db, run.save(answer(2, 1, 4), at=AT)) == [{2: ("closed", 0)}]
    assert durable(db, run) == {}
    assert evidence(db, run) == [(2, 1, 4, "closed")]


def take_over(db: Database, run: Run) -> Run:
    """The same person goes on in another browser."""
    other = add_session(db, run.candidate_id, AT)
    with db.write() as tx:
        lease = service.join(tx, run.attempt_id, other.session_id, "Mozilla/5.0", True, AT)
    return Run(run.candidate_id, run.attempt_id, run.public_id, other.session_id, other.token, lease)


def test_the_older_device_is_told_that_it_was_taken_over(db: Database, run: Run) -> None:
    newer = take_over(db, run)
    assert stored(db, run.save(answer(2, 1, 4), at=AT)) == [{2: ("taken_over", 0)}]
    assert stored(db, newer.save(answer(2, 1, 1), at=AT)) == [{2: ("saved", 1)}]
    assert durable(db, run) == {2: (1, 1, False)}
    assert evidence(db, run) == [(2, 1, 4, "taken_over")]


def test_the_older_device_never_hears_saved_because_of_the_newer_one(db: Database, run: Run) -> None:
    """Both chose something at the same place under the same number, and both wait for the same commit."""
    newer = take_over(db, run)
    saves = (run.save(answer(2, 1, 4), at=AT), newer.save(answer(2, 1, 1), at=AT))
    assert stored(db, *saves) == [{2: ("taken_over", 1)}, {2: ("saved", 1)}]
    assert durable(db, run) == {2: (1, 1, False)}
    assert evidence(db, run) == [(2, 1, 4, "taken_over")]


def test_the_older_device_does_not_shadow_the_newer_one(db: Database, run: Run) -> None:
    newer = take_over(db, run)
    assert stored(db, run.save(answer(2, 9, 4), at=AT), newer.save(answer(2, 1, 1), at=AT)) == [
        {2: ("taken_over", 1)}, {2: ("saved", 1)},
    ]  # fmt: skip
    assert durable(db, run) == {2: (1, 1, False)}


def test_a_late_answer_does_not_shadow_the_one_that_was_in_time(db: Database, run: Run) -> None:
    """Two clicks round the end of the grace that wait for the same commit."""
    in_time, late = run.save(answer(1, 1, 2), at=GRACE_ENDS - TICK), run.save(answer(1, 2, 3), at=GRACE_ENDS)
    assert stored(db, in_time, late) == [{1: ("saved", 1)}, {1: ("deadline_passed", 1)}]
    assert durable(db, run) == {1: (1, 2, False)}
    assert evidence(db, run) == [(1, 2, 3, "deadline_passed")]


def test_another_session_under_a_stolen_lease_number_is_refused_and_stops_nobody(
    db: Database, scene: Scene, run: Run
) -> None:
    """Nobody's page does that, but a stranger's program may, and others wait for the same commit."""
    other, neighbour = add_session(db, run.candidate_id, AT), add_running(db, scene)
    stolen = [run.save(answer(1, seq, 3), at=AT, session_id=other.session_id) for seq in (1, 2)]
    fates = stored(db, run.save(answer(1, 1, 2), at=AT), neighbour.save(answer(1, 1, 1), at=AT), *stolen)
    assert fates == [{1: ("saved", 1)}, {1: ("saved", 1)}, {1: ("taken_over", 1)}, {1: ("taken_over", 1)}]
    assert durable(db, run) == {1: (1, 2, False)}
    assert evidence(db, run) == [(1, 1, 3, "taken_over"), (1, 2, 3, "taken_over")]


def test_an_ended_session_saves_nothing(db: Database, run: Run) -> None:
    accounts.end_session(db, run.session_id, AT)
    assert stored(db, run.save(answer(), at=AT)) == [{1: ("signed_out", 0)}]
    assert durable(db, run) == {}
    assert evidence(db, run) == []


def test_a_session_saves_until_it_expires_and_not_longer(db: Database, run: Run) -> None:
    old = add_session(db, run.candidate_id, AT - accounts.SESSION_LIFE)
    with db.write() as tx:
        lease = service.join(tx, run.attempt_id, old.session_id, "Mozilla/5.0", True, START + MINUTE)
    mine = {"lease": lease, "session_id": old.session_id}
    assert stored(db, run.save(answer(1), at=AT - TICK, **mine)) == [{1: ("saved", 1)}]
    assert stored(db, run.save(answer(2), at=AT, **mine)) == [{2: ("signed_out", 0)}]
    assert set(durable(db, run)) == {1}


def test_the_session_of_somebody_else_saves_nothing(db: Database, scene: Scene, run: Run) -> None:
    stranger = add_running(db, scene)
    assert stored(db, run.save(answer(), at=AT, session_id=stranger.session_id)) == [{1: ("signed_out", 0)}]
    assert durable(db, run) == {}


def test_before_the_start_nothing_is_saved(db: Database, scene: Scene) -> None:
    run = add_booked(db, scene)
    assert stored(db, run.save(answer(), at=AT)) == [{1: ("not_started", 0)}]
    assert durable(db, run) == {}


def test_one_batch_may_hold_every_fate(db: Database, scene: Scene) -> None:
    good, late, gone, waiting = (
        add_running(db, scene),
        add_running(db, scene),
        add_running(db, scene),
        add_booked(db, scene),
    )
    accounts.end_session(db, gone.session_id, AT)
    assert stored(
        db,
        good.save(answer(), at=AT),
        late.save(answer(), at=GRACE_ENDS),
        gone.save(answer(), at=AT),
        waiting.save(answer(), at=AT),
    ) == [
        {1: ("saved", 1)},
        {1: ("deadline_passed", 0)},
        {1: ("signed_out", 0)},
        {1: ("not_started", 0)},
    ]


def test_the_newest_of_one_batch_is_durable(db: Database, run: Run) -> None:
    saves = [run.save(answer(1, seq, seq), at=AT) for seq in (2, 4, 1, 3)]
    assert stored(db, *saves) == [{1: ("stale", 4)}, {1: ("saved", 4)}, {1: ("stale", 4)}, {1: ("stale", 4)}]
    assert durable(db, run) == {1: (4, 4, False)}


def test_of_two_answers_under_one_seq_only_the_stored_one_is_told_saved(db: Database, run: Run) -> None:
    fates = stored(db, run.save(answer(1, 2, 3), at=AT), run.save(answer(1, 2, 4), at=AT))
    kept = durable(db, run)[1][1]
    assert [one[1] for one in fates] == [("saved" if kept == told else "stale", 2) for told in (3, 4)]


def test_a_change_is_announced_and_a_refusal_is_not(db: Database, run: Run) -> None:
    heard: list[dict[str, Any]] = []
    db.subscribe("attempts", heard.append)
    stored(db, run.save(answer(), at=GRACE_ENDS))
    assert heard == []
    stored(db, run.save(answer(), at=AT))
    assert heard == [{"attempt_ids": {run.attempt_id}}]


INSTANTS = st.sampled_from([AT, DEADLINE, GRACE_ENDS - TICK, GRACE_ENDS, GRACE_ENDS + HOUR])
ANSWERS = st.builds(Item, st.integers(1, 3), st.integers(1, 5), st.none() | st.integers(1, 4), st.booleans())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.booleans(), ANSWERS, INSTANTS), min_size=1, max_size=6), max_size=4
    )
)
def test_whatever_was_told_saved_is_durable_or_was_replaced_by_a_newer_one(
    db: Database, batches: list[list[tuple[bool, Item, datetime]]]
) -> None:
    with db.write() as tx:  # the examples of one test share its database
        known = tx.scalars(sa.text("SELECT slug FROM office")).all()
    scene = add_scene(db, code=str(len(known)), slug=f"kantor{len(known)}")
    old = add_running(db, scene)
    new = take_over(db, old)
    for batch in batches:
        saves = [(new if is_new else old).save(item, at=at) for is_new, item, at in batch]
        for save, fates in zip(saves, stored(db, *saves), strict=True):
            (item,) = save.items
            fate, seq = fates[item.position]
            if save.lease != new.lease:
                assert fate == "taken_over"
            elif fate in ("saved", "stale"):
                assert durable(db, new)[item.position][0] >= seq >= item.seq
            else:
                assert fate == "deadline_passed"
                assert save.arrived_at >= GRACE_ENDS
