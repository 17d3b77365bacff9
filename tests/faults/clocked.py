"""Fixtures for tests that move the server's clocks; a module takes them in place of the usual ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.clocks import Clocks
from tests.servers import ExamServer, Postgres
from tests.worlds import World


@pytest.fixture
def clocks(quick_folder: Path, tmp_path: Path) -> Clocks:
    """The clocks of everything below."""
    folder = quick_folder / f"clocks-{tmp_path.name}"
    folder.mkdir(mode=0o711)
    return Clocks(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, clocks: Clocks) -> Iterator[str]:
    """A new, empty database whose own clock moves with the machine's."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'exam.db'}"
        return
    cluster = Postgres(clocks.env)
    yield cluster.fresh()
    cluster.close()


@pytest.fixture
def server(world: World, database_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[ExamServer]:
    """The real server over that world."""
    serving = ExamServer(tmp_path, database_url, env=clocks.env)
    yield serving
    serving.close()


def closed(world: World) -> int:
    """How many attempts are."""
    return int(world.scalar("SELECT count(*) FROM attempt WHERE finalised_at IS NOT NULL"))
