"""A fixed berita acara that was changed, removed or moved by whoever holds the database is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.minutes import rules
from exam_server.models import SittingRecord
from exam_server.verify import service
from tests.factories import HOUR
from tests.minutes.samples import OVER, Day, note
from tests.sittings.samples import add_empty_sitting


@pytest.fixture
def day(db: Database) -> Day:
    """Three versions of one sitting."""
    day = Day(db)
    day.all_close()
    for number in range(3):
        note(db, day.scene, day.admin, f"Laporan {number}", OVER)
        day.fix(now=OVER + number * HOUR)
    return day


def sentences(db: Database, folder: Path) -> list[str]:
    return [service.told(problem, DEFAULT) for problem in service.look(db, folder).problems
            if "Berita acara" in problem.sentence]  # fmt: skip


def tamper(db: Database, statement: str, **values: object) -> None:
    """As the owner of the database can: guards dropped first."""
    with db.engine.begin() as connection:
        for event in ("update", "delete"):
            on = "" if db.sqlite else " ON sitting_record"
            connection.execute(sa.text(f"DROP TRIGGER sitting_record_keeps_{event}{on}"))
        connection.execute(sa.text(statement), values)


def test_versions_that_nobody_touched_are_in_order(db: Database, day: Day, tmp_path: Path) -> None:
    report = service.look(db, tmp_path)
    assert (report.checked["minutes"], sentences(db, tmp_path)) == (3, [])


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE sitting_record SET content = replace(content, 'Hadir', 'hadir') WHERE number = 2",
         "versi 2: isinya tidak sesuai dengan sidiknya"),
        ("UPDATE sitting_record SET sha256 = 'x' WHERE number = 1", "versi 1: isinya tidak sesuai"),
        ("DELETE FROM sitting_record WHERE number = 2", "versi 2 tidak ada"),
        ("DELETE FROM sitting_record WHERE number = 1", "versi 1 tidak ada"),
        ("UPDATE sitting_record SET number = 5 WHERE number = 3", "versi 3 tidak ada"),
        ("DELETE FROM sitting_record WHERE number = 3", "versi 3 tidak ada"),
        ("DELETE FROM sitting_record", "versi 1 tidak ada"),
        ("UPDATE sitting_record SET made_at = made_at + 1000000 WHERE number = 2",
         "versi 2: bukan yang ditetapkan menurut jejak audit"),
    ],
)  # fmt: skip
def test_what_was_changed_or_removed_is_named(
    db: Database, day: Day, tmp_path: Path, statement: str, said: str
) -> None:
    tamper(db, statement)
    told = sentences(db, tmp_path)
    assert said in told[0]
    assert day.scene.sitting.public_id in told[0]


def test_a_version_sealed_anew_over_no_document_is_named(db: Database, day: Day, tmp_path: Path) -> None:
    tamper(
        db, "UPDATE sitting_record SET content = '{}', sha256 = :seal WHERE number = 1", seal=rules.seal("{}")
    )
    assert ["versi 1: isinya tidak terbaca" in said for said in sentences(db, tmp_path)] == [True]


def test_a_version_rewritten_and_sealed_anew_is_not_the_one_of_the_trail(
    db: Database, day: Day, tmp_path: Path
) -> None:
    with db.read() as tx:
        content = tx.scalars(sa.select(SittingRecord.content).where(SittingRecord.number == 2)).one()
    forged = content.replace("Laporan 0", "Laporan lain")
    assert forged != content
    tamper(db, "UPDATE sitting_record SET content = :said, sha256 = :seal WHERE number = 2", said=forged,
           seal=rules.seal(forged))  # fmt: skip
    (said,) = sentences(db, tmp_path)
    assert said.endswith("versi 2: bukan yang ditetapkan menurut jejak audit.")


def test_a_version_under_another_sitting_is_named(db: Database, day: Day, tmp_path: Path) -> None:
    other = add_empty_sitting(db, day.scene)
    with db.read() as tx:
        newest = tx.scalar(sa.select(sa.func.max(SittingRecord.id)))
    tamper(
        db, "UPDATE sitting_record SET sitting_id = :to, number = 1 WHERE id = :id", to=other.id, id=newest
    )
    assert sentences(db, tmp_path) == [
        f"Berita acara sesi {day.scene.sitting.public_id}: versi 3 tidak ada.",
        f"Berita acara sesi {other.public_id}, versi 1: isinya menceritakan sesi lain.",
    ]
