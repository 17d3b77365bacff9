"""Every attempt is told a second time from its journal: each kind of tampering is found and named."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from exam_server.bank.codec import seal as seal_content
from exam_server.db import Database
from exam_server.exam import journal, receipts, service
from exam_server.models import Attempt, ItemKey, Paper, Receipt, Response, Score, to_micros
from exam_server.schema import upgrade
from exam_server.verify import attempts, records
from exam_server.verify import service as verification
from tests.conftest import BOTH
from tests.factories import START, add_running, add_scene, answer
from tests.verify.lived import (
    DEADLINE,
    LATE,
    NEW_DEADLINE,
    SECRET,
    Lived,
    entries,
    live,
    save,
    unguard,
    write,
)

OF = " WHERE attempt_id = :id"
NUMBER = " AND number = "


@pytest.fixture(scope="module", params=BOTH)
def template(request: pytest.FixtureRequest, quick_folder: Path) -> tuple[sa.URL, Lived]:
    """Lived once on each database; every test gets a copy."""
    sqlite = request.param == "sqlite"
    path = quick_folder / "lived.db"
    url = f"sqlite:///{path}" if sqlite else request.getfixturevalue("postgres").fresh()
    database = Database(url)
    upgrade(database)
    told = live(database)
    database.close()
    return make_url(url), told


@pytest.fixture
def lived(template: tuple[sa.URL, Lived]) -> Iterator[Lived]:
    url, told = template
    with copied(url) as copy:
        db = Database(copy)
        yield replace(told, db=db)
        db.close()


@contextlib.contextmanager
def copied(url: sa.URL) -> Iterator[str]:
    """The address of a copy, for a while."""
    name = f"lived_{uuid.uuid4().hex}"
    if url.drivername == "sqlite":
        path = Path(url.database or "").with_name(f"{name}.db")
        shutil.copy(url.database or "", path)
        yield f"sqlite:///{path}"
        for rest in path.parent.glob(path.name + "*"):
            rest.unlink()
        return
    admin = url.set(drivername="postgresql", database="postgres").render_as_string(False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database}".encode())
        yield url.set(database=name).render_as_string(False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_the_scene_went_through_everything(lived: Lived) -> None:
    kinds = [entry.kind for entry in entries(lived.db, lived.run.attempt_id)]
    assert kinds == [
        "ledger", "pledged", "drawn", "started", "joined", "saved", "saved", "joined", "saved", "closed",
        "ledger", "reopened", "counted", "saved", "closed",
    ]  # fmt: skip
    with lived.db.read() as tx:
        scores = (
            sa.select(Score.number).where(Score.attempt_id == lived.run.attempt_id).order_by(Score.number)
        )
        assert tx.scalars(scores).all() == [10, 15]


def test_what_was_only_lived_agrees(lived: Lived, tmp_path: Path) -> None:
    report = verification.look(lived.db, tmp_path, SECRET)
    assert lived.sentences(tmp_path) == []
    assert (report.checked["attempts"], report.checked["bookings"]) == (4, 4)


# (what is done to the attempt that went through everything, the tables whose guards are in the way, the
# statement, a part of the sentence that must be said)
TAMPERED: list[tuple[str, str, str, str]] = [
    ("another option", "response", "UPDATE response SET option = 4" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("a newer option", "", "UPDATE response SET option = 4, seq = 99" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("a mark", "response", "UPDATE response SET flagged = :no" + OF + " AND position = 1",
     "soal nomor 1: jawaban yang tersimpan"),
    ("an instant", "response", "UPDATE response SET arrived_at = arrived_at - 1" + OF + " AND position = 3",
     "soal nomor 3: jawaban yang tersimpan"),
    ("an answer removed", "response", "DELETE FROM response" + OF + " AND position = 3",
     "soal nomor 3: jawaban yang tersimpan"),
    ("an answer beyond the paper", "", "INSERT INTO response (attempt_id, position, seq, option, flagged, "
     "arrived_at) VALUES (:id, 5, 1, 1, :no, 1)", "soal nomor 5: jawaban menunjuk soal"),
    ("an option that is not there", "response", "UPDATE response SET option = 7" + OF + " AND position = 1",
     "soal nomor 1: jawaban menunjuk soal"),
    ("an older version", "response_journal", "UPDATE response_journal SET option = 1" + OF + " AND seq = 2",
     "soal nomor 1: riwayat jawaban"),
    ("an older version removed", "response_journal", "DELETE FROM response_journal" + OF + " AND seq = 2",
     "soal nomor 1: riwayat jawaban"),
    ("a further version", "response_journal", "INSERT INTO response_journal (attempt_id, position, seq, "
     "option, flagged, arrived_at) VALUES (:id, 1, 3, 1, :no, 1)", "soal nomor 1: riwayat jawaban"),
    ("the start", "attempt", "UPDATE attempt SET started_at = started_at - 1 WHERE id = :id",
     "waktu mulai yang tersimpan"),
    ("the deadline", "attempt", "UPDATE attempt SET deadline_at = deadline_at + 60000000 WHERE id = :id",
     "batas waktu bukan waktu mulai ditambah"),
    ("the grace", "attempt", "UPDATE attempt SET grace_seconds = 3600 WHERE id = :id",
     "masa tenggang yang tersimpan"),
    ("the allowance", "attempt", "UPDATE attempt SET allowed_seconds = 60 WHERE id = :id",
     "waktu pengerjaan yang tersimpan"),
    ("the lease", "attempt", "UPDATE attempt SET lease = lease + 1 WHERE id = :id",
     "nomor perangkat yang tersimpan"),
    ("how it was closed", "attempt", "UPDATE attempt SET how = 'submitted' WHERE id = :id",
     "cara penutupan yang tersimpan"),
    ("when it was closed", "attempt", "UPDATE attempt SET finalised_at = finalised_at + 1 WHERE id = :id",
     "waktu penutupan yang tersimpan"),
    ("opened again", "attempt", "UPDATE attempt SET finalised_at = NULL, how = NULL WHERE id = :id",
     "cara penutupan yang tersimpan"),
    ("more seconds", "ledger_entry", "UPDATE ledger_entry SET seconds = 900" + OF + " AND seconds = 300",
     "catatan pemberian waktu"),
    ("a grant removed", "ledger_entry", "DELETE FROM ledger_entry" + OF + " AND seconds = 600",
     "catatan pemberian waktu"),
    ("a grant of somebody else", "ledger_entry", "UPDATE ledger_entry SET author_id = :who" + OF
     + " AND seconds = 600", "catatan pemberian waktu"),
    ("a grant for another reason", "ledger_entry", "UPDATE ledger_entry SET reason_code = 'other'" + OF
     + " AND seconds = 600", "catatan pemberian waktu"),
    ("a grant slipped in", "", "INSERT INTO ledger_entry (attempt_id, kind, seconds, reason_code, reason, "
     "evidence, author_id, entered_at) VALUES (:id, 'extra', 60, 'other', '', '{}', :who, 1)",
     "catatan pemberian waktu"),
    ("the pledge removed", "integrity_pledge", "DELETE FROM integrity_pledge" + OF,
     "pakta integritas yang tersimpan"),
    ("late evidence removed", "late_answer", "DELETE FROM late_answer" + OF + " AND position = 2",
     "soal nomor 2: jawaban terlambat"),
    ("late evidence changed", "late_answer", "UPDATE late_answer SET option = 4" + OF + " AND position = 2",
     "soal nomor 2: jawaban terlambat"),
    ("a sealed fact", "attempt_journal", "UPDATE attempt_journal SET at = at + 1" + OF + NUMBER + "5",
     "jurnal nomor 5 tidak benar: catatan ini tidak sesuai dengan segelnya"),
    ("a sealed kind", "attempt_journal", "UPDATE attempt_journal SET kind = 'joined'" + OF + NUMBER + "6",
     "jurnal nomor 6 tidak benar: catatan ini tidak sesuai dengan segelnya"),
    ("sealed words", "attempt_journal", "UPDATE attempt_journal SET data = '{'" + OF + " AND number = 6",
     "jurnal nomor 6 tidak benar: isinya tidak terbaca"),
    ("a sealed fact removed", "attempt_journal", "DELETE FROM attempt_journal" + OF + " AND number = 6",
     "jurnal nomor 7 tidak benar: ada catatan sebelumnya yang hilang"),
    ("the last sealed fact removed", "attempt_journal", "DELETE FROM attempt_journal" + OF + NUMBER + "15",
     "jurnal nomor 15, sedangkan tes belum ditutup"),
    ("a fact slipped in", "", "INSERT INTO attempt_journal (attempt_id, number, at, kind, data, seal) VALUES "
     "(:id, 16, 1, 'joined', '3', 'x')", "jurnal nomor 16 tidak benar: catatan ini tidak sesuai"),
    ("more points", "score", "UPDATE score SET correct = correct + 1" + OF + " AND number = 15",
     "nilai pada catatan jurnal nomor 15 tidak sama"),
    ("an older score", "score", "UPDATE score SET blank = 0, wrong = 4" + OF + " AND number = 10",
     "nilai pada catatan jurnal nomor 10 tidak sama"),
    ("a score removed", "score", "DELETE FROM score" + OF + " AND number = 15",
     "jurnal nomor 15 hanya ada salah satu dari nilai dan tanda terima"),
    ("keys that cannot be read", "score", "UPDATE score SET keys = '7'" + OF + " AND number = 15",
     "kunci yang disebut nilai pada catatan jurnal nomor 15"),
    ("a receipt removed", "receipt", "DELETE FROM receipt" + OF + " AND number = 10",
     "jurnal nomor 10 hanya ada salah satu dari nilai dan tanda terima"),
    ("a receipt of an open attempt", "receipt", "UPDATE receipt SET number = 12" + OF + " AND number = 15",
     "jurnal nomor 12, sedangkan tes belum ditutup"),
    ("a receipt that says more", "receipt", "UPDATE receipt SET answered = 4" + OF + " AND number = 15",
     "tidak sesuai dengan yang tersimpan"),
    ("an earlier receipt", "receipt", "UPDATE receipt SET issued_at = issued_at - 1" + OF + NUMBER + "15",
     "tidak dibuat oleh server ini, atau isinya diubah"),
    ("a code that was made up", "receipt", "UPDATE receipt SET code = 'AAAA-AAAA-AAAA-AAAA-AAAA'" + OF
     + " AND number = 15", "tanda terima AAAA-AAAA-AAAA-AAAA-AAAA tidak dibuat oleh server ini"),
    ("a receipt over other answers", "receipt", "UPDATE receipt SET answers_seal = 'x'" + OF + NUMBER + "15",
     "tidak sesuai dengan yang tersimpan"),
    ("a receipt over another journal", "receipt", "UPDATE receipt SET journal_seal = 'x'" + OF
     + " AND number = 15", "tidak sesuai dengan yang tersimpan"),
    ("a paper", "paper", "UPDATE paper SET content = replace(content, '[', ' [')" + OF,
     "naskah soal yang tersimpan bukan yang ditarik"),
    ("a paper removed", "paper", "DELETE FROM paper" + OF, "naskah soal yang tersimpan bukan yang ditarik"),
    ("the seal of a paper", "paper", "UPDATE paper SET sha256 = 'x'" + OF,
     "naskah soal yang tersimpan bukan yang ditarik"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "statement", "said"), [row[1:] for row in TAMPERED],
                         ids=[row[0] for row in TAMPERED])  # fmt: skip
def test_what_was_written_into_the_database_is_named(
    lived: Lived, tmp_path: Path, table: str, statement: str, said: str
) -> None:
    if table:
        unguard(lived.db, table)
    names = {"id": lived.run.attempt_id, "no": False, "who": lived.run.candidate_id}
    write(lived.db, statement, **{name: value for name, value in names.items() if f":{name}" in statement})
    told = lived.sentences(tmp_path)
    assert [one for one in told if said in one], told
    assert all(lived.run.public_id in one for one in told), "only what was touched is named"


def test_a_paper_under_a_new_seal_is_not_the_one_that_was_drawn(lived: Lived, tmp_path: Path) -> None:
    with lived.db.read() as tx:
        content = tx.get_one(Paper, lived.run.attempt_id).content
    other = json.dumps(list(reversed(json.loads(content))), separators=(",", ":"))
    unguard(lived.db, "paper")
    write(lived.db, "UPDATE paper SET content = :content, sha256 = :sha" + OF, id=lived.run.attempt_id,
          content=other, sha=hashlib.sha256(other.encode()).hexdigest())  # fmt: skip
    assert lived.sentences(tmp_path)[0] == (
        f"Pengerjaan {lived.run.public_id}: naskah soal yang tersimpan bukan yang ditarik."
    )


def newest_score(lived: Lived) -> Score:
    with lived.db.read() as tx:
        found = sa.select(Score).where(Score.attempt_id == lived.run.attempt_id)
        return tx.scalars(found.order_by(Score.number.desc())).first() or Score()


def add_key(db: Database, revision_id: int, accepted: list[int]) -> None:
    content = seal_content(json.dumps({"accepted": accepted, "explanation": ""}).encode())
    with db.write() as tx:
        tx.add(ItemKey(revision_id=revision_id, version=2, content=content, created_at=START))


@pytest.mark.parametrize("sealed", [False, True])
def test_a_swapped_key_version_is_named(lived: Lived, tmp_path: Path, sealed: bool) -> None:
    mark = newest_score(lived)
    for revision, _ in mark.keys:
        add_key(lived.db, revision, [0, 1, 2, 3])
    swapped = [[revision, 2] for revision, _ in mark.keys]
    digest = hashlib.sha256(journal.canonical(swapped).encode()).hexdigest()
    unguard(lived.db, "score")
    write(lived.db, "UPDATE score SET keys = :keys, keys_sha256 = :sha" + OF + " AND number = 15",
          id=lived.run.attempt_id, keys=json.dumps(swapped),
          sha=digest if sealed else mark.keys_sha256)  # fmt: skip
    (told,) = lived.sentences(tmp_path)
    wanted = "nilai pada catatan jurnal nomor 15 tidak sama dengan hasil hitung ulang"
    assert (wanted if sealed else "kunci yang disebut nilai pada catatan jurnal nomor 15") in told


def test_a_newer_key_alone_changes_no_score_that_names_the_older(lived: Lived, tmp_path: Path) -> None:
    for revision, _ in newest_score(lived).keys:
        add_key(lived.db, revision, [0, 1, 2, 3])
    assert lived.sentences(tmp_path) == []


@pytest.mark.parametrize(("content", "said"), [
    (seal_content(b'{"accepted": [0, 1, 2, 3]}'), "tidak sama dengan hasil hitung ulang"),
    (seal_content(b"{"), "kunci soal nomor"),
    (b"\x09", "kunci soal nomor"),
])  # fmt: skip
def test_an_edited_key_is_named_by_the_scores_it_made(
    lived: Lived, tmp_path: Path, content: bytes, said: str
) -> None:
    unguard(lived.db, "item_key")
    with lived.db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE item_key SET content = :content"), {"content": content})
    told = lived.sentences(tmp_path)
    assert told
    assert all(said in one for one in told)


def test_a_journal_rewritten_from_end_to_end_disagrees_with_the_receipts(
    lived: Lived, tmp_path: Path
) -> None:
    """Somebody who knows how journals are sealed changes one answer everywhere and seals everything anew."""
    forge(lived)
    told = lived.sentences(tmp_path)
    assert len([one for one in told if "tanda terima" in one and "tidak sesuai" in one]) == 2
    assert not [one for one in told if "segelnya" in one]


def test_receipts_written_anew_without_the_secret_are_named(lived: Lived, tmp_path: Path) -> None:
    """The same, and the receipts are made to fit, under the code of another secret."""
    forge(lived)
    unguard(lived.db, "receipt", "score")
    with lived.db.write() as tx:
        attempt = tx.get_one(Attempt, lived.run.attempt_id)
        answers = list(tx.scalars(sa.select(Response).where(Response.attempt_id == attempt.id)
                                  .order_by(Response.position)))  # fmt: skip
        old = tx.scalars(
            sa.select(Receipt).where(Receipt.attempt_id == attempt.id, Receipt.number == 15)
        ).one()
        number, head = journal.head(tx, attempt.id)
        paper = tx.get_one(Paper, attempt.id)
        new = receipts.issue(attempt, paper, answers, number, head, "another-secret", old.issued_at)
        tx.execute(sa.update(Receipt).where(Receipt.id == old.id).values(
            code=new.code, journal_seal=new.journal_seal, answers_seal=new.answers_seal))  # fmt: skip
    assert [one for one in lived.sentences(tmp_path) if f"tanda terima {new.code} tidak dibuat oleh" in one]


def forge(lived: Lived) -> None:
    """The first choice at the first question was another one, says everything but the receipts."""
    attempt_id, former = lived.run.attempt_id, journal.FIRST_SEAL
    unguard(lived.db, "attempt_journal", "response", "response_journal")
    for entry in entries(lived.db, attempt_id):
        said = json.loads(entry.data)
        for item in said.get("items", []):
            item[2] = 1 if item[0] == 1 else item[2]
        data, at = journal.canonical(said), to_micros(entry.at)
        former = journal.seal(former, attempt_id, entry.number, at, entry.kind, data)
        write(lived.db, "UPDATE attempt_journal SET data = :data, seal = :seal" + OF + NUMBER + ":number",
              id=attempt_id, data=data, seal=former, number=entry.number)  # fmt: skip
    write(lived.db, "UPDATE response SET option = 1" + OF + " AND position = 1", id=attempt_id)
    with lived.db.engine.begin() as connection:
        edited = "UPDATE response_journal SET option = 1" + OF + " AND position = 1"
        connection.execute(sa.text(edited), {"id": attempt_id})


def test_without_the_secret_everything_but_the_codes_is_looked_at(lived: Lived, tmp_path: Path) -> None:
    unguard(lived.db, "receipt", "response")
    write(lived.db, "UPDATE receipt SET code = 'X'" + OF + " AND number = 15", id=lived.run.attempt_id)
    assert lived.sentences(tmp_path, None) == []
    write(lived.db, "UPDATE response SET option = 4" + OF + " AND position = 1", id=lived.run.attempt_id)
    assert len(lived.sentences(tmp_path, None)) == 1
    assert len(lived.sentences(tmp_path)) == 2


def test_another_secret_is_told_for_every_receipt(lived: Lived, tmp_path: Path) -> None:
    told = lived.sentences(tmp_path, "another-secret")
    assert len([one for one in told if "tidak dibuat oleh server ini" in one]) == 3


def test_a_file_that_counted_must_be_there(lived: Lived, tmp_path: Path) -> None:
    running = lived.others[1]
    item = [4, 7, 2, False, to_micros(DEADLINE)]
    with lived.db.write() as tx:
        tx.execute(sa.insert(Response).values(attempt_id=running.attempt_id, position=4, seq=7, option=2,
                                              flagged=False, arrived_at=DEADLINE))  # fmt: skip
        journal.append(tx, running.attempt_id, "counted", DEADLINE, {"source": "rescue", "items": [item]})
    (told,) = lived.sentences(tmp_path)
    assert told.startswith(f"Pengerjaan {running.public_id}: jawaban dari berkas penyelamat")


@pytest.mark.parametrize("column", ["candidate_id", "sitting_id"])
def test_a_booking_whose_attempt_is_somebody_else_s_is_named(
    lived: Lived, tmp_path: Path, column: str
) -> None:
    other = add_running(lived.db, add_scene(lived.db, code="3520", slug="magetan"))
    with lived.db.read() as tx:
        wrong = getattr(tx.get_one(Attempt, other.attempt_id), column)
        booking = tx.get_one(Attempt, lived.run.attempt_id).booking_id
    write(
        lived.db, f"UPDATE attempt SET {column} = :wrong WHERE id = :id", wrong=wrong, id=lived.run.attempt_id
    )
    assert f"Pilihan sesi {booking} tidak mempunyai pengerjaan" in " ".join(lived.sentences(tmp_path))


def test_every_batch_is_looked_at(lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BATCH", 3)
    assert verification.look(lived.db, tmp_path, SECRET).checked["attempts"] == 4
    assert [one.attempt.id for one in records.records(lived.db)] == sorted(
        run.attempt_id for run in (lived.run, *lived.others)
    )


def test_a_batch_costs_the_same_few_statements_however_many_attempts(lived: Lived) -> None:
    def statements() -> int:
        asked: list[str] = []
        listen = ("before_cursor_execute", lambda *said: asked.append(said[2]))
        sa.event.listen(lived.db.engine, *listen)
        count, _ = attempts.look(lived.db, SECRET)
        sa.event.remove(lived.db.engine, *listen)
        assert count >= 4
        return len(asked)

    before = statements()
    for _ in range(6):
        save(lived.db, add_running(lived.db, lived.scene), START, answer())
    assert statements() == before < 20


def answering_meanwhile(db: Database, run: Any) -> Iterator[None]:
    """Whenever the look has read a table, another thread changes an answer before it reads the next."""
    seqs = iter(range(100, 1000))

    def change(*_: Any) -> None:
        if threading.current_thread() is looking:
            other = threading.Thread(target=save, args=(db, run, START, answer(1, next(seqs), 1)))
            other.start()
            other.join()

    looking = threading.current_thread()
    sa.event.listen(db.engine, "after_cursor_execute", change)
    yield
    sa.event.remove(db.engine, "after_cursor_execute", change)


def test_answers_that_come_while_it_looks_are_no_disagreement(lived: Lived) -> None:
    with contextlib.contextmanager(answering_meanwhile)(lived.db, lived.others[1]):
        count, problems = attempts.look(lived.db, SECRET)
    assert (count, problems) == (4, [])


def test_control_a_look_that_is_not_one_moment_sees_disagreements(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moments:
        """Every statement in a moment of its own."""

        def execute(self, statement: Any) -> list[Any]:
            with lived.db.read() as tx:
                return list(tx.execute(statement))

    @contextlib.contextmanager
    def torn(db: Database) -> Iterator[Session]:
        yield Moments()  # type: ignore[misc]

    monkeypatch.setattr(records, "snapshot", torn)
    with contextlib.contextmanager(answering_meanwhile)(lived.db, lived.others[1]):
        _, problems = attempts.look(lived.db, SECRET)
    assert problems


def test_late_evidence_of_an_older_device_never_counts(lived: Lived, tmp_path: Path) -> None:
    told = [entry for entry in entries(lived.db, lived.run.attempt_id) if entry.kind == "counted"]
    assert [json.loads(entry.data)["items"] for entry in told] == [[[2, 9, 1, False, to_micros(LATE)]]]
    with lived.db.read() as tx:
        assert tx.get_one(Attempt, lived.run.attempt_id).deadline_at == NEW_DEADLINE


def test_an_attempt_that_time_alone_closed_agrees_before_it_is_settled(lived: Lived, tmp_path: Path) -> None:
    running = lived.others[1]
    with lived.db.write() as tx:
        service.close_by_clock(tx, running.attempt_id, NEW_DEADLINE)
    assert lived.sentences(tmp_path) == []
