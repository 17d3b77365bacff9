"""Reminders that are due: found in a few statements however many people wait, each claimed by its row.

The rows found are those for which `rules` says that a reminder is due; inserting the row of the reminder
decides who writes the letter, so several workers send each one once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exam_server import mail
from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.mail import Letter, Reader
from exam_server.models import (
    Account,
    Activity,
    Application,
    Attempt,
    Booking,
    Office,
    Phase,
    Preference,
    Reminder,
    Sitting,
    from_micros,
)
from exam_server.reminders import letters, rules
from exam_server.reminders.rules import Ahead, Choice
from exam_server.selection.rules import choice_ends_at
from exam_server.selection.service import card

BATCH = 200
"""Letters of one transaction."""

Key = tuple[str, int]
"""(kind, id of the booking or application): what is sent once."""


@dataclass(frozen=True)
class Round:
    """Of one batch: how many were due, and how many letters this worker wrote."""

    found: int
    sent: int


@dataclass(frozen=True)
class Due:
    """One letter to be written by whoever inserts its key."""

    key: Key
    person: Reader
    letter: Letter


def send_due(db: Database, now: datetime, most: int = BATCH) -> Round:
    """Write the letters that are due, at most `most`; who finds nothing takes no writer's turn."""
    with db.read() as tx:
        found = _of_sittings(tx, now, most)
        found += _of_choosing(tx, now, most - len(found)) if len(found) < most else []
    if not found:
        return Round(0, 0)
    with db.write() as tx:
        own = claim(tx, [due.key for due in found], now)
        mail.write_to_each(tx, [(due.person, due.letter) for due in found if due.key in own], now)
    return Round(len(found), len(own))


def claim(tx: Session, keys: Iterable[Key], now: datetime) -> set[Key]:
    """Those of the keys that nobody has claimed before, now claimed; one statement decides."""
    dialect = postgresql if tx.get_bind().dialect.name == "postgresql" else sqlite
    # in one order, so that two workers never wait for each other
    rows = [{"kind": kind, "object_id": number, "sent_at": now} for kind, number in sorted(keys)]
    won = dialect.insert(Reminder).values(rows).on_conflict_do_nothing()
    return {(row.kind, row.object_id) for row in tx.execute(won.returning(Reminder.kind, Reminder.object_id))}


def _of_sittings(tx: Session, now: datetime, most: int) -> list[Due]:
    found: list[Due] = []
    for kind in rules.BEFORE_SITTING:
        rows = tx.execute(_bookings(kind, now).limit(most - len(found))).all()
        for row in rows:
            person = _reader(row)
            name = rules.key(kind, row.Sitting.starts_at)
            found.append(Due((name, row.booking_id), person,
                             letters.of_sitting(person, card(row.Sitting, row.Office))))  # fmt: skip
    return found


def _bookings(kind: Ahead, now: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Bookings for which `rules.of_sitting` says `kind` and whose reminder was not sent."""
    starts = sa.type_coerce(Sitting.starts_at, sa.BigInteger)
    chosen = sa.type_coerce(Booking.chosen_at, sa.BigInteger)
    name = sa.literal(f"{kind.name}:") + sa.cast(starts // 1000, sa.String)
    sent = sa.exists().where(Reminder.object_id == Booking.id, Reminder.kind == name)
    return (
        sa.select(Booking.id.label("booking_id"), Sitting, Office, *_PERSON)
        .join_from(Sitting, Booking, Booking.sitting_id == Sitting.id)
        .join(Attempt, Attempt.booking_id == Booking.id)
        .join(Activity, Activity.id == Sitting.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .join(Account, Account.id == Booking.candidate_id)
        .outerjoin(Preference, Preference.account_id == Account.id)
        .where(Sitting.starts_at <= now + kind.lead, Sitting.starts_at > now + kind.over,
               chosen <= starts - kind.lead // timedelta(microseconds=1),
               Attempt.started_at.is_(None), Attempt.finalised_at.is_(None),
               Account.disabled_at.is_(None), ~sent)
        .order_by(Sitting.starts_at, Booking.id)
    )  # fmt: skip


def _of_choosing(tx: Session, now: datetime, most: int) -> list[Due]:
    choices = _choices(tx, now)
    due = {number: told for number, choice in choices.items() if (told := rules.of_choosing(choice, now))}
    found: list[Due] = []
    for name in rules.TO_CHOOSE:
        accepted_by = {number: at for number, (kind, at) in due.items() if kind == name}
        if not accepted_by or len(found) == most:
            continue
        for row in tx.execute(_undecided(name, accepted_by).limit(most - len(found))):
            person, until = _reader(row), choices[row.activity_id].ends_at
            letter = letters.of_choosing(person, row.office, ZoneInfo(row.zone), row.applied_at, until)
            found.append(Due((name, row.id), person, letter))
    return found


def _choices(tx: Session, now: datetime) -> dict[int, Choice]:
    """By id, the windows of the selection activities in which a sitting can still be entered."""
    entry = sa.type_coerce(Sitting.ends_at, sa.BigInteger) - Sitting.allowed_seconds * 1_000_000
    rows = tx.execute(
        sa.select(Activity.id, Phase.opens_at, Phase.closes_at, sa.func.max(entry).label("entry"))
        .join_from(Activity, Sitting, Sitting.activity_id == Activity.id)
        .join(Phase, (Phase.recruitment_id == Activity.recruitment_id) & (Phase.kind == "test"))
        .where(Activity.kind == "selection", Sitting.ends_at > now)
        .group_by(Activity.id, Phase.opens_at, Phase.closes_at)
    )
    found = {}
    for row in rows:
        last = from_micros(int(row.entry))
        found[row.id] = Choice(row.opens_at, choice_ends_at(row.closes_at, [last]), now < last)
    return found


def _undecided(name: str, accepted_by: Mapping[int, datetime]) -> sa.Select[*tuple[Any, ...]]:
    """Accepted people without a booking for whom `rules.of_choosing` says `name`, not yet reminded so."""
    booked = sa.exists().where(
        Booking.candidate_id == Application.candidate_id, Booking.activity_id == Application.activity_id
    )
    sent = sa.exists().where(Reminder.object_id == Application.id, Reminder.kind == name)
    return (
        sa.select(Application.id, Application.activity_id, Application.applied_at,
                  Office.name.label("office"), Office.zone, *_PERSON)
        .join_from(Application, Activity, Activity.id == Application.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .join(Account, Account.id == Application.candidate_id)
        .outerjoin(Preference, Preference.account_id == Account.id)
        .where(sa.or_(*((Application.activity_id == number) & (Application.applied_at <= at)
                        for number, at in accepted_by.items())),
               Application.kind == "selection", Account.disabled_at.is_(None), ~booked, ~sent)
        .order_by(Application.id)
    )  # fmt: skip


_PERSON = (Account.id.label("account_id"), Account.name.label("name"), Account.email, Preference.language)


def _reader(row: Any) -> Reader:
    return Reader(row.account_id, row.name, row.email, row.language or DEFAULT)
