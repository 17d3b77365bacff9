"""Comparing and deciding: each act's success, and from the same set-up one refusal for every reason."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import Application, Phase, Preference
from exam_server.screening import claims, rules, service
from exam_server.screening.refusals import (
    AlreadyDecided,
    ClaimedByOther,
    NotAllChecked,
    NoteTooLong,
    NotOverdue,
    ReasonTextMissing,
    ScreeningClosed,
    StaleVersion,
    UnknownField,
    UnknownReason,
    UnknownVerdict,
)
from exam_server.selection import service as selection
from tests.factories import DAY, HOUR, add
from tests.screening.cast import NOW, Bureau, Filed
from tests.screening.refusing import CLOSES, TICK, refused


def test_a_tick_is_kept_and_says_what_is_left(bureau: Bureau, filed: Filed) -> None:
    fields = bureau.fields(filed)
    assert bureau.check(filed, "nik") == [name for name in fields if name != "nik"]
    (kept,) = bureau.checks(filed)
    assert (kept.field, kept.verdict, kept.checked_by, kept.checked_at) == (
        "nik",
        "agrees",
        bureau.ayu.id,
        NOW,
    )
    assert bureau.row(filed).checked_at is None


def test_a_later_word_replaces_an_earlier_one(bureau: Bureau, filed: Filed) -> None:
    bureau.check(filed, "nik")
    bureau.check(filed, "nik", "differs", " angka terakhir 7 ", now=NOW + HOUR)
    (kept,) = bureau.checks(filed)
    assert (kept.verdict, kept.note, kept.checked_at) == ("differs", "angka terakhir 7", NOW + HOUR)


def test_the_last_agreeing_field_makes_it_ready_and_a_differing_one_takes_that_back(
    bureau: Bureau, agreed: Filed
) -> None:
    assert bureau.row(agreed).checked_at == NOW
    bureau.check(agreed, "desa", "differs", "Desa lain")
    assert bureau.row(agreed).checked_at is None
    bureau.check(agreed, "desa", now=NOW + HOUR)
    assert bureau.row(agreed).checked_at == NOW + HOUR
    assert bureau.acts()[-3:] == ["screening.checked", "screening.unchecked", "screening.checked"]


def test_a_tick_renews_the_claim(bureau: Bureau, filed: Filed) -> None:
    bureau.check(filed, "nik", now=NOW)
    bureau.check(filed, "name", now=NOW + 9 * HOUR / 60)
    assert bureau.row(filed).claimed_by == bureau.ayu.id
    assert bureau.row(filed).claimed_until == NOW + 9 * HOUR / 60 + rules.CLAIM


def test_a_tick_that_cannot_be_kept_is_refused(bureau: Bureau, filed: Filed) -> None:
    refused(UnknownVerdict, bureau, filed, lambda: bureau.check(filed, "nik", "perhaps"))
    refused(UnknownField, bureau, filed, lambda: bureau.check(filed, "password_hash"))
    refused(NoteTooLong, bureau, filed, lambda: bureau.check(filed, "nik", "differs", "x" * 501))
    refused(StaleVersion, bureau, filed, lambda: bureau.check(filed, "nik", version=2))
    assert bureau.checks(filed) == []


def test_accepting_opens_the_choice_of_a_sitting_at_once(db: Database, bureau: Bureau, agreed: Filed) -> None:
    service.accept(db, agreed.public_id, 1, bureau.ayu.id, NOW)
    row = bureau.row(agreed)
    assert (row.decision, row.decided_at, row.claimed_by) == ("accepted", NOW, None)
    assert bureau.events(agreed) == ["sent", "accepted"]
    assert "application.accepted" in bureau.acts()
    assert bureau.sheet(agreed).state == "accepted"
    assert selection.offered(db, agreed.candidate_id, NOW)
    with db.read() as tx:
        kinds = sa.select(Application.kind).where(Application.candidate_id == agreed.candidate_id)
        assert sorted(tx.scalars(kinds)) == ["registration", "selection"]


def test_the_letter_of_acceptance_says_what_is_next_and_until_when(
    db: Database, bureau: Bureau, agreed: Filed
) -> None:
    service.accept(db, agreed.public_id, 1, bureau.ayu.id, NOW)
    letter = bureau.letters(agreed)[-1]
    assert "Diterima" in letter.subject
    assert "/choose" in letter.body
    assert "Rabu, 18 November 2026 pukul 08.00 WIB" in letter.body
    assert "{" not in letter.body


def test_a_letter_is_written_in_the_language_of_its_reader(
    db: Database, bureau: Bureau, agreed: Filed
) -> None:
    add(db, Preference(account_id=agreed.candidate_id, language="en"))
    service.accept(db, agreed.public_id, 1, bureau.ayu.id, NOW)
    assert "Wednesday, 18 November 2026 at 08.00 WIB" in bureau.letters(agreed)[-1].body


def test_what_is_not_compared_completely_is_not_accepted(db: Database, bureau: Bureau, filed: Filed) -> None:
    for field in bureau.fields(filed)[:-2]:
        bureau.check(filed, field)
    bureau.check(filed, "ijazah", "differs", "buram")
    with pytest.raises(NotAllChecked) as why:
        service.accept(db, filed.public_id, 1, bureau.ayu.id, NOW)
    assert why.value.fields == ["Foto terbaru", "Ijazah"]
    assert bureau.row(filed).decision is None
    assert len(bureau.letters(filed)) == 1


def test_a_rejection_is_kept_with_its_reason_and_its_letter(
    db: Database, bureau: Bureau, filed: Filed
) -> None:
    service.reject(db, filed.public_id, 1, "identity_mismatch", " Tanggal lahir beda. ", bureau.ayu.id, NOW)
    row = bureau.row(filed)
    assert (row.decision, row.reason_code, row.reason_text) == (
        "rejected", "identity_mismatch", "Tanggal lahir beda.")  # fmt: skip
    assert bureau.events(filed) == ["sent", "rejected"]
    assert "screening.rejected" in bureau.acts()
    letter = bureau.letters(filed)[-1]
    assert rules.REASONS["identity_mismatch"] in letter.body
    assert "Tanggal lahir beda." in letter.body
    assert f"/offices/{bureau.scene.office.slug}" in letter.body


@pytest.mark.parametrize(
    ("code", "text", "why"),
    [
        ("", "", UnknownReason),
        ("because", "", UnknownReason),
        ("other", "  ", ReasonTextMissing),
        ("false_statement", "x" * 501, NoteTooLong),
        ("correction_not_sent", "", NotOverdue),
    ],
)
def test_a_reason_that_cannot_stand_is_refused(
    db: Database, bureau: Bureau, filed: Filed, code: str, text: str, why: type[Refusal]
) -> None:
    refused(why, bureau, filed,
            lambda: service.reject(db, filed.public_id, 1, code, text, bureau.ayu.id, NOW))  # fmt: skip
    assert bureau.row(filed).decision is None


@pytest.mark.parametrize("first", ["accept", "reject"])
def test_the_first_decision_stands(db: Database, bureau: Bureau, agreed: Filed, first: str) -> None:
    def accept() -> None:
        service.accept(db, agreed.public_id, 1, bureau.budi.id, NOW + HOUR)

    def reject() -> None:
        service.reject(db, agreed.public_id, 1, "outside_requirements", "", bureau.budi.id, NOW + HOUR)

    accept() if first == "accept" else reject()
    for act in (accept, reject, lambda: bureau.ask(agreed, now=NOW + HOUR, due=NOW + 3 * DAY),
                lambda: bureau.check(agreed, "nik", now=NOW + HOUR),
                lambda: claims.claim(db, agreed.public_id, bureau.ayu.id, NOW + HOUR)):  # fmt: skip
        refused(AlreadyDecided, bureau, agreed, act)


def test_a_colleague_at_work_is_named_and_nothing_is_stored(
    db: Database, bureau: Bureau, agreed: Filed
) -> None:
    claims.claim(db, agreed.public_id, bureau.budi.id, NOW + HOUR)
    at = NOW + HOUR + rules.CLAIM - TICK
    for act in (lambda: bureau.check(agreed, "nik", "differs", now=at),
                lambda: service.accept(db, agreed.public_id, 1, bureau.ayu.id, at),
                lambda: service.reject(db, agreed.public_id, 1, "false_statement", "", bureau.ayu.id, at),
                lambda: bureau.ask(agreed, now=at, due=NOW + 5 * DAY),
                lambda: claims.claim(db, agreed.public_id, bureau.ayu.id, at)):  # fmt: skip
        refused(ClaimedByOther, bureau, agreed, act)
    with pytest.raises(ClaimedByOther) as why:
        claims.claim(db, agreed.public_id, bureau.ayu.id, at)
    assert why.value.params == {"name": bureau.budi.name, "until": "09.10 WIB"}
    service.accept(db, agreed.public_id, 1, bureau.ayu.id, at + TICK)
    assert bureau.row(agreed).decision == "accepted"


def test_outside_the_announced_stage_nothing_is_decided(db: Database, bureau: Bureau, agreed: Filed) -> None:
    for at in (CLOSES, CLOSES + DAY):
        for act in (lambda at=at: service.accept(db, agreed.public_id, 1, bureau.ayu.id, at),
                    lambda at=at: service.reject(db, agreed.public_id, 1, "false_statement", "",
                                                         bureau.ayu.id, at),
                    lambda at=at: bureau.ask(agreed, now=at, due=at + 2 * DAY)):  # fmt: skip
            refused(ScreeningClosed, bureau, agreed, act)
    service.accept(db, agreed.public_id, 1, bureau.ayu.id, CLOSES - TICK)
    assert bureau.row(agreed).decision == "accepted"


def test_a_stage_that_nobody_announced_decides_nothing(db: Database, bureau: Bureau, agreed: Filed) -> None:
    with db.write() as tx:
        tx.execute(sa.delete(Phase).where(Phase.kind == "screening"))
    with pytest.raises(ScreeningClosed):
        service.accept(db, agreed.public_id, 1, bureau.ayu.id, NOW)
    assert bureau.row(agreed).decision is None


def test_what_does_not_exist_is_not_found(db: Database, bureau: Bureau) -> None:
    with pytest.raises(NotFound):
        service.accept(db, "nobody", 1, bureau.ayu.id, NOW)
    with db.read() as tx, pytest.raises(NotFound):
        service.facts_of(tx, 999)


def test_the_facts_of_an_application_follow_its_rows(db: Database, bureau: Bureau, filed: Filed) -> None:
    bureau.ask(filed)
    with db.read() as tx:
        assert service.facts_of(tx, filed.id) == rules.Facts(due_at=NOW + 3 * DAY)
