"""One candidate's own page for officials: everything that happened, in order; nothing that was chosen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.bank import service as bank
from exam_server.db import Database
from exam_server.exam import service as exam
from exam_server.exam.papers import ensure_paper
from exam_server.exam.saves import store
from exam_server.extra_time import filing
from exam_server.models import AuditEntry, ContactGap, DeviceCheck, PageEvent, SaveTrouble
from exam_server.timeline import rules, service
from tests.client import Client
from tests.conftest import SetClock
from tests.extra_time.samples import rescue_entry, rescue_file
from tests.factories import (
    HOUR,
    MINUTE,
    START,
    Run,
    add,
    add_booked,
    add_official,
    add_other_scene,
    add_running,
    answer,
)
from tests.journeys.canaries import HIDDEN, VISIBLE, Recorder, disguises
from tests.journeys.canaries import bank as canary_bank
from tests.minutes.samples import (
    Day,
    add_outage,
    add_proctor,
    close,
    grant,
    message,
    note,
    submit,
    take_over,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def day(db: Database, clock: SetClock) -> Day:
    clock.at = START + 20 * MINUTE
    return Day(db)


@pytest.fixture
def proctor(app: Flask, day: Day) -> Client:
    return Client(app).sign_in(day.proctor)


@pytest.fixture
def path(day: Day) -> str:
    return f"/timeline/{day.ani.public_id}"


def text(page: Any) -> str:
    """What is read, on one line."""
    return " ".join(page.get_data(as_text=True).split())


def save(db: Database, run: Run, at: Any, *positions: int, seq: int = 1, option: int = 1) -> None:
    with db.write() as tx:
        store(
            tx, [run.save(*(answer(position, seq, option, position == 2) for position in positions), at=at)]
        )


def codes(day: Day, run: Run) -> list[str]:
    """What happened, in order."""
    who = Someone(day.admin, {day.scene.office.id})
    return [event.code for event in service.own(day.db, run.public_id, who, START + HOUR).events]


class Someone:
    """An admin of these offices."""

    def __init__(self, account_id: int, offices: set[int]) -> None:
        self.id, self._offices = account_id, offices

    def offices(self, *roles: str) -> list[int] | None:
        return sorted(self._offices) if "admin" in roles else []


def test_answers_are_counted_and_ledger_devices_and_instants_are_told(
    proctor: Client, day: Day, path: str, db: Database
) -> None:
    save(db, day.ani, START + MINUTE, 1, 2)
    take_over(db, day.ani, START + 5 * MINUTE)
    grant(db, day.ani, 1080, day.proctor, START + 10 * MINUTE, "Genset mati")
    page = text(proctor.get(path))
    for told in ("Ani Lestari", "2 dari 4; 1 ditandai ragu", "Waktu: 60 + 18 menit", "08.01.00 WIB",
                 "Genset mati", "Diambil alih perangkat lain: Laptop kantor", "Perangkat masuk: Android (Moz",
                 "2 jawaban tersimpan, nomor 1, 2", "Waktu ditambah 18 menit: Listrik padam",
                 "Rabu, 4 November 2026", f"/attempts/{day.ani.public_id}",
                 f"/board/{day.scene.selection.public_id}", day.path):  # fmt: skip
        assert told in page, told


def test_every_kind_of_event_stands_in_the_order_of_its_instant(day: Day, db: Database) -> None:
    run = day.budi
    began = START + 12 * MINUTE
    add(
        db,
        DeviceCheck(account_id=run.candidate_id, at=START - HOUR, device="Android", outcome="weak", facts={}),
    )
    save(db, run, began + SECOND, 1)
    add(db, PageEvent(attempt_id=run.attempt_id, kind="left", at=began + 2 * SECOND))
    add(db, PageEvent(attempt_id=run.attempt_id, kind="back", at=began + 3 * SECOND))
    add(db, ContactGap(attempt_id=run.attempt_id, began_at=began + 4 * SECOND, ended_at=began + 50 * SECOND))
    add(
        db,
        SaveTrouble(
            attempt_id=run.attempt_id, began_at=began + 5 * SECOND, ended_at=began + 9 * SECOND, saves=3
        ),
    )
    add_outage(db, began + 6 * SECOND, timedelta(seconds=20))
    note(db, day.scene, day.proctor, "Gaduh", began + 7 * SECOND)
    note(db, day.scene, day.proctor, "Batuk", began + 8 * SECOND, run)
    message(db, day.scene, day.proctor, "Tenang", began + 9 * SECOND, run)
    grant(db, run, 60, day.proctor, began + 10 * SECOND)
    with db.write() as tx:
        exam.release(tx, run.attempt_id, day.proctor, "Ponsel mati", began + 11 * SECOND)
    close(db, run, day.proctor, began + 12 * SECOND)
    save(db, run, began + 13 * SECOND, 3)
    assert codes(day, run) == [
        "check_weak", "drawn", "started", "joined", "saved", "page_left", "page_back", "silent", "unstored",
        "outage", "incident_of_sitting", "incident", "message", "granted", "attempt.released",
        "attempt.closed", "late",
    ]  # fmt: skip


def test_what_ended_by_itself_is_told_too(day: Day, db: Database) -> None:
    submit(db, day.ani, START + 15 * MINUTE)
    assert codes(day, day.ani)[-1] == "closed_submitted"
    with db.write() as tx:
        exam.close_by_clock(tx, day.budi.attempt_id, START + 2 * HOUR)
    grant(db, day.budi, 3600, day.proctor, START + 2 * HOUR + SECOND)
    assert codes(day, day.budi)[-3:] == ["closed_clock", "reopened", "granted"]


def test_a_message_tells_whether_it_was_delivered_and_seen(
    proctor: Client, day: Day, path: str, db: Database
) -> None:
    sent = START + 2 * MINUTE
    message(db, day.scene, day.proctor, "Tetap <tenang>", sent, day.ani)
    page = text(proctor.get(path))
    assert "Tetap &lt;tenang&gt;" in page
    assert "belum sampai di halaman peserta; belum ditandai sudah dibaca" in page
    message(
        db, day.scene, day.proctor, "Lagi", sent, day.ani, delivered_at=sent + SECOND, seen_at=sent + MINUTE
    )
    page = text(proctor.get(path))
    assert "sampai di halaman peserta 08.02.01 WIB; ditandai sudah dibaca 08.03.00 WIB" in page


def test_page_events_are_told_as_advice(proctor: Client, day: Day, path: str, db: Database) -> None:
    advice = "Ini bukan bukti pelanggaran"
    assert advice not in text(proctor.get(path))
    add(db, PageEvent(attempt_id=day.ani.attempt_id, kind="left", at=START + MINUTE))
    page = text(proctor.get(path))
    assert advice in page
    assert "Tidak ada tindakan otomatis." in page
    assert advice not in text(proctor.get(f"{path}?kind=time"))


def test_a_filter_leaves_one_kind_and_counts_all(proctor: Client, day: Day, path: str, db: Database) -> None:
    save(db, day.ani, START + MINUTE, 1)
    save(db, day.ani, START + 2 * MINUTE, 2)
    page = text(proctor.get(f"{path}?kind=answers"))
    assert "Simpanan jawaban (2)" in page
    assert page.count('class="line-event ') == 2
    assert text(proctor.get(f"{path}?kind=nonsense")).count('class="line-event ') == len(codes(day, day.ani))
    assert "Tidak ada peristiwa jenis ini." in text(proctor.get(f"{path}?kind=incident"))


def test_who_has_not_begun_has_a_page_that_says_so(proctor: Client, day: Day) -> None:
    page = text(proctor.get(f"/timeline/{day.citra.public_id}"))
    assert "belum memulai" in page
    assert "naskah belum disusun" in page
    assert "Belum ada peristiwa" in page


@pytest.mark.parametrize("who", ["unassigned", "screener", "elsewhere"])
def test_who_does_not_watch_the_sitting_finds_nothing_and_the_trail_keeps_the_try(
    app: Flask, day: Day, path: str, db: Database, who: str
) -> None:
    elsewhere = add_other_scene(db)
    account = {
        "unassigned": lambda: add_official(db, "proctor", day.scene.office),
        "screener": lambda: add_official(db, "screener", day.scene.office),
        "elsewhere": lambda: add_proctor(db, elsewhere),
    }[who]()
    assert Client(app).sign_in(account.id).get_json(path).status_code == 404
    with db.read() as tx:
        rows = sa.select(AuditEntry.object_kind).where(
            AuditEntry.act == "access.refused", AuditEntry.actor_id == account.id
        )
        assert list(tx.scalars(rows)) == ["attempt"]


def test_foreign_tries_and_looks_of_others_are_not_told_here(
    day: Day, db: Database, app: Flask, path: str
) -> None:
    stranger = add_official(db, "proctor", add_other_scene(db).office)
    Client(app).sign_in(stranger.id).get(path)
    assert "access.refused" not in codes(day, day.ani)


def test_a_rescue_file_is_told_without_its_answers(
    day: Day, db: Database, proctor: Client, path: str
) -> None:
    filing.load(
        db,
        day.ani.attempt_id,
        rescue_file(db, day.ani, rescue_entry(2, option=4)),
        day.proctor,
        START + MINUTE,
    )
    assert "Berkas penyelamat dimuat sebagai bukti" in text(proctor.get(path))


def test_neither_a_stem_nor_an_option_nor_a_key_is_sent(
    app: Flask, day: Day, db: Database, proctor: Client
) -> None:
    items, pictures = canary_bank(8)
    bank.import_items(db, day.scene.office.id, items, pictures, START - HOUR)
    run = add_running(db, day.scene)
    for position in range(1, 5):
        save(db, run, START + position * MINUTE, position, option=position)
    save(db, run, START + 3 * HOUR, 1, seq=9)
    sent = Recorder()
    for kind in ("", *rules.KINDS):
        page = proctor.get(f"/timeline/{run.public_id}?kind={kind}")
        assert page.status_code == 200
        sent(kind, page.data)
    needles = [
        *disguises(HIDDEN),
        *disguises(VISIBLE),
        b"jawaban 1a",
        b'"option"',
        b'"key"',
        b'"seq"',
        b"pilihan 1",
    ]
    assert sent.hits(needles) == []
    assert "4 dari 4" in proctor.get(f"/timeline/{run.public_id}").text
    assert sent.hits([b"jawaban tersimpan, nomor 1"]) != [], "the control: what is told is found"


def test_other_choices_make_the_same_page(day: Day, db: Database, app: Flask) -> None:
    """What was chosen leaves no trace: two who differ in nothing else have the same events."""
    told = []
    for option in (1, 4):
        run = add_booked(db, day.scene)
        with db.write() as tx:
            ensure_paper(tx, run.attempt_id, START)
            exam.start(tx, run.attempt_id, START)
            lease = exam.join(tx, run.attempt_id, run.session_id, "x", False, START)
        seated = Run(run.candidate_id, run.attempt_id, run.public_id, run.session_id, run.token, lease)
        save(db, seated, START + MINUTE, 1, 2, 3, option=option)
        events = service.own(
            db, run.public_id, Someone(day.admin, {day.scene.office.id}), START + HOUR
        ).events
        told.append([(event.at, event.code, dict(event.facts)) for event in events])
    assert told[0] == told[1]
