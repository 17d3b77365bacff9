"""The participant's number is one rule, whether a page tells it or a statement seeks by it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Attempt, Booking
from exam_server.ranking import desk
from exam_server.selection import numbers as people
from tests.ranking.stand import Stand, build

NAMES = ("Ab-_cd9e_tail", "_-_-_-_-", "zZzZzZzZ-", "--------rest")


@pytest.fixture
def stand(db: Database) -> Stand:
    return build(db, rights=(3, 2, 1, 0), absent=0)


@pytest.fixture
def spoken(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """Numbers by attempt when bookings have names with dashes, which few of those in the tests have."""
    with stand.db.read() as tx:
        bookings = list(tx.scalars(sa.select(Booking.id).order_by(Booking.id)))
        attempts = list(tx.scalars(sa.select(Attempt.id).order_by(Attempt.booking_id)))
    name = sa.case(dict(zip(bookings, NAMES, strict=True)), value=Booking.id)
    monkeypatch.setattr(people, "BOOKING", name)
    return dict(zip(attempts, map(people.number_of, NAMES), strict=True))


def test_a_dash_is_spoken_as_a_letter() -> None:
    assert [people.number_of(one) for one in NAMES] == ["ABXZCD9E", "ZXZXZXZX", "ZZZZZZZZ", "XXXXXXXX"]


def test_statements_know_the_same_numbers(stand: Stand, spoken: dict[int, str]) -> None:
    with stand.db.read() as tx:
        rows = tx.execute(
            sa.select(Attempt.id, people.stored_number()).join(Booking, Booking.id == Attempt.booking_id)
        )
        assert {row.id: row[1] for row in rows} == spoken


def test_a_number_is_found_as_it_is_shown(stand: Stand, spoken: dict[int, str]) -> None:
    assert [desk.worklist(stand.db, stand.place, 1, sought).found for sought in ("abxz", "XXXX", "--")] == [
        1, 1, 0,
    ]  # fmt: skip
