"""Comparing and deciding: each act's success, and from the same set-up one refusal for every reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.errors import NotFound, Refusal
from exam_server.models import Application, Phase, Preference
from exam_server.screening import claims, rules, service
from exam_server.screening.letters import Asked
from exam_server.screening.refusals import (
    AlreadyDecided,
    ClaimedByOther,
    CorrectionPending,
    DueAfterStage,
    DueTooSoon,
    NotAllChecked,
    NoteMissing,
    NoteTooLong,
    NothingAsked,
    NoTimeLeft,
    NotOverdue,
    ReasonTextMissing,
    ScreeningClosed,
    StaleVersion,
    UnknownField,
    UnknownReason,
    UnknownVerdict,
)
from exam_server.selection import service as selection
from tests.factories import DAY, HOUR, START, add
from tests.screening.cast import NOW, Bureau, Filed

CLOSES = START + 14 * DAY
TICK = timedelta(microseconds=1)


@pytest.fixture
def filed(bureau: Bureau) -> Filed:
    return bureau.file()


@pytest.fixture
def agreed(bureau: Bureau, filed: Filed) -> Filed:
    bureau.agree(filed)
    return filed


def refused(why: type[Refusal], bureau: Bureau, filed: Filed, act: object) -> None:
    """`act` raises that refusal and leaves the application, its history and its letters as they were."""
    before = (
        vars(bureau.row(filed)) | {"_sa_instance_state": 0},
        bureau.events(filed),
        len(bureau.letters(filed)),
    )
    with pytest.raises(why):
        act()  # type: ignore[operator]
    after = (
        vars(bureau.row(filed)) | {"_sa_instance_state": 0},
        bureau.events(filed),
        len(bureau.letters(filed)),
    )
    assert after == before


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


def test_after_a_correction_only_what_changed_is_compared_again(
    db: Database, bureau: Bureau, agreed: Filed
) -> None:
    bureau.ask(agreed)
    bureau.correct(agreed, NOW + HOUR)
    assert bureau.row(agreed).checked_at is None
    later = NOW + 2 * HOUR
    refused(
        StaleVersion, bureau, agreed, lambda: service.accept(db, agreed.public_id, 1, bureau.ayu.id, later)
    )
    with pytest.raises(NotAllChecked) as why:
        service.accept(db, agreed.public_id, 2, bureau.ayu.id, later)
    assert why.value.fields == ["Desa atau kelurahan"]
    assert service.check(db, agreed.public_id, 2, "desa", "agrees", "", bureau.ayu.id, later) == []
    assert bureau.row(agreed).checked_at == later
    service.accept(db, agreed.public_id, 2, bureau.ayu.id, later)
    assert bureau.events(agreed) == ["sent", "correction", "sent", "accepted"]


@pytest.mark.parametrize(
    ("altered", "holds"),
    [(set(), True), ({"desa"}, True), ({"nik"}, False), ({"ktp"}, False), ({"photo"}, True)],
    ids=["nothing", "another field", "the field itself", "the file that proves it", "another file"],
)
def test_an_agreement_outlives_a_correction_that_does_not_touch_it(altered: set[str], holds: bool) -> None:
    assert rules.holds_on(rules.Compared("nik", "NIK", "ktp"), altered) is holds


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


def test_a_correction_names_what_to_put_right_and_until_when(bureau: Bureau, filed: Filed) -> None:
    bureau.ask(filed, desa="Tulis nama desa", ktp="Foto buram")
    row = bureau.row(filed)
    assert (row.asked_at, row.due_at) == (NOW, NOW + 3 * DAY)
    sheet = bureau.sheet(filed)
    assert (sheet.state, sheet.until) == ("correction", NOW + 3 * DAY)
    assert sheet.events[-1].asked == (("Desa atau kelurahan", "Tulis nama desa"), ("KTP", "Foto buram"))
    letter = bureau.letters(filed)[-1]
    assert "Rabu, 4 November 2026 pukul 08.00 WIB" in letter.subject
    assert "- Desa atau kelurahan: Tulis nama desa\n- KTP: Foto buram" in letter.body
    assert "/correction" in letter.body
    assert "screening.correction" in bureau.acts()


def test_a_corrected_application_waits_again_and_shows_what_changed(bureau: Bureau, filed: Filed) -> None:
    bureau.ask(filed)
    bureau.correct(filed, NOW + HOUR)
    sheet = bureau.sheet(filed, NOW + 2 * HOUR)
    assert (sheet.state, sheet.case.version) == ("waiting", 2)
    assert [line.name for line in sheet.lines if line.changed] == ["desa"]
    assert sheet.versions[1].fields == (("desa", "Desa atau kelurahan", "Bangsri", "Kedungleper"),)


def test_a_correction_that_cannot_be_asked_is_refused(db: Database, bureau: Bureau, filed: Filed) -> None:
    def ask(*asked: Asked, due: object = NOW + 3 * DAY, version: int = 1) -> None:
        service.ask_correction(db, filed.public_id, version, asked, due, bureau.ayu.id, NOW)  # type: ignore[arg-type]

    one = Asked("desa", "Tulis nama desa")
    refused(NothingAsked, bureau, filed, ask)
    refused(UnknownField, bureau, filed, lambda: ask(Asked("password", "?")))
    refused(NoteMissing, bureau, filed, lambda: ask(one, Asked("ktp", "  ")))
    refused(NoteTooLong, bureau, filed, lambda: ask(Asked("ktp", "x" * 501)))
    refused(DueTooSoon, bureau, filed, lambda: ask(one, due=NOW + DAY - TICK))
    refused(DueAfterStage, bureau, filed, lambda: ask(one, due=CLOSES + TICK))
    refused(StaleVersion, bureau, filed, lambda: ask(one, version=2))
    ask(one, due=CLOSES)
    assert bureau.row(filed).due_at == CLOSES


def test_on_the_last_day_there_is_no_time_for_a_correction(bureau: Bureau, filed: Filed) -> None:
    late = CLOSES - 23 * HOUR
    refused(NoTimeLeft, bureau, filed, lambda: bureau.ask(filed, due=CLOSES, now=late))
    bureau.ask(filed, due=CLOSES, now=CLOSES - DAY)
    assert bureau.row(filed).due_at == CLOSES


def test_while_a_correction_is_awaited_nobody_asks_again_or_rejects(
    db: Database, bureau: Bureau, filed: Filed
) -> None:
    bureau.ask(filed, due=NOW + 2 * DAY)
    last = NOW + 2 * DAY - TICK

    def reject(at: object) -> None:
        service.reject(db, filed.public_id, 1, "outside_requirements", "", bureau.ayu.id, at)  # type: ignore[arg-type]

    refused(CorrectionPending, bureau, filed, lambda: reject(last))
    refused(CorrectionPending, bureau, filed, lambda: bureau.ask(filed, now=last, due=NOW + 9 * DAY))
    refused(NotOverdue, bureau, filed, lambda: service.reject(
        db, filed.public_id, 1, "correction_not_sent", "", bureau.ayu.id, last))  # fmt: skip
    service.reject(db, filed.public_id, 1, "correction_not_sent", "", bureau.ayu.id, NOW + 2 * DAY)
    assert bureau.row(filed).reason_code == "correction_not_sent"


def test_an_overdue_correction_may_be_asked_for_again(bureau: Bureau, filed: Filed) -> None:
    bureau.ask(filed, due=NOW + 2 * DAY)
    bureau.ask(filed, now=NOW + 2 * DAY, due=NOW + 4 * DAY)
    assert bureau.events(filed) == ["sent", "correction", "correction"]
    assert bureau.row(filed).due_at == NOW + 4 * DAY


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
