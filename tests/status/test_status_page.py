"""The page as its candidate reads it: history, letters, the next step, and nothing of anybody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import Account, Activity, Application, Mail, Phase, Screening, ScreeningEvent
from exam_server.selection.service import choose_sitting
from exam_server.status import service
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    START,
    Scene,
    add,
    add_accepted,
    add_account,
    add_applicant,
    add_booked,
    add_official,
    add_profile,
    add_scene,
    make_activity,
    make_document,
    make_phase,
    make_profile,
    make_recruitment,
)

SENT, ASKED = START - 10 * DAY, START - 8 * DAY
DUE = START + DAY


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def candidate(db: Database, scene: Scene) -> Account:
    """Asked for a correction that may be sent until DUE."""
    account = add_applicant(db, scene, email="wati@surel.example")
    application_id = application_of(db, account)
    official = add_official(db, "screener", scene.office)
    add(db, Screening(application_id=application_id, activity_id=scene.registration.id, version=1,
                      sent_at=SENT, asked_at=ASKED, due_at=DUE))  # fmt: skip
    asked = [{"field": "nik", "note": "Angka terakhir <berbeda>."}, {"field": "ijazah", "note": "Terpotong."}]
    add(db, make_event(application_id, account, "sent", SENT))
    add(db, make_event(application_id, official, "correction", ASKED, fields=asked, due_at=DUE))
    return account


def application_of(db: Database, account: Account) -> int:
    with db.read() as tx:
        return tx.scalars(sa.select(Application.id).where(Application.candidate_id == account.id)).one()


def make_event(application_id: int, actor: Account, kind: str, at: datetime, **more: Any) -> ScreeningEvent:
    return ScreeningEvent(**({"application_id": application_id, "version": 1, "kind": kind, "at": at,
                              "actor_id": actor.id, "fields": []} | more))  # fmt: skip


def page(app: Flask, account: Account) -> str:
    answer = Client(app).sign_in(account.id).get("/status")
    assert answer.status_code == 200
    return answer.text.split("<main")[1].split("</main>")[0]


def test_a_correction_names_its_fields_notes_and_deadline_with_one_button(
    app: Flask, candidate: Account
) -> None:
    main = page(app, candidate)
    panel = main.split('id="next"')[1].split("</div>")[0]
    assert "Angka terakhir &lt;berbeda&gt;." in panel
    assert "<strong>NIK</strong>" in panel
    assert "<strong>Ijazah</strong>" in panel
    assert "Kamis, 5 November 2026 pukul 08.00 WIB" in panel
    assert main.count('class="button"') == 1
    assert 'href="/correction"' in panel


def test_a_correction_that_was_sent_is_the_offices_turn_again(
    app: Flask, db: Database, candidate: Account
) -> None:
    application_id = application_of(db, candidate)
    with db.write() as tx:
        row = tx.get_one(Screening, application_id)
        row.version, row.sent_at, row.asked_at, row.due_at = 2, START - HOUR, None, None
        tx.add(make_event(application_id, candidate, "sent", START - HOUR, version=2))
    main = page(app, candidate)
    assert "Perbaikan terkirim" in main
    assert "Belum ada yang perlu dilakukan" in main
    assert 'href="/correction"' not in main


def test_a_rejection_gives_its_reason_and_the_words_of_the_office(
    app: Flask, db: Database, candidate: Account
) -> None:
    application_id = application_of(db, candidate)
    with db.write() as tx:
        row = tx.get_one(Screening, application_id)
        row.asked_at = row.due_at = None
        row.decided_at, row.decision, row.reason_code = START, "rejected", "identity_mismatch"
        tx.add(make_event(application_id, candidate, "rejected", START, reason_code="identity_mismatch",
                          text="Nama berbeda."))  # fmt: skip
    main = page(app, candidate)
    assert "Tidak diterima (seleksi administrasi)" in main
    assert "Data diri yang diisikan tidak sama dengan KTP" in main
    assert "Keterangan kantor: Nama berbeda." in main


@pytest.mark.parametrize(
    ("sent_at", "given_up_at", "words"),
    [
        (ASKED + HOUR, None, "terkirim ke w***@surel.example, Selasa, 27 Oktober 2026 pukul 09.00 WIB"),
        (None, None, "untuk w***@surel.example sedang menunggu dikirim"),
        (None, ASKED + DAY, "tidak dapat dikirim ke w***@surel.example"),
    ],
)
def test_each_change_says_where_its_letter_is(
    app: Flask, db: Database, candidate: Account, sent_at: datetime | None, given_up_at: datetime | None,
    words: str,
) -> None:  # fmt: skip
    add(db, Mail(account_id=candidate.id, recipient=candidate.email, subject="Perlu perbaikan",
                 body="rahasia", written_at=ASKED, next_at=ASKED, sent_at=sent_at,
                 given_up_at=given_up_at))  # fmt: skip
    main = page(app, candidate)
    assert words in main
    assert main.count("Perlu perbaikan”") == 1
    assert "wati@surel.example" not in main
    assert "rahasia" not in main


def test_a_letter_stands_beside_the_change_that_it_tells(db: Database, scene: Scene) -> None:
    account = add_accepted(db, scene)
    choose_sitting(db, account.id, scene.sitting.public_id, START - DAY)
    (own,) = service.timelines(db, account.id, START)
    told = {one.event.kind: [letter.subject for letter in one.letters] for one in own.told}
    assert told["sent"] == told["accepted_screening"] == []
    assert told["chosen"] == ["Sesi Tes Kompetensi Anda: Rabu, 4 November 2026 pukul 08.00 WIB"]


def test_two_diterima_are_named_apart(app: Flask, db: Database, scene: Scene) -> None:
    account = add_accepted(db, scene)
    first = page(app, account)
    with db.write() as tx:
        own = sa.select(Application).where(Application.candidate_id == account.id)
        chosen = tx.scalars(own.where(Application.kind == "selection")).one()
        chosen.accepted_at = START
    second = page(app, account)
    assert "Diterima (seleksi administrasi)" in first
    assert "Diterima (seleksi akhir)" not in first
    assert "Diterima (seleksi administrasi)" in second
    assert "Diterima (seleksi akhir)" in second


def test_nobody_sees_what_happened_to_somebody_else(app: Flask, db: Database, scene: Scene) -> None:
    add_booked(db, scene)
    assert service.timelines(db, add_account(db).id, START) == []


def test_every_year_keeps_its_own_way(db: Database, scene: Scene) -> None:
    account = add_accepted(db, scene)
    choose_sitting(db, account.id, scene.sitting.public_id, START - DAY)
    later = add(db, make_recruitment(scene.office.id, year=2027, published_at=START + 300 * DAY))
    registration = add(db, make_activity(later, "registration"))
    add(db, Application(candidate_id=account.id, activity_id=registration.id, year=2027, kind="registration",
                        applied_at=START + 320 * DAY))  # fmt: skip
    found = service.timelines(db, account.id, START + 330 * DAY)
    assert [(own.year, own.where) for own in found] == [(2027, "screening"), (2026, "absent")]


@pytest.mark.parametrize(
    ("told", "uploaded", "word", "target"),
    [
        (False, (), "Lengkapi data diri", "/profile"),
        (True, ("ktp",), "Unggah berkas", "/documents"),
        (True, ("ktp", "photo", "ijazah"), "Daftar ke BPS Kabupaten Jepara", "/apply/jepara"),
    ],
)
def test_who_has_not_applied_is_led_to_what_is_missing_first(
    app: Flask, db: Database, scene: Scene, told: bool, uploaded: tuple[str, ...], word: str, target: str
) -> None:
    account = add_account(db)
    if told:
        add(db, make_profile(account.id, scene.office.id))
    for kind in uploaded:
        add(db, make_document(account.id, kind))
    main = page(app, account)
    assert main.count('class="button"') == 1
    button = main.split('class="button"')[1].split("</a>")[0]
    assert f'href="{target}"' in button
    assert word in button


def test_when_nothing_is_open_the_page_says_so(
    app: Flask, db: Database, scene: Scene, clock: SetClock
) -> None:
    account = add_account(db)
    add_profile(db, account.id, scene.office)
    clock.at = START + 14 * DAY
    assert "Saat ini tidak ada kantor yang membuka pendaftaran." in page(app, account)


def test_a_new_year_is_offered_to_whoever_took_part_before(
    app: Flask, db: Database, scene: Scene, clock: SetClock
) -> None:
    account = add_accepted(db, scene)
    add_profile(db, account.id, scene.office)
    later = add(db, make_recruitment(scene.office.id, year=2027, published_at=START + 300 * DAY))
    opened: Phase = make_phase(
        later.id, "registration", opens_at=START + 310 * DAY, closes_at=START + 340 * DAY
    )
    add(db, opened)
    new: Activity = add(db, make_activity(later, "registration"))
    clock.at = START + 309 * DAY
    assert "Menuju pendaftaran" not in page(app, account)
    clock.at = START + 311 * DAY
    main = page(app, account)
    assert new.year == 2027
    assert "Rekrutmen baru sedang dibuka" in main
    assert 'href="/apply/jepara"' in main
