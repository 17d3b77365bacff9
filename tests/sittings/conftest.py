"""The desk at which sittings are moved."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.sittings.moving_desk import Desk


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)
