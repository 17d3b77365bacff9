"""What an event is, how events are ordered and narrowed down; none has a place for what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KINDS = ("device", "time", "answers", "contact", "incident", "message", "check", "official", "page")
"""What people may ask for alone."""


@dataclass(frozen=True)
class Event:
    """One thing that happened: `code` says what (for words), `facts` fill the words; `by` is an official."""

    at: datetime
    kind: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    text: str = ""
    """In the own words of whoever wrote it."""


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Oldest first; what has the same instant stays as it was told."""
    return tuple(sorted(events, key=lambda event: event.at))


def counted(events: Iterable[Event]) -> dict[str, int]:
    """How many there are of each kind, in the order in which kinds are offered."""
    told = [event.kind for event in events]
    return {kind: told.count(kind) for kind in KINDS if kind in told}


def narrowed(events: Iterable[Event], kind: str) -> tuple[Event, ...]:
    """Those of one kind; all of them for any other word."""
    return tuple(event for event in events if kind not in KINDS or event.kind == kind)
