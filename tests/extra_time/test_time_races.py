"""Officials who click at once, and answers on their way while time is granted: once each, nothing lost."""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam import late, ledger
from exam_server.exam import service as exam
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.ledger import Grant
from exam_server.exam.rules import Item
from exam_server.extra_time import giving, granting, losses
from exam_server.extra_time.wanted import Wanted
from exam_server.models import Approval, Attempt, LedgerEntry, Outage
from tests.extra_time.samples import DEADLINE, Day, a_day, add_outage, chosen, entries, own, save, trail
from tests.factories import MINUTE, START
from tests.together import AT_ONCE, outcomes

LOST = 155
NOW = START + 20 * MINUTE
LATE = DEADLINE + 2 * MINUTE
WITHIN = 30


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db, running=3)


@pytest.fixture
def outage(day: Day) -> Outage:
    return add_outage(day.db, START + MINUTE, LOST)


def test_officials_who_click_at_once_give_an_outage_back_once(day: Day, outage: Outage) -> None:
    def click(db: Database, together: threading.Barrier) -> None:
        together.wait(WITHIN)
        giving.compensate(db, day.sitting, outage.public_id, day.proctor, NOW)

    assert outcomes(day.db, click) == {"ok": AT_ONCE}
    assert [own(day.db, run).extra_seconds for run in day.runs] == [LOST] * 3
    assert len(trail(day.db, "time.sitting_granted")) == 1


def test_control_reading_what_is_due_and_writing_it_later_gives_it_again(day: Day, outage: Outage) -> None:
    def click(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            running = losses.running(tx, day.sitting)
            due = losses.everybody(tx, day.sitting, running)[day.run.attempt_id].due
        together.wait(WITHIN)
        with db.write() as tx:
            given = Grant("extra", due[outage.id], "server", "gangguan", day.proctor)
            ledger.enter(tx, day.run.attempt_id, given, NOW)

    assert outcomes(day.db, click) == {"ok": AT_ONCE}
    assert own(day.db, day.run).extra_seconds > LOST


def test_officials_who_give_a_sitting_time_at_once_stay_within_the_measured(day: Day, outage: Outage) -> None:
    def give(db: Database, together: threading.Barrier) -> None:
        together.wait(WITHIN)
        giving.give(db, day.sitting, Wanted(120, "server", "gangguan"), day.proctor, NOW)

    assert outcomes(day.db, give) == {"ok": 2, "AlreadyAsked": AT_ONCE - 2}
    assert [own(day.db, run).extra_seconds for run in day.runs] == [120] * 3
    with day.db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Approval.id))) == 1


def test_admins_who_accommodate_at_once_do_it_once(day: Day) -> None:
    def give(db: Database, together: threading.Barrier) -> None:
        together.wait(WITHIN)
        granting.accommodate(db, day.run.attempt_id, "tunanetra", day.admin, NOW)

    assert outcomes(day.db, give) == {"ok": 1, "AccommodatedAlready": AT_ONCE - 1}
    assert entries(day.db, day.run) == [("start", 3600), ("accommodation", 1080)]


def test_control_looking_first_and_accommodating_later_does_it_again(day: Day) -> None:
    held = sa.select(LedgerEntry.id).where(LedgerEntry.kind == "accommodation")

    def give(db: Database, together: threading.Barrier) -> None:
        with db.read() as tx:
            free = tx.scalar(held) is None
        together.wait(WITHIN)
        with db.write() as tx:
            if free:
                given = Grant("accommodation", 1080, "accommodation", "tunanetra", day.admin)
                ledger.enter(tx, day.run.attempt_id, given, NOW)

    assert outcomes(day.db, give) == {"ok": AT_ONCE}
    assert len(entries(day.db, day.run)) == 1 + AT_ONCE


def test_handing_in_and_granting_at_once_end_handed_in_with_a_deadline_that_is_the_sum(day: Day) -> None:
    turns = iter(range(AT_ONCE))

    def act(db: Database, together: threading.Barrier) -> None:
        turn = next(turns)
        together.wait(WITHIN)
        if turn % 2:
            granting.grant(db, day.run.attempt_id, Wanted(60, "power", "padam"), day.proctor, NOW)
            return
        with db.write() as tx:
            exam.submit(tx, day.run.attempt_id, day.run.session_id, day.run.lease, NOW)

    told = outcomes(day.db, act)
    assert set(told) <= {"ok", "AlreadySubmitted"}
    given = [seconds for kind, seconds in entries(day.db, day.run) if kind == "extra"]
    assert len(given) == told["ok"] - AT_ONCE // 2
    found = day.attempt()
    assert (found.how, found.finalised_at) == ("submitted", NOW)
    assert found.deadline_at == DEADLINE + timedelta(seconds=sum(given))


@pytest.fixture
def workers(db: Database) -> Iterator[list[GroupCommit]]:
    """Two writers on one database, as two workers would have."""
    writers = [GroupCommit(db), GroupCommit(db)]
    for writer in writers:
        writer.start()
    yield writers
    for writer in writers:
        writer.stop()


SAVES = 60


def test_answers_on_their_way_while_time_is_granted_are_saved_or_counted_and_none_is_lost(
    day: Day, workers: list[GroupCommit]
) -> None:
    fates: list[str] = []
    half = threading.Event()

    def send(writer: GroupCommit, numbers: range) -> None:
        for seq in numbers:
            item = Item(1 + seq % 4, seq, 1 + seq % 3, False)
            stored = writer.run(day.run.save(item, at=LATE + timedelta(milliseconds=seq)))
            fates.append(stored.fates[item.position][0])
            if len(fates) > SAVES // 3:
                half.set()

    def grant() -> None:
        half.wait(WITHIN)
        granting.grant(day.db, day.run.attempt_id, Wanted(1080, "power", "padam"), day.proctor, LATE)

    threads = [threading.Thread(target=send, args=(writer, range(1 + n, SAVES + 1, 2)))
               for n, writer in enumerate(workers)] + [threading.Thread(target=grant)]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)
    told = Counter(fates)
    assert set(told) <= {"saved", "stale", "deadline_passed"}
    assert told["deadline_passed"] > 0, "some came before the grant"
    assert told["saved"] > 0, "some came after it"
    newest = {1 + seq % 4: 1 + seq % 3 for seq in range(1, SAVES + 1)}
    assert chosen(day.db, day.run) == newest


def test_control_counting_before_the_deadline_moves_loses_what_arrives_between(day: Day) -> None:
    with day.db.write() as tx:
        late.count(tx, day.run.attempt_id, LATE)
    assert save(day.db, day.run, LATE, option=2) == "deadline_passed"
    with day.db.write() as tx:
        tx.execute(sa.update(Attempt).values(deadline_at=DEADLINE + 18 * MINUTE))
    assert chosen(day.db, day.run) == {}


def test_granting_waits_for_a_closing_and_reopens_it(day: Day, workers: list[GroupCommit]) -> None:
    after = LATE + MINUTE
    together = threading.Barrier(2)

    def close() -> None:
        together.wait(WITHIN)
        workers[0].run(functools.partial(exam.close_by_clock, attempt_id=day.run.attempt_id, now=after))

    def grant() -> None:
        together.wait(WITHIN)
        granting.grant(day.db, day.run.attempt_id, Wanted(1080, "power", "padam"), day.proctor, after)

    threads = [threading.Thread(target=act) for act in (close, grant)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)
    found = own(day.db, day.run)
    assert found.phase(after) == ("running", DEADLINE + 18 * MINUTE)
    assert found.facts.finalised_at is None
