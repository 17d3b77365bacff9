"""The scene of every reminder."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.factories import (
    Scene,
    add_scene,
)


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db, items=8)
