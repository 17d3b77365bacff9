"""The page Petugas and the page behind an invitation, as people use them."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from exam_server import mail
from exam_server.accounts import service as accounts
from exam_server.db import Database
from exam_server.models import Account, Mail
from tests.client import Client
from tests.factories import PASSWORD, START, add_account, add_official, assign
from tests.staff.conftest import Cast
from tests.staff.samples import add_equipped, add_invitation

RINA = "rina@kantor.example"


@pytest.fixture
def admin(app: Flask, cast: Cast) -> Client:
    return Client(app).sign_in(cast.admin.id)


def submit(client: Client, path: str, **form: str) -> TestResponse:
    """As a browser sends a form: a refusal comes back as a page."""
    return client.client.post(
        path, data=form | {"csrf": client.csrf()}, base_url=client.base_url, buffered=True
    )


def text(answer: TestResponse) -> str:
    return html.unescape(answer.get_data(as_text=True))


def invite(client: Client, **changed: str) -> TestResponse:
    form = {"name": "Rina Lestari", "email": RINA, "role": "proctor", "office": "jepara"}
    return submit(client, "/staff/invitations", **(form | changed))


def link_in_the_letter(db: Database) -> str:
    with db.read() as tx:
        body = tx.scalars(sa.select(Mail.body).order_by(Mail.id.desc())).first() or ""
    found = re.search(re.escape(mail.ADDRESS) + r"(/join/\S+)", body)
    assert found
    return found[1]


def test_from_inviting_to_the_first_page_of_a_new_official(
    admin: Client, app: Flask, db: Database, cast: Cast
) -> None:
    answer = invite(admin)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff?done=invited")
    page = text(admin.get("/staff?done=invited"))
    assert "Undangan dikirim melalui surel." in page
    assert RINA in page
    newcomer, link = Client(app), link_in_the_letter(db)
    seen = text(newcomer.get(link))
    assert cast.admin.name in seen
    assert "Pengawas" in seen
    assert cast.here.office.name in seen
    assert RINA in seen
    assert "Undangan diterima" in text(submit(newcomer, link, name="Rina Lestari", password=PASSWORD))
    assert newcomer.post("/login", email=RINA, password=PASSWORD).status_code == 303
    assert newcomer.get_json("/board").status_code == 200
    assert newcomer.get_json("/staff").status_code == 403


def test_a_new_proctor_finds_no_board_before_a_sitting_is_theirs(
    admin: Client, app: Flask, db: Database, cast: Cast
) -> None:
    board = f"/board/{cast.here.selection.public_id}"
    invite(admin)
    newcomer, link = Client(app), link_in_the_letter(db)
    submit(newcomer, link, name="Rina Lestari", password=PASSWORD)
    newcomer.post("/login", email=RINA, password=PASSWORD)
    assert newcomer.get_json(board).status_code == 403
    with db.read() as tx:
        account_id = tx.scalars(sa.select(Account.id).where(Account.email == RINA)).one()
    assign(db, cast.here.sitting.id, account_id)
    assert newcomer.get_json(board).status_code == 200


def test_looking_at_an_invitation_uses_nothing_up(app: Flask, db: Database, cast: Cast) -> None:
    _, token = add_invitation(db, cast.here.office)
    assert [Client(app).get(f"/join/{token}").status_code for _ in range(3)] == [200] * 3
    with db.read() as tx:
        assert tx.scalar(sa.select(sa.func.count(Account.id)).where(Account.email.like("undangan%"))) == 0


@pytest.mark.parametrize(
    ("changed", "status", "field", "said"),
    [
        ({"email": "rina"}, 422, "email", "Alamat surel ini belum lengkap"),
        ({"name": ""}, 422, "name", "Tulis nama lengkap"),
        ({"role": "root"}, 422, "role", "Pilih satu peran"),
        ({"office": ""}, 422, "office", "Pilih kantor"),
        ({"office": "magetan"}, 403, "office", "kantor Anda sendiri"),
        ({"role": "superadmin"}, 403, "office", "kantor Anda sendiri"),
    ],
)
def test_a_refused_invitation_keeps_what_was_typed_and_stands_beside_its_field(
    admin: Client, changed: dict[str, str], status: int, field: str, said: str
) -> None:
    answer = invite(admin, **changed)
    page = text(answer)
    assert answer.status_code == status
    assert said in page
    tag = re.search(rf'<(?:input|select)[^>]*id="i-{field}"[^>]*>', page)
    assert tag
    assert f'aria-invalid="true" aria-describedby="i-{field}-problem" autofocus' in tag[0]
    if field != "name":
        assert 'value="Rina Lestari"' in page


def test_a_program_is_told_the_refusal_itself(admin: Client) -> None:
    form = {"name": "Rina", "email": "rina", "role": "proctor", "office": "jepara"}
    answer = admin.post("/staff/invitations", **form)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "email_unusable")


def test_an_invitation_is_sent_again_and_withdrawn(
    admin: Client, app: Flask, db: Database, cast: Cast
) -> None:
    public_id, old = add_invitation(db, cast.here.office)
    assert submit(admin, f"/staff/invitations/{public_id}/resend").status_code == 303
    assert Client(app).get(f"/join/{old}").status_code in (200, 410)
    new = link_in_the_letter(db)
    assert Client(app).get(new).status_code == 200
    assert submit(admin, f"/staff/invitations/{public_id}/withdraw").status_code == 303
    gone = Client(app).get(new)
    assert gone.status_code == 410
    assert "sudah dipakai" in text(gone)
    again = submit(admin, f"/staff/invitations/{public_id}/withdraw")
    assert again.status_code == 409
    assert "sudah diterima atau sudah ditarik" in text(again)


@pytest.mark.parametrize(("name", "password", "said"), [
    ("", PASSWORD, "Tulis nama lengkap"), ("Rina Lestari", "pendek", "paling sedikit 8"),
    ("Rina Lestari", "rinalestari", "terlalu mudah ditebak"),
])  # fmt: skip
def test_a_refused_account_keeps_the_name_and_the_link(
    app: Flask, db: Database, cast: Cast, name: str, password: str, said: str
) -> None:
    _, token = add_invitation(db, cast.here.office)
    newcomer = Client(app)
    answer = submit(newcomer, f"/join/{token}", name=name, password=password)
    assert answer.status_code == 422
    assert said in text(answer)
    assert password not in text(answer)
    assert submit(newcomer, f"/join/{token}", name="Rina Lestari", password=PASSWORD).status_code == 200


def test_an_official_with_an_account_signs_in_and_accepts(app: Flask, db: Database, cast: Cast) -> None:
    _, token = add_invitation(db, cast.here.office, email=cast.stranger.email)
    link, client = f"/join/{token}", Client(app)
    assert f"/login?next={link}" in text(client.get(link))
    assert client.post(link).status_code == 401, "a link alone is not enough"
    assert "Anda masuk sebagai" in text(Client(app).sign_in(cast.proctor.id).get(link))
    assert Client(app).sign_in(cast.proctor.id).post(link).get_json()["code"] == "other_account"
    client.sign_in(cast.stranger.id)
    assert "Terima peran petugas seleksi administrasi" in text(client.get(link))
    assert "Undangan diterima" in text(submit(client, link))
    assert client.post(link).get_json()["code"] == "link_expired"


def test_an_account_without_entries_becomes_an_officials(app: Flask, db: Database, cast: Cast) -> None:
    account = add_account(db, PASSWORD, email=RINA)
    _, token = add_invitation(db, cast.here.office, email=RINA)
    client = Client(app).sign_in(account.id)
    assert submit(client, f"/join/{token}").status_code == 200
    assert client.get_json("/board").status_code == 200


def test_roles_are_given_and_ended_on_the_page(admin: Client, app: Flask, cast: Cast) -> None:
    theirs = Client(app).sign_in(cast.proctor.id)
    assign(cast.db, cast.here.sitting.id, cast.proctor.id)
    person, board = f"/staff/{cast.proctor.public_id}", f"/board/{cast.here.selection.public_id}"
    assert submit(admin, f"{person}/role", role="screener", office="jepara").status_code == 303
    assert theirs.get_json(board).status_code == 200
    done = submit(admin, f"{person}/role/end", role="proctor", office="jepara", reason="Pindah tugas")
    assert done.headers["Location"] == "/staff?done=ended"
    assert theirs.get_json(board).status_code == 403


def test_a_missing_reason_stands_in_the_form_that_was_sent(admin: Client, cast: Cast) -> None:
    answer = submit(
        admin, f"/staff/{cast.proctor.public_id}/role/end", role="proctor", office="jepara", reason="x"
    )
    page = text(answer)
    assert answer.status_code == 422
    assert page.count("Tulis alasannya, paling sedikit 5 huruf.") == 1
    assert page.count("<details open>") == 1
    assert len(re.findall(r'aria-invalid="true"[^>]*autofocus', page)) == 1


def test_stopping_an_account_signs_it_out(admin: Client, app: Flask, cast: Cast) -> None:
    theirs = Client(app).sign_in(cast.proctor.id)
    assert submit(admin, f"/staff/{cast.proctor.public_id}/disable", reason="Pindah tugas").status_code == 303
    assert theirs.get_json("/board").status_code == 401
    page = text(admin.get("/staff?done=disabled"))
    assert "Dinonaktifkan" in page
    own = submit(admin, f"/staff/{cast.admin.public_id}/disable", reason="Pindah tugas")
    assert own.status_code == 409


def test_a_lost_phone_is_taken_off_on_the_page(admin: Client, app: Flask, db: Database, cast: Cast) -> None:
    equipped = add_equipped(db, cast.here.office)
    assert "Lepas langkah masuk kedua" in text(admin.get("/staff"))
    path = f"/staff/{equipped.public_id}/second-factor/reset"
    assert submit(admin, path, reason="Ponsel hilang").status_code == 303
    assert submit(admin, path, reason="Ponsel hilang").status_code == 409


def test_the_page_shows_who_and_nobody_elses(admin: Client, db: Database, cast: Cast) -> None:
    accounts.open_session(db, cast.proctor.id, "x", START)
    page = text(admin.get("/staff"))
    for account in (cast.admin, cast.colleague, cast.proctor):
        assert account.email in page
    for account in (cast.stranger, cast.superadmin):
        assert account.email not in page
    assert "Terakhir masuk Rabu, 4 November 2026 pukul 08.00 WIB" in page
    assert "Belum pernah masuk" in page
    assert 'href="/staff" aria-current="page"' in page


def test_a_superadmin_sees_everybody(app: Flask, cast: Cast) -> None:
    page = text(Client(app).sign_in(cast.superadmin.id).get("/staff"))
    for account in (cast.admin, cast.stranger, cast.second):
        assert account.email in page


def test_the_page_asks_a_constant_number_of_statements(admin: Client, db: Database, cast: Cast) -> None:
    def statements() -> int:
        asked: list[str] = []

        def count(*given: object) -> None:
            asked.append(str(given[2]))

        sa.event.listen(db.engine, "before_cursor_execute", count)
        assert admin.get("/staff").status_code == 200
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return len(asked)

    few = statements()
    for _ in range(10):
        add_official(db, "screener", cast.here.office)
        add_invitation(db, cast.here.office)
    assert statements() == few
