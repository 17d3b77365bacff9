"""When a candidate may do what: pure functions of stored instants and now. All intervals are half-open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeGuard

from exam_server.selection.rules import last_entry

Phase = Literal["waiting", "ready", "running", "grace", "submitted", "closed", "absent"]

DRAW_AHEAD = timedelta(minutes=30)
"""Papers are drawn from this long before the sitting, so that the bank may grow until then."""

LONGEST_BUFFER_AGE = timedelta(seconds=5)
"""No worker keeps an arrived answer unwritten longer than this, so closing waits for it."""

CONTACT_EVERY = timedelta(seconds=10)
CONTACT_LOST_AFTER = timedelta(seconds=35)
"""Three missed signs of life and a little: then the board says that contact is lost."""


@dataclass(frozen=True)
class Facts:
    """The stored instants from which the state of an attempt follows."""

    starts_at: datetime
    ends_at: datetime
    allowed_seconds: int
    grace_seconds: int
    started_at: datetime | None = None
    deadline_at: datetime | None = None
    finalised_at: datetime | None = None
    how: str | None = None
    extra_seconds: int = 0

    @property
    def last_entry_at(self) -> datetime:
        """Who has more time must begin earlier, so that nobody is cut short by the end of the sitting."""
        return last_entry(self.ends_at, self.allowed_seconds + self.extra_seconds)


def deadline(started_at: datetime, allowed_seconds: int, extra_seconds: Iterable[int]) -> datetime:
    """Start + allowance + every entry of the ledger."""
    return started_at + timedelta(seconds=allowed_seconds + sum(extra_seconds))


def status(facts: Facts, now: datetime) -> tuple[Phase, datetime | None]:
    """The phase, and the instant at which time alone will change it (None: never again)."""
    if facts.finalised_at is not None:
        return ("submitted" if facts.how == "submitted" else "closed"), None
    if facts.started_at is None or facts.deadline_at is None:
        return _before_start(facts, now)
    grace_ends_at = facts.deadline_at + timedelta(seconds=facts.grace_seconds)
    if now < facts.deadline_at:
        return "running", facts.deadline_at
    if now < grace_ends_at:
        return "grace", grace_ends_at
    return "closed", None


def _before_start(facts: Facts, now: datetime) -> tuple[Phase, datetime | None]:
    if now < facts.starts_at:
        return "waiting", facts.starts_at
    if now < facts.last_entry_at:
        return "ready", facts.last_entry_at
    return "absent", None


@dataclass(frozen=True)
class Item:
    """One entry of a save: what the candidate chose at a position (both counted from 1, as displayed)."""

    position: int
    seq: int
    option: int | None
    flagged: bool


def read_items(raw: object, options: Sequence[int]) -> tuple[list[Item], list[tuple[int, int, str]]]:
    """Split a list as it came over the wire into good items and refused ones (position, seq, code).

    `options[i]` is how many options position i+1 of the caller's own paper has. Codes: `bad_item`,
    `unknown_position`, `unknown_option`. Raises ValueError when `raw` is no list of objects at all.
    """
    if not isinstance(raw, list) or not 0 < len(raw) <= 4 * len(options):
        raise ValueError("a save carries a list of items")
    good: list[Item] = []
    refused: list[tuple[int, int, str]] = []
    for entry in raw:
        item, code = _read_item(entry, options)
        if item is not None and not code:
            good.append(item)
        else:
            refused.append((item.position if item else 0, item.seq if item else 0, code))
    return _newest(good), refused


MOST_SEQ = 2**31 - 1


def _read_item(entry: object, options: Sequence[int]) -> tuple[Item | None, str]:
    if not isinstance(entry, dict):
        return None, "bad_item"
    position, seq, option = entry.get("position"), entry.get("seq"), entry.get("option")
    flagged = entry.get("flagged", False)
    if not _whole(position) or not _whole(seq) or not isinstance(flagged, bool):
        return None, "bad_item"
    if not 1 <= seq <= MOST_SEQ or not (option is None or _whole(option)):
        return None, "bad_item"
    item = Item(position, seq, option, flagged)
    if not 1 <= position <= len(options):
        return item, "unknown_position"
    if option is not None and not 1 <= option <= options[position - 1]:
        return item, "unknown_option"
    return item, ""


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _newest(items: list[Item]) -> list[Item]:
    """The highest seq of each position; a list may repeat one, a statement must not."""
    best: dict[int, Item] = {}
    for item in items:
        if item.position not in best or item.seq > best[item.position].seq:
            best[item.position] = item
    return list(best.values())
