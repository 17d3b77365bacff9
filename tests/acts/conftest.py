"""What most tests of acts begin with: a proctor at the board of a sitting in which five people run."""

from __future__ import annotations

import pytest
from flask import Flask

from exam_server.db import Database
from tests.acts.samples import SOON, Desk
from tests.conftest import SetClock


@pytest.fixture
def desk(app: Flask, db: Database, clock: SetClock) -> Desk:
    made = Desk(app, db)
    clock.at = SOON
    return made
