"""Anybody can write somebody's NIK into a request for help: that alone opens nobody's files."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.documents import files
from exam_server.models import Document, Profile
from tests.client import Client
from tests.factories import add, add_applicant, make_document, make_nik, make_picture
from tests.recovery.pleas import Town, asked, make_town


@pytest.fixture
def town(db: Database) -> Town:
    return make_town(db)


def page_of(app: Flask, db: Database, owner_id: int) -> str:
    """The address of a page of a KTP of theirs."""
    with db.read() as tx:
        wanted = sa.select(Document).where(Document.account_id == owner_id, Document.kind == "ktp")
        found = tx.scalars(wanted).one_or_none()
    document = found or add(db, make_document(owner_id, "ktp"))
    folder = files.place(app.extensions["house"].settings.data_dir, document.stored_name)
    folder.mkdir(parents=True)
    (folder / "page-1.jpg").write_bytes(make_picture(kind="JPEG"))
    return f"/documents/{document.public_id}/pages/1"


def live_in(db: Database, owner_id: int, office_id: int | None) -> None:
    with db.write() as tx:
        tx.execute(sa.update(Profile).where(Profile.account_id == owner_id).values(office_id=office_id))


def statuses(app: Flask, town: Town, path: str) -> dict[str, int]:
    people = {"home": town.admin, "other": town.other_admin, "superadmin": town.superadmin}
    return {name: Client(app).sign_in(one.id).get(path).status_code for name, one in people.items()}


def test_the_office_where_the_owner_lives_compares_the_file(app: Flask, db: Database, town: Town) -> None:
    path = page_of(app, db, town.holder.id)
    assert statuses(app, town, path)["home"] == 404
    asked(db, town, "email")
    assert statuses(app, town, path) == {"home": 200, "other": 404, "superadmin": 200}


def test_an_admin_who_names_the_nik_of_somebody_without_an_office_sees_nothing(
    app: Flask, db: Database, town: Town
) -> None:
    path = page_of(app, db, town.holder.id)
    live_in(db, town.holder.id, None)
    asked(db, town, "email", office=town.elsewhere.office.slug)
    assert statuses(app, town, path) == {"home": 404, "other": 404, "superadmin": 200}


def test_a_request_from_before_opens_nothing_once_the_owner_applied_elsewhere(
    app: Flask, db: Database, town: Town
) -> None:
    owner, nik = add_applicant(db, town.scene), make_nik()
    with db.write() as tx:
        tx.execute(sa.update(Profile).where(Profile.account_id == owner.id).values(nik=nik))
    live_in(db, owner.id, town.elsewhere.office.id)
    path = page_of(app, db, owner.id)
    public_id = asked(db, town, "email", nik=nik)
    with db.write() as tx:  # as it was sent before there was an application
        tx.execute(sa.text("UPDATE help_request SET office_id = :office WHERE public_id = :request"),
                   {"office": town.elsewhere.office.id, "request": public_id})  # fmt: skip
    assert statuses(app, town, path) == {"home": 200, "other": 404, "superadmin": 200}
