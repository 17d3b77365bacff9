"""The pages of Bantuan and Permintaan: what each person is shown, and that nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from exam_server.db import Database
from exam_server.documents import files
from exam_server.recovery import service
from tests.client import Client
from tests.conftest import MakeApp, SetClock
from tests.factories import DAY, START, add, add_booked, make_document, make_picture
from tests.recovery.pleas import (
    NEW_EMAIL,
    REASON,
    Town,
    account,
    add_second_factor,
    asked,
    bodies,
    count,
    granted,
    live_sessions,
    newest,
    nik_of,
    row,
)
from tests.recovery.samples import add_link

NONCE = re.compile(r' nonce="[^"]+"')


def text(response: Any) -> str:
    return unescape(response.get_data(as_text=True))


def typed(town: Town, kind: str, **changed: str) -> dict[str, str]:
    values = {"kind": kind, "name": "Rara Wulandari", "nik": town.nik, "email": NEW_EMAIL,
              "office": town.scene.office.slug, "explanation": "Ponsel lama hilang."}  # fmt: skip
    return values | changed


def as_page(client: Client, path: str, form: dict[str, str]) -> Any:
    """As a browser sends a form: it wants a page back."""
    return client.client.post(
        path, base_url=client.base_url, data=form | {"csrf": client.csrf()}, buffered=True
    )


def test_a_stranger_gets_the_same_answer_whether_an_account_fits_or_not(client: Client, town: Town) -> None:
    answers = []
    for nik in (town.nik, "3320011705989999"):
        sent = as_page(client, "/help", typed(town, "email", nik=nik))
        page = NONCE.sub("", text(client.get(sent.headers["Location"])))
        answers.append((sent.status_code, sent.headers["Location"], page))
    assert answers[0] == answers[1]
    assert "Permintaan sudah kami terima" in answers[0][2]
    assert count(service_db(client)) == 2


def service_db(client: Client) -> Database:
    return client.house.db


def test_a_stranger_is_led_to_sign_in_for_what_is_a_candidates(client: Client, town: Town) -> None:
    for kind in ("nik", "erasure"):
        answer = client.get(f"/help?kind={kind}")
        assert answer.headers["Location"] == f"/login?next=/help?kind%3D{kind}"
        assert client.post("/help", **typed(town, kind)).status_code == 401


def test_an_official_is_told_that_these_are_for_candidates(client: Client, town: Town) -> None:
    client.sign_in(town.admin.id)
    assert client.get_json("/help?kind=erasure").get_json()["code"] == "not_for_officials"
    assert client.get("/help?kind=second_factor").status_code == 200


def test_an_unknown_kind_is_a_calm_404(client: Client, town: Town) -> None:
    assert client.get("/help?kind=lain").status_code == 404
    assert client.post("/help", kind="lain").get_json()["code"] == "no_such_kind"


def test_what_was_typed_is_kept_and_the_first_wrong_field_is_shown(client: Client, town: Town) -> None:
    answer = as_page(client, "/help", typed(town, "email", nik="123", email="tanpa-at"))
    page = text(answer)
    assert answer.status_code == 422
    assert 'value="tanpa-at"' in page
    assert "Ponsel lama hilang." in page
    assert 'aria-describedby="nik-problem"' in page
    assert page.count("autofocus") == 1
    assert page.index("autofocus") < page.index('name="email"')
    assert "Gagal" not in page


def test_a_program_is_told_which_fields_are_wrong(client: Client, town: Town) -> None:
    told = client.post("/help", **typed(town, "email", nik="123", name="")).get_json()
    assert (told["code"], told["fields"]) == ("plea_incomplete", ["name", "nik"])


def test_too_many_pleas_are_told_when_to_come_back(client: Client, town: Town) -> None:
    for number in range(11):
        answer = client.post("/help", **typed(town, "email", email=f"a{number}@surel.example"))
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_candidate_follows_the_own_request(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.asker.id)
    assert as_page(client, "/help", typed(town, "nik")).status_code == 303
    assert "Menunggu jawaban" in text(client.get("/help"))
    service.refuse(db, newest(db).public_id, town.admin, "Bawa KTP ke loket.", START)
    page = text(client.get("/help"))
    assert "Tidak dikabulkan" in page
    assert "Bawa KTP ke loket." in page


def test_a_second_press_is_told_and_not_kept(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.asker.id)
    client.post("/help", **typed(town, "nik"))
    assert client.post("/help", **typed(town, "nik")).get_json()["code"] == "already_asked"
    assert count(db) == 1


def test_a_second_press_in_a_browser_keeps_what_was_typed(client: Client, town: Town) -> None:
    client.sign_in(town.asker.id)
    as_page(client, "/help", typed(town, "nik"))
    answer = as_page(client, "/help", typed(town, "nik", explanation="Sekali lagi."))
    assert answer.status_code == 409
    assert "sudah Anda kirim dan sedang diperiksa" in text(answer)
    assert "Sekali lagi." in text(answer)


def test_the_page_of_erasure_says_what_goes_what_stays_and_what_must_end(
    client: Client, db: Database, town: Town
) -> None:
    person = add_booked(db, town.scene)
    client.set_cookie("exam", person.token)
    page = text(client.get("/help?kind=erasure"))
    for sentence in (
        "Yang dihapus",
        "Yang tetap disimpan",
        "Rekrutmen yang masih berjalan harus selesai dahulu",
    ):
        assert sentence in page
    assert f'name="office" value="{town.scene.office.slug}"' in page
    assert as_page(client, "/help", typed(town, "erasure", explanation="")).status_code == 303


def test_the_official_reads_first_what_granting_will_do(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.admin.id)
    public_id = asked(db, town, "nik")
    page = text(client.get(f"/requests/{public_id}"))
    assert "Bila dikabulkan:" in page
    assert "NIK dihapus dari profil akun pe***@surel.example" in page
    assert town.holder.email not in page
    done = as_page(client, f"/requests/{public_id}/grant", {"answer": REASON})
    assert (done.status_code, nik_of(db, town.holder.id)) == (303, None)
    assert "Dikabulkan" in text(client.get(f"/requests/{public_id}"))


def test_what_cannot_be_granted_has_no_button_for_it(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.admin.id)
    public_id = asked(db, town, "email", nik="3320011705989999")
    page = text(client.get(f"/requests/{public_id}"))
    assert "/grant" not in page
    assert "Tidak ada akun yang cocok dengan data permintaan ini." in page
    refused = as_page(client, f"/requests/{public_id}/grant", {"answer": "Saya kira cocok."})
    assert refused.status_code == 409
    assert "Saya kira cocok." in text(refused)


def test_a_decision_without_a_reason_keeps_the_page(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.admin.id)
    public_id = asked(db, town, "nik")
    for act in ("grant", "refuse"):
        answer = as_page(client, f"/requests/{public_id}/{act}", {"answer": " "})
        assert answer.status_code == 422
        assert 'aria-describedby="answer-problem"' in text(answer)
    assert row(db, public_id).outcome is None


def test_an_official_who_comes_second_is_told(client: Client, db: Database, town: Town) -> None:
    client.sign_in(town.admin.id)
    public_id = asked(db, town, "nik")
    service.refuse(db, public_id, town.superadmin, "Sudah dijawab.", START)
    answer = client.post(f"/requests/{public_id}/grant", answer="Terlambat.")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "already_resolved")
    assert "Sudah dijawab." in text(as_page(client, f"/requests/{public_id}/grant", {"answer": "Terlambat."}))


def test_the_list_shows_the_own_office_only(client: Client, db: Database, town: Town) -> None:
    asked(db, town, "nik")
    client.sign_in(town.admin.id)
    assert "Rara Wulandari" in text(client.get("/requests"))
    assert "Rara Wulandari" not in text(client.get("/requests?state=resolved"))
    assert "Rara Wulandari" not in text(client.get("/requests?kind=erasure"))
    assert "Rara Wulandari" not in text(Client(client.app).sign_in(town.other_admin.id).get("/requests"))
    assert Client(client.app).sign_in(town.proctor.id).get("/requests").status_code == 403


@pytest.mark.parametrize("query", ["page=-1", "page=x", "state=lain", "kind=lain", "page=999999"])
def test_odd_filters_break_nothing(client: Client, town: Town, query: str) -> None:
    assert client.sign_in(town.admin.id).get(f"/requests?{query}").status_code == 200


def test_a_long_list_has_pages(
    client: Client, db: Database, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 2)
    for number in range(3):
        asked(db, town, "email", email=f"a{number}@surel.example", name=f"Orang {number}")
    client.sign_in(town.admin.id)
    first, second = text(client.get("/requests")), text(client.get("/requests?page=1"))
    assert ("Orang 1" in first, "Orang 2" in first, "Orang 2" in second) == (True, False, True)


def test_the_link_shows_a_button_and_only_pressing_it_changes_the_address(
    client: Client, db: Database, town: Town
) -> None:
    token = add_link(db, town.scene.office)
    owner = newest(db).resolved_by or 0
    before = account(db, owner).email
    for _ in range(2):
        assert "Pakai alamat baru" in text(client.get(f"/help/email/{token}"))
    assert account(db, owner).email == before
    assert "sudah diganti" in text(as_page(client, f"/help/email/{token}", {}))
    assert account(db, owner).email == newest(db).email
    assert live_sessions(db, owner) == 0
    assert client.get(f"/help/email/{token}").status_code == 410


def test_an_old_or_damaged_link_is_told(client: Client, db: Database, town: Town, clock: SetClock) -> None:
    token = add_link(db, town.scene.office)
    assert client.get(f"/help/email/{token}x").status_code == 404
    clock.at += DAY
    assert client.post(f"/help/email/{token}").get_json()["code"] == "link_expired"


def test_in_production_an_official_without_the_second_step_decides_nothing(
    make_app: MakeApp, db: Database, town: Town
) -> None:
    address = "https://ujian.example.go.id"
    secure: Flask = make_app(env="production", base_url=address, origins=(address,))
    public_id = asked(db, town, "nik")
    client = Client(secure).sign_in(town.admin.id)
    assert (
        client.post(f"/requests/{public_id}/grant", answer=REASON).get_json()["code"]
        == "second_factor_needed"
    )
    add_second_factor(db, town.admin.id)
    assert client.post(f"/requests/{public_id}/grant", answer=REASON).status_code == 303


def test_the_letter_carries_the_link_of_this_installation(db: Database, town: Town) -> None:
    granted(db, town, asked(db, town, "email"))
    assert "\x1aaddress\x1a/help/email/" in bodies(db, NEW_EMAIL)[0]


def test_what_a_stranger_wrote_is_shown_as_text(client: Client, db: Database, town: Town) -> None:
    public_id = asked(
        db, town, "email", name="<b>Rara</b>", explanation="<script>alert(1)</script> {name} %s"
    )
    page = client.sign_in(town.admin.id).get(f"/requests/{public_id}").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<b>Rara" not in page


def test_a_file_may_be_compared_by_the_asked_office_while_the_request_is_open(
    app: Flask, client: Client, db: Database, town: Town
) -> None:
    document = add(db, make_document(town.asker.id, "ktp"))
    folder = files.place(app.extensions["house"].settings.data_dir, document.stored_name)
    folder.mkdir(parents=True)
    (folder / "page-1.jpg").write_bytes(make_picture(kind="JPEG"))
    path = f"/documents/{document.public_id}/pages/1"
    client.sign_in(town.admin.id)
    stranger = Client(app).sign_in(town.other_admin.id)
    assert client.get(path).status_code == 404
    public_id = asked(db, town, "nik")
    assert path in text(client.get(f"/requests/{public_id}"))
    assert (client.get(path).status_code, stranger.get(path).status_code) == (200, 404)
    service.refuse(db, public_id, town.admin, "Bukan milik pemohon.", START)
    assert client.get(path).status_code == 404
