"""Whoever has keys of items before them stands in the trail: one row a page, written before it leaves."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server import audit
from exam_server.db import Database
from exam_server.language import LANGUAGES
from exam_server.models import AuditEntry, BankItem
from exam_server.trail.words import SENTENCES, UNKNOWN, sentence
from tests.factories import START
from tests.routes import Cast, cast_of, matrix

LOOKS = {
    "GET /bank/item/<int:item_id>": "bank.item_opened",
    "GET /bank/item/<int:item_id>/edit": "bank.item_opened",
    "GET /bank/imports/<public_id>": "bank.file_opened",
    "GET /bank/export/<format>": "bank.exported",
    "GET /results/<public_id>/corrections/new": "correction.viewed",
    "GET /results/<public_id>/corrections/preview": "correction.viewed",
    "GET /results/<public_id>/analysis/items": "analysis.viewed",
    "GET /results/<public_id>/analysis/items/<int:revision_id>": "analysis.viewed",
}
"""Pages that tell officials keys of items, and the act that each leaves."""


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


def path(cast: Cast, route: str) -> str:
    """A form that asks for a code shows an item only when it was told one."""
    shown = cast.path(route)
    if not route.endswith("/corrections/new"):
        return shown
    with cast.db.read() as tx:
        mine = BankItem.office_id == cast.scene.office.id
        code = tx.scalars(sa.select(BankItem.code).where(mine).order_by(BankItem.id)).first()
    return f"{shown}?item={code}"


def rows(db: Database) -> list[AuditEntry]:
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def test_every_page_with_keys_is_a_page_that_there_is() -> None:
    assert set(LOOKS) - set(matrix()) == set()


@pytest.mark.parametrize("route", LOOKS)
def test_a_look_leaves_one_row(app: Flask, db: Database, cast: Cast, route: str) -> None:
    address, client = path(cast, route), cast.client(app, "admin")
    before = len(rows(db))
    assert client.get(address).status_code == 200
    (entry,) = rows(db)[before:]
    assert (entry.act, entry.actor_id, entry.at, entry.office_id) == (
        LOOKS[route], cast.accounts["admin"], START, cast.scene.office.id,
    )  # fmt: skip


@pytest.mark.parametrize("route", LOOKS)
def test_nothing_is_shown_that_the_trail_could_not_keep(
    app: Flask, db: Database, cast: Cast, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, client = path(cast, route), cast.client(app, "admin")

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(audit, "_append", full)
    answer = client.get(address)
    assert answer.status_code == 500
    assert "kunci" not in answer.get_data(as_text=True).casefold()


@pytest.mark.parametrize("act", sorted(set(LOOKS.values())))
def test_each_look_is_told_in_a_sentence(act: str) -> None:
    assert SENTENCES[act] != UNKNOWN
    for language in LANGUAGES:
        told = sentence(act, {}, language, actor="Rina", person=None, office="BPS Jepara", thing="soal #1")
        assert "Rina" in told
        assert "{" not in told


def test_a_refused_look_at_a_correction_shows_no_key_and_leaves_no_row(
    app: Flask, db: Database, cast: Cast
) -> None:
    client, before = cast.client(app, "admin"), len(rows(db))
    answer = client.get(cast.path("GET /results/<public_id>/corrections/new") + "?item=TIDAK-ADA")
    assert answer.status_code == 422
    assert "kunci sekarang" not in answer.get_data(as_text=True)
    assert len(rows(db)) == before
