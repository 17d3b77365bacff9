"""One sitting as a calendar file (RFC 5545): instants in UTC, an alarm a day and an hour before.

A calendar that imports the file again finds the same `uid` and takes over the higher `sequence`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
LINE = 75
"""Octets of a line, its end not counted."""

ALARMS = (timedelta(days=1), timedelta(hours=1))


@dataclass(frozen=True)
class Event:
    """What the calendar shows; `sequence` grows with every change of time."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    description: str
    url: str


def write(event: Event, now: datetime) -> bytes:
    """The file, made at `now`; texts may hold anything a person can type."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Seleksi Mitra Statistik//Tes Kompetensi//ID",
        "CALSCALE:GREGORIAN", "BEGIN:VEVENT", f"UID:{text(event.uid)}", f"DTSTAMP:{utc(now)}",
        f"SEQUENCE:{event.sequence}", f"DTSTART:{utc(event.starts_at)}", f"DTEND:{utc(event.ends_at)}",
        f"SUMMARY:{text(event.summary)}", f"LOCATION:{text(event.place)}",
        f"DESCRIPTION:{text(event.description)}", f"URL:{event.url}", "STATUS:CONFIRMED",
    ]  # fmt: skip
    for before in ALARMS:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER:-{duration(before)}",
                  f"DESCRIPTION:{text(event.summary)}", "END:VALARM"]  # fmt: skip
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def utc(instant: datetime) -> str:
    """20261104T010000Z"""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def duration(length: timedelta) -> str:
    """Whole days, else whole hours: P1D, PT1H."""
    return f"P{length.days}D" if length.days else f"PT{length.seconds // 3600}H"


def text(value: str) -> str:
    """A value in which nothing ends the line or the value itself."""
    said = value.replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(letter for letter in said if letter == "\n" or letter.isprintable())
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        said = said.replace(plain, escaped)
    return said


def folded(line: str) -> Iterator[bytes]:
    """The line in pieces of at most LINE octets; the later ones begin with a blank, no letter is cut."""
    piece = b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
