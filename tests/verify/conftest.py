"""Attempts that went through everything, lived once on each database and filled in for every test."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.restored import once
from tests.verify.lived import Lived, live


@pytest.fixture
def lived(db: Database) -> Lived:
    return once(db, "lived", lambda: live(db))
