"""An office's own data, its kecamatan, and its desa from a table: taken whole or not at all."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import AuditEntry, Desa, Office, OfficeDetail, Phase, Recruitment
from tests.client import Client
from tests.factories import Scene, add_account, add_other_scene, add_profile
from tests.recruitments.entering import announced, enter_office, must, office_form, problems

AT = "/desk/jepara"


def fields(answer: Any) -> list[str]:
    return [name.removesuffix("-problem") for name, _ in problems(answer)]


def office(db: Database, slug: str = "jepara") -> Office:
    with db.read() as tx:
        return tx.scalars(sa.select(Office).where(Office.slug == slug)).one()


def own_form(**changed: str) -> dict[str, str]:
    """The scene's office as its form shows it."""
    values = {"name": "BPS Kabupaten Jepara", "code": "3320", "slug": "jepara", "regency": "Kabupaten Jepara",
              "province": "Jawa Tengah", "zone": "Asia/Jakarta", "address": "Jalan Pemuda 1", "phone": "0291",
              "email": "bps@jepara.example", "kecamatan": "Bangsri\nKeling"}  # fmt: skip
    return values | changed


def test_a_superadmin_adds_an_office_whose_short_name_is_made(chief: Client, db: Database) -> None:
    enter_office(chief, announced("jepara"))
    assert office(db).kecamatan == announced("jepara")["office"]["kecamatan"]
    with db.read() as tx:
        assert tx.get_one(OfficeDetail, office(db).id).phone == announced("jepara")["detail"]["phone"]
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "office.added")).one()
        assert (entry.object_id, entry.office_id, entry.detail) == (
            office(db).id,
            office(db).id,
            {"code": "3320"},
        )
    page = chief.get("/desk").get_data(as_text=True)
    assert "BPS Kabupaten Jepara" in page
    assert "Mulai rekrutmen" in page


def test_an_empty_installation_says_what_comes_first(chief: Client) -> None:
    page = chief.get("/desk").get_data(as_text=True)
    assert "Belum ada kantor." in page
    assert 'href="/desk/offices/new"' in page


@pytest.mark.parametrize(
    ("changed", "field", "status"),
    [
        ({"code": "3320"}, "code", 409),
        ({"code": "33A0"}, "code", 422),
        ({"slug": "jepara"}, "slug", 409),
        ({"slug": "Jepara Utara"}, "slug", 422),
        ({"slug": "sittings"}, "slug", 422),
        ({"name": ""}, "name", 422),
        ({"zone": "Asia/Tokyo"}, "zone", 422),
        ({"email": "bukan surel"}, "email", 422),
        ({"kecamatan": "Bangsri\nKeling\nbangsri"}, "kecamatan", 422),
    ],
)
def test_bad_office_data_is_refused_beside_its_field(
    chief: Client, db: Database, scene: Scene, changed: dict[str, str], field: str, status: int
) -> None:
    typed = office_form(announced("magetan")) | changed
    answer = chief.submit("/desk/offices/new", **typed)
    assert (answer.status_code, fields(answer)[0]) == (status, field)
    assert typed["address"] in answer.get_data(as_text=True)
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Office.id))) == 1


def test_an_admin_changes_the_data_and_the_trail_names_the_fields(
    admin: Client, db: Database, scene: Scene
) -> None:
    must(
        admin.submit(f"{AT}/office", **own_form(kecamatan="Bangsri\nKeling\nMayong")), f"{AT}/office?saved=1"
    )
    assert office(db).kecamatan == ["Bangsri", "Keling", "Mayong"]
    with db.read() as tx:
        entry = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "office.changed")).one()
    assert entry.detail == {"fields": ["kecamatan", "address", "phone", "email"]}


def test_what_published_links_and_hours_stand_on_stays(admin: Client, db: Database, scene: Scene) -> None:
    for changed, code in (({"slug": "lain"}, "slug_is_fixed"), ({"zone": "Asia/Makassar"}, "zone_is_fixed")):
        assert admin.post(f"{AT}/office", **own_form(**changed)).get_json()["code"] == code
    assert (office(db).slug, office(db).zone) == ("jepara", "Asia/Jakarta")


def test_before_publication_a_wrong_clock_is_put_right_and_days_stay(
    admin: Client, db: Database, scene: Scene
) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=None))
        tx.execute(
            sa.update(Phase).values(
                opens_at=datetime.fromisoformat("2026-10-21T00:00+07:00"),
                closes_at=datetime.fromisoformat("2026-10-22T00:00+07:00"),
            )
        )
    must(
        admin.submit(f"{AT}/office", **own_form(zone="Asia/Jayapura", slug="baru")),
        "/desk/baru/office?saved=1",
    )
    with db.read() as tx:
        phase = tx.scalars(sa.select(Phase)).first()
    assert phase
    assert phase.opens_at == datetime.fromisoformat("2026-10-21T00:00+09:00")


def test_kecamatan_come_from_a_file_too(admin: Client, db: Database, scene: Scene) -> None:
    sent = {"kecamatan_file": (io.BytesIO(b"Kecamatan;\r\nBangsri;\r\nKeling;\r\nP\xe9kan;\r\n"), "k.csv")}
    must(admin.submit(f"{AT}/office", **own_form(), **sent), f"{AT}/office?saved=1")
    assert office(db).kecamatan == ["Bangsri", "Keling", "Pékan"]
    broken = {"kecamatan_file": (io.BytesIO(b"\0\1\2"), "k.csv")}
    answer = admin.submit(f"{AT}/office", **own_form(), **broken)
    assert fields(answer) == ["kecamatan"]


def upload(client: Client, data: bytes, act: str = "") -> Any:
    return client.submit(f"{AT}/desa", file=(io.BytesIO(data), "desa.csv"), act=act)


def listed(db: Database) -> list[tuple[str, str]]:
    with db.read() as tx:
        return [(one.kecamatan, one.name) for one in tx.scalars(sa.select(Desa).order_by(Desa.id))]


GOOD = "kecamatan,desa\nBangsri,Banjaran\nbangsri,Tengguli\nKeling,Kelet\n"


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        GOOD.replace(",", ";").encode("utf-8-sig"),
        b"sep=;\r\n" + GOOD.replace(",", ";").replace("\n", "\r\n").encode(),
        b"Desa/Kelurahan;No;Kecamatan\nBanjaran;1;Bangsri\nTengguli;2;Kecamatan Bangsri\nKelet;3;Keling\n\n",
    ],
    ids=["plain", "semicolons and mark", "as a spreadsheet", "other columns"],
)
def test_a_list_of_desa_is_taken_as_spreadsheets_write_it(
    admin: Client, db: Database, scene: Scene, data: bytes
) -> None:
    must(upload(admin, data), f"{AT}/office?desa=3#desa")
    assert listed(db) == [("Bangsri", "Banjaran"), ("Bangsri", "Tengguli"), ("Keling", "Kelet")]


def test_letters_of_windows_are_read(admin: Client, db: Database, scene: Scene) -> None:
    must(upload(admin, "kecamatan;desa\nKeling;Désa\n".encode("cp1252")), f"{AT}/office?desa=1#desa")
    assert listed(db) == [("Keling", "Désa")]


def test_every_fault_is_named_with_its_line_and_nothing_is_taken(
    admin: Client, db: Database, scene: Scene
) -> None:
    must(upload(admin, GOOD.encode()), f"{AT}/office?desa=3#desa")
    bad = (
        "kecamatan,desa\nBangsri,Banjaran\nMayong,Pelang\nBangsri,BANJARAN\nKeling,\n,Kelet\n"
        '"Keling,x\nKeling,Damarwulan\n'
    )
    answer = upload(admin, bad.encode())
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    for line in (
        "Baris 3: Kecamatan Mayong tidak ada pada daftar kecamatan kantor.",
        "Baris 4: Desa BANJARAN di kecamatan Bangsri sudah tertulis pada baris 2.",
        "Baris 5: Kolom desa kosong.",
        "Baris 6: Kolom kecamatan kosong.",
        "Baris 7: Tanda petik pada baris ini tidak berpasangan.",
    ):
        assert line in page
    assert "Baris 8" not in page
    assert len(listed(db)) == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" ", "Berkas ini kosong."),
        (b"\x00\x01\x02", "Berkas ini bukan teks."),
        (b"Bangsri,Banjaran\n", "Baris pertama harus memuat judul kolom"),
        (b"kecamatan,desa\n", "Tidak ada desa di bawah judul kolom."),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    admin: Client, db: Database, scene: Scene, data: bytes, said: str
) -> None:
    answer = upload(admin, data)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert listed(db) == []


def test_looking_first_changes_nothing(admin: Client, db: Database, scene: Scene) -> None:
    answer = upload(admin, GOOD.encode(), act="check")
    assert "Berkas dapat disimpan: 3 desa di 2 kecamatan." in answer.get_data(as_text=True)
    assert listed(db) == []
    assert fields(admin.submit(f"{AT}/desa", act="check")) == ["desa"]


def test_a_kecamatan_with_desa_stays(admin: Client, db: Database, scene: Scene) -> None:
    must(upload(admin, GOOD.encode()), f"{AT}/office?desa=3#desa")
    answer = admin.submit(f"{AT}/office", **own_form(kecamatan="Keling"))
    assert (answer.status_code, fields(answer)) == (409, ["kecamatan"])
    assert office(db).kecamatan == ["Bangsri", "Keling"]


def test_the_profile_suggests_the_desa_of_the_kecamatan(
    admin: Client, app: Flask, db: Database, scene: Scene
) -> None:
    candidate = add_account(db)
    add_profile(db, candidate.id, scene.office)
    client = Client(app).sign_in(candidate.id)
    assert "<datalist" not in client.get("/profile/domicile").get_data(as_text=True)
    must(upload(admin, GOOD.encode()), f"{AT}/office?desa=3#desa")
    page = client.get("/profile/domicile").get_data(as_text=True)
    assert '<option value="Banjaran">' in page
    assert '<option value="Kelet">' not in page


def test_another_offices_admin_is_told_so(admin: Client, db: Database, scene: Scene) -> None:
    other = add_other_scene(db).office
    for path in ("office", "recruitments/new", "2026", "2026/phases", "2026/preview", "2026/guides"):
        assert admin.get_json(f"/desk/{other.slug}/{path}").get_json()["code"] == "forbidden"
    assert admin.post(f"/desk/{other.slug}/office", **own_form()).status_code == 403
    assert admin.post("/desk/offices/new", **own_form(code="9999", slug="x")).status_code == 403
    assert admin.get_json("/desk/tidak-ada/2026").get_json()["code"] == "unknown_office"
    assert admin.get_json(f"{AT}/2020").get_json()["code"] == "not_found"
    assert admin.get_json(f"{AT}/2026/tidak-ada").get_json()["code"] == "not_found"
