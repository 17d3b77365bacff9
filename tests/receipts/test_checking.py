"""What a code is worth: each outcome, and every way in which what is stored could have been changed."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam.receipts import CODE_LENGTH
from exam_server.exam.saves import store
from exam_server.models import Paper, Receipt, Response
from exam_server.receipts import service
from exam_server.throttle import TooMany
from tests.factories import HOUR, MINUTE, START, Run, Scene, add_official, add_running, answer
from tests.receipts.closing import (
    DEADLINE,
    EVENING,
    HANDED_IN,
    LATE,
    SECRET,
    close_by_clock,
    grant,
    hand_in,
    receipts,
    settle,
)
from tests.verify.lived import unguard, write

BASE_32 = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def check(db: Database, typed: str) -> service.Checked:
    return service.check(db, SECRET, typed)


def test_a_code_is_twenty_letters_in_groups_of_four(receipt: Receipt) -> None:
    groups = receipt.code.split("-")
    assert [len(group) for group in groups] == [4] * 5
    assert set("".join(groups)) <= BASE_32
    assert len("".join(groups)) == CODE_LENGTH


def test_a_receipt_that_agrees_is_valid_and_says_what_was_handed_in(
    db: Database, scene: Scene, receipt: Receipt
) -> None:
    found = check(db, receipt.code)
    slip = found.slip
    assert found.outcome == "valid"
    assert slip is not None
    assert (slip.code, slip.office, slip.activity, slip.sitting) == (
        receipt.code, scene.office.name, scene.selection.name, scene.sitting.label,
    )  # fmt: skip
    assert (slip.started_at, slip.finalised_at, slip.how) == (START, HANDED_IN, "submitted")
    assert (slip.answered, slip.items, slip.issued_at) == (2, 4, HANDED_IN + MINUTE)
    assert (slip.paper, slip.answers) == (receipt.paper_sha256[:16], receipt.answers_seal[:16])
    assert found.name == "C••• " + found.name[-4:]


def test_a_code_is_found_as_a_person_types_it(db: Database, receipt: Receipt) -> None:
    assert check(db, receipt.code.lower().replace("-", " ")).outcome == "valid"


def test_a_receipt_of_an_attempt_that_the_clock_closed_is_valid(db: Database, run: Run) -> None:
    close_by_clock(db, run)
    found = check(db, settle(db, run, EVENING).code)
    assert found.outcome == "valid"
    assert found.slip is not None
    assert (found.slip.how, found.slip.finalised_at, found.slip.answered) == ("clock", DEADLINE, 0)


@pytest.mark.parametrize("typed", ["", "-", "ABCD", "ABCD-EFGH-IJKL-MNOP-QRST", "é" * 20, "A" * 5000, "%00"])
def test_what_was_never_issued_is_unknown(db: Database, receipt: Receipt, typed: str) -> None:
    assert check(db, typed) == service.UNKNOWN


def test_a_code_with_one_letter_changed_is_unknown(db: Database, receipt: Receipt) -> None:
    for at, letter in enumerate(receipt.code):
        if letter != "-":
            other = "A" if letter != "A" else "B"
            assert check(db, receipt.code[:at] + other + receipt.code[at + 1 :]) == service.UNKNOWN


def test_a_receipt_made_with_another_secret_is_forged(
    db: Database, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    hand_in(db, run)
    forged = settle(db, run, secret="t" * 40)
    with caplog.at_level(logging.ERROR):
        assert check(db, forged.code) == service.UNKNOWN
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_time_granted_afterwards_makes_an_older_receipt_superseded(
    db: Database, scene: Scene, run: Run
) -> None:
    close_by_clock(db, run)
    older = settle(db, run, LATE + MINUTE)
    with db.write() as tx:
        store(tx, [run.save(answer(4, 9, 1), at=LATE)])
    grant(db, run, add_official(db, "admin", scene.office).id, LATE + 2 * MINUTE)
    while_it_runs = check(db, older.code)
    close_by_clock(db, run)
    newer = settle(db, run, EVENING)
    assert (while_it_runs.outcome, check(db, older.code).outcome) == ("superseded", "superseded")
    assert check(db, newer.code).outcome == "valid"
    assert newer.code != older.code
    assert (older.answered, newer.answered) == (0, 1)
    shown = check(db, older.code).slip
    assert shown is not None
    assert (shown.answered, shown.last) == (0, False)


TAMPERED = {
    "the closing instant": ("attempt", "finalised_at = finalised_at + 1"),
    "the start": ("attempt", "started_at = started_at - 1"),
    "how it was closed": ("attempt", "how = 'clock'"),
    "the closing taken back": ("attempt", "finalised_at = NULL, how = NULL"),
    "the sealed text": ("attempt_journal", "data = '{}'"),
    "the wording of the paper": ("paper", "content = content || ' '"),
    "the number of answers": ("receipt", "answered = answered + 1"),
    "the number of items": ("receipt", "items = items + 1"),
    "the number of the entry": ("receipt", "number = number + 1"),
    "the seal of the answers": ("receipt", "answers_seal = 'ff'"),
    "the seal of the journal": ("receipt", "journal_seal = 'ff'"),
    "the instant of issue": ("receipt", "issued_at = issued_at + 1"),
    "the start on the receipt": ("receipt", "started_at = started_at + 1"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_whatever_was_changed_behind_the_guards_raises_the_alarm(
    db: Database, run: Run, receipt: Receipt, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    table, change = TAMPERED[what]
    unguard(db, table)
    row = {"attempt": "id = :id", "attempt_journal": "attempt_id = :id AND kind = 'saved'"}
    where = row.get(table, "attempt_id = :id")
    write(db, f"UPDATE {table} SET {change} WHERE {where}", id=run.attempt_id)
    with caplog.at_level(logging.ERROR):
        found = check(db, receipt.code)
    assert found.outcome == "changed"
    assert len(caplog.records) == 1
    assert receipt.code not in caplog.text
    slip = found.slip
    assert slip is not None
    assert (slip.started_at, slip.finalised_at, slip.how) == (START, HANDED_IN, "submitted")
    assert (slip.answered, slip.items, slip.issued_at) == (2, 4, HANDED_IN + MINUTE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE response SET option = 3 WHERE attempt_id = :id AND position = 1",
        "UPDATE response SET option = NULL WHERE attempt_id = :id AND position = 1",
        "UPDATE response SET flagged = NOT flagged WHERE attempt_id = :id AND position = 1",
        "DELETE FROM response WHERE attempt_id = :id AND position = 2",
        "INSERT INTO response (attempt_id, position, seq, option, flagged, arrived_at) "
        "VALUES (:id, 4, 1, 1, FALSE, 1)",
        "DELETE FROM attempt_journal WHERE attempt_id = :id AND kind = 'closed'",
        "DELETE FROM score WHERE attempt_id = :id",
    ],
)
def test_answers_or_evidence_put_in_changed_or_taken_away_raise_the_alarm(
    db: Database, run: Run, receipt: Receipt, statement: str
) -> None:
    assert check(db, receipt.code).outcome == "valid"
    unguard(db, "response", "attempt_journal", "score")
    write(db, statement, id=run.attempt_id)
    assert check(db, receipt.code).outcome == "changed"


def test_an_older_receipt_whose_entries_were_changed_raises_the_alarm_too(
    db: Database, scene: Scene, run: Run
) -> None:
    with db.write() as tx:
        store(tx, [run.save(answer(1, 1, 2), at=START + MINUTE)])
    close_by_clock(db, run)
    older = settle(db, run, LATE)
    grant(db, run, add_official(db, "admin", scene.office).id, LATE + 2 * MINUTE)
    assert check(db, older.code).outcome == "superseded"
    unguard(db, "attempt_journal")
    write(db, "UPDATE attempt_journal SET at = at - 1 WHERE attempt_id = :id AND kind = 'saved'",
          id=run.attempt_id)  # fmt: skip
    assert check(db, older.code).outcome == "changed"


def test_the_seal_of_the_same_answers_differs_between_candidates(db: Database, scene: Scene) -> None:
    seals = []
    for run in (add_running(db, scene), add_running(db, scene)):
        close_by_clock(db, run)
        seals.append(settle(db, run, EVENING).answers_seal)
    assert seals[0] != seals[1]


def test_the_newest_receipt_is_one_s_own_and_says_when_a_newer_one_is_to_come(
    db: Database, scene: Scene, run: Run, receipt: Receipt
) -> None:
    neighbour = add_running(db, scene)
    shown = service.newest(db, run.attempt_id)
    assert shown is not None
    assert (shown.code, shown.last) == (receipt.code, True)
    assert service.newest(db, neighbour.attempt_id) is None
    close_by_clock(db, neighbour)
    settle(db, neighbour, EVENING)
    grant(db, neighbour, add_official(db, "admin", scene.office).id, EVENING)
    pending = service.newest(db, neighbour.attempt_id)
    assert pending is not None
    assert not pending.last


def test_looks_are_bounded_for_one_address_and_free_for_the_next(db: Database) -> None:
    for _ in range(service.LOOKS):
        service.count_look(db, "203.0.113.7", START)
    with pytest.raises(TooMany):
        service.count_look(db, "203.0.113.7", START)
    service.count_look(db, "203.0.113.8", START)
    service.count_look(db, "203.0.113.7", START + HOUR)
    with db.read() as tx:
        assert tx.scalar(sa.text("SELECT count(*) FROM throttle WHERE key LIKE '%203%'")) == 0


def test_checking_leaves_no_row_of_its_own_behind(db: Database, run: Run, receipt: Receipt) -> None:
    def counted() -> list[int | None]:
        with db.read() as tx:
            return [tx.scalar(sa.select(sa.func.count()).select_from(kind))
                    for kind in (Receipt, Response, Paper)]  # fmt: skip

    before = counted()
    check(db, receipt.code)
    assert counted() == before
    assert [one.code for one in receipts(db, run)] == [receipt.code]
