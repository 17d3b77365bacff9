"""Fixtures for tests that must hold on both databases; a folder's conftest imports the ones it wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exam_server.db import Database
from tests import worlds
from tests.conftest import SetClock
from tests.servers import ExamServer
from tests.worlds import World


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of its own without any row."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'exam.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A small installation in that database."""
    made = worlds.build(database_url)
    yield made
    made.close()


@pytest.fixture
def server(world: World, database_url: str, tmp_path: Path) -> Iterator[ExamServer]:
    """The real server over that world."""
    serving = ExamServer(tmp_path, database_url)
    yield serving
    serving.close()


@pytest.fixture
def db(world: World) -> Database:
    """What the application of the process under test (fixture `app`) works on: the world's database."""
    return world.db


@pytest.fixture
def clock(world: World) -> SetClock:
    """The clock of that application, at the instant at which the world was made."""
    return SetClock(world.now)
