"""What the board of the demo has to tell: true to the services, and no outage that nobody had."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from exam_server.board import rows
from exam_server.db import Database
from exam_server.demo import phones, seed
from exam_server.extra_time import noticing
from exam_server.models import Activity, ContactGap, Incident, LedgerEntry, Office, Response, Sitting
from exam_server.schema import upgrade
from tests.worlds import PASSWORD, wall

pytestmark = pytest.mark.slow
NOW = wall()
ROUNDS = 12
LAID_AFTER = 9
"""Rounds that pass before the first one, on a slow machine."""

LATER = NOW + timedelta(seconds=(LAID_AFTER + ROUNDS) * phones.EVERY)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Served for two minutes."""
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'exam.db'}")
    upgrade(db)
    seed.ensure(db, NOW, PASSWORD)
    dice = random.Random(1)
    for number in range(LAID_AFTER, LAID_AFTER + ROUNDS):
        with db.write() as tx:
            phones.live(tx, NOW + timedelta(seconds=number * phones.EVERY), dice)
    yield db
    db.close()


def board(demo: Database, slug: str) -> list[dict[str, object]]:
    with demo.read() as tx:
        activity = tx.scalars(
            sa.select(Activity.id).join(Office, Office.id == Activity.office_id)
            .where(Office.slug == slug, Activity.kind == "selection")
        ).one()  # fmt: skip
    parts = rows.snapshot(demo, activity, LATER)
    told = [dict(zip(rows.COLUMNS, row, strict=True)) for part in parts for row in part]
    return [row for row in told if row["phase"] == "running"]


@pytest.mark.parametrize("slug", ["jepara", "magetan"])
def test_one_is_gone_one_moved_one_was_ill_and_the_others_work(demo: Database, slug: str) -> None:
    running = board(demo, slug)
    lost = [row for row in running if row["contact_lost_at"] <= LATER.timestamp() * 1000]  # type: ignore[operator]
    assert len(running) == 9
    assert [row["unseen"] for row in lost] == [1], "who is gone has not read what the others have"
    assert sorted(str(row["incident_kind"]) for row in running if row["incidents"]) == ["device", "illness"]
    assert [row["device"] for row in running if row["takeovers"]] == ["Linux"]
    assert sum(row["unseen"] for row in running) == 1  # type: ignore[misc]
    assert {row["extra_seconds"] for row in running} == {0, 240, 300}


def test_time_is_granted_with_its_reason_and_the_room_has_an_incident_of_its_own(demo: Database) -> None:
    with demo.read() as tx:
        given = tx.execute(
            sa.select(LedgerEntry.reason_code, LedgerEntry.reason).where(LedgerEntry.kind != "start")
        ).all()
        of_the_room = tx.scalar(sa.select(sa.func.count(Incident.id)).where(Incident.attempt_id.is_(None)))
    assert {row.reason_code for row in given} == {"device", "health"}
    assert all(row.reason for row in given)
    assert of_the_room == 2


def test_the_server_sees_no_common_silence_in_it(demo: Database) -> None:
    with demo.read() as tx:
        gaps = tx.scalar(sa.select(sa.func.count(ContactGap.id)))
        sittings = list(tx.scalars(sa.select(Sitting.id)))
    assert gaps == 0
    assert [noticing.notice(demo, one, LATER)[0] for one in sittings] == [0] * len(sittings)


def test_who_is_signed_in_still_answers_on(demo: Database) -> None:
    with demo.read() as tx:
        late = tx.scalar(sa.select(sa.func.count()).where(Response.arrived_at > NOW))
    assert 1 <= (late or 0) <= 2 * ROUNDS
