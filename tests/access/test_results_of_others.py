"""An admin of another office finds nothing on any page of results, and every try is kept in the trail."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from exam_server.db import Database
from exam_server.models import Approval, AuditEntry, Base, Office
from tests.factories import add_official
from tests.routes import Cast, cast_of, matrix

MINE = tuple(route for route in matrix()
             if route.split()[1].startswith(("/results/<", "/approvals/<")))  # fmt: skip


@pytest.fixture
def cast(db: Database) -> Cast:
    return cast_of(db)


@pytest.fixture
def stranger(cast: Cast) -> int:
    """An admin as well, of Magetan."""
    with cast.db.read() as tx:
        place = tx.scalars(sa.select(Office).where(Office.id != cast.scene.office.id)).one()
    return add_official(cast.db, "admin", place).id


def decisions(db: Database) -> dict[str, int]:
    """How many rows every table has but those that a look leaves behind."""
    with db.read() as tx:
        return {name: tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
                if name not in ("audit", "server_session", "throttle")}  # fmt: skip


def test_the_walk_covers_every_page_of_results() -> None:
    assert len(MINE) > 30
    assert {route.split("/")[1] for route in MINE} == {"results", "approvals"}


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_another_offices_admin_finds_no_result(app: Flask, cast: Cast, stranger: int) -> None:
    client = cast.client(app, "anyone").sign_in(stranger)
    for route in MINE:
        path, body = cast.path(route), cast.body(route)
        before, refused = decisions(cast.db), kept(cast.db, stranger)
        answer = client.get_json(path) if route.startswith("GET") else client.post(path, **body)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found"), route
        assert decisions(cast.db) == before, route
        assert kept(cast.db, stranger) == refused + 1, route


@pytest.mark.parametrize("db", ["sqlite"], indirect=True)
def test_lists_of_results_and_questions_name_nothing_of_another_office(
    app: Flask, cast: Cast, stranger: int
) -> None:
    client = cast.client(app, "anyone").sign_in(stranger)
    with cast.db.read() as tx:
        questions = tx.scalars(sa.select(Approval.public_id)).all()
    assert questions
    for path in ("/results", "/approvals"):
        told = client.get(path).text
        assert cast.scene.selection.public_id not in told
        assert [one for one in questions if one in told] == []


def kept(db: Database, account_id: int) -> int:
    with db.read() as tx:
        wanted = sa.select(sa.func.count(AuditEntry.id)).where(
            AuditEntry.act == "access.refused", AuditEntry.actor_id == account_id
        )
        return tx.scalar(wanted) or 0
