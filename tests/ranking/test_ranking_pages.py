"""The pages of a final selection: what is seen when, by whom, and that looking writes nothing."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import AuditEntry, Base
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, MINUTE, START, add_official, add_other_scene
from tests.ranking.stand import AFTER, WITH_INTERVIEW, Stand, build


@pytest.fixture
def db(sqlite_url: str) -> Database:
    """What pages show does not depend on the database."""
    database = Database(sqlite_url)
    yield database  # type: ignore[misc]
    database.close()


@pytest.fixture
def stand(db: Database, clock: SetClock) -> Stand:
    """Three who sat, one who did not; an interview counts, scores are opened."""
    clock.at = AFTER
    return build(db, rights=[4, 2, 1], criteria=WITH_INTERVIEW, kecamatan=["Bangsri", "Keling"])


@pytest.fixture
def admin(app: Flask, stand: Stand) -> Client:
    return Client(app).sign_in(stand.admin)


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return said(answer.get_data(as_text=True))


def said(page: str) -> str:
    """What is read, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def counts(db: Database) -> dict[str, int]:
    with db.read() as tx:
        return {table.name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables}  # fmt: skip


def test_outside_the_announced_stage_the_overview_says_that_a_decision_is_refused(
    app: Flask, stand: Stand, clock: SetClock
) -> None:
    told = "Sekarang di luar tahap seleksi akhir yang diumumkan"
    last = START + 14 * DAY - MINUTE
    for clock.at, shown in ((AFTER, False), (last, False), (last + MINUTE, True)):
        assert (told in text(Client(app).sign_in(stand.admin), stand.path)) is shown


def test_the_overview_says_what_is_next_until_the_list_is_frozen(
    app: Flask, db: Database, clock: SetClock
) -> None:
    clock.at = AFTER
    stand = build(db, rights=[3], criteria=None)
    client = Client(app).sign_in(stand.admin)
    assert "Berikutnya: catat kriteria" in text(client, "/results")
    assert client.submit(f"{stand.path}/criteria", **{"weight-test": "100"}).status_code == 303
    assert "Berikutnya: catat kuota" in text(client, stand.path)
    assert client.submit(f"{stand.path}/quotas", where="", places="1", reserves="1").status_code == 303
    assert "Berikutnya: buka nilai" in text(client, stand.path)
    assert client.submit(f"{stand.path}/open").status_code == 303
    assert "Berikutnya: ajukan pembekuan" in text(client, stand.path)
    asked = client.submit(f"{stand.path}/freeze", reason="Rapat pleno")
    assert asked.status_code == 303
    assert "Berikutnya: tunggu persetujuan" in text(client, stand.path)
    second = Client(app).sign_in(stand.second)
    assert "Diterima (seleksi akhir) 1" in text(second, asked.headers["Location"])
    assert second.submit(f"{asked.headers['Location']}/grant").status_code == 303
    page = text(client, stand.path)
    assert "Berikutnya: siapkan pengumuman" in page
    assert "Daftar 1 dibekukan" in page


@pytest.mark.parametrize("rest", ["analysis", "corrections", "places", "announcement"])
def test_the_overview_leads_to_every_other_part(admin: Client, stand: Stand, rest: str) -> None:
    assert f'href="{stand.path}/{rest}"' in admin.get(stand.path).get_data(as_text=True)


def test_before_the_opening_no_page_shows_a_score(app: Flask, db: Database, clock: SetClock) -> None:
    clock.at = AFTER
    stand = build(db, rights=[3], criteria=WITH_INTERVIEW, opened=False)
    client = Client(app).sign_in(stand.admin)
    for rest in ("list", "what-if"):
        assert "Nilai kegiatan ini belum dibuka" in text(client, f"{stand.path}/{rest}", 409)
    person = text(client, f"{stand.path}/person/{stand.people[0].run.public_id}")
    assert "Nilai tes belum dibuka" in person
    assert "75" not in person
    for rest in ("", "/marks", "/criteria", "/quotas"):
        assert "75" not in text(client, stand.path + rest).replace("2075", "")


def test_the_list_shows_rank_number_components_outcome_and_who_is_missing(
    admin: Client, stand: Stand
) -> None:
    page = text(admin, f"{stand.path}/list")
    assert "Belum dibekukan" in page
    assert "Gugur karena tidak mengikuti tes: 1" in page
    for person in stand.people:
        assert person.name in page
        assert person.number in page
    assert stand.absent[0].name not in page
    assert "Wawancara : kosong" in page.replace("Wawancara:", "Wawancara :")


def test_the_list_is_narrowed_by_kecamatan_and_outcome(admin: Client, stand: Stand) -> None:
    page = text(admin, f"{stand.path}/list?kecamatan=Keling")
    assert stand.people[1].name in page
    assert stand.people[0].name not in page
    page = text(admin, f"{stand.path}/list?outcome=accepted")
    assert stand.people[2].name not in page
    assert "Tidak ada peserta yang cocok" in text(admin, f"{stand.path}/list?outcome=not_eligible&page=9")


def test_a_tie_is_told_with_the_rule_that_decided(app: Flask, db: Database, clock: SetClock) -> None:
    clock.at = AFTER
    stand = build(db, rights=[2, 2])
    client = Client(app).sign_in(stand.admin)
    assert "nilai sama, diputus oleh waktu mendaftar" in text(client, f"{stand.path}/list")


def test_trying_other_weights_shows_who_would_rise_and_writes_nothing(
    app: Flask, db: Database, clock: SetClock
) -> None:
    clock.at = AFTER
    stand = build(db, rights=[4, 3], data=[{"education": "smp"}, {}], places=1)
    client = Client(app).sign_in(stand.admin)
    before = counts(db)
    asked = f"{stand.path}/what-if?weight-test=10&weight-p2=90&where=&places=1&reserves=1"
    page = text(client, asked)
    assert "2 orang berpindah tempat, 2 di antaranya berubah hasilnya" in page
    assert f"{stand.people[1].name} {stand.people[1].number} 2 → 1 naik 1" in page
    assert counts(db) == before


def test_weights_that_do_not_sum_come_back_with_the_sum_and_what_was_typed(
    admin: Client, stand: Stand
) -> None:
    asked = f"{stand.path}/what-if?weight-test=70,5&weight-m0=20&where=&places=1&reserves=1"
    answer = admin.get(asked)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Jumlah bobot harus tepat 100, sekarang 90,5" in page
    assert 'value="70,5"' in page


def test_a_mark_is_typed_on_the_person_s_page_and_shown_with_its_author(admin: Client, stand: Stand) -> None:
    path = f"{stand.path}/person/{stand.people[0].run.public_id}"
    given = admin.submit(f"{path}/mark", component="mark:wawancara", value="80,5", note="Lancar")
    assert given.status_code == 303
    page = text(admin, path)
    assert "80,5 ( 16,1 poin)" in page.replace("(16,1", "( 16,1")
    assert "Lancar" in page
    refused = admin.submit(f"{path}/mark", component="mark:wawancara", value="500", note="Salah ketik")
    assert refused.status_code == 422
    assert "Nilai 500 di luar 0 sampai 100" in refused.get_data(as_text=True)
    assert 'value="Salah ketik"' in refused.get_data(as_text=True)


def test_who_did_not_sit_is_shown_as_out(admin: Client, stand: Stand) -> None:
    page = text(admin, f"{stand.path}/person/{stand.absent[0].run.public_id}")
    assert "Tidak mengikuti tes: gugur" in page


def upload(client: Client, stand: Stand, content: str) -> str:
    data = {"csrf": client.csrf(), "component": "mark:wawancara", "act": "check",
            "file": (io.BytesIO(content.encode()), "nilai.csv")}  # fmt: skip
    answer = client.client.post(f"{stand.path}/marks", base_url=client.base_url, data=data)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return str(answer.get_data(as_text=True))


def test_a_file_is_looked_at_first_and_taken_in_by_the_second_press(
    admin: Client, stand: Stand, db: Database
) -> None:
    lines = [f"{one.number},{one.name},{70 + index}" for index, one in enumerate(stand.people)]
    before = counts(db)
    page = upload(admin, stand, "nomor peserta,nama,nilai\n" + "\n".join(lines))
    assert "3 baris dapat dicatat, 0 baris salah" in said(page)
    assert counts(db) == before
    found = re.search(r'name="rows" value="([^"]*)"', page)
    assert found is not None
    taken = admin.submit(f"{stand.path}/marks", act="import", component="mark:wawancara",
                         filename="nilai.csv", rows=html.unescape(found[1]))  # fmt: skip
    assert taken.status_code == 303
    assert "3 nilai baru dicatat" in text(admin, taken.headers["Location"])
    assert counts(db)["selection_mark"] == 3


def test_wrong_rows_are_listed_by_cell_and_offer_no_second_press(admin: Client, stand: Stand) -> None:
    page = upload(admin, stand, "nomor peserta,nilai\nTIDAKADA,5\n")
    assert "A2 Nomor peserta “TIDAKADA” tidak ada" in said(page)
    assert 'value="import"' not in page


@pytest.mark.parametrize("rows", ["", "[]]", '{"a": 1}', '[{"line": "x"}]', "[[1]]", "7"])
def test_rows_that_no_page_of_ours_wrote_are_refused(admin: Client, stand: Stand, rows: str) -> None:
    answer = admin.post(f"{stand.path}/marks", act="import", component="mark:wawancara", rows=rows)
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "bad_request"


def test_rows_that_were_changed_on_the_way_are_checked_again(admin: Client, stand: Stand) -> None:
    forged = [{"line": 2, "number": stand.absent[0].number, "name": "", "value": "80", "note": "",
               "cells": {"number": "A2", "value": "B2"}}]  # fmt: skip
    answer = admin.post(f"{stand.path}/marks", act="import", component="mark:wawancara",
                        rows=json.dumps(forged))  # fmt: skip
    assert (answer.status_code, answer.get_json()["code"]) == (422, "marks_file_wrong")


def test_another_office_s_admin_finds_nothing_and_the_trail_keeps_it(
    app: Flask, db: Database, stand: Stand
) -> None:
    stranger = add_official(db, "admin", add_other_scene(db).office)
    client = Client(app).sign_in(stranger.id)
    for path in (stand.path, f"{stand.path}/list", f"{stand.path}/person/{stand.people[0].run.public_id}"):
        assert client.get(path).status_code == 404
    with db.read() as tx:
        entries = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "access.refused")).all()
    assert [(one.actor_id, one.object_kind) for one in entries] == [(stranger.id, "activity")] * 3
    assert stand.path not in client.get("/results").get_data(as_text=True)


@pytest.mark.parametrize("rest", ["", "/criteria", "/quotas", "/list", "/marks", "/what-if"])
def test_every_page_is_there_in_english_too(admin: Client, stand: Stand, rest: str) -> None:
    admin.set_cookie("language", "en")
    assert '<html lang="en">' in admin.get(stand.path + rest).get_data(as_text=True)
