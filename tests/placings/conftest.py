"""The usual list and its announcement, made once on each database and filled in for every test."""

from __future__ import annotations

import pytest

from exam_server.db import Database
from tests.placings.samples import Places, announce
from tests.ranking.stand import Stand, build
from tests.restored import once


def _announced(db: Database) -> Stand:
    stand = build(db, frozen=True)
    announce(stand)
    return stand


@pytest.fixture
def places(db: Database) -> Places:
    """Announced: two places, two reserves, one without a place, one absent."""
    return Places(db, stand=once(db, "places", lambda: _announced(db)))
