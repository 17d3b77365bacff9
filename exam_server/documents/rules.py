"""Which files are asked for, how large they may be, and when one has grown too old to be used again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

KINDS = ("ktp", "photo", "ijazah")

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
MOST_PAGES = 10
UPLOADS_PER_DAY = 20

PHOTO_LASTS = timedelta(days=365)
FILE_LASTS = timedelta(days=5 * 365 + 1)
"""Five years, with the one leap day they hold at least."""

UNUSED_FOR = timedelta(hours=1)
"""A replaced file that no application names goes after this: one that is being sent may still name it."""


def lasts(kind: str) -> timedelta:
    """How long an upload of this kind is good for another application."""
    return PHOTO_LASTS if kind == "photo" else FILE_LASTS


def needs_renewal(kind: str, uploaded_at: datetime, on: date) -> bool:
    """True when a file is too old to be sent with an application on that day (days of UTC)."""
    day = on.date() if isinstance(on, datetime) else on
    return day - uploaded_at.date() > lasts(kind)
