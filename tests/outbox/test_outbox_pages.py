"""Reading letters: in the demo only, by admins only, with links that lead to this installation only."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server import mail
from exam_server.db import Database
from exam_server.models import Mail
from exam_server.outbox.views import pieces
from tests.client import Client
from tests.conftest import MakeApp
from tests.factories import START, add_official, add_scene
from tests.staff.samples import add_equipped


@pytest.fixture
def letter(db: Database) -> str:
    """The public id of a letter with a link and something that wants to be markup."""
    body = f"Halo <b>Ayu</b>,\n\nBuka {mail.link('/activate/kanari-token')}\natau https://jahat.example\n"
    with db.write() as tx:
        mail.post(tx, mail.Letter("Aktifkan <akun>", body), "ayu@surel.example", START)
    with db.read() as tx:
        return tx.scalars(sa.select(Mail.public_id)).one()


@pytest.fixture
def admin(client: Client, db: Database) -> Client:
    return client.sign_in(add_official(db, "admin", add_scene(db, items=0).office).id)


def test_the_demos_admin_reads_a_letter_and_follows_its_link(admin: Client, letter: str) -> None:
    shown = admin.get("/outbox").get_data(as_text=True)
    assert "Aktifkan &lt;akun&gt;" in shown
    assert "Menunggu dikirim" in shown
    page = admin.get(f"/outbox/{letter}").get_data(as_text=True)
    assert '<a href="http://localhost/activate/kanari-token">' in page
    assert "Halo &lt;b&gt;Ayu&lt;/b&gt;" in page
    assert 'href="https://jahat.example' not in page
    assert mail.ADDRESS not in page


def test_the_menu_leads_there_in_the_demo(admin: Client) -> None:
    assert 'href="/outbox"' in admin.get("/outbox").get_data(as_text=True)


def test_an_empty_outbox_says_so(admin: Client) -> None:
    assert "Belum ada surat." in admin.get("/outbox").get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "said"),
    [({"sent_at": START, "body": ""}, "Isi surat dihapus"),
     ({"given_up_at": START, "problem": "Server surel menolak surat ini.", "tries": 1}, "Dicoba 1 kali"),
     ({"problem": "Server surel tidak dapat dihubungi.", "tries": 2}, "Dicoba lagi")],
)  # fmt: skip
def test_a_letter_tells_where_it_stands(
    admin: Client, db: Database, letter: str, state: dict[str, object], said: str
) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Mail).values(**state))
    assert said in admin.get(f"/outbox/{letter}").get_data(as_text=True)


def test_a_letter_that_is_not_there_is_told(admin: Client) -> None:
    assert admin.get_json("/outbox/tidak-ada").status_code == 404


def test_in_production_nobody_reads_letters(make_app: MakeApp, db: Database, letter: str) -> None:
    address = "https://ujian.example.go.id"
    client = Client(make_app(env="production", base_url=address, origins=(address,)))
    client.sign_in(add_equipped(db, add_scene(db, items=0).office, "admin").id)
    assert client.get_json("/board").status_code == 200, "signed in with a second step"
    for path in ("/outbox", f"/outbox/{letter}"):
        answer = client.get_json(path)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert 'href="/outbox"' not in client.get("/board").get_data(as_text=True)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", []),
        ("Halo", [("Halo", False)]),
        (mail.link("/a?b=1#c") + "\nx", [("/a?b=1#c", True), ("\nx", False)]),
        (mail.ADDRESS + "jahat.example", [(mail.ADDRESS + "jahat.example", False)]),
    ],
)
def test_only_our_own_pages_become_links(body: str, parts: list[tuple[str, bool]]) -> None:
    assert pieces(body) == parts
