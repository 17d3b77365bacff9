"""Who may get time at all: nobody whose attempt a person has ended, nor whom more time would keep out."""

from __future__ import annotations

from datetime import datetime

from exam_server import instants
from exam_server.exam.refusals import AlreadySubmitted, ClosedByOfficial
from exam_server.extra_time import rules
from exam_server.extra_time.attempts import OneAttempt
from exam_server.extra_time.refusals import EntryWouldClose


def check(attempt: OneAttempt, seconds: int, now: datetime) -> None:
    """Returns when so many seconds may be given.

    Raises AlreadySubmitted, ClosedByOfficial, EntryWouldClose.
    """
    facts = attempt.facts
    if facts.how == "submitted":
        raise AlreadySubmitted
    if facts.how == "official":
        raise ClosedByOfficial
    if facts.started_at is None and not rules.may_still_enter(facts, seconds, now):
        at = instants.hour(rules.entry_after(facts, seconds), attempt.place.zone, "id")
        raise EntryWouldClose(at=at)
