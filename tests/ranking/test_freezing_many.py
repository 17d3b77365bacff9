"""A long list is made before the transaction that stores it, which only asks whether anything came since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.models import Approval, AuditEntry, Office, Placing, Profile, Score, Screening, SelectionList
from exam_server.ranking import freezing, listing, marks, plan
from exam_server.ranking import refusals as no
from exam_server.ranking.freezing import Freezing
from exam_server.ranking.ready import KEPT, Ready, Shelf
from exam_server.ranking.rules import Quota
from tests.factories import MINUTE
from tests.ranking.stand import AFTER, Stand, build


@pytest.fixture
def stand(db: Database, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """Five who sat, in a world in which three are many."""
    monkeypatch.setattr(listing, "MANY", 3)
    return build(db)


def waiting(stand: Stand, asked: str) -> Approval:
    with stand.db.read() as tx:
        return tx.scalars(sa.select(Approval).where(Approval.public_id == asked)).one()


def grant(stand: Stand, act: Freezing, asked: str, prepared: bool = True) -> None:
    if prepared:
        act.prepare(stand.db, waiting(stand, asked), stand.apart)
    approvals.grant(stand.db, {freezing.KIND: act.apply}, asked, stand.second, AFTER + MINUTE)


def kept(stand: Stand) -> tuple[int, int, int]:
    """How many lists, lines and granted questions there are."""
    granted = AuditEntry.act == "approval.granted"
    with stand.db.read() as tx:
        return tuple(  # type: ignore[return-value]
            tx.scalar(sa.select(sa.func.count()).select_from(table).where(where)) or 0
            for table, where in (
                (SelectionList, sa.true()),
                (Placing, sa.true()),
                (AuditEntry, granted),
            )
        )


def test_a_list_made_apart_is_stored_and_is_the_list_of_before(stand: Stand) -> None:
    with stand.db.read() as tx:
        recorded = plan.plan(tx, stand.activity_id)
        here = listing.compute_here(tx, freezing.storing.wanted(stand.place, recorded, 1))
    stand.process = True
    grant(stand, Freezing(), stand.ask())
    assert stand.lines() == here
    with stand.db.read() as tx:
        assert tx.scalars(sa.select(SelectionList.sha256)).one() == listing.seal(here)


def test_the_transaction_never_makes_a_long_list_by_itself(stand: Stand) -> None:
    asked = stand.ask()
    with pytest.raises(no.FactsMoved):
        grant(stand, Freezing(), asked, prepared=False)
    assert kept(stand) == (0, 0, 0)


def test_the_transaction_that_stores_reads_no_scores_marks_or_applications(stand: Stand) -> None:
    act, asked = Freezing(), stand.ask()
    act.prepare(stand.db, waiting(stand, asked), stand.apart)
    said: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    sa.event.listen(stand.db.engine, "before_cursor_execute", hear)
    grant(stand, act, asked, prepared=False)
    sa.event.remove(stand.db.engine, "before_cursor_execute", hear)
    assert len(stand.lines()) == 5
    assert [one for one in said if "score.keys" in one or "application_version" in one] == []
    assert sum(one.startswith("INSERT INTO selection_placing") for one in said) == 1


def another_mark(stand: Stand) -> None:
    person = stand.people[0].run.public_id
    marks.give(stand.db, stand.place, person, "preference:2", "0", "Salah baca", stand.admin, AFTER)


def another_gate(stand: Stand) -> None:
    person = stand.people[4].run.public_id
    marks.check_gate(stand.db, stand.place, person, 1, False, "Sakit", stand.admin, AFTER)


def another_quota(stand: Stand) -> None:
    plan.record_quota(stand.db, stand.place, (Quota(3),), 2, "Anggaran", stand.admin, AFTER)


def another_score(stand: Stand) -> None:
    with stand.db.write() as tx:
        row = tx.scalars(sa.select(Score).order_by(Score.attempt_id)).first()
        assert row is not None
        values = {column.key: getattr(row, column.key) for column in sa.inspect(Score).columns}
        tx.add(Score(**values | {"keys_sha256": "1" * 64}))


def another_application(stand: Stand) -> None:
    with stand.db.write() as tx:
        tx.execute(sa.update(Screening).values(decided_at=AFTER))


def another_kecamatan(stand: Stand) -> None:
    with stand.db.write() as tx:
        tx.execute(sa.update(Office).values(kecamatan=["Keling"]))


MOVES = (
    another_mark, another_gate, another_quota, another_score, another_application, another_kecamatan
)  # fmt: skip


@pytest.mark.parametrize("move", MOVES)
def test_what_came_after_the_making_is_refused_and_nothing_is_half_done(
    stand: Stand, move: Callable[[Stand], None]
) -> None:
    act, asked = Freezing(), stand.ask()
    act.prepare(stand.db, waiting(stand, asked), stand.apart)
    move(stand)
    with pytest.raises(no.FactsMoved):
        grant(stand, act, asked, prepared=False)
    assert kept(stand) == (0, 0, 0)


def test_granted_once_more_it_is_told_that_the_list_is_another_one(stand: Stand) -> None:
    act, asked = Freezing(), stand.ask()
    another_gate(stand)
    with pytest.raises(no.ListChanged) as refused:
        grant(stand, act, asked)
    assert refused.type is no.ListChanged
    assert kept(stand) == (0, 0, 0)


def test_granted_once_more_the_same_list_is_stored(stand: Stand) -> None:
    act, asked = Freezing(), stand.ask()
    act.prepare(stand.db, waiting(stand, asked), stand.apart)
    another_application(stand)
    with pytest.raises(no.FactsMoved):
        grant(stand, act, asked, prepared=False)
    grant(stand, act, asked)
    assert kept(stand) == (1, 5, 1)


def test_a_profile_counts_only_where_no_application_was_screened(stand: Stand) -> None:
    act, asked = Freezing(), stand.ask()
    act.prepare(stand.db, waiting(stand, asked), stand.apart)
    with stand.db.write() as tx:
        tx.execute(sa.update(Profile).values(saved_at=AFTER + timedelta(days=1)))
    grant(stand, act, asked, prepared=False)
    assert kept(stand) == (1, 5, 1)


def test_what_was_prepared_for_questions_nobody_fetched_does_not_pile_up() -> None:
    shelf: Shelf[Ready] = Shelf()
    lists = [Ready([number], "", {}, {}, []) for number in range(KEPT + 1)]
    for number, one in enumerate(lists):
        shelf.put(number, one)
    assert [shelf.take(number) for number in range(KEPT + 1)] == [None, *lists[1:]]
    assert shelf.take(KEPT) is None
