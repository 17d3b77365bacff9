"""The pages of Data diri: step by step, each sentence beside its field, and nothing typed is ever lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.profile import service
from tests.client import Client
from tests.factories import Scene, add_account, add_other_scene, add_profile, add_scene
from tests.profile.samples import GOOD, NIK


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def candidate_id(db: Database, scene: Scene) -> int:
    return add_account(db).id


@pytest.fixture
def browser(app: Flask, candidate_id: int) -> Client:
    return Client(app).sign_in(candidate_id)


def send(client: Client, step: str, **changed: Any) -> TestResponse:
    """As a browser without scripts sends the form."""
    form = GOOD[step] | {"csrf": client.csrf()} | changed
    return client.client.post(
        f"/profile/{step}",
        data=form,
        base_url=client.base_url,
        headers={"Accept": "text/html"},
        buffered=True,
    )


def value_of(page: TestResponse, name: str) -> str:
    found = re.search(rf'<input id="{name}"[^>]*? value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def test_the_overview_names_every_step_and_what_is_missing(browser: Client) -> None:
    page = browser.get("/profile")
    assert page.status_code == 200
    assert "0 dari 4 langkah lengkap." in page.text
    assert "NIK, Tempat lahir, Tanggal lahir, Jenis kelamin." in page.text
    assert 'href="/profile/identity"' in page.text


def test_a_complete_profile_is_shown_in_words_and_leads_to_the_files(
    db: Database, scene: Scene, browser: Client, candidate_id: int
) -> None:
    add_profile(db, candidate_id, scene.office)
    page = browser.get("/profile")
    assert "4 dari 4 langkah lengkap." in page.text
    assert "17 Mei 1998" in page.text
    assert "Ponsel pintar" in page.text
    assert 'href="/documents"' in page.text


@pytest.mark.parametrize(
    ("step", "following"),
    [
        ("identity", "/profile/domicile"),
        ("domicile", "/profile/work"),
        ("work", "/profile/means"),
        ("means", "/documents"),
    ],
)
def test_each_step_saved_leads_to_the_next(browser: Client, step: str, following: str) -> None:
    assert browser.get(f"/profile/{step}").status_code == 200
    answer = send(browser, step)
    assert (answer.status_code, answer.headers["Location"]) == (303, following)


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("correction", "/correction"),
        ("jepara", "/apply/jepara"),
        ("//elsewhere.example", "/apply///elsewhere.example"),
    ],
)
def test_who_came_to_put_one_thing_right_is_led_back_and_never_away(
    browser: Client, back: str, where: str
) -> None:
    assert f'value="{back}"' in browser.get(f"/profile/work?back={back}").text
    location = send(browser, "work", back=back).headers["Location"]
    assert location.startswith("/apply/") or location == where


@pytest.mark.parametrize("step", list(GOOD))
def test_what_was_saved_is_in_the_form_again(browser: Client, step: str) -> None:
    send(browser, step)
    page = browser.get(f"/profile/{step}")
    for name, value in GOOD[step].items():
        for one in value if isinstance(value, list) else [value]:
            assert f'value="{one}"' in page.text or f"<option selected>{one}</option>" in page.text, name


def test_a_refused_step_keeps_everything_typed_and_says_why_beside_the_field(browser: Client) -> None:
    page = send(browser, "identity", nik="3320 0117 0598 000", birth_place="Kudus <b>", birth_date="x")
    assert page.status_code == 422
    assert value_of(page, "nik") == "3320 0117 0598 000"
    assert value_of(page, "birth_place") == "Kudus &lt;b&gt;"
    assert value_of(page, "birth_date") == "x"
    assert "NIK terdiri atas 16 angka; yang diketik 15 angka." in page.text
    assert re.search(
        r'id="nik"[^>]*aria-invalid="true" aria-describedby="nik-problem nik-hint" autofocus', page.text
    )
    assert page.text.count("autofocus") == 1
    assert 'value="m" checked' in page.text
    assert "ada 2 isian yang perlu diperbaiki" in page.text


def test_a_program_is_refused_in_json(browser: Client) -> None:
    answer = browser.post("/profile/identity", **(GOOD["identity"] | {"nik": "1"}))
    assert answer.status_code == 422
    assert (answer.json["code"], answer.json["fields"]) == ("wrong_entries", ["nik"])


def test_a_nik_of_somebody_else_is_told_beside_it_with_a_way_to_get_help(
    db: Database, scene: Scene, browser: Client
) -> None:
    add_profile(db, add_account(db).id, scene.office, nik=NIK)
    page = send(browser, "identity")
    assert page.status_code == 409
    assert "NIK ini sudah dipakai akun lain" in page.text
    assert 'href="/help?kind=nik"' in page.text
    assert value_of(page, "name") == GOOD["identity"]["name"]


def test_choosing_another_regency_shows_its_kecamatan_without_saving(
    db: Database, scene: Scene, browser: Client, candidate_id: int
) -> None:
    add_other_scene(db)
    page = send(browser, "domicile", office_id="magetan", act="place", address="Jalan Baru")
    assert page.status_code == 200
    assert value_of(page, "address") == "Jalan Baru"
    assert '<option value="magetan"' in page.text
    assert re.search(r'id="kecamatan-listed" name="kecamatan"[^>]*autofocus', page.text)
    assert service.facts_of(db, candidate_id).address is None


def test_outside_every_regency_there_are_two_fields_to_type_in(browser: Client) -> None:
    page = send(browser, "domicile", office_id="elsewhere", act="place")
    assert re.search(r'<input id="regency" name="regency" value=""[^>]* autofocus', page.text)
    assert re.search(r'id="kecamatan-listed" name="kecamatan" disabled', page.text)
    answer = send(browser, "domicile", office_id="elsewhere", regency="Kabupaten Kudus", kecamatan="Mejobo")
    assert answer.status_code == 303


def test_every_office_brings_its_list_for_the_script(db: Database, scene: Scene, browser: Client) -> None:
    page = browser.get("/profile/domicile")
    assert 'data-kecamatan="[&#34;Bangsri&#34;, &#34;Keling&#34;]"' in page.text


def test_an_unknown_step_is_not_found(browser: Client) -> None:
    assert browser.get("/profile/nothing").status_code == 404
    assert browser.post("/profile/nothing").status_code == 404


def test_columns_that_no_step_has_cannot_be_sent(db: Database, browser: Client, candidate_id: int) -> None:
    send(browser, "means", account_id="1", nik=NIK, name="Orang Lain", civil_servant="yes")
    facts = service.facts_of(db, candidate_id)
    assert (facts.nik, facts.civil_servant, facts.devices) == (None, None, ["computer", "smartphone"])
    assert facts.name != "Orang Lain"
