"""A corrected key that was taken away, changed, or not followed by every score is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.corrections.rules import Wish
from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.verify import service
from tests.corrections.samples import OTHER, Case, case
from tests.ranking.stand import SECRET


@pytest.fixture
def fix(db: Database) -> Case:
    """Three corrections of two items, after which nothing but they was done."""
    fix = case(db, rights=(4, 2, 0), absent=1)
    fix.correct(Wish("second", OTHER))
    fix.correct(Wish("void"))
    fix.other_revision("U002").correct(Wish("drop"))
    return fix


def sentences(db: Database, folder: Path) -> list[str]:
    return [service.told(problem, DEFAULT) for problem in service.look(db, folder, SECRET).problems]


def tamper(db: Database, table: str, statement: str, **values: object) -> None:
    """As the owner of the database can: guards dropped first."""
    with db.engine.begin() as connection:
        if not db.sqlite:
            connection.execute(sa.text("SET session_replication_role = replica"))
        for event in ("update", "delete") if db.sqlite else ():
            connection.execute(sa.text(f"DROP TRIGGER {table}_keeps_{event}"))
        connection.execute(sa.text(statement), values)


def test_corrections_that_nobody_touched_are_in_order_and_every_score_is_made_again(
    db: Database, fix: Case, tmp_path: Path
) -> None:
    report = service.look(db, tmp_path, SECRET)
    assert (report.checked["corrections"], [service.told(one, DEFAULT) for one in report.problems]) == (3, [])


@pytest.mark.parametrize(
    ("table", "statement", "said"),
    [
        ("result_version", "DELETE FROM result_version WHERE number = 2", "versi 2 tidak ada"),
        ("result_version", "DELETE FROM result_version WHERE number = 4", "versi 4 tidak ada"),
        ("result_version", "UPDATE result_version SET kind = 'drop' WHERE number = 3",
         "versi 3: bukan yang diterapkan menurut jejak audit"),
        ("result_version", "UPDATE result_version SET key_version = 5 WHERE number = 3",
         "versi 3: bukan yang diterapkan menurut jejak audit"),
        ("item_key", "DELETE FROM item_key WHERE version = 3", "versi 3: kunci yang disebutnya tidak ada"),
    ],
)  # fmt: skip
def test_what_was_changed_or_removed_is_named(
    db: Database, fix: Case, tmp_path: Path, table: str, statement: str, said: str
) -> None:
    tamper(db, table, statement)
    assert any(said in one for one in sentences(db, tmp_path))


def test_a_key_that_is_not_the_correction_it_is_said_to_be_is_named(
    db: Database, fix: Case, tmp_path: Path
) -> None:
    tamper(db, "item_key", "UPDATE item_key SET content = :key WHERE version = 3 AND revision_id = :item",
           key=b'\x00{"accepted":[3]}', item=fix.revision)  # fmt: skip
    assert any("versi 3: kuncinya bukan perbaikan yang disebutnya" in one for one in sentences(db, tmp_path))


def test_an_attempt_without_its_score_by_the_corrected_key_is_named(
    db: Database, fix: Case, tmp_path: Path
) -> None:
    person = fix.stand.people[1]
    scored = fix.in_force()[person.attempt_id]
    tamper(db, "score", "DELETE FROM score WHERE attempt_id = :attempt AND keys_sha256 = :keys",
           attempt=person.attempt_id, keys=scored.keys_sha256)  # fmt: skip
    (told,) = sentences(db, tmp_path)
    assert told == (
        f"Pengerjaan {person.run.public_id}: belum dinilai dengan kunci yang diperbaiki pada hasil versi 4."
    )


def test_a_score_by_the_corrected_key_that_does_not_add_up_is_named(
    db: Database, fix: Case, tmp_path: Path
) -> None:
    person = fix.stand.people[0]
    tamper(db, "score", "UPDATE score SET correct = correct - 1 WHERE attempt_id = :attempt AND out_of = 3",
           attempt=person.attempt_id)  # fmt: skip
    (told,) = sentences(db, tmp_path)
    assert "tidak sama dengan hasil hitung ulang" in told
