"""The pages of officials: every place with who had it, one person's part, and acts told before done."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from exam_server import create_app
from tests.client import Client
from tests.conftest import SetClock, make_settings
from tests.factories import add_official, add_other_scene, add_scene
from tests.placings.samples import LATER, REASON, Places
from tests.ranking.stand import build

pytestmark = pytest.mark.parametrize("places", ["sqlite"], indirect=True)


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


def test_every_place_is_shown_with_its_chain_and_who_waits(admin: Client, places: Places) -> None:
    places.withdraw(1)
    places.decline(3, LATER)
    told = main(admin.get(f"{places.stand.path}/places").text)
    assert "2 tempat: 1 terisi, 1 sedang ditawarkan, 0 kosong. 0 cadangan menunggu." in told
    names = [told.index(places[rank].name) for rank in (1, 3, 4, 2)]
    assert names == sorted(names)
    assert "Menolak tempat" in told
    assert places[5].name not in told


def test_looking_at_the_page_makes_the_offers_that_lapsed(
    admin: Client, places: Places, clock: SetClock
) -> None:
    places.withdraw(1)
    clock.pass_by(hours=72)
    told = main(Client(admin.app).sign_in(places.stand.admin).get(f"{places.stand.path}/places").text)
    assert "Tawaran lewat" in told
    assert places.events()[-1] == ("offered", 4)


def test_a_place_without_reserves_is_shown_as_empty(admin: Client, places: Places) -> None:
    for rank in (3, 4, 1):
        places.withdraw(rank)
    told = main(admin.get(f"{places.stand.path}/places").text)
    assert "1 kosong" in told
    assert "Tidak ada cadangan lagi pada kuota ini." in told
    assert "Cadangan yang keluar" in told


def test_before_the_list_is_frozen_the_page_says_so(places: Places, clock: SetClock, admin: Client) -> None:
    stand = build(places.db, add_scene(places.db, code="3399", slug="kosong", name="BPS Kosong"), rights=())
    told = main(Client(admin.app).sign_in(stand.admin).get(f"{stand.path}/places").text)
    assert "Seleksi akhir belum ditetapkan." in told


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
