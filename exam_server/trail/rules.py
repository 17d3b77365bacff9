"""What somebody looks for in the trail, and how a cell of a table stays a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PAGE = 100
"""Rows of one page."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet calculate instead of showing."""

FIELDS = ("person", "kind", "object", "act", "from", "until")
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Wanted:
    """Empty is whatever; `object` is a number or a public id; dates are days of the reader's zone."""

    person: str = ""
    kind: str = ""
    object: str = ""
    act: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def named(self) -> list[str]:
        """Which filters narrow the search, without what they say: it may be somebody's name."""
        given = {"person": self.person, "kind": self.kind, "object": self.object, "act": self.act,
                 "from": self.first, "until": self.last}  # fmt: skip
        return [name for name, value in given.items() if value]


def wanted(typed: Mapping[str, str]) -> tuple[Wanted, list[str]]:
    """What was typed, and the names of the dates that nobody can read."""
    given = {name: typed.get(name, "").strip() for name in FIELDS}
    first, last = day(given["from"]), day(given["until"])
    unread = [name for name, found in (("from", first), ("until", last)) if given[name] and found is None]
    return Wanted(given["person"], given["kind"], given["object"], given["act"], first, last), unread


def day(typed: str) -> date | None:
    """A date as a form sends it (2026-11-04), within the years that every zone can tell."""
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if 1 < found.year < 9999 else None


def span(sought: Wanted, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From the beginning of the first day until the end of the last one, half-open."""
    first = datetime.combine(sought.first, time(0), zone) if sought.first else None
    last = datetime.combine(sought.last + timedelta(days=1), time(0), zone) if sought.last else None
    return first, last


def number(typed: str) -> int | None:
    """The id of a row; nothing for what is a public id, or too large to be one."""
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 19:
        return None
    found = int(typed)
    return found if found <= LARGEST_ID else None


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it and never calculates it."""
    return "'" + cell if cell.startswith(DANGEROUS) else cell
