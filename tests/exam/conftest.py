"""What most tests of the exam begin with: a scene, and one candidate whose time runs since START."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from exam_server.db import Database
from exam_server.exam.autosave import GroupCommit
from tests.factories import Run, Scene, add_running, add_scene


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)


@pytest.fixture
def writer(db: Database) -> Iterator[GroupCommit]:
    """The writer of one process, at work."""
    writer = GroupCommit(db)
    writer.start()
    yield writer
    writer.stop()
