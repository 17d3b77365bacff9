"""What a frozen list stands on stays: no time and no late answer reopens what was scored."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server.announcements import refusals as announcing_no
from exam_server.approvals import service as approvals
from exam_server.db import Database
from exam_server.exam import fixed, ledger
from exam_server.exam.ledger import Grant
from exam_server.exam.refusals import ResultFrozen
from exam_server.exam.settling import settle
from exam_server.extra_time import counting, filing, granting
from exam_server.models import Attempt, LedgerEntry
from exam_server.ranking import refusals as no
from tests.announcements.announcing import ask, grant
from tests.extra_time.samples import rescue_entry, rescue_file
from tests.factories import HOUR, MINUTE
from tests.ranking.stand import AFTER, SECRET, Stand, build


@pytest.fixture
def stand(db: Database) -> Stand:
    """The last of five was closed by the clock, so that time could open it again."""
    found = build(db)
    _close_by_clock(found)
    return found


def _close_by_clock(stand: Stand) -> None:
    with stand.db.write() as tx:
        tx.execute(sa.update(Attempt).where(Attempt.id == _last(stand)).values(how="clock"))


def _last(stand: Stand) -> int:
    return stand.people[-1].attempt_id


def _give(stand: Stand) -> None:
    given = Grant("extra", 3600, "power", "Listrik padam", stand.admin)
    with stand.db.write() as tx:
        ledger.enter(tx, _last(stand), given, AFTER)


def test_time_after_the_freeze_is_refused_and_nothing_reopens(stand: Stand) -> None:
    stand.freeze()
    with pytest.raises(ResultFrozen):
        _give(stand)
    with pytest.raises(ResultFrozen):
        granting.effect(stand.db, _last(stand), 600, AFTER)
    with stand.db.read() as tx:
        assert tx.get_one(Attempt, _last(stand)).finalised_at is not None
        assert tx.scalar(sa.select(sa.func.count(LedgerEntry.id)).where(LedgerEntry.kind == "extra")) == 0


def test_before_the_freeze_time_is_given_and_the_freeze_waits(stand: Stand) -> None:
    asked = stand.ask()
    _give(stand)
    with pytest.raises(no.StillSitting):
        stand.ask()
    assert asked


def test_answers_of_a_rescue_file_do_not_count_after_the_freeze(stand: Stand) -> None:
    run = stand.people[-1].run
    content = rescue_file(stand.db, run, rescue_entry(seq=9))
    file = filing.load(stand.db, run.attempt_id, content, stand.admin, AFTER)
    asked = counting.ask(stand.db, run.attempt_id, file, "Jaringan padam", stand.admin, AFTER)
    stand.freeze()
    with pytest.raises(ResultFrozen):
        counting.ask(stand.db, run.attempt_id, file, "Sekali lagi", stand.admin, AFTER)
    with pytest.raises(ResultFrozen):
        approvals.grant(stand.db, {filing.KIND: counting.apply}, asked, stand.second, AFTER)


def test_a_list_with_an_older_score_of_somebody_is_not_announced(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.freeze()
    asked = ask(stand)
    monkeypatch.setattr(fixed, "refuse", lambda *_: None)
    _give(stand)
    with stand.db.write() as tx:
        tx.execute(
            sa.update(Attempt)
            .where(Attempt.id == _last(stand))
            .values(finalised_at=AFTER + HOUR, how="clock")
        )
    with stand.db.write() as tx:
        assert settle(tx, _last(stand), SECRET, AFTER + HOUR)
    with pytest.raises(announcing_no.ListOutdated):
        grant(stand, asked, AFTER + HOUR + MINUTE)
