"""Each thing that must agree is found when it does not, and named; what agrees is not."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server import audit
from exam_server.db import Database
from exam_server.documents.files import place
from exam_server.language import DEFAULT
from exam_server.models import Application, AuditEntry, Document, Screening
from exam_server.reading import NothingThere, open_for_reading
from exam_server.verify import service
from tests.factories import (
    START,
    Scene,
    add,
    add_accepted,
    add_applicant,
    add_booked,
    add_scene,
    make_document,
)
from tests.verify.stored import PDF, write_files


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


def sentences(db: Database, folder: Path) -> list[str]:
    return [service.told(problem, DEFAULT) for problem in service.look(db, folder).problems]


def raw(db: Database, *statements: str) -> None:
    """What an owner of the database can do."""
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def without_guard(db: Database, table: str, guard: str, statement: str) -> None:
    raw(db, f"DROP TRIGGER {guard}" + ("" if db.sqlite else f" ON {table}"), statement)


def screening(application_id: int, activity_id: int, decision: str | None) -> Screening:
    return Screening(application_id=application_id, activity_id=activity_id, version=1, sent_at=START,
                     decision=decision, decided_at=START if decision else None,
                     reason_code="lain" if decision == "rejected" else None)  # fmt: skip


def add_file(db: Database, folder: Path, account_id: int, kind: str, **changed: object) -> Document:
    row = add(db, make_document(account_id, kind, **changed))
    write_files(folder, row)
    return row


def add_pdf(db: Database, folder: Path, account_id: int) -> Document:
    return add_file(db, folder, account_id, "ijazah", pages=2, media_type="application/pdf",
                    sha256=hashlib.sha256(PDF).hexdigest())  # fmt: skip


def test_an_installation_that_was_only_used_is_in_order(db: Database, scene: Scene, tmp_path: Path) -> None:
    waiting, booked = add_applicant(db, scene), add_booked(db, scene)
    add_file(db, tmp_path, waiting.id, "ktp")
    add_pdf(db, tmp_path, waiting.id)
    with db.read() as tx:
        entries = {row.candidate_id: row.id for row in tx.scalars(
            sa.select(Application).where(Application.kind == "registration"))}  # fmt: skip
    add(db, screening(entries[waiting.id], scene.registration.id, "rejected"))
    add(db, screening(entries[booked.candidate_id], scene.registration.id, "accepted"))
    report = service.look(db, tmp_path)
    assert report.ok, sentences(db, tmp_path)
    assert report.checked == {
        "audit": 2, "sittings": 1, "bookings": 1, "attempts": 1, "entries": 2, "screenings": 2,
        "documents": 2, "minutes": 0, "corrections": 0, "places": 0,
        "selections": 0, "decided": 0, "announced": 0,
    }  # fmt: skip


def test_an_edited_row_of_the_trail_is_named(db: Database, scene: Scene, tmp_path: Path) -> None:
    for number in range(5):
        with db.write() as tx:
            audit.record(tx, now=START + timedelta(seconds=number), act="sample", object_kind="sample",
                         object_id=number)  # fmt: skip
    with db.read() as tx:
        row = tx.scalars(
            sa.select(AuditEntry.id).where(AuditEntry.object_id == 2, AuditEntry.act == "sample")
        ).one()
    without_guard(db, "audit", "audit_keeps_update", f"UPDATE audit SET act = 'other' WHERE id = {row}")
    (said,) = sentences(db, tmp_path)
    assert f"baris {row} " in said


def test_a_removed_row_of_the_trail_is_noticed_at_the_next(
    db: Database, scene: Scene, tmp_path: Path
) -> None:
    for number in range(3):
        with db.write() as tx:
            audit.record(tx, now=START, act="sample", object_kind="sample", object_id=number)
    with db.read() as tx:
        ids = list(tx.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))
    without_guard(db, "audit", "audit_keeps_delete", f"DELETE FROM audit WHERE id = {ids[-2]}")
    (said,) = sentences(db, tmp_path)
    assert f"baris {ids[-1]} " in said


def test_seats_that_nobody_chose_are_named(db: Database, scene: Scene, tmp_path: Path) -> None:
    add_booked(db, scene)
    raw(db, "UPDATE sitting SET taken = 3")
    (said,) = sentences(db, tmp_path)
    assert scene.sitting.public_id in said
    assert "terisi 3" in said
    assert "tercatat 1" in said


def test_an_accepted_registration_without_its_entry_in_selection_is_named(
    db: Database, scene: Scene, tmp_path: Path
) -> None:
    account = add_accepted(db, scene)
    raw(db, "DELETE FROM application WHERE kind = 'selection'")
    with db.read() as tx:
        entry = tx.scalars(sa.select(Application.id).where(Application.candidate_id == account.id)).one()
    assert sentences(db, tmp_path) == [f"Pendaftaran {entry} diterima, tetapi tidak ada kegiatan seleksinya."]


def test_an_entry_in_selection_without_an_accepted_registration_is_named(
    db: Database, scene: Scene, tmp_path: Path
) -> None:
    add_accepted(db, scene)
    raw(db, "UPDATE application SET accepted_at = NULL WHERE kind = 'registration'")
    with db.read() as tx:
        entry = tx.scalars(sa.select(Application.id).where(Application.kind == "selection")).one()
    assert sentences(db, tmp_path) == [f"Kegiatan seleksi {entry} ada tanpa pendaftaran yang diterima."]


@pytest.mark.parametrize("decision", ["rejected", None])
def test_an_acceptance_without_its_decision_is_named(
    db: Database, scene: Scene, tmp_path: Path, decision: str | None
) -> None:
    account = add_accepted(db, scene)
    with db.read() as tx:
        entry = tx.scalars(sa.select(Application.id).where(
            Application.candidate_id == account.id, Application.kind == "registration")).one()  # fmt: skip
    add(db, screening(entry, scene.registration.id, decision))
    (said,) = sentences(db, tmp_path)
    assert f"pendaftaran {entry}:" in said
    assert "tercatat diterima" in said


def test_a_decision_that_accepted_nobody_is_named(db: Database, scene: Scene, tmp_path: Path) -> None:
    account = add_applicant(db, scene)
    with db.read() as tx:
        entry = tx.scalars(sa.select(Application.id).where(Application.candidate_id == account.id)).one()
    add(db, screening(entry, scene.registration.id, "accepted"))
    (said,) = sentences(db, tmp_path)
    assert "keputusannya diterima" in said
    assert "tidak tercatat diterima" in said


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page-2.jpg", None),
        ("page-1.jpg", b""),
        ("thumb.jpg", b"<html>"),
        ("original", PDF + b"!"),
        ("original", None),
    ],
)
def test_a_file_that_is_gone_or_damaged_is_named(
    db: Database, scene: Scene, tmp_path: Path, name: str, content: bytes | None
) -> None:
    account = add_applicant(db, scene)
    add_file(db, tmp_path, account.id, "ktp")
    row = add_pdf(db, tmp_path, account.id)
    path = place(tmp_path, row.stored_name) / name
    path.unlink() if content is None else path.write_bytes(content)
    (said,) = sentences(db, tmp_path)
    assert said.startswith(f"Berkas {row.public_id}: {name} ")


def test_a_file_that_was_forgotten_need_not_be_there(db: Database, scene: Scene, tmp_path: Path) -> None:
    add(db, make_document(add_applicant(db, scene).id, "ktp", purged_at=START))
    report = service.look(db, tmp_path)
    assert report.ok
    assert report.checked["documents"] == 0


def test_every_language_has_the_sentences(db: Database, scene: Scene, tmp_path: Path) -> None:
    raw(db, "UPDATE sitting SET taken = 3")
    (problem,) = service.look(db, tmp_path).problems
    assert scene.sitting.public_id in service.told(problem, "en")


@pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"])
def test_what_was_opened_for_reading_cannot_write(url: str, request: pytest.FixtureRequest) -> None:
    db = open_for_reading(request.getfixturevalue(url))
    for _ in range(2):  # the second time on a connection that was given back
        with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
            raw(db, "DELETE FROM mail")
    db.close()


def test_nothing_is_created_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match=r"exam\.db"):
        open_for_reading(f"sqlite:///{tmp_path / 'exam.db'}")
    assert list(tmp_path.iterdir()) == []
