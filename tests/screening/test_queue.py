"""The queue: counts, filters and pages, the same number of statements for 50 applications as for 5,000."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Screening
from exam_server.screening import cases, claims, queue, rules
from exam_server.screening.cases import Desk, Official
from exam_server.screening.queue import PAGE, Wanted
from exam_server.screening.standings import standing_at, waiting
from tests.factories import DAY, HOUR
from tests.screening.cast import NOW, SENT, Bureau
from tests.screening.crowd import EVERY_FLAGGED, Place, add_crowd

EVERYBODY = Wanted(state="all")
TICK = timedelta(microseconds=1)


@pytest.fixture
def desk(db: Database, bureau: Bureau) -> Desk:
    return cases.own_desk(db, bureau.scene.registration.public_id, Official(bureau.ayu.id, None), NOW)


def fill(bureau: Bureau, count: int, now: datetime = NOW) -> None:
    add_crowd(bureau.db, Place(bureau.scene.registration, bureau.scene.office), count, now)


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    said: list[str] = []

    def hear(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    sa.event.remove(db.engine, "before_cursor_execute", hear)


def pages(db: Database, desk: Desk, wanted: Wanted) -> list[list[queue.Row]]:
    """Every page from the first to the last."""
    found, after = [], ""
    while True:
        page = queue.queue(db, desk, wanted, after, NOW)
        found.append(list(page.rows))
        if page.next_key is None:
            return found
        after = page.next_key


@pytest.mark.parametrize("wanted", [EVERYBODY, Wanted("waiting", "Ramai 0", "Keling", True)])
def test_a_page_takes_as_many_statements_at_5000_applications_as_at_50(
    db: Database, bureau: Bureau, desk: Desk, wanted: Wanted
) -> None:
    fill(bureau, 50)
    with counted(db) as few:
        queue.queue(db, desk, wanted, "", NOW)
    fill(bureau, 4950, NOW + DAY)
    with counted(db) as many:
        page = queue.queue(db, desk, wanted, "", NOW)
    assert page.counts.all == 5000
    assert len(page.rows) == PAGE
    assert len(few) == len(many) == 3


def test_the_pages_hold_everybody_once_and_the_oldest_first(db: Database, bureau: Bureau, desk: Desk) -> None:
    fill(bureau, 2 * PAGE + 1)
    found = pages(db, desk, EVERYBODY)
    assert [len(page) for page in found] == [PAGE, PAGE, 1]
    rows = [row for page in found for row in page]
    assert len({row.public_id for row in rows}) == 2 * PAGE + 1
    assert [row.sent_at for row in rows] == sorted(row.sent_at for row in rows)


def test_a_full_last_page_promises_no_other(db: Database, bureau: Bureau, desk: Desk) -> None:
    fill(bureau, PAGE)
    assert [len(page) for page in pages(db, desk, EVERYBODY)] == [PAGE]


def test_applications_sent_at_the_same_instant_are_not_lost_between_pages(
    db: Database, bureau: Bureau, desk: Desk
) -> None:
    fill(bureau, PAGE + 20)
    with db.write() as tx:
        tx.execute(sa.update(Screening).values(sent_at=SENT))
    rows = [row.public_id for page in pages(db, desk, EVERYBODY) for row in page]
    assert len(rows) == len(set(rows)) == PAGE + 20


@pytest.mark.parametrize("after", ["x", "-", "12", "9" * 40 + "-x", "1-", "-1-x", "¹-x"])
def test_an_invented_place_breaks_nothing(db: Database, bureau: Bureau, desk: Desk, after: str) -> None:
    fill(bureau, 3)
    assert len(queue.queue(db, desk, EVERYBODY, after, NOW).rows) == 3


def test_the_counts_are_those_of_the_rows(db: Database, bureau: Bureau, desk: Desk) -> None:
    fill(bureau, 300)
    rows = [row for page in pages(db, desk, EVERYBODY) for row in page]
    counts = queue.queue(db, desk, EVERYBODY, "", NOW).counts
    told = Counter(row.state for row in rows)
    assert {state: count for state, count in counts.by_state.items() if count} == told
    assert counts.decided == told["accepted"] + told["rejected"]
    assert all(told[state] for state in rules.STANDINGS)
    for state in rules.STANDINGS:
        shown = [row.state for page in pages(db, desk, Wanted(state)) for row in page]
        assert shown == [state] * told[state]


def test_flags_name_find_and_kecamatan_narrow_the_queue(db: Database, bureau: Bureau, desk: Desk) -> None:
    fill(bureau, 140)
    flagged = [row for page in pages(db, desk, Wanted("all", flagged=True)) for row in page]
    assert len(flagged) == 140 // EVERY_FLAGGED
    assert {one.code for row in flagged for one in row.findings} == {"domicile"}
    assert {row.kecamatan for page in pages(db, desk, Wanted("all", kecamatan="Keling")) for row in page} == {
        "Keling"
    }
    (found,) = queue.queue(db, desk, Wanted("all", text=" 00042 "), "", NOW).rows or (None,)
    assert found is None or found.name == "Ramai 00042"
    assert queue.queue(db, desk, Wanted("all", text="%"), "", NOW).rows == ()
    assert len(queue.queue(db, desk, Wanted("all", text="RAMAI"), "", NOW).rows) == PAGE


def test_the_database_tells_the_standing_that_the_rule_tells(db: Database, bureau: Bureau) -> None:
    asked = NOW - 3 * DAY
    for due in (None, NOW - TICK, NOW, NOW + TICK):
        for decision in (None, "accepted", "rejected"):
            filed = bureau.file()
            with db.write() as tx:
                row = tx.get_one(Screening, filed.id)
                row.asked_at, row.due_at = (asked, due) if due else (None, None)
                row.decision, row.decided_at = decision, NOW if decision else None
                row.reason_code = "other" if decision == "rejected" else None
    with db.read() as tx:
        rows = tx.execute(sa.select(Screening, standing_at(NOW), waiting())).all()
    told = [(rules.standing(cases.facts(row), NOW)[0], word, bool(turn)) for row, word, turn in rows]
    assert {rule for rule, _, _ in told} == set(rules.STANDINGS)
    assert [(rule, rule == "waiting") for rule, _, _ in told] == [(word, turn) for _, word, turn in told]


def test_a_row_tells_who_works_on_it_until_the_claim_ends(db: Database, bureau: Bureau, desk: Desk) -> None:
    filed = bureau.file()
    claims.claim(db, filed.public_id, bureau.ayu.id, NOW)
    (row,) = queue.queue(db, desk, EVERYBODY, "", NOW + rules.CLAIM - TICK).rows
    assert (row.claimed_by, row.claimed_until) == (bureau.ayu.name, NOW + rules.CLAIM)
    (row,) = queue.queue(db, desk, EVERYBODY, "", NOW + rules.CLAIM).rows
    assert row.claimed_by is None


def test_progress_is_told_per_office(db: Database, bureau: Bureau) -> None:
    fill(bureau, 100)
    mine = Official(bureau.ayu.id, (bureau.scene.office.id,))
    (card,) = queue.desks(db, mine, NOW)
    assert (card.counts.all, card.desk.id) == (100, bureau.scene.registration.id)
    assert queue.desks(db, Official(bureau.ayu.id, (999,)), NOW) == []


def test_the_oldest_one_is_handed_out_first_and_each_one_once(
    db: Database, bureau: Bureau, desk: Desk
) -> None:
    late, early = bureau.file(SENT + HOUR), bureau.file(SENT)
    handed = [claims.claim_next(db, desk.id, official.id, NOW) for official in (bureau.ayu, bureau.budi)]
    assert handed == [early.public_id, late.public_id]
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW) is None


def test_a_claim_ends_by_the_clock_and_by_being_released(db: Database, bureau: Bureau, desk: Desk) -> None:
    filed = bureau.file()
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW) == filed.public_id
    assert claims.claim_next(db, desk.id, bureau.budi.id, NOW + rules.CLAIM - TICK) is None
    assert claims.claim_next(db, desk.id, bureau.budi.id, NOW + rules.CLAIM) == filed.public_id
    claims.release(db, filed.public_id, bureau.ayu.id, NOW + rules.CLAIM)
    assert bureau.row(filed).claimed_by == bureau.budi.id
    claims.release(db, filed.public_id, bureau.budi.id, NOW + rules.CLAIM)
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW + rules.CLAIM) == filed.public_id


def test_what_does_not_wait_is_not_handed_out(db: Database, bureau: Bureau, desk: Desk) -> None:
    ready, asked, decided = bureau.file(), bureau.file(), bureau.file()
    bureau.agree(ready)
    bureau.ask(asked)
    with db.write() as tx:
        row = tx.get_one(Screening, decided.id)
        row.decision, row.decided_at, row.reason_code = "rejected", NOW, "other"
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW) is None
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW + 9 * DAY) is None
    bureau.correct(asked, NOW + HOUR)
    assert claims.claim_next(db, desk.id, bureau.ayu.id, NOW + 2 * HOUR) == asked.public_id
