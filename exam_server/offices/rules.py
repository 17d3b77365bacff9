"""Where a stage of the schedule stands, as a pure function of its two instants and now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

Standing = Literal["undated", "ahead", "open", "over"]


def standing(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> Standing:
    """Half-open: a stage is open from its first instant up to, and without, its last."""
    if opens_at is None or closes_at is None:
        return "undated"
    if now < opens_at:
        return "ahead"
    return "open" if now < closes_at else "over"


def is_open(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> bool:
    """A stage without dates of its own never shuts anybody out: its sittings are its dates."""
    return standing(opens_at, closes_at, now) in ("open", "undated")
