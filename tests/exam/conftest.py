"""What most tests of the exam begin with: a scene, and one candidate whose time runs since START."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.factories import Run, Scene, add_running, add_scene


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)
