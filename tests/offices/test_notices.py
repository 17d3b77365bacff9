"""Dated notices: written by an official, kept in the trail, newest first, public from their instant on."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, AuditEntry, Notice
from exam_server.offices.service import EmptyNotice, add_notice, announcement
from tests.client import Client
from tests.conftest import SetClock
from tests.factories import DAY, START, Scene, add_official, add_scene


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=0)


@pytest.fixture
def admin(db: Database, scene: Scene) -> Account:
    return add_official(db, "admin", scene.office)


def notices(db: Database) -> list[Notice]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(Notice)))


def test_a_notice_is_published_at_once_and_kept_in_the_trail(
    db: Database, scene: Scene, admin: Account
) -> None:
    said = {"id": " Tes ditunda satu hari. ", "en": "The test is one day later."}
    notice = add_notice(db, scene.recruitment.id, said, admin.id, START)
    (kept,) = announcement(db, "jepara", START).notices
    assert (kept.id, kept.published_at) == (notice, START)
    assert kept.text == {"id": "Tes ditunda satu hari.", "en": "The test is one day later."}
    with db.read() as tx:
        row = tx.scalars(sa.select(AuditEntry).where(AuditEntry.act == "notice.published")).one()
    assert (row.actor_id, row.office_id, row.object_id) == (admin.id, scene.office.id, notice)
    assert row.detail == {"text": kept.text}


def test_the_newest_notice_comes_first_and_none_before_its_time(
    db: Database, scene: Scene, admin: Account
) -> None:
    for days, words in ((0, "lama"), (2, "baru"), (1, "tengah")):
        add_notice(db, scene.recruitment.id, {"id": words}, admin.id, START + days * DAY)
    shown = [one.text["id"] for one in announcement(db, "jepara", START + 2 * DAY).notices]
    assert shown == ["baru", "tengah", "lama"]
    assert [one.text["id"] for one in announcement(db, "jepara", START).notices] == ["lama"]


@pytest.mark.parametrize("text", [{}, {"id": "  "}, {"en": "English only"}])
def test_a_notice_without_indonesian_words_is_refused(
    db: Database, scene: Scene, admin: Account, text: dict[str, str]
) -> None:
    with pytest.raises(EmptyNotice):
        add_notice(db, scene.recruitment.id, text, admin.id, START)
    assert notices(db) == []


def test_a_notice_needs_its_recruitment(db: Database, scene: Scene, admin: Account) -> None:
    with pytest.raises(NotFound):
        add_notice(db, scene.recruitment.id + 1, {"id": "Tes ditunda."}, admin.id, START)
    assert notices(db) == []


def test_the_public_page_shows_notices_with_their_instant_in_the_language_of_the_reader(
    db: Database, app: Flask, scene: Scene, admin: Account
) -> None:
    reader = Client(app)
    assert "Belum ada perubahan jadwal" in reader.get("/offices/jepara").text
    add_notice(db, scene.recruitment.id, {"id": "Tes ditunda.", "en": "Test postponed."}, admin.id, START)
    page = reader.get("/offices/jepara").text
    assert "Tes ditunda." in page
    assert "Rabu, 4 November 2026 pukul 08.00 WIB" in page
    reader.set_cookie("language", "en")
    assert "Test postponed." in reader.get("/offices/jepara").text


def test_a_stranger_finds_the_way_to_an_account_only_while_registration_is_open(
    db: Database, app: Flask, scene: Scene, clock: SetClock
) -> None:
    for page in ("/", "/offices/jepara"):
        assert 'href="/signup"' in Client(app).get(page).text.split("<main")[1]
    clock.at = START + 14 * DAY
    for page in ("/", "/offices/jepara"):
        assert 'href="/signup"' not in Client(app).get(page).text.split("<main")[1]
