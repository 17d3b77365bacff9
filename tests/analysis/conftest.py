"""An exam of forty who sat, in two sittings, with one key that is wrong."""

from __future__ import annotations

import pytest

from bench.large import Large, fill
from exam_server.db import Database
from tests.restored import once


@pytest.fixture
def large(db: Database) -> Large:
    """On both databases: 120 candidates, 36 items, so that each item has about a hundred answers."""
    return once(db, "large 120", lambda: fill(db, 120, items=36, seats=40))
