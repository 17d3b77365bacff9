"""Guides: harmless PDF files, offered on the announcement, kept to the office while it is a draft."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from exam_server.db import Database
from exam_server.models import AuditEntry, Guide, Recruitment
from tests.client import Client
from tests.documents import corpus
from tests.factories import Scene, add_official, make_picture
from tests.recruitments.entering import must, problems

AT = "/desk/jepara/2026/guides"
REASON = "Panduan terlambat"
MB = 1024 * 1024


def send(client: Client, data: bytes, title: str = "Panduan mendaftar", reason: str = REASON) -> TestResponse:
    file = FileStorage(io.BytesIO(data), "../panduan <2026>.pdf")
    typed = {"title_id": title, "title_en": "", "reason": reason, "file": file, "csrf": client.csrf()}
    # encoded here: the test client would leave its temporary file of a large body open
    boundary, body = encode_multipart(typed)
    return client.client.post(AT, base_url=client.base_url, buffered=True, data=body,
                              content_type=f'multipart/form-data; boundary="{boundary}"')  # fmt: skip


def held(db: Database) -> list[Guide]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Guide)))


def test_a_guide_is_offered_on_the_announcement(
    admin: Client, app: Flask, db: Database, scene: Scene
) -> None:
    data = corpus.pdf(2)
    must(send(admin, data), f"{AT}?saved=1")
    guide = held(db)[0]
    page = Client(app).get("/offices/jepara").get_data(as_text=True)
    assert f'href="/guides/{guide.public_id}"' in page
    answer = Client(app).get(f"/guides/{guide.public_id}")
    assert answer.data == data
    assert answer.headers["Content-Disposition"] == "attachment; filename=panduan-2026.pdf"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_guide_of_a_draft_is_the_offices_own(admin: Client, app: Flask, db: Database, scene: Scene) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Recruitment).values(published_at=None))
    must(send(admin, corpus.pdf(1), reason=""), f"{AT}?saved=1")
    path = f"/guides/{held(db)[0].public_id}"
    assert admin.get(path).status_code == 200
    proctor = add_official(db, "proctor", scene.office).id
    for client in (Client(app), Client(app).sign_in(proctor)):
        assert client.get_json(path).get_json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("data", "title", "reason", "field"),
    [
        (b"", "Panduan", REASON, "file"),
        (b"%PDF-1.4 rusak", "Panduan", REASON, "file"),
        (make_picture(), "Panduan", REASON, "file"),
        (corpus.encrypted_pdf(), "Panduan", REASON, "file"),
        (corpus.hidden_javascript_pdf(), "Panduan", REASON, "file"),
        (corpus.pdf(11), "Panduan", REASON, "file"),
        (b"%PDF-" + b"0" * (5 * MB), "Panduan", REASON, "file"),
        (corpus.pdf(1), " ", REASON, "title_id"),
        (corpus.pdf(1), "Panduan", "", "reason"),
    ],
    ids=["empty", "damaged", "picture", "locked", "with a program", "long", "large", "no title", "no reason"],
)
def test_what_is_no_guide_is_refused_beside_its_field(
    admin: Client, db: Database, scene: Scene, data: bytes, title: str, reason: str, field: str
) -> None:
    answer = send(admin, data, title, reason)
    assert answer.status_code in (413, 422)
    assert [name for name, _ in problems(answer)] == [f"{field}-problem"]
    assert held(db) == []


def test_without_a_file_one_is_asked_for(admin: Client, scene: Scene) -> None:
    answer = admin.submit(AT, title_id="Panduan", title_en="", reason=REASON)
    assert [name for name, _ in problems(answer)] == ["file-problem"]


def test_a_guide_goes_with_a_reason(admin: Client, db: Database, scene: Scene) -> None:
    must(send(admin, corpus.pdf(1)), f"{AT}?saved=1")
    public_id = held(db)[0].public_id
    assert admin.post(AT, remove=public_id).get_json()["code"] == "reason_missing"
    assert admin.post(AT, remove="tidak-ada", reason=REASON).get_json()["code"] == "not_found"
    must(admin.submit(AT, remove=public_id, reason=REASON), f"{AT}?saved=1")
    assert held(db) == []
    assert admin.get_json(f"/guides/{public_id}").status_code == 404
    with db.read() as tx:
        found = (
            sa.select(AuditEntry.act).where(AuditEntry.object_kind == "recruitment").order_by(AuditEntry.id)
        )
        assert list(tx.scalars(found)) == ["guide.added", "guide.removed"]


def test_ten_guides_are_enough(admin: Client, db: Database, scene: Scene) -> None:
    data = corpus.pdf(1)
    with db.write() as tx:
        tx.add_all(
            Guide(recruitment_id=scene.recruitment.id, title={"id": "x"}, filename="x.pdf", sha256="0",
                  content=b"x", added_at=scene.recruitment.published_at)
            for _ in range(10)
        )  # fmt: skip
    answer = send(admin, data)
    assert answer.status_code == 409
    assert "Paling banyak 10 panduan." in answer.get_data(as_text=True)
    assert len(held(db)) == 10
