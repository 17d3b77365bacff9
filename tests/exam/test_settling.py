"""After closing: one score and one receipt for each state of the journal, whoever settles and how often."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import journal, ledger, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.papers import read_paper
from exam_server.exam.rules import LONGEST_BUFFER_AGE
from exam_server.exam.saves import store
from exam_server.exam.settling import LOOK_ROUND, Settler, settle, unsettled
from exam_server.models import ItemKey, Paper, Receipt, Score
from question_bank.blueprint import Drawn
from tests.conftest import SetClock
from tests.factories import HOUR, MINUTE, START, Run, Scene, add_official, add_running, add_scene, answer
from tests.verify.lived import unguard

SECRET = "s" * 40
KEY = 2
"""The right option of every item, in its original order, from 0."""

DUE = START + HOUR + timedelta(seconds=10) + LONGEST_BUFFER_AGE


@pytest.fixture
def settler(db: Database, clock: SetClock, writer: GroupCommit) -> Settler:
    return Settler(db, clock, writer, SECRET)


def paper(db: Database, run: Run) -> list[Drawn]:
    with db.read() as tx:
        return read_paper(tx.get_one(Paper, run.attempt_id).content)


def displayed(db: Database, run: Run, position: int, right: bool) -> int:
    """A right or a wrong option at a position, as it is displayed, from 1."""
    order = paper(db, run)[position - 1].order
    return order.index(KEY if right else 0) + 1


def close(db: Database, run: Run) -> None:
    with db.write() as tx:
        service.close_by_clock(tx, run.attempt_id, DUE)


def settled(db: Database, run: Run, secret: str = SECRET) -> bool:
    with db.write() as tx:
        return settle(tx, run.attempt_id, secret, DUE)


def scores(db: Database, run: Run) -> list[tuple[int, int, int, int, int]]:
    wanted = sa.select(Score).where(Score.attempt_id == run.attempt_id).order_by(Score.number)
    with db.read() as tx:
        return [(one.number, one.correct, one.wrong, one.blank, one.out_of) for one in tx.scalars(wanted)]


def vouched(db: Database, run: Run) -> list[int]:
    wanted = sa.select(Receipt.number).where(Receipt.attempt_id == run.attempt_id).order_by(Receipt.number)
    with db.read() as tx:
        return list(tx.scalars(wanted))


def newest(db: Database, run: Run) -> int:
    with db.read() as tx:
        return journal.head(tx, run.attempt_id)[0]


@pytest.fixture
def closed(db: Database, run: Run) -> Run:
    """One right, one wrong, one cleared, one never touched; closed by the clock."""
    with db.write() as tx:
        store(tx, [run.save(
            answer(1, 1, displayed(db, run, 1, True)), answer(2, 1, displayed(db, run, 2, False)),
            answer(3, 1, None), at=START + MINUTE,
        )])  # fmt: skip
    close(db, run)
    return run


def test_a_closed_attempt_is_scored_by_its_own_order_of_options(db: Database, closed: Run) -> None:
    assert settled(db, closed)
    assert scores(db, closed) == [(newest(db, closed), 1, 1, 2, 4)]
    assert vouched(db, closed) == [newest(db, closed)]


def test_a_score_names_the_keys_it_was_made_by(db: Database, closed: Run) -> None:
    settled(db, closed)
    with db.read() as tx:
        named = tx.scalars(sa.select(Score)).one().keys
    assert named == [[one.id, 1] for one in paper(db, closed)]


def test_the_newest_version_of_a_key_counts(db: Database, closed: Run) -> None:
    first = paper(db, closed)[0].id
    with db.write() as tx:
        old = tx.scalars(sa.select(ItemKey).where(ItemKey.revision_id == first)).one()
        wrong = old.content.replace(b'"accepted": [2]', b'"accepted": [0]').replace(
            b'"accepted":[2]', b'"accepted":[0]'
        )
        assert wrong != old.content
        tx.add(ItemKey(revision_id=first, version=2, content=wrong, created_at=START))
    settled(db, closed)
    assert scores(db, closed)[0][1:] == (0, 2, 2, 4)
    with db.read() as tx:
        assert tx.scalars(sa.select(Score)).one().keys[0] == [first, 2]


def test_what_is_settled_is_not_settled_again(db: Database, closed: Run) -> None:
    assert [settled(db, closed) for _ in range(3)] == [True, False, False]
    assert len(scores(db, closed)) == len(vouched(db, closed)) == 1


def test_what_runs_or_never_began_has_no_score(db: Database, run: Run) -> None:
    assert not settled(db, run)
    assert unsettled(db) == []
    assert scores(db, run) == []


def test_what_is_left_to_settle_is_known_from_the_tables_alone(
    db: Database, scene: Scene, closed: Run
) -> None:
    other = add_running(db, scene)
    assert unsettled(db) == [closed.attempt_id]
    close(db, other)
    assert sorted(unsettled(db)) == sorted([closed.attempt_id, other.attempt_id])
    settled(db, closed)
    assert unsettled(db) == [other.attempt_id]


def test_answers_that_came_to_count_are_scored_again_and_the_first_score_stays(
    db: Database, scene: Scene, closed: Run
) -> None:
    settled(db, closed)
    first = newest(db, closed)
    with db.write() as tx:
        store(tx, [closed.save(answer(4, 1, displayed(db, closed, 4, True)), at=DUE + MINUTE)])
    official = add_official(db, "proctor", scene.office).id
    with db.write() as tx:
        grant = ledger.Grant("extra", 600, "power", "listrik padam", official)
        ledger.enter(tx, closed.attempt_id, grant, DUE + 2 * MINUTE)
    assert not settled(db, closed), "it runs again"
    with db.write() as tx:
        service.close_by_clock(tx, closed.attempt_id, DUE + HOUR)
    assert unsettled(db) == [closed.attempt_id]
    assert settled(db, closed)
    last = newest(db, closed)
    assert last > first
    assert scores(db, closed) == [(first, 1, 1, 2, 4), (last, 2, 1, 1, 4)]
    assert vouched(db, closed) == [first, last]


def test_eight_that_settle_at_once_make_one_score_and_one_receipt(db: Database, closed: Run) -> None:
    together, made, failures = threading.Barrier(8), [], []

    def one() -> None:
        try:
            together.wait(10)
            made.append(settled(db, closed))
        except Exception as problem:
            failures.append(repr(problem))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert sorted(made) == [False] * 7 + [True]
    assert len(scores(db, closed)) == len(vouched(db, closed)) == 1


def test_an_attempt_that_somebody_holds_is_tried_again_in_the_next_round(
    db: Database, closed: Run, settler: Settler
) -> None:
    """SQLite has one writer, so nobody can hold the row meanwhile; there the first round settles it."""
    settler.round()
    settler._heard.append(closed.attempt_id)
    if not db.sqlite:
        with db.engine.connect() as holder:
            holder.execute(
                sa.text("SELECT 1 FROM attempt WHERE id = :id FOR UPDATE"), {"id": closed.attempt_id}
            )
            settler.round()
            assert list(settler._heard) == [closed.attempt_id]
            holder.rollback()
    settler.round()
    assert list(settler._heard) == []
    assert len(scores(db, closed)) == 1


def lose_key(db: Database, revision_id: int) -> ItemKey:
    with db.read() as tx:
        lost = tx.scalars(sa.select(ItemKey).where(ItemKey.revision_id == revision_id)).one()
    unguard(db, "item_key")
    with db.write() as tx:
        tx.execute(sa.text("DELETE FROM item_key WHERE revision_id = :id"), {"id": revision_id})
    return lost


def test_an_attempt_that_cannot_be_scored_never_stops_the_others(
    db: Database, clock: SetClock, writer: GroupCommit, settler: Settler, caplog: pytest.LogCaptureFixture
) -> None:
    scene = add_scene(db, items=40)
    runs = [add_running(db, scene) for _ in range(6)]
    for run in runs:
        close(db, run)
    lost = lose_key(db, paper(db, runs[0])[0].id)
    bad = [run for run in runs if lost.revision_id in [one.id for one in paper(db, run)]]
    good = [run for run in runs if run not in bad]
    assert bad
    assert good
    assert settler.round() == len(good)
    assert [len(scores(db, run)) for run in good] == [1] * len(good)
    assert [scores(db, run) + vouched(db, run) for run in bad] == [[]] * len(bad)
    assert sorted(unsettled(db)) == sorted(run.attempt_id for run in bad)
    assert f"attempt {bad[0].attempt_id} could not be settled" in caplog.text
    with db.write() as tx:
        tx.add(ItemKey(revision_id=lost.revision_id, version=1, content=lost.content, created_at=START))
    assert Settler(db, clock, writer, SECRET).round() == len(bad)
    assert unsettled(db) == []


def test_the_first_round_after_a_start_settles_what_was_left(
    db: Database, clock: SetClock, writer: GroupCommit, closed: Run
) -> None:
    assert Settler(db, clock, writer, SECRET).round() == 1
    assert len(scores(db, closed)) == 1


def test_what_closes_is_heard_of_and_settled_in_the_next_round(
    db: Database, run: Run, settler: Settler
) -> None:
    assert settler.round() == 0
    with db.write() as tx:
        service.submit(tx, run.attempt_id, run.session_id, run.lease, START + MINUTE)
    assert settler.round() == 1
    assert len(scores(db, run)) == 1


def test_what_another_process_closed_is_found_in_a_minute(db: Database, run: Run, settler: Settler) -> None:
    settler.round()
    other = Database(db.engine.url.render_as_string(False))
    close(other, run)
    other.close()
    assert [settler.round() for _ in range(LOOK_ROUND)] == [0] * (LOOK_ROUND - 1) + [1]


def test_closing_waits_for_no_key(db: Database, run: Run) -> None:
    lose_key(db, paper(db, run)[0].id)
    close(db, run)
    with pytest.raises(KeyError):
        settled(db, run)
    assert unsettled(db) == [run.attempt_id]
    assert scores(db, run) == []
