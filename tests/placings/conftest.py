"""The usual list and its announcement, made once on each database and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from exam_server.db import Database
from exam_server.schema import upgrade
from tests.conftest import BOTH
from tests.placings.samples import Places, announce
from tests.ranking.stand import Stand, build
from tests.verify.conftest import copied


def _made(kind: str, request: pytest.FixtureRequest, folder: Path) -> tuple[sa.URL, Stand]:
    url = (
        f"sqlite:///{folder / 'places.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres").fresh()
    )
    database = Database(url)
    upgrade(database)
    stand = build(database, frozen=True)
    announce(stand)
    database.close()
    return make_url(url), stand


@pytest.fixture(scope="session")
def made_places() -> dict[str, tuple[sa.URL, Stand]]:
    return {}


@pytest.fixture(params=BOTH)
def places(
    request: pytest.FixtureRequest, made_places: dict[str, tuple[sa.URL, Stand]], quick_folder: Path
) -> Iterator[Places]:
    """Announced: two places, two reserves, one without a place, one absent."""
    if request.param not in made_places:
        made_places[request.param] = _made(request.param, request, quick_folder)
    url, stand = made_places[request.param]
    with copied(url) as copy:
        db = Database(copy)
        yield Places(db, stand=stand)
        db.close()
