"""Asking for a correction: what, until when, and what it leaves standing."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.screening import rules, service
from exam_server.screening.letters import Asked
from exam_server.screening.refusals import (
    CorrectionPending,
    DueAfterStage,
    DueTooSoon,
    NotAllChecked,
    NoteMissing,
    NoteTooLong,
    NothingAsked,
    NoTimeLeft,
    NotOverdue,
    StaleVersion,
    UnknownField,
)
from tests.factories import DAY, HOUR
from tests.screening.cast import NOW, Bureau, Filed
from tests.screening.refusing import CLOSES, TICK, refused


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
