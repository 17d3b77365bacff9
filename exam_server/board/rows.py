"""The board's rows: facts of every booked candidate, each with the revision it was read at, as arrays.

One question answers the snapshot and the deltas, so an early snapshot plus deltas equals a late snapshot.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.board.columns import QUESTION
from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.exam.devices import device_word
from exam_server.exam.rules import CONTACT_LOST_AFTER, Facts, status
from exam_server.models import Attempt
from exam_server.models.base import from_micros
from exam_server.selection.numbers import number_of

COLUMNS = (
    "id", "rev", "name", "number", "sitting", "sitting_label", "kecamatan", "phase", "until", "answered",
    "flagged", "saved_at", "contact_at", "contact_lost_at", "started_at", "deadline_at", "finalised_at",
    "device", "takeovers", "extra_seconds", "how", "check", "checked_at", "incidents", "incident_kind",
    "messages", "unseen", "away", "photo",
)  # fmt: skip
"""What stands where in a row; instants are milliseconds."""

Row = list[Any]
AT_ONCE = 500
"""Rows read in one go: whoever saves an answer meanwhile waits for these few milliseconds at most."""

LOST_AFTER_MS = int(CONTACT_LOST_AFTER.total_seconds() * 1000)
AT_WORK = ("ready", "running", "grace")


class Told(NamedTuple):
    """One row and to whom it may be told: those of the activity, those of the sitting (their ids)."""

    activity_id: int
    sitting_id: int
    row: Row


def snapshot(
    db: Database, activity_id: int, now: datetime, sittings: Collection[int] | None = None
) -> Iterator[list[Row]]:
    """Every row of an activity, or of some of its sittings (ids), a few hundred at a time."""
    scope = [Attempt.activity_id == activity_id]
    if sittings is not None:
        scope.append(Attempt.sitting_id.in_(sittings))
    with db.look() as connection:
        ids = list(connection.scalars(sa.select(Attempt.id).where(*scope).order_by(Attempt.id)))
    for told in _in_parts(db, ids, now):
        yield [one.row for one in told]


def changed(db: Database, attempt_ids: Collection[int], now: datetime) -> Iterator[list[Told]]:
    """The rows of the attempts named, as they are now, a few hundred at a time."""
    return _in_parts(db, sorted(attempt_ids), now)


def _in_parts(db: Database, ids: list[int], now: datetime) -> Iterator[list[Told]]:
    for first in range(0, len(ids), AT_ONCE):
        if first:
            time.sleep(0)  # between two parts the others of this process have their turn
        with db.read() as tx:
            told = _read(tx, ids[first : first + AT_ONCE], now)
        yield told


def _read(tx: Session, ids: list[int], now: datetime) -> list[Told]:
    found = tx.execute(QUESTION, {"ids": ids})
    return [Told(one[0], one[1], _row(one, now)) for one in found]


def _row(one: Sequence[Any], now: datetime) -> Row:
    """`one` is a line of the answer to QUESTION."""
    (_, _, public_id, rev, name, booking, sitting, label, kecamatan, answered, flagged, saved_at, contact_at,
     started_at, deadline_at, finalised_at, starts_at, ends_at, allowed, grace, device, how, extra, check,
     checked_at, takeovers, incidents, incident_kind, messages, unseen, away, photo) = one  # fmt: skip
    facts = Facts(_same_instant(starts_at), _same_instant(ends_at), allowed, grace, _instant(started_at),
                  _instant(deadline_at), _instant(finalised_at), how, int(extra))  # fmt: skip
    phase, until = status(facts, now)
    contact = _ms(contact_at)
    lost_at = contact + LOST_AFTER_MS if contact is not None and phase in AT_WORK else None
    return [
        public_id, rev, name, number_of(booking), sitting, label, kecamatan or "", phase, to_ms(until),
        answered or 0, flagged or 0, _ms(saved_at), contact, lost_at, _ms(started_at), _ms(deadline_at),
        _ms(finalised_at), device_word(device), takeovers, int(extra), how, check, _ms(checked_at), incidents,
        incident_kind or "", messages, unseen, away, photo is not None,
    ]  # fmt: skip


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)


@lru_cache(256)
def _same_instant(micros: int) -> datetime:
    """Of a sitting: the same for everybody in it."""
    return from_micros(micros)


def _ms(micros: int | None) -> int | None:
    return None if micros is None else micros // 1000
