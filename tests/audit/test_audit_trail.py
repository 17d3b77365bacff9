"""The audit trail: each row seals the one before, so a row changed behind our back is named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server import audit
from exam_server.db import Database
from exam_server.models import AuditEntry
from tests.factories import MINUTE, START


@pytest.fixture
def trail(db: Database) -> list[int]:
    """Ids of five rows, each written in a transaction of its own."""
    for number in range(5):
        with db.write() as tx:
            audit.record(tx, now=START + number * MINUTE, act="attempt.closed", object_kind="attempt",
                         object_id=number, detail={"how": "clock", "nilai": [1, "é"]})  # fmt: skip
    with db.read() as tx:
        return list(tx.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.id)))


def broken(db: Database) -> list[int]:
    with db.read() as tx:
        return audit.broken_at(tx)


def behind_our_back(db: Database, statement: str) -> None:
    """What the owner of the database can do: take the guards away first."""
    with db.write() as tx:
        if db.sqlite:
            for event in ("update", "delete"):
                tx.execute(sa.text(f"DROP TRIGGER audit_keeps_{event}"))
        else:
            tx.execute(sa.text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        tx.execute(sa.text(statement))


def test_a_trail_that_nobody_touched_is_whole(db: Database, trail: list[int]) -> None:
    assert len(trail) == 5
    assert broken(db) == []


@pytest.mark.parametrize(
    "change",
    [
        "act = 'booking.chosen'",
        "at = at + 1",
        "object_id = 9",
        "seal = 'x'",
        'detail = \'{"how": "submitted"}\'',
        "actor_id = NULL, office_id = NULL, act = ''",
    ],
)
def test_an_edited_row_is_named(db: Database, trail: list[int], change: str) -> None:
    behind_our_back(db, f"UPDATE audit SET {change} WHERE id = {trail[2]}")
    assert broken(db)[0] == trail[2]


def test_a_removed_row_breaks_the_chain_at_the_next_one(db: Database, trail: list[int]) -> None:
    behind_our_back(db, f"DELETE FROM audit WHERE id = {trail[2]}")
    assert broken(db) == [trail[3]]


def test_a_row_that_was_rolled_back_is_not_in_the_chain(db: Database, trail: list[int]) -> None:
    with pytest.raises(RuntimeError), db.write() as tx:
        audit.record(tx, now=START, act="booking.chosen", object_kind="booking", object_id=1)
        raise RuntimeError
    with db.write() as tx:
        audit.record(tx, now=START, act="booking.chosen", object_kind="booking", object_id=1)
    assert broken(db) == []
