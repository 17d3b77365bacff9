"""A scene, a candidate whose time runs, and the receipt after that candidate handed in."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from exam_server.models import Receipt
from tests.factories import Run, Scene, add_running, add_scene
from tests.receipts.closing import hand_in, settle


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def run(db: Database, scene: Scene) -> Run:
    return add_running(db, scene)


@pytest.fixture
def receipt(db: Database, run: Run) -> Receipt:
    hand_in(db, run)
    return settle(db, run)
