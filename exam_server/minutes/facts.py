"""What a berita acara is told from: the facts of one sitting, before they are put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Moved:
    """The sitting was to begin at another time before."""

    from_starts_at: datetime
    to_starts_at: datetime
    reason: str


@dataclass(frozen=True)
class Ground:
    """The sitting and where it belongs; `contact` is whatever the office told of where it is found."""

    id: int
    public_id: str
    label: str
    place: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    allowed_seconds: int
    activity: str
    board: str
    office_id: int
    office: str
    contact: tuple[str, ...]
    document_number: str
    signatories: tuple[tuple[str, str], ...]
    zone: ZoneInfo
    moves: tuple[Moved, ...]


@dataclass(frozen=True)
class Sitter:
    """One line of the attendance list; numbers count from 1 in the order of names."""

    number: int
    attempt_id: int
    name: str
    started_at: datetime | None
    finalised_at: datetime | None
    how: str | None
    phase: str
    extra_seconds: int
    check: str
    """Outcome of the newest device check before the sitting ended; empty: none."""


@dataclass(frozen=True)
class Happened:
    """One thing that happened: to these attempts (none: the whole sitting), told or done by an official."""

    at: datetime
    kind: str
    attempts: tuple[int, ...] = ()
    text: str = ""
    by: str = ""
    seconds: int = 0
    asked_by: str = ""
    """Who asked, where two officials decided."""


@dataclass(frozen=True)
class Gap:
    """A time in which the server could not write: whom it struck, how many got time back, most seconds."""

    began_at: datetime
    ended_at: datetime
    struck: tuple[int, ...]
    given: int
    seconds: int
    here_only: bool = False
    """It struck this sitting alone, not the whole server."""


@dataclass(frozen=True)
class Silences:
    """How often contact was lost and came back: times, attempts, longest in seconds."""

    times: int
    attempts: int
    longest: int


@dataclass(frozen=True)
class Facts:
    """Everything."""

    ground: Ground
    sitters: tuple[Sitter, ...]
    assigned: tuple[str, ...]
    acted: tuple[str, ...]
    devices: tuple[Happened, ...]
    gaps: tuple[Gap, ...]
    silences: Silences
    grants: tuple[Happened, ...]
    decided: tuple[Happened, ...]
    incidents: tuple[Happened, ...]
    messages: tuple[Happened, ...]
    checks: Mapping[str, int]

    @property
    def open(self) -> tuple[Sitter, ...]:
        """Who has begun and is not closed for good."""
        return tuple(one for one in self.sitters if one.started_at and not one.finalised_at)
