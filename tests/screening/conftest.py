"""An office whose applications are screened."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.screening.cast import Bureau


@pytest.fixture
def bureau(db: Database) -> Bureau:
    return Bureau(db)
