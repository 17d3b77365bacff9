"""The pages of officials: every place with who had it, one person's part, and acts told before done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from exam_server import create_app
from exam_server.models import Placing, SelectionList
from tests.client import Client
from tests.conftest import SetClock, make_settings
from tests.factories import HOUR, add_official, add_other_scene, add_scene
from tests.placings.samples import LATER, REASON, Places, announce
from tests.ranking.stand import build

ON_SQLITE = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(LATER)


@pytest.fixture
def site(places: Places, clock: SetClock, tmp_path: Path) -> Flask:
    return create_app(make_settings(tmp_path, places.db.engine.url.render_as_string(False)), places.db, clock)


@pytest.fixture
def admin(site: Flask, places: Places) -> Client:
    return Client(site).sign_in(places.stand.admin)


def main(text: str) -> str:
    return " ".join(text.split("<main")[1].split("</main>")[0].split())


def person(places: Places, rank: int) -> str:
    return f"{places.stand.path}/places/{places[rank].run.public_id}"


@ON_SQLITE
def test_every_place_is_shown_with_its_chain_and_who_waits(admin: Client, places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER)
    told = main(admin.get(f"{places.stand.path}/places").text)
    assert "2 tempat: 1 terisi, 1 sedang ditawarkan, 0 kosong. 0 cadangan menunggu." in told
    names = [told.index(places[rank].name) for rank in (1, 3, 4, 2)]
    assert names == sorted(names)
    assert "Menolak tempat" in told
    assert places[5].name not in told


@ON_SQLITE
def test_looking_at_the_page_makes_the_offers_that_lapsed(
    admin: Client, places: Places, clock: SetClock
) -> None:
    places.withdraw(1)
    clock.pass_by(hours=72)
    told = main(Client(admin.app).sign_in(places.stand.admin).get(f"{places.stand.path}/places").text)
    assert "Tawaran lewat" in told
    assert places.events()[-1] == ("offered", 4)


@ON_SQLITE
def test_a_place_without_reserves_is_shown_as_empty(admin: Client, places: Places) -> None:
    for rank in (3, 4, 1):
        places.withdraw(rank)
    told = main(admin.get(f"{places.stand.path}/places").text)
    assert "1 kosong" in told
    assert "Tidak ada cadangan lagi pada kuota ini." in told
    assert "Cadangan yang keluar" in told


@ON_SQLITE
def test_before_the_list_is_frozen_the_page_says_so(places: Places, clock: SetClock, admin: Client) -> None:
    stand = build(places.db, add_scene(places.db, code="3399", slug="kosong", name="BPS Kosong"), rights=())
    told = main(Client(admin.app).sign_in(stand.admin).get(f"{stand.path}/places").text)
    assert "Seleksi akhir belum ditetapkan." in told


@ON_SQLITE
def test_the_first_press_tells_and_the_second_notes_the_withdrawal(admin: Client, places: Places) -> None:
    form = {"how": "withdrew", "reason": "Pindah tugas"}
    sure = admin.submit(person(places, 1) + "/end", **form, act="preview")
    told = main(sure.text)
    assert (sure.status_code, places.events()) == (200, [])
    assert f"ditawarkan kepada {places[3].name}" in told
    assert f"Catat {places[1].name} mengundurkan diri" in told
    done = admin.submit(person(places, 1) + "/end", **form, act="do")
    assert (done.status_code, done.headers["Location"]) == (303, person(places, 1))
    assert places.events() == [("withdrew", 1), ("offered", 3)]
    told = main(admin.get(person(places, 1)).text)
    assert ("Pindah tugas" in told, "Petugas admin" in told) == (True, True)
    assert "Tidak ada tempat atau nomor cadangan yang dapat dilepas." in told
    again = admin.submit(person(places, 1) + "/end", **form, act="do")
    assert again.status_code == 409
    assert "sudah dilepas sebelumnya" in main(again.text)


@ON_SQLITE
def test_an_ending_asks_a_second_official_who_reads_whom_and_why(
    site: Flask, admin: Client, places: Places
) -> None:
    form = {"how": "cancelled", "reason": REASON}
    told = main(admin.submit(person(places, 2) + "/end", **form, act="preview").text)
    assert "menunggu persetujuan petugas lain" in told
    asked = admin.submit(person(places, 2) + "/end", **form, act="do")
    assert asked.status_code == 303
    second = Client(site).sign_in(places.stand.second)
    told = main(second.get(asked.headers["Location"]).text)
    for word in (f"Batalkan kelulusan {places[2].name}", places[2].number, REASON, "Kedudukan saat diajukan"):
        assert word in told
    assert second.submit(asked.headers["Location"] + "/grant").status_code == 303
    assert places.events() == [("cancelled", 2), ("offered", 3)]


@ON_SQLITE
@pytest.mark.parametrize(
    ("form", "sentence"),
    [({"how": "withdrew", "reason": ""}, "Tulis alasannya."),
     ({"how": "exploded", "reason": "Surat"}, "Pilih apa yang terjadi"),
     ({"how": "withdrew", "reason": "x" * 501}, "paling banyak 500 huruf")],
)  # fmt: skip
def test_a_form_that_is_refused_keeps_what_was_typed(
    admin: Client, places: Places, form: dict[str, str], sentence: str
) -> None:
    refused = admin.submit(person(places, 1) + "/end", **form, act="do")
    assert refused.status_code == 422
    assert sentence in main(refused.text)
    assert form["reason"] in refused.text
    assert places.events() == []


@ON_SQLITE
def test_another_office_s_admin_and_other_roles_find_nothing(site: Flask, places: Places) -> None:
    elsewhere = add_other_scene(places.db)
    strangers = [add_official(places.db, "admin", elsewhere.office),
                 add_official(places.db, "proctor", places.stand.scene.office)]  # fmt: skip
    for stranger in strangers:
        client = Client(site).sign_in(stranger.id)
        for path in (f"{places.stand.path}/places", person(places, 1)):
            assert client.get_json(path).status_code == 404
        assert (
            client.post(person(places, 1) + "/end", how="withdrew", reason="Surat", act="do").status_code
            == 404
        )
    other = Client(site).sign_in(strangers[0].id)
    mixed = f"/results/{elsewhere.selection.public_id}/places/{places[1].run.public_id}"
    assert other.get_json(mixed).status_code == 404
    assert places.events() == []


@ON_SQLITE
def test_an_offer_that_ran_out_says_until_when_it_was_open(
    site: Flask, places: Places, clock: SetClock
) -> None:
    places.withdraw(1)
    clock.at = LATER + 72 * HOUR
    admin = Client(site).sign_in(places.stand.admin)
    told = main(admin.get(f"{places.stand.path}/places").text)
    assert "Tidak dijawab sampai Senin, 9 November 2026" in told
    own = main(Client(site).sign_in(places[3].run.candidate_id).get("/result").text)
    assert "Tawaran lewat</h3>" in own


def further(places: Places, order: tuple[int, ...]) -> None:
    """Announced from LATER + HOUR on: the same people in another order, two places and two reserves."""
    outcomes = ("accepted", "accepted", "reserve", "reserve", "not_accepted")
    with places.db.write() as tx:
        first = tx.get_one(SelectionList, places.stand.list_id)
        kept = {name: getattr(first, name) for name in (
            "activity_id", "criteria_id", "quota_id", "result_number", "reason", "sha256", "asked_by",
            "granted_by", "frozen_at")}  # fmt: skip
        row = SelectionList(number=2, **kept)
        tx.add(row)
        tx.flush()
        for rank, (former, outcome) in enumerate(zip(order, outcomes, strict=True), 1):
            one = tx.get_one(Placing, (first.id, places[former].attempt_id))
            tx.add(Placing(list_id=row.id, attempt_id=one.attempt_id, receipt_number=one.receipt_number,
                           keys_sha256=one.keys_sha256, rank=rank, outcome=outcome, quota=0, total=one.total,
                           reserve=rank - 2 if outcome == "reserve" else None,
                           detail=one.detail))  # fmt: skip
    announce(replace(places.stand, list_id=row.id), LATER + HOUR)


@ON_SQLITE
def test_after_a_further_list_the_page_says_who_keeps_a_place_and_which_is_not_passed_on(
    admin: Client, places: Places, clock: SetClock
) -> None:
    places.withdraw(1)
    places.take(3, LATER)
    further(places, (4, 5, 2, 1, 3))
    clock.at = LATER + HOUR
    path = f"{places.stand.path}/places"
    told = main(admin.get(path).text)
    assert "2 tempat: 3 terisi, 0 sedang ditawarkan, 0 kosong. 1 cadangan menunggu." in told
    assert "Tempat menurut daftar terdahulu; tetap menjadi haknya." in told
    assert "sudah terpakai" not in told
    places.withdraw(4, LATER + HOUR)
    told = main(admin.get(path).text)
    assert "2 tempat: 2 terisi, 0 sedang ditawarkan, 0 kosong. 1 cadangan menunggu." in told
    assert "Semua tempat kuota ini sudah terpakai" in told
    places.withdraw(5, LATER + HOUR)
    told = main(admin.get(path).text)
    assert "2 tempat: 1 terisi, 1 sedang ditawarkan, 0 kosong. 0 cadangan menunggu." in told
    names = [told.index(places[rank].name) for rank in (4, 2, 5, 3)]
    assert names == sorted(names)
