"""The town in which people ask for help."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.recovery.pleas import Town, make_town


@pytest.fixture
def town(db: Database) -> Town:
    return make_town(db)
