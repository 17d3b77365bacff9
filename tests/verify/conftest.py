"""Attempts that went through everything, lived once on each database and copied for every test."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from exam_server.db import Database
from exam_server.schema import upgrade
from tests.conftest import BOTH
from tests.verify.lived import (
    Lived,
    live,
)


@pytest.fixture(scope="session", params=BOTH)
def template(request: pytest.FixtureRequest, quick_folder: Path) -> tuple[sa.URL, Lived]:
    """Lived once on each database; every test gets a copy."""
    sqlite = request.param == "sqlite"
    path = quick_folder / "lived.db"
    url = f"sqlite:///{path}" if sqlite else request.getfixturevalue("postgres").fresh()
    database = Database(url)
    upgrade(database)
    told = live(database)
    database.close()
    return make_url(url), told


@pytest.fixture
def lived(template: tuple[sa.URL, Lived]) -> Iterator[Lived]:
    url, told = template
    with copied(url) as copy:
        db = Database(copy)
        yield replace(told, db=db)
        db.close()


@contextlib.contextmanager
def copied(url: sa.URL) -> Iterator[str]:
    """The address of a copy, for a while."""
    name = f"lived_{uuid.uuid4().hex}"
    if url.drivername == "sqlite":
        path = Path(url.database or "").with_name(f"{name}.db")
        shutil.copy(url.database or "", path)
        yield f"sqlite:///{path}"
        for rest in path.parent.glob(path.name + "*"):
            rest.unlink()
        return
    admin = url.set(drivername="postgresql", database="postgres").render_as_string(False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {url.database}".encode())
        yield url.set(database=name).render_as_string(False)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
