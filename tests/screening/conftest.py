"""An office whose applications are screened."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.screening.cast import Bureau, Filed


@pytest.fixture
def bureau(db: Database) -> Bureau:
    return Bureau(db)


@pytest.fixture
def filed(bureau: Bureau) -> Filed:
    return bureau.file()


@pytest.fixture
def agreed(bureau: Bureau, filed: Filed) -> Filed:
    bureau.agree(filed)
    return filed
