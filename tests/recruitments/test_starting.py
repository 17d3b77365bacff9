"""A recruitment of a year: made once, empty or like another; and the list of what is still missing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import Recruitment
from exam_server.recruitments import rules
from exam_server.recruitments.rules import Facts, checklist, missing, moved, slug_of
from tests.client import Client
from tests.factories import Scene, add_items, add_official, add_other_scene
from tests.recruitments.entering import kept, must, problems

NEW = "/desk/jepara/recruitments/new"


def fields(answer: Any) -> list[str]:
    return [name.removesuffix("-problem") for name, _ in problems(answer)]


@pytest.mark.parametrize(
    ("year", "status"),
    [("2026", 409), ("", 422), ("20", 422), ("1999", 422), ("dua ribu", 422), ("99999", 422)],
)
def test_a_year_that_exists_or_is_none_is_refused(
    admin: Client, scene: Scene, year: str, status: int
) -> None:
    answer = admin.submit(NEW, year=year, source="")
    assert (answer.status_code, fields(answer)) == (status, ["year"])
    assert f'value="{year}"' in answer.get_data(as_text=True)


@pytest.mark.parametrize("source", ["999", "x", "-1"])
def test_an_unknown_source_is_refused(admin: Client, db: Database, scene: Scene, source: str) -> None:
    assert fields(admin.submit(NEW, year="2027", source=source)) == ["source"]
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Recruitment.id))) == 1


def test_another_offices_draft_is_no_source_and_its_announcement_is(
    admin: Client, db: Database, scene: Scene
) -> None:
    other = add_other_scene(db).recruitment
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).where(Recruitment.id == other.id).values(published_at=None))
    assert "Magetan" not in admin.get(NEW).get_data(as_text=True)
    assert fields(admin.submit(NEW, year="2027", source=str(other.id))) == ["source"]
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=scene.recruitment.published_at))
    must(admin.submit(NEW, year="2027", source=str(other.id)), "/desk/jepara/2027")
    assert kept(db, "jepara", 2027)["recruitment"]["place"] == "Jepara"


def test_an_empty_one_begins_with_its_title_and_activities(admin: Client, db: Database, scene: Scene) -> None:
    must(admin.submit(NEW, year="2027", source=""), "/desk/jepara/2027")
    made = kept(db, "jepara", 2027)
    assert (
        made["recruitment"]["title"]["id"]
        == "Rekrutmen Calon Mitra Statistik Tahun 2027 BPS Kabupaten Jepara"
    )
    assert made["activities"]["selection"] == {"name": "Rekrutmen Mitra 2027-seleksi"}
    page = admin.get("/desk/jepara/2027/document").get_data(as_text=True)
    assert 'name="date" value=""' in page
    assert admin.get("/desk/jepara/2027/phases").get_data(as_text=True).count("<fieldset") == 1


def test_rows_are_added_removed_and_moved_without_saving(admin: Client, db: Database, scene: Scene) -> None:
    at = "/desk/jepara/2026/channels"
    typed = {"channels-1-kind": "web", "channels-1-label": "satu", "channels-1-url": "",
             "channels-2-kind": "portal", "channels-2-label": "dua", "channels-2-url": "salah"}  # fmt: skip
    page = admin.submit(at, **typed, act="add-channels").get_data(as_text=True)
    assert page.count("<fieldset") == 3
    assert "belum disimpan" in page
    page = admin.submit(at, **typed, act="down-channels-1").get_data(as_text=True)
    assert page.index('value="dua"') < page.index('value="satu"')
    page = admin.submit(at, **typed, act="remove-channels-1").get_data(as_text=True)
    assert 'value="satu"' not in page
    assert kept(db, "jepara", 2026)["channels"] == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "jepara.example", "ftp://x.example", "https://"])
def test_a_link_that_is_no_page_is_refused(admin: Client, db: Database, scene: Scene, url: str) -> None:
    answer = admin.submit("/desk/jepara/2026/channels", **{"channels-1-kind": "web", "channels-1-label": "x",
                          "channels-1-url": url}, reason="Alamat baru")  # fmt: skip
    assert (answer.status_code, fields(answer)) == (422, ["channels-1-url"])
    assert kept(db, "jepara", 2026)["channels"] == []


def test_the_home_leads_to_what_is_missing(admin: Client, db: Database, scene: Scene) -> None:
    page = admin.get("/desk").get_data(as_text=True)
    assert 'href="/desk/jepara/2026/signatories"' in page
    assert "Kerjakan berikutnya: Data kantor" in page
    assert "Bank soal cukup untuk 4 soal per peserta." in page


def test_officials_without_an_office_of_their_own_get_a_sentence(
    app: Flask, db: Database, scene: Scene
) -> None:
    page = (
        Client(app).sign_in(add_official(db, "proctor", scene.office).id).get("/desk").get_data(as_text=True)
    )
    assert "Belum ada kantor untuk Anda kelola." in page
    assert "BPS Kabupaten Jepara" not in page


def test_a_superadmin_sees_every_office(chief: Client, db: Database, scene: Scene) -> None:
    add_other_scene(db)
    page = chief.get("/desk").get_data(as_text=True)
    assert "BPS Kabupaten Jepara" in page
    assert "BPS Kabupaten Magetan" in page


def test_a_bank_that_is_too_small_is_counted(admin: Client, db: Database, scene: Scene) -> None:
    must(
        admin.submit(
            "/desk/jepara/2026/activities",
            registration_name="a",
            selection_name="b",
            own_score="never",
            reason="Susunan baru",
            **{"strata-1-count": "11", "strata-1-topic": "umum", "strata-1-difficulty": ""},
        ),
        "/desk/jepara/2026?saved=activities&letters=0",
    )
    assert "Bank soal kurang 3 soal" in admin.get("/desk").get_data(as_text=True)
    add_items(db, scene.office.id, 11)
    assert "Bank soal cukup untuk 11 soal" in admin.get("/desk").get_data(as_text=True)


READY = Facts(found=True, kecamatan=3, year=2026, numbered=True, signatories=1, named=True,
              stages=rules.NEEDED_STAGES, musts=1, worded=True, channels=1)  # fmt: skip


def test_what_is_public_must_be_there_before_publication() -> None:
    assert missing(READY) == []
    assert [item.code for item in missing(Facts())] == ["office", "kecamatan", "recruitment"]
    assert len(missing(Facts(year=2026))) == 9


def test_what_is_needed_later_is_listed_and_does_not_hold_up() -> None:
    left = [item.code for item in checklist(READY) if not item.done]
    assert left == ["bank", "staff", "sittings", "published"]


@pytest.mark.parametrize("stage", rules.NEEDED_STAGES)
def test_each_stage_is_needed(stage: str) -> None:
    stages = tuple(one for one in rules.NEEDED_STAGES if one != stage)
    facts = Facts(**(vars(READY) | {"stages": stages}))
    assert [(item.code, item.params["count"]) for item in missing(facts)] == [("phases", 1)]


def test_days_move_by_whole_years() -> None:
    assert moved(date(2023, 11, 30), 1) == date(2024, 11, 30)
    assert moved(date(2024, 2, 29), 1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("BPS Kabupaten Jepara", "jepara"),
        ("BPS Kota Magelang", "kota-magelang"),
        ("BPS Kab. Tojo Una-Una", "tojo-una-una"),
    ],
)
def test_the_short_name_is_made_from_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug
