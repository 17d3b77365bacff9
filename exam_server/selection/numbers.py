"""How a candidate is named where names do not belong: by a number that the participant's card shows too."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Attempt, Booking

LENGTH = 8
SPEAKABLE = {"-": "X", "_": "Z"}
BOOKING: sa.ColumnElement[str] = sa.type_coerce(Booking.public_id, sa.Text)


def number_of(booking_public_id: str) -> str:
    """The participant's number: the first eight signs of the booking's name, capitals and digits only.

    Numbers are read aloud, typed, and kept in tables, where a dash would be lost or taken for a minus.
    """
    number = booking_public_id[:LENGTH].upper()
    for sign, instead in SPEAKABLE.items():
        number = number.replace(sign, instead)
    return number


def stored_number() -> sa.ColumnElement[str]:
    """The same of the booking of a row, for statements that seek by it or put rows in its order."""
    number: sa.ColumnElement[str] = sa.func.upper(sa.func.substr(BOOKING, 1, LENGTH))
    for sign, instead in SPEAKABLE.items():
        number = sa.func.replace(number, sign, instead)
    return number


def numbers(tx: Session, *which: sa.ColumnElement[bool]) -> dict[int, str]:
    """By attempt, of those attempts."""
    rows = tx.execute(
        sa.select(Attempt.id, Booking.public_id).join(Booking, Booking.id == Attempt.booking_id).where(*which)
    )
    return {attempt_id: number_of(booking) for attempt_id, booking in rows}
