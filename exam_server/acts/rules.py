"""Whom an act touches and whom it leaves out; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from exam_server.exam.rules import Facts, status
from exam_server.extra_time import alone
from exam_server.extra_time.rules import may_still_enter

Act = Literal["message", "time", "close", "release", "incident"]
ACTS: tuple[Act, ...] = ("message", "time", "close", "release", "incident")

Skip = Literal[
    "", "over", "absent", "handed_in", "closed_by_office", "door_shut", "not_begun", "not_held",
    "beyond_alone", "whole_sitting", "not_stored",
]  # fmt: skip
"""Why somebody is left out; empty: nobody is."""

MOST = 2000
"""Attempts that one act may name: more than any sitting holds, and what a page can send in one piece."""

CONFIRM_WITHIN = timedelta(minutes=5)
"""So long after it was shown whom it touches an act may be confirmed."""


@dataclass(frozen=True)
class Target:
    """One attempt as an act finds it; `held`: a device holds its lease; `spent`: seconds that officials have
    given it singly, each on their own word.
    """

    id: int
    public_id: str
    candidate: str
    sitting_id: int
    facts: Facts
    held: bool
    spent: int = 0


def skip(act: Act, target: Target, seconds: int, now: datetime) -> Skip:
    """Why that act would leave this one out at `now`; `seconds` of a grant of time."""
    if act == "incident":
        return ""
    if act == "time":
        return _no_time(target, seconds, now)
    phase, _ = status(target.facts, now)
    if phase in ("submitted", "closed"):
        return "over"
    if act == "message":
        return "absent" if phase == "absent" else ""
    if target.facts.started_at is None:
        return "not_begun"
    return "not_held" if act == "release" and not target.held else ""


def _no_time(target: Target, seconds: int, now: datetime) -> Skip:
    """As for one attempt: what the clock closed opens again, what a person closed does not."""
    facts = target.facts
    if facts.how == "submitted":
        return "handed_in"
    if facts.how == "official":
        return "closed_by_office"
    if facts.started_at is None and not may_still_enter(facts, seconds, now):
        return "door_shut"
    if seconds > alone.left(facts.allowed_seconds, target.spent):
        return "beyond_alone"
    return ""
