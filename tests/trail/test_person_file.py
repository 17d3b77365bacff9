"""A candidate's file: whom it opens to, what stands in it, in order, and that opening it is kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.documents import showing
from exam_server.documents.showing import Asker
from exam_server.models import Account, AuditEntry, Document, Mail, Profile
from exam_server.registration import service as registration
from exam_server.screening import service as screening
from exam_server.selection import service as selection
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import (
    DAY,
    HOUR,
    MINUTE,
    START,
    add_account,
    add_official,
    add_other_scene,
)
from tests.screening.cast import NOW, Bureau, Filed
from tests.selection.samples import REASON, move_sitting


@pytest.fixture
def bureau(db: Database) -> Bureau:
    return Bureau(db)


@pytest.fixture
def filed(db: Database, bureau: Bureau, clock: SetClock) -> Filed:
    """Somebody who applied, corrected, was accepted and chose."""
    filed = bureau.file(name="Citra Lestari")
    bureau.ask(filed, desa="Tulis nama desa")
    bureau.correct(filed, NOW + HOUR)
    bureau.agree(filed, 2, NOW + 2 * HOUR)
    screening.accept(db, filed.public_id, 2, bureau.ayu.id, NOW + 3 * HOUR)
    selection.choose_sitting(db, filed.candidate_id, bureau.scene.sitting.public_id, NOW + 4 * HOUR)
    return filed


def path(db: Database, filed: Filed) -> str:
    with db.read() as tx:
        return f"/people/{tx.get_one(Account, filed.candidate_id).public_id}"


def page(app: Flask, db: Database, filed: Filed, official: int) -> str:
    answer = Client(app).sign_in(official).get(path(db, filed))
    assert answer.status_code == 200
    return answer.text


def nik(db: Database, filed: Filed) -> str:
    with db.read() as tx:
        return str(tx.scalars(sa.select(Profile.nik).where(Profile.account_id == filed.candidate_id)).one())


def opened(db: Database, act: str = "person.opened") -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act)))


@pytest.mark.parametrize("role", ["screener", "admin"])
def test_officials_of_the_office_open_it_and_that_is_kept(
    app: Flask, db: Database, bureau: Bureau, filed: Filed, role: str
) -> None:
    official = add_official(db, role, bureau.scene.office).id
    assert "Citra Lestari" in page(app, db, filed, official)
    [row] = opened(db)
    assert (row.actor_id, row.office_id, row.object_kind, row.object_id, row.detail) == (
        official, bureau.scene.office.id, "account", filed.candidate_id, {"role": role},
    )  # fmt: skip


@pytest.mark.parametrize("role", ["proctor", "screener of another office", "admin of another office"])
def test_whom_it_does_not_concern_finds_nothing_and_the_try_is_kept(
    app: Flask, db: Database, bureau: Bureau, filed: Filed, role: str
) -> None:
    office = add_other_scene(db).office if "another" in role else bureau.scene.office
    official = add_official(db, role.split()[0], office).id
    answer = Client(app).sign_in(official).get(path(db, filed))
    assert answer.status_code == 404
    assert "Citra" not in answer.text
    assert [row.actor_id for row in opened(db, "access.refused")] == [official]
    assert opened(db) == []


def test_candidates_open_no_file_not_even_their_own(app: Flask, db: Database, filed: Filed) -> None:
    assert Client(app).sign_in(filed.candidate_id).get(path(db, filed)).status_code == 403


def test_somebody_without_an_application_is_nobodys_but_the_superadmins(
    app: Flask, db: Database, bureau: Bureau
) -> None:
    stranger = add_account(db)
    admin, chief = add_official(db, "admin", bureau.scene.office).id, add_official(db, "superadmin", None).id
    address = f"/people/{stranger.public_id}"
    assert Client(app).sign_in(admin).get(address).status_code == 404
    answer = Client(app).sign_in(chief).get(address)
    assert answer.status_code == 200
    assert "Belum mendaftar pada kegiatan apa pun." in answer.text


def test_the_office_sees_the_last_four_digits_and_the_superadmin_none(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    number = nik(db, filed)
    own = page(app, db, filed, bureau.ayu.id)
    assert number not in own
    assert "•" * 12 + number[-4:] in own
    chief = page(app, db, filed, add_official(db, "superadmin", None).id)
    assert "•" * 16 in chief
    assert number[-4:] not in chief.split('<h2 id="moments"')[0].split("NIK</dt>")[1][:200]


ORDER = (
    "Citra Lestari mengirim pendaftaran, versi 1",
    "meminta perbaikan sebelum",
    "Desa atau kelurahan: Tulis nama desa",
    "Citra Lestari mengirim pendaftaran, versi 2",
    "selesai mencocokkan semua data Citra Lestari, versi 2",
    "menyatakan Diterima (seleksi administrasi)",
    "Citra Lestari memilih sesi tes untuk selamanya",
)


def test_everything_stands_in_order_and_nothing_twice(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    told = page(app, db, filed, bureau.ayu.id).split('id="moments"')[1]
    places = [told.find(words) for words in ORDER]
    assert -1 not in places
    assert places == sorted(places)
    assert [words for words in ORDER if told.count(words) != 1] == []
    assert told.count("menyatakan Citra Lestari Diterima") == 0


def test_letters_stand_with_their_state_and_without_their_body(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    with db.write() as tx:
        first = tx.scalars(sa.select(Mail).where(Mail.account_id == filed.candidate_id)).first()
        assert first is not None
        first.sent_at = NOW
        body = first.body
    told = page(app, db, filed, bureau.ayu.id)
    assert f"Surat: {first.subject}" in told
    assert "Terkirim" in told
    assert "Menunggu dikirim" in told
    assert body.splitlines()[2] not in told


def test_who_opened_what_stands_in_it(app: Flask, db: Database, bureau: Bureau, filed: Filed) -> None:
    with db.read() as tx:
        ktp = tx.scalars(sa.select(Document).where(Document.account_id == filed.candidate_id,
                                                   Document.kind == "ktp")).one()  # fmt: skip
    asker = Asker(bureau.budi.id, frozenset({("screener", bureau.scene.office.id)}))
    showing.open_file(db, asker, ktp.public_id, 1, START)
    told = page(app, db, filed, bureau.ayu.id)
    assert f"{bureau.budi.name} membuka berkas KTP milik Citra Lestari, halaman 1" in told
    assert f"/documents/{ktp.public_id}/thumbnail" in told
    again = page(app, db, filed, bureau.ayu.id)
    assert f"{bureau.ayu.name} membuka berkas lengkap Citra Lestari" in again


def test_a_move_of_the_sitting_stands_in_it(app: Flask, db: Database, bureau: Bureau, filed: Filed) -> None:
    move_sitting(db, bureau.scene, DAY)
    assert REASON in page(app, db, filed, bureau.ayu.id)


def test_what_another_office_did_stays_with_that_office(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    other = add_other_scene(db)
    with db.write() as tx:
        tx.execute(sa.text("UPDATE activity SET year = 2025 WHERE office_id = :id"), {"id": other.office.id})
    registration.apply(db, filed.candidate_id, other.registration.id, START - MINUTE)
    theirs = page(app, db, filed, add_official(db, "screener", other.office).id)
    assert theirs.count("mengirim pendaftaran, versi 1") == 1
    assert "meminta perbaikan" not in theirs
    assert "Tulis nama desa" not in theirs
    ours = page(app, db, filed, bureau.ayu.id)
    assert ours.count("mengirim pendaftaran, versi 1") == 1
    assert "Tulis nama desa" in ours


def test_the_application_leads_to_the_file_and_back(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    client = Client(app).sign_in(bureau.ayu.id)
    assert f'href="{path(db, filed)}"' in client.get(f"/screening/applications/{filed.public_id}").text
    assert f"/screening/applications/{filed.public_id}" in client.get(path(db, filed)).text


def test_an_erased_person_is_told_by_acts_without_a_name(
    app: Flask, db: Database, bureau: Bureau, filed: Filed
) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Account).where(Account.id == filed.candidate_id).values(name="(dihapus)"))
        tx.execute(sa.update(Profile).where(Profile.account_id == filed.candidate_id).values(nik=None))
    told = page(app, db, filed, bureau.ayu.id)
    assert "(dihapus) memilih sesi tes untuk selamanya" in told
    assert "Citra" not in told.split('id="moments"')[1]
