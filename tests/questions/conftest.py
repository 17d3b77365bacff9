"""A bank with two admins."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.questions.samples import Bank, add_bank


@pytest.fixture
def bench(db: Database, app: Flask) -> Bank:
    return add_bank(db, app)
