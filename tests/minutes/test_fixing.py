"""A berita acara is fixed when all is over, keeps its text for good, and says when facts came after it."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.language import sentence
from exam_server.minutes import records, rules, service
from exam_server.minutes.refusals import AttemptsOpen, SittingNotOver
from exam_server.models import AuditEntry
from tests.factories import HOUR, MINUTE, START
from tests.minutes.samples import OVER, Day, a_day, add_proctor, add_scene, grant, note, rename, submit
from tests.together import AT_ONCE, outcomes

WITHIN = 30


@pytest.fixture
def day(db: Database) -> Day:
    return a_day(db)


@pytest.fixture
def over(day: Day) -> Day:
    day.all_close()
    return day


def test_what_is_fixed_is_what_the_facts_say_with_who_when_and_a_row_in_the_trail(over: Day) -> None:
    draft = over.look()
    assert draft.may_fix
    over.fix()
    (record,) = over.records()
    assert (record.number, record.content, record.sha256) == (1, draft.content, draft.sha256)
    assert (record.made_by, record.made_at) == (over.proctor, OVER)
    with over.db.read() as tx:
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "minutes.fixed")).one()
    assert (entry.object_kind, entry.object_id, entry.actor_id, entry.office_id) == (
        "sitting", over.scene.sitting.id, over.proctor, over.scene.office.id,
    )  # fmt: skip
    assert entry.detail == {"version": 1, "sha256": draft.sha256}


def test_before_the_sitting_has_ended_nothing_is_fixed(over: Day) -> None:
    with pytest.raises(SittingNotOver) as refused:
        over.fix(now=START + 2 * HOUR - MINUTE)
    assert "selesai Rabu, 4 November 2026 pukul 10.00 WIB." in sentence(refused.value, "id")
    assert "Wednesday, 4 November 2026 at 10.00 WIB." in sentence(refused.value, "en")
    assert over.records() == []


def test_while_somebody_s_attempt_is_open_nothing_is_fixed_and_they_are_named(day: Day) -> None:
    submit(day.db, day.ani, START + 50 * MINUTE)
    with pytest.raises(AttemptsOpen) as refused:
        day.fix()
    assert refused.value.params == {"count": 1, "names": "Budi Santoso"}
    assert day.records() == []


def test_fixed_again_with_the_same_facts_it_is_the_same_version(over: Day) -> None:
    for official in (over.proctor, over.admin, over.proctor):
        over.fix(official)
    assert [record.number for record in over.records()] == [1]


def test_another_version_needs_other_facts_and_the_first_keeps_its_text(over: Day, db: Database) -> None:
    over.fix()
    first = over.records()[0].content
    note(db, over.scene, over.admin, "Laporan menyusul", OVER + MINUTE)
    late = over.look(OVER + HOUR)
    assert late.is_new
    assert [(change.title, change.gone) for change in late.changes] == [
        ("Pengawasan", ("Petugas yang bertindak | Petugas Rahayu",)), ("Kejadian", ("Tidak ada.",)),
    ]  # fmt: skip
    assert "Laporan menyusul" in late.changes[1].new[0]
    over.fix(over.admin, OVER + HOUR)
    assert [(record.number, record.content == first) for record in over.records()] == [(1, True), (2, False)]
    assert not over.look(OVER + 2 * HOUR).is_new


def test_time_granted_afterwards_makes_the_version_older_than_the_facts(day: Day, db: Database) -> None:
    submit(db, day.ani, START + 50 * MINUTE)
    grant(db, day.citra, 600, day.admin, START + 55 * MINUTE)
    from_clock(db, day)
    day.fix()
    grant(db, day.budi, 600, day.admin, OVER + MINUTE)
    later = day.look(OVER + 2 * MINUTE)
    assert later.is_new
    assert not later.may_fix, "the attempt runs again"
    assert {"Tambahan waktu", "Daftar Hadir Peserta"} <= {change.title for change in later.changes}


def from_clock(db: Database, day: Day) -> None:
    with db.write() as tx:
        exam.close_by_clock(tx, day.budi.attempt_id, START + 2 * HOUR)


def test_a_name_changed_later_is_a_later_fact(over: Day, db: Database) -> None:
    over.fix()
    rename(db, over.ani.candidate_id, "Ani Lestari Putri")
    (change,) = over.look().changes
    assert change.title == "Daftar Hadir Peserta"
    assert "Ani Lestari Putri" in change.new[0]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE sitting_record SET content = '{}'", "DELETE FROM sitting_record",
     "UPDATE sitting_record SET number = 2"],
)  # fmt: skip
def test_the_schema_refuses_to_change_what_is_fixed(over: Day, db: Database, statement: str) -> None:
    over.fix()
    with pytest.raises(DBAPIError), db.write() as tx:
        tx.execute(sa.text(statement))
    assert rules.seal(over.records()[0].content) == over.records()[0].sha256


def test_officials_who_fix_at_once_make_one_version(over: Day) -> None:
    officials = iter([over.proctor, over.admin] * AT_ONCE)

    def fix(db: Database, together: threading.Barrier) -> None:
        who = next(officials)
        together.wait(WITHIN)
        service.fix(db, over.scene.sitting.public_id, who, OVER)

    assert outcomes(over.db, fix) == {"ok": AT_ONCE}
    assert [record.number for record in over.records()] == [1]
    with over.db.read() as tx:
        kept = sa.select(sa.func.count(AuditEntry.id)).where(AuditEntry.act == "minutes.fixed")
        assert tx.scalar(kept) == 1


def test_control_counting_first_and_keeping_later_makes_more_than_one(over: Day) -> None:
    minutes = over.look()
    numbers = iter(range(1, AT_ONCE + 1))

    def fix(db: Database, together: threading.Barrier) -> None:
        number = next(numbers)  # as if each had counted what was kept, one after the other
        together.wait(WITHIN)
        with db.write() as tx:
            records.add(tx, minutes.ground.id, number, minutes.content, over.proctor, OVER)

    assert outcomes(over.db, fix) == {"ok": AT_ONCE}
    assert len(over.records()) == AT_ONCE, "nothing but the number keeps the same text from standing twice"


def test_a_sitting_that_nobody_chose_has_a_berita_acara_too(db: Database) -> None:
    scene = add_scene(db)
    proctor = add_proctor(db, scene)
    version = service.fix(db, scene.sitting.public_id, proctor.id, OVER)
    assert version.number == 1
    assert version.document.attendance.lines == ("Belum ada yang memilih sesi ini.",)
