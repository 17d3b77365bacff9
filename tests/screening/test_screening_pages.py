"""The pages of screening: what they show, what stays typed after a refusal, and who is kept out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import AuditEntry
from exam_server.screening import claims, service
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, HOUR, add_official, add_other_scene
from tests.screening.cast import NOW, Bureau, Filed, file_application

EVIL = "<script>alert('x')</script>\"'{{7*7}}"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def filed(bureau: Bureau) -> Filed:
    return bureau.file()


@pytest.fixture
def ayu(app: Flask, bureau: Bureau) -> Client:
    return Client(app).sign_in(bureau.ayu.id)


def address(filed: Filed, act: str = "") -> str:
    return f"/screening/applications/{filed.public_id}" + (f"/{act}" if act else "")


def desk(bureau: Bureau) -> str:
    return f"/screening/{bureau.scene.registration.public_id}"


def press(client: Client, path: str, **form: str | list[str]) -> tuple[int, str]:
    """As a browser sends a form: (status, the page that answers)."""
    answer = client.client.post(path, base_url=client.base_url, buffered=True, data=form,
                                headers={"X-CSRF": client.csrf(), "Accept": "text/html"})  # fmt: skip
    return answer.status_code, answer.text


def acts(db: Database, act: str) -> list[tuple[int | None, str, int]]:
    with db.read() as tx:
        rows = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.id))
        return [(row.actor_id, row.object_kind, row.object_id) for row in rows]


def test_the_list_and_the_queue_show_progress_and_people(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    assert "0 dari 1 sudah diputuskan" in ayu.get("/screening").text
    page = ayu.get(desk(bureau)).text
    assert "Citra Lestari" in page
    assert address(filed) in page
    assert "Citra Lestari" not in ayu.get(desk(bureau) + "?state=accepted").text
    assert "Tidak ada permohonan yang cocok" in ayu.get(desk(bureau) + "?q=tidak+ada").text


def test_the_next_one_is_claimed_and_opened(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    answer = ayu.post(desk(bureau) + "/next")
    assert (answer.status_code, answer.headers["Location"]) == (303, address(filed))
    assert bureau.row(filed).claimed_by == bureau.ayu.id
    assert "Anda mengerjakan ini sampai" in ayu.get(address(filed)).text
    none = ayu.post(desk(bureau) + "/next").headers["Location"]
    assert "Tidak ada lagi permohonan" in ayu.get(none).text


def test_typed_data_stands_beside_the_files(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    page = ayu.get(address(filed)).text
    for words in ("17 Mei 1998", "SMA atau sederajat", "Wiraswasta", "Bukan ASN", "Ponsel pintar"):
        assert words in page
    with bureau.db.read() as tx:
        held = service.cases.find(tx, filed.public_id)
    for file in bureau.sheet(filed).files:
        assert f"/documents/{file.public_id}/pages/1" in page
    assert held.name in page


def test_opening_an_application_is_audited_once_per_sitting_down(
    db: Database, bureau: Bureau, filed: Filed, ayu: Client, clock: SetClock
) -> None:
    ayu.get(address(filed))
    ayu.get(address(filed))
    assert acts(db, "application.opened") == [(bureau.ayu.id, "application", filed.id)]
    clock.pass_by(minutes=10)
    ayu.get(address(filed))
    assert len(acts(db, "application.opened")) == 2


def test_a_tick_works_as_a_form_and_leads_to_the_next_line(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    answer = ayu.client.post(address(filed, "check"), headers={"X-CSRF": ayu.csrf()}, base_url=ayu.base_url,
                             data={"version": "1", "field": "name", "verdict": "agrees"})  # fmt: skip
    assert (answer.status_code, answer.headers["Location"]) == (303, address(filed) + "#f-nik")
    assert [check.field for check in bureau.checks(filed)] == ["name"]


def test_a_tick_works_as_json_and_says_what_is_left(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    tick = {"version": 1, "field": "name", "verdict": "differs", "note": "Nama di KTP lain"}
    told = ayu.post(address(filed, "check"), json=tick).get_json()
    assert told["ok"] is True
    assert told["left"] == bureau.fields(filed)
    assert told["until"] - told["now"] == 600_000


@pytest.mark.parametrize(
    ("tick", "status", "code"),
    [
        ({"version": 1, "field": "name", "verdict": "maybe"}, 422, "unknown_verdict"),
        ({"version": 1, "field": "x", "verdict": "agrees"}, 422, "unknown_field"),
        ({"version": 7, "field": "name", "verdict": "agrees"}, 409, "stale_version"),
        ({"version": "x", "field": "name", "verdict": "agrees"}, 400, "bad_request"),
        ({"version": 1, "field": ["name"], "verdict": "agrees"}, 400, "bad_request"),
        ({"field": "name", "verdict": "agrees"}, 400, "bad_request"),
        ([], 400, "bad_request"),
    ],
)
def test_a_tick_that_cannot_be_read_is_refused(
    bureau: Bureau, filed: Filed, ayu: Client, tick: object, status: int, code: str
) -> None:
    answer = ayu.post(address(filed, "check"), json=tick)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)
    assert bureau.checks(filed) == []


def test_accepting_from_the_page(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    status, page = press(ayu, address(filed, "accept"), version="1")
    assert status == 409
    assert "belum ditandai sesuai" in page
    bureau.agree(filed)
    assert press(ayu, address(filed, "accept"), version="1")[0] == 303
    assert "Diterima (seleksi administrasi)" in ayu.get(address(filed)).text


def test_rejecting_takes_a_second_press_and_shows_what_will_be_read(
    bureau: Bureau, filed: Filed, ayu: Client
) -> None:
    form = {"version": "1", "reason": "false_statement", "text": "Ijazah milik orang lain"}
    status, page = press(ayu, address(filed, "reject"), **form)
    assert (status, bureau.row(filed).decision) == (200, None)
    assert "Ya, tolak permohonan Citra Lestari" in page
    assert "Ijazah milik orang lain" in page
    assert press(ayu, address(filed, "reject"), sure="yes", **form)[0] == 303
    assert bureau.row(filed).decision == "rejected"


def test_a_reason_without_words_keeps_the_choice(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    status, page = press(ayu, address(filed, "reject"), version="1", reason="other", text=" ")
    assert status == 422
    assert 'value="other" checked' in page
    assert 'aria-describedby="text-problem"' in page
    assert bureau.row(filed).decision is None


def test_a_correction_from_the_page_reads_the_deadline_in_the_zone_of_the_office(
    bureau: Bureau, filed: Filed, ayu: Client
) -> None:
    form = {"version": "1", "ask": ["desa", "ktp"], "note-desa": "Tulis nama desa", "note-ktp": "Buram"}
    assert press(ayu, address(filed, "correction"), due="2026-11-04T08:00", **form)[0] == 303
    assert bureau.row(filed).due_at == NOW + 3 * DAY
    assert "Tulis nama desa" in ayu.get(address(filed)).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"due": ""}, "Isi batas waktu"),
        ({"due": "besok"}, "Isi batas waktu"),
        ({"due": "2026-11-01T09:00"}, "paling sedikit 24 jam"),
        ({"due": "2027-01-01T09:00"}, "melewati akhir tahap"),
        ({"ask": []}, "Pilih paling sedikit satu"),
        ({"note-desa": " "}, "apa yang perlu diperbaiki"),
    ],
)
def test_a_wrong_correction_keeps_everything_that_was_typed(
    bureau: Bureau, filed: Filed, ayu: Client, changed: dict[str, str | list[str]], said: str
) -> None:
    form: dict[str, str | list[str]] = {"version": "1", "ask": ["desa", "ktp"], "note-desa": "Desa apa",
                                        "note-ktp": "Berkas buram", "due": "2026-11-05T09:00"}  # fmt: skip
    status, page = press(ayu, address(filed, "correction"), **(form | changed))
    assert status == 422
    assert said in page
    assert 'value="Berkas buram"' in page
    assert 'id="correction" open' in page
    assert bureau.row(filed).due_at is None


def test_what_differs_is_proposed_for_correction(bureau: Bureau, filed: Filed, ayu: Client) -> None:
    bureau.check(filed, "desa", "differs", "Desa tidak ada")
    page = ayu.get(address(filed)).text
    assert 'name="ask" value="desa" checked' in page
    assert 'name="note-desa" maxlength="500" value="Desa tidak ada"' in page


def test_a_colleagues_application_can_only_be_read(
    db: Database, bureau: Bureau, filed: Filed, ayu: Client
) -> None:
    claims.claim(db, filed.public_id, bureau.budi.id, NOW)
    page = ayu.get(address(filed)).text
    assert "Halaman ini hanya dapat dibaca" in page
    assert bureau.budi.name in page
    assert "/check" not in page
    answer = ayu.post(address(filed, "claim"))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "claimed_by_other")


def test_a_living_page_keeps_its_claim_and_lets_go_of_it(
    bureau: Bureau, filed: Filed, ayu: Client, clock: SetClock
) -> None:
    assert ayu.post(address(filed, "claim")).get_json()["ok"] is True
    clock.pass_by(minutes=9)
    assert ayu.post(address(filed, "claim")).get_json()["ok"] is True
    assert bureau.row(filed).claimed_until == NOW + 19 * HOUR / 60
    assert press(ayu, address(filed, "release"))[0] == 303
    assert bureau.row(filed).claimed_by is None


def test_many_are_accepted_by_a_button_that_names_how_many(bureau: Bureau, ayu: Client) -> None:
    first, second = bureau.file(name="Dewi"), bureau.file(name="Eko")
    bureau.agree(first)
    bureau.agree(second)
    page = ayu.get(desk(bureau) + "/bulk").text
    assert "Terima 2 pendaftar ini" in page
    bureau.check(second, "nik", "differs", "beda")
    claims.release(bureau.db, second.public_id, bureau.ayu.id, NOW)
    rows = [f"{one.public_id}:1" for one in (first, second)]
    status, page = press(ayu, desk(bureau) + "/bulk", row=rows, count="2")
    assert status == 200
    assert "1 pendaftar diterima" in page
    assert "belum ditandai sesuai" in page
    assert [bureau.row(one).decision for one in (first, second)] == ["accepted", None]


@pytest.mark.parametrize(("rows", "count"), [(["x"], "1"), (["x:y"], "1"), (["x:1"], "2"), ([], "")])
def test_a_list_that_did_not_come_whole_accepts_nobody(
    bureau: Bureau, ayu: Client, rows: list[str], count: str
) -> None:
    assert press(ayu, desk(bureau) + "/bulk", row=rows, count=count)[0] == 400


def test_what_people_type_is_shown_and_never_run(bureau: Bureau, ayu: Client) -> None:
    filed = bureau.file(name=EVIL, address=EVIL)
    bureau.check(filed, "desa", "differs", EVIL)
    bureau.ask(filed, desa=EVIL)
    for path in (
        address(filed),
        desk(bureau) + "?state=all",
        desk(bureau) + "?q=" + EVIL.replace("{", "%7B"),
    ):
        page = ayu.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page
    status, page = press(ayu, address(filed, "reject"), version="1", reason="other", text=EVIL)
    assert (status, "<script>alert" in page) == (200, False)


FOREIGN = ("", "check", "claim", "accept", "correction", "reject", "release")


@pytest.mark.parametrize("act", FOREIGN)
def test_an_application_of_another_office_is_not_there_and_the_trail_keeps_who_asked(
    app: Flask, db: Database, bureau: Bureau, filed: Filed, act: str
) -> None:
    stranger = add_official(db, "screener", add_other_scene(db).office)
    client = Client(app).sign_in(stranger.id)
    body = {"version": "1", "field": "nik", "verdict": "agrees", "reason": "other", "text": "x"}
    answer = client.post(address(filed, act), **body) if act else client.get_json(address(filed))
    assert answer.status_code == 404
    assert acts(db, "access.refused") == [(stranger.id, "application", filed.id)]
    assert bureau.checks(filed) == []
    assert (bureau.row(filed).claimed_by, bureau.row(filed).decision) == (None, None)


@pytest.mark.parametrize("act", ["", "next", "bulk"])
def test_a_queue_of_another_office_is_not_there_and_the_trail_keeps_who_asked(
    app: Flask, db: Database, bureau: Bureau, act: str
) -> None:
    stranger = add_official(db, "admin", add_other_scene(db).office)
    client = Client(app).sign_in(stranger.id)
    path = desk(bureau) + (f"/{act}" if act else "")
    answer = client.post(path, count="0") if act else client.get_json(path)
    assert answer.status_code == 404
    assert acts(db, "access.refused") == [(stranger.id, "activity", bureau.scene.registration.id)]


def test_a_superadmin_sees_every_office_and_a_proctor_none(app: Flask, db: Database, bureau: Bureau) -> None:
    elsewhere = file_application(db, add_other_scene(db))
    everybody = Client(app).sign_in(add_official(db, "superadmin", None).id)
    assert everybody.get(address(elsewhere)).status_code == 200
    proctor = Client(app).sign_in(add_official(db, "proctor", bureau.scene.office).id)
    assert proctor.get_json("/screening").status_code == 403
    assert "/screening" not in proctor.get("/board").text


def test_an_unknown_application_is_not_there(bureau: Bureau, ayu: Client) -> None:
    assert ayu.get_json("/screening/applications/nobody").status_code == 404
    assert ayu.get_json(f"/screening/{bureau.scene.selection.public_id}").status_code == 404
