"""The candidates behind attempts, named where officials must know whom they decide about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.errors import NotFound
from exam_server.models import Account, Attempt, Booking
from exam_server.selection.numbers import number_of


@dataclass(frozen=True)
class Person:
    """`number` stands on the participant's card and in public lists, `attempt` in addresses."""

    attempt_id: int
    attempt: str
    candidate_id: int
    name: str
    number: str


def people(tx: Session, attempt_ids: Collection[int]) -> dict[int, Person]:
    """By attempt."""
    return {row.id: _person(row) for row in tx.execute(_PERSON.where(Attempt.id.in_(attempt_ids)))}


def person(tx: Session, activity_id: int, attempt: str) -> Person:
    """By the attempt's public id; raises NotFound for one of another activity."""
    theirs = (Attempt.public_id == attempt, Attempt.activity_id == activity_id)
    row = tx.execute(_PERSON.where(*theirs)).one_or_none()
    if row is None:
        raise NotFound
    return _person(row)


_PERSON = (
    sa.select(Attempt.id, Attempt.public_id, Attempt.candidate_id, Account.name,
              Booking.public_id.label("booking"))
    .join(Booking, Booking.id == Attempt.booking_id)
    .join(Account, Account.id == Attempt.candidate_id)
)  # fmt: skip


def _person(row: Any) -> Person:
    return Person(row.id, row.public_id, row.candidate_id, row.name, number_of(row.booking))
