"""A published list is made again from the journals; whoever changed a row behind it is found out by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.announcements.rules import canonical, seal
from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.models import ResultAnnouncement
from exam_server.ranking import marks
from exam_server.verify import service
from tests.announcements.announcing import publish
from tests.factories import add_account
from tests.ranking.stand import AFTER, INTERVIEW, SECRET, WITH_INTERVIEW, Stand, build
from tests.restored import once


@pytest.fixture
def stand(db: Database) -> Stand:
    """Three places for two kecamatan and others; announced."""
    return once(db, "announced in two kecamatan", lambda: _announced(db))


def _announced(db: Database) -> Stand:
    stand = build(db, frozen=True, kecamatan=("Bangsri", "Keling"))
    publish(stand)
    return stand


def sentences(stand: Stand, folder: Path) -> list[str]:
    return [service.told(one, DEFAULT) for one in service.look(stand.db, folder, SECRET).problems]


def tamper(db: Database, table: str, statement: str, **values: object) -> None:
    """As the owner of the database can: guards dropped first."""
    with db.engine.begin() as connection:
        if db.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        for event in ("update", "delete"):
            on = "" if db.sqlite else f" ON {table}"
            connection.execute(sa.text(f"DROP TRIGGER {table}_keeps_{event}{on}"))
        connection.execute(sa.text(statement), values)


def test_a_result_that_nobody_touched_is_in_order(stand: Stand, tmp_path: Path) -> None:
    report = service.look(stand.db, tmp_path, SECRET)
    assert (report.checked["selections"], report.checked["announced"]) == (1, 1)
    assert report.checked["decided"] == 4
    assert sentences(stand, tmp_path) == []


def test_who_was_erased_since_does_not_break_the_proof(stand: Stand, tmp_path: Path) -> None:
    with stand.db.write() as tx:
        tx.execute(sa.text("UPDATE account SET name = '(dihapus)' WHERE name LIKE 'Peserta%'"))
    assert sentences(stand, tmp_path) == []


TAMPERED = [
    ("selection_placing", "UPDATE selection_placing SET total = total + 1000000 WHERE rank = 3",
     "Daftar seleksi {activity} ke-1: isinya tidak sesuai dengan sidiknya"),
    ("selection_placing",
     "UPDATE selection_placing SET outcome = 'not_accepted', reserve = NULL WHERE rank = 3",
     "peserta {third} tidak berada pada tempat menurut hitung ulang"),
    ("selection_placing", "DELETE FROM selection_placing WHERE rank = 5",
     "peserta {fifth} tidak ada pada daftar, tetapi ada pada hitung ulang"),
    ("selection_list", "UPDATE selection_list SET sha256 = 'x'", "isinya tidak sesuai dengan sidiknya"),
    ("selection_list", "UPDATE selection_list SET reason = 'Lain'",
     "Daftar seleksi nomor 1: tidak ada pada jejak"),
    ("selection_criteria", "UPDATE selection_criteria SET content = replace(CAST(content AS TEXT), '\"80\"', "
     "'\"70\"'){json}", "tidak berada pada tempat menurut hitung ulang"),
    ("selection_criteria", "UPDATE selection_criteria SET recorded_at = recorded_at - 1000000",
     "Kriteria seleksi nomor 1: tidak ada pada jejak"),
    ("selection_quota", "UPDATE selection_quota SET reserves = 0",
     "tidak berada pada tempat menurut hitung ulang"),
    ("selection_quota", "UPDATE selection_quota SET reserves = 1",
     "Kuota seleksi nomor 1: tidak ada pada jejak"),
    ("score_opening", "UPDATE score_opening SET opened_at = opened_at - 1", "Pembukaan nilai nomor 1"),
    ("score_opening", "DELETE FROM score_opening", "Pembukaan nilai: jejak audit mencatat nomor 1"),
    ("score", "UPDATE score SET correct = 0, wrong = 4 WHERE correct = 4",
     "tidak berada pada tempat menurut hitung ulang"),
    ("result_announcement", "UPDATE result_announcement SET content = replace(content, 'final', 'Final')",
     "Pengumuman hasil {activity} ke-1: isinya tidak sesuai dengan sidiknya"),
    ("result_announcement", "UPDATE result_announcement SET publish_at = publish_at - 1000000",
     "bukan yang disetujui dua petugas menurut jejak audit"),
    ("result_announcement", "DELETE FROM result_announcement", "pengumuman ke-1 tidak ada"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "statement", "said"), TAMPERED)
def test_what_was_changed_or_removed_is_named(
    stand: Stand, tmp_path: Path, table: str, statement: str, said: str
) -> None:
    tamper(stand.db, table, _plain(statement) if stand.db.sqlite else _as_json(statement))
    told = sentences(stand, tmp_path)
    names = ("first", "second", "third", "fourth", "fifth")
    words = dict(zip(names, (one.number for one in stand.people), strict=True))
    words |= {"activity": stand.place.public_id}
    assert any(said.format(**words) in one for one in told), told


def _plain(statement: str) -> str:
    return statement.replace("{json}", "")


def _as_json(statement: str) -> str:
    """PostgreSQL wants to be told that a text is JSON again."""
    if "{json}" not in statement:
        return statement
    return _plain(statement).replace("replace(CAST", "CAST(replace(CAST") + " AS JSON)"


def test_an_announcement_rewritten_and_sealed_anew_is_not_what_list_and_trail_say(
    stand: Stand, tmp_path: Path
) -> None:
    with stand.db.read() as tx:
        content = json.loads(tx.scalars(sa.select(ResultAnnouncement.content)).one())
    content["rows"][0], content["rows"][1] = content["rows"][1], content["rows"][0]
    text = canonical(content)
    tamper(stand.db, "result_announcement", "UPDATE result_announcement SET content = :said, sha256 = :seal",
           said=text, seal=seal(text))  # fmt: skip
    told = sentences(stand, tmp_path)
    assert any("bagian rows tidak sama dengan daftar" in one for one in told)
    assert any("bukan yang disetujui dua petugas" in one for one in told)


def test_a_must_have_that_somebody_wrote_in_afterwards_is_named(stand: Stand, tmp_path: Path) -> None:
    run, who = stand.people[0].run, add_account(stand.db).id
    with stand.db.engine.begin() as connection:
        number = connection.execute(
            sa.text("SELECT receipt_number FROM selection_placing WHERE attempt_id = :id"),
            {"id": run.attempt_id},
        ).scalar_one()
        connection.execute(
            sa.text("INSERT INTO selection_gate (attempt_id, receipt_number, requirement, met, note, "
                    "author_id, given_at) VALUES (:id, :number, 1, :met, 'Palsu', :who, 1)"),
            {"id": run.attempt_id, "number": number, "met": False, "who": who},
        )  # fmt: skip
    assert any("tidak berada pada tempat menurut hitung ulang" in one for one in sentences(stand, tmp_path))


MARKS = {
    "raised": "UPDATE selection_mark SET value = 100000 WHERE value = 90000",
    "taken away": "DELETE FROM selection_mark WHERE value = 90000",
    "given to somebody else": "UPDATE selection_mark SET attempt_id = (SELECT min(attempt_id) FROM receipt), "
    "receipt_number = (SELECT number FROM receipt ORDER BY attempt_id, number LIMIT 1) WHERE value = 90000",
}


@pytest.mark.parametrize("statement", MARKS.values(), ids=MARKS)
def test_a_mark_that_somebody_changed_after_the_freeze_is_named(
    db: Database, tmp_path: Path, statement: str
) -> None:
    stand = once(db, "announced with marks", lambda: _marked(db))
    assert sentences(stand, tmp_path) == []
    tamper(db, "selection_mark", statement)
    assert any("tidak berada pada tempat menurut hitung ulang" in one for one in sentences(stand, tmp_path))


def _marked(db: Database) -> Stand:
    """Marks decided who is second: without the 90 of the third person the list is another one."""
    stand = build(db, criteria=WITH_INTERVIEW)
    for person, mark in zip(stand.people, ("50", "10", "90", "0", "0"), strict=True):
        marks.give(db, stand.place, person.run.public_id, INTERVIEW.key, mark, "", stand.admin, AFTER)
    stand.freeze()
    publish(stand)
    return stand
