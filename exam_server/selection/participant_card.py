"""The participant's card: who sits where and when, and a code that an official can check at the door.

The code is signed and good until the sitting's end; it says which booking it is without asking anybody, and
the page that it leads to says the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, tokens
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import (
    Account,
    Activity,
    Application,
    ApplicationVersion,
    Booking,
    Document,
    Office,
    Sitting,
    SittingMove,
)
from exam_server.profile.nik import masked
from exam_server.selection.service import SittingCard, card

PURPOSE = "card"
AT_THE_DOOR = ("proctor", "screener", "admin")
"""Roles that may check a card of their own office."""


@dataclass(frozen=True)
class Move:
    """The sitting began at another time before; the reason is the office's own."""

    from_starts_at: datetime
    to_starts_at: datetime
    reason: str
    moved_at: datetime


@dataclass(frozen=True)
class Photo:
    """The photo that was sent with the application; `stored_name` names its folder."""

    public_id: str
    stored_name: str


@dataclass(frozen=True)
class Participant:
    """One booking with everything that its card shows."""

    booking_id: int
    public_id: str
    office_id: int
    name: str
    nik: str
    photo: Photo | None
    sitting: SittingCard
    moves: tuple[Move, ...]


def of_candidate(db: Database, candidate_id: int) -> Participant | None:
    """The card of the candidate's newest booking."""
    with db.read() as tx:
        row = tx.execute(
            _bookings().where(Booking.candidate_id == candidate_id).order_by(Activity.year.desc()).limit(1)
        ).one_or_none()
        return _participant(tx, row) if row else None


def sign(secret: str, shown: Participant) -> str:
    """What the code on the card says: the booking's number, good until the sitting's end."""
    return tokens.sign(secret, PURPOSE, shown.booking_id, shown.public_id, shown.sitting.ends_at,
                       word=shown.public_id)  # fmt: skip


def check(
    db: Database, secret: str, token: str, viewer_id: int, offices: list[int] | None, now: datetime
) -> Participant:
    """Whose card this is, for an official of `offices` (None: of all); the look is kept in the trail.

    Raises LinkUnknown (forged), LinkExpired (its sitting is over), NotFound (of another office; kept too).
    """
    claim = tokens.read(secret, PURPOSE, token, now)
    with db.read() as tx:
        row = tx.execute(_bookings().where(Booking.id == claim.subject)).one_or_none()
        shown = _participant(tx, row) if row else None
    if shown is None or not tokens.fits(claim, shown.public_id):
        raise tokens.LinkUnknown
    if offices is not None and shown.office_id not in offices:
        audit.refuse_foreign(db, viewer_id, "booking", shown.booking_id, now)
    with db.write() as tx:
        audit.record(tx, now=now, act="card.checked", object_kind="booking", object_id=shown.booking_id,
                     actor_id=viewer_id, office_id=shown.office_id)  # fmt: skip
    return shown


def moves(db: Database, sitting: str) -> tuple[Move, ...]:
    """How often the sitting of that public id was moved in time, oldest first."""
    with db.read() as tx:
        number = tx.scalar(sa.select(Sitting.id).where(Sitting.public_id == sitting))
        if number is None:
            raise NotFound
        return _moves(tx, number)


def _bookings() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Booking, Sitting, Activity, Office, Account.name)
        .join_from(Booking, Sitting, Sitting.id == Booking.sitting_id)
        .join(Activity, Activity.id == Booking.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .join(Account, Account.id == Booking.candidate_id)
    )


def _participant(tx: Session, row: Any) -> Participant:
    booking, sitting, activity, office, name = row
    sent = tx.scalar(
        sa.select(ApplicationVersion)
        .join(Application, Application.id == ApplicationVersion.application_id)
        .join(Activity, Activity.id == Application.activity_id)
        .where(Application.candidate_id == booking.candidate_id, Application.kind == "registration",
               Activity.recruitment_id == activity.recruitment_id)
        .order_by(ApplicationVersion.number.desc())
        .limit(1)
    )  # fmt: skip
    return Participant(
        booking_id=booking.id, public_id=booking.public_id, office_id=office.id, name=name,
        nik=masked(sent.data.get("nik")) if sent else "",
        photo=_photo(tx, sent.documents.get("photo")) if sent else None,
        sitting=card(sitting, office), moves=_moves(tx, sitting.id),
    )  # fmt: skip


def _photo(tx: Session, document_id: int | None) -> Photo | None:
    row = tx.execute(
        sa.select(Document.public_id, Document.stored_name)
        .where(Document.id == document_id, Document.purged_at.is_(None))
    ).one_or_none()  # fmt: skip
    return Photo(*row) if row else None


def _moves(tx: Session, sitting_id: int) -> tuple[Move, ...]:
    rows = tx.scalars(
        sa.select(SittingMove).where(SittingMove.sitting_id == sitting_id).order_by(SittingMove.id)
    )
    return tuple(Move(row.from_starts_at, row.to_starts_at, row.reason, row.moved_at) for row in rows)
