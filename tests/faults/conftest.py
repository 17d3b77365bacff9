"""What these tests share: a world on each database, the real server over it, or an application in process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import worlds
from tests.databases import clock, db, server, world
from tests.faults.cluster import Cluster
from tests.servers import Postgres, Redis
from tests.worlds import World

__all__ = [
    "clock", "cluster", "database_url", "db", "other_world", "redis", "running_cluster", "server",
    "wide_world", "world",
]  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database; nothing of it is used again, since PostgreSQL itself is killed here."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'exam.db'}"
    cluster: Postgres = request.getfixturevalue("postgres")
    return cluster.fresh()


@pytest.fixture(scope="package")
def redis() -> Iterator[Redis]:
    """The queue between the workers of the cluster."""
    running = Redis()
    yield running
    running.close()


@pytest.fixture(scope="package")
def wide_world(postgres: Postgres) -> Iterator[World]:
    """The installation that the cluster serves; each test brings a sitting and people of its own."""
    made = worlds.build(postgres.fresh())
    yield made
    made.close()


@pytest.fixture(scope="package")
def running_cluster(
    wide_world: World, redis: Redis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """Three workers behind nginx: started once, since a start costs more than most faults."""
    with Cluster(tmp_path_factory.mktemp("cluster"), wide_world.url, redis.url) as cluster:
        yield cluster


@pytest.fixture
def cluster(running_cluster: Cluster) -> Cluster:
    """The cluster, whole before a test, whatever the test before did to it."""
    running_cluster.begin_anew()
    return running_cluster


@pytest.fixture
def other_world(postgres: Postgres) -> Iterator[World]:
    """An installation on PostgreSQL for a server of the test's own."""
    made = worlds.build(postgres.fresh())
    yield made
    made.close()
