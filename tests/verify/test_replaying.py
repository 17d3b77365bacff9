"""Every attempt is told a second time from its journal: each kind of tampering is found and named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from exam_server.bank.codec import seal as seal_content
from exam_server.db import Database
from exam_server.exam import journal, receipts, service
from exam_server.models import Attempt, ItemKey, Paper, Receipt, Response, Score, to_micros
from exam_server.verify import service as verification
from tests.factories import START, add_running, add_scene
from tests.verify.lived import (
    DEADLINE,
    LATE,
    NEW_DEADLINE,
    SECRET,
    Lived,
    entries,
    unguard,
    write,
)
from tests.verify.tampered import NUMBER, OF, TAMPERED


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
