"""An admin of an office with a bank, before the pages of imports."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.factories import Scene, add_scene
from tests.imports.samples import Admin


@pytest.fixture
def scene(db: Database) -> Scene:
    return add_scene(db)


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Admin:
    return Admin(app, db, scene)
