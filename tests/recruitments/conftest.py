from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.client import Client
from tests.factories import Scene, add_official, add_scene


@pytest.fixture
def scene(db: Database) -> Scene:
    """Jepara with a published recruitment of 2026 whose stages are open."""
    return add_scene(db)


@pytest.fixture
def admin(app: Flask, db: Database, scene: Scene) -> Client:
    return Client(app).sign_in(add_official(db, "admin", scene.office).id)


@pytest.fixture
def chief(app: Flask, db: Database) -> Client:
    return Client(app).sign_in(add_official(db, "superadmin", None).id)
