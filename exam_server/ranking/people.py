"""How a candidate is named where names do not belong: by a number that the participant's card shows too."""

from __future__ import annotations

SPEAKABLE = str.maketrans("-_", "XZ")


def number_of(booking_public_id: str) -> str:
    """The participant's number: the first eight signs of the booking's name, capitals and digits only.

    Numbers are read aloud, typed, and kept in tables, where a dash would be lost or taken for a minus.
    """
    return booking_public_id[:8].upper().translate(SPEAKABLE)
