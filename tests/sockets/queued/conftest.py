"""The same people over PostgreSQL, with a Redis through which workers tell each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import worlds
from tests.servers import Postgres, Redis
from tests.worlds import World


@pytest.fixture
def redis() -> Iterator[Redis]:
    running = Redis()
    yield running
    running.close()


@pytest.fixture
def world(postgres: Postgres) -> Iterator[World]:
    made = worlds.build(postgres.fresh())
    yield made
    made.close()
