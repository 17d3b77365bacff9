"""One recruitment as its candidate lives it: what happened, where it stands, until when, what lies ahead.

Nothing here is stored: every word follows from instants of rows and from now, so that not sitting the test
and not choosing a session happen by the clock, whether or not a job runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Literal

from exam_server.exam import rules as exam
from exam_server.ranking import chain
from exam_server.screening import rules as screening
from exam_server.selection.rules import has_lapsed, may_choose

Where = Literal[
    "screening", "correction", "overdue", "rejected", "choice_ahead", "to_choose", "no_sitting", "lapsed",
    "booked", "ready", "running", "grace", "submitted", "closed", "absent", "accepted_final",
    "offered", "reserve", "not_accepted", "not_eligible", "withdrew", "disqualified", "cancelled",
    "declined", "offer_lapsed",
]  # fmt: skip
Kind = Literal[
    "sent", "correction", "overdue", "sent_again", "accepted_screening", "rejected", "chosen", "started",
    "submitted", "closed", "absent", "lapsed", "accepted_final", "announced", "offered", "took", "declined",
    "withdrew", "disqualified", "cancelled", "offer_lapsed",
]  # fmt: skip
FirstStep = Literal["profile", "documents", "apply", "offices", "wait"]

AHEAD: dict[str, tuple[str, ...]] = {
    "screening": ("screening", "test", "final", "result"),
    "test": ("test", "final", "result"),
    "final": ("final", "result"),
    "result": ("result",),
    "over": (),
}
"""Stages that still lie ahead, the first of them going on now."""

STAGE_OF: dict[Where, str] = {
    "screening": "screening", "correction": "screening", "overdue": "screening",
    "choice_ahead": "test", "to_choose": "test", "no_sitting": "test", "booked": "test", "ready": "test",
    "running": "test", "grace": "test", "submitted": "final", "closed": "final",
    "offered": "result", "reserve": "result",
    "rejected": "over", "lapsed": "over", "absent": "over", "accepted_final": "over", "not_accepted": "over",
    "not_eligible": "over", "withdrew": "over", "disqualified": "over", "cancelled": "over",
    "declined": "over", "offer_lapsed": "over",
}  # fmt: skip


PLACED: dict[chain.Where, Where] = {
    "accepted": "accepted_final", "offered": "offered", "reserve": "reserve", "not_accepted": "not_accepted",
    "not_eligible": "not_eligible", "withdrew": "withdrew", "disqualified": "disqualified",
    "cancelled": "cancelled", "declined": "declined", "lapsed": "offer_lapsed",
}  # fmt: skip
"""The words of places; `lapsed` is taken by who chose no sitting."""


@dataclass(frozen=True)
class Event:
    """Something that happened to a candidate; `fields` are (field, note) pairs of a correction."""

    kind: Kind
    at: datetime
    version: int = 1
    due_at: datetime | None = None
    fields: tuple[tuple[str, str], ...] = ()
    reason_code: str | None = None
    text: str | None = None
    outcome: str | None = None
    reserve: int | None = None


@dataclass(frozen=True)
class Result:
    """What the announced list says (`outcome`, `reserve`), where its places went since, and what happened."""

    published_at: datetime
    outcome: str
    standing: chain.Standing
    reserve: int | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Facts:
    """The stored instants of one candidate's recruitment.

    `events` are what screening recorded, in order; the choice window counts once the candidate is accepted,
    and is not announced when the office's schedule has no test stage.
    """

    applied_at: datetime
    events: tuple[Event, ...] = ()
    screening: screening.Facts | None = None
    accepted_at: datetime | None = None
    choice_announced: bool = True
    choice_opens_at: datetime | None = None
    choice_ends_at: datetime | None = None
    chosen_at: datetime | None = None
    attempt: exam.Facts | None = None
    accepted_final_at: datetime | None = None
    result: Result | None = None


def standing(facts: Facts, now: datetime) -> tuple[Where, datetime | None]:
    """Where the candidate stands, and until when (None: no instant is known)."""
    if facts.result is not None and now >= facts.result.published_at:
        return PLACED[facts.result.standing.where], facts.result.standing.until
    if facts.accepted_final_at is not None:
        return "accepted_final", None
    if facts.accepted_at is None:
        return _screened(facts, now)
    if facts.attempt is not None:
        phase, until = exam.status(facts.attempt, now)
        return ("booked" if phase == "waiting" else phase), until
    if not facts.choice_announced:
        return "choice_ahead", None
    if has_lapsed(facts.accepted_at, facts.choice_ends_at, now):
        return "lapsed", None
    if facts.choice_ends_at is not None and now >= facts.choice_ends_at:
        return "no_sitting", None
    if not may_choose(facts.choice_opens_at, facts.choice_ends_at, now):
        return "choice_ahead", facts.choice_opens_at
    return "to_choose", facts.choice_ends_at


def _screened(facts: Facts, now: datetime) -> tuple[Where, datetime | None]:
    if facts.screening is None:
        return "screening", None
    word, until = screening.standing(facts.screening, now)
    words: dict[str, Where] = {"correction": "correction", "overdue": "overdue", "rejected": "rejected"}
    return words.get(word, "screening"), until


def happened(facts: Facts, now: datetime) -> tuple[Event, ...]:
    """Everything that happened up to now, in order, including what only the clock did."""
    found = [*_of_screening(facts, now), *_of_the_test(facts, now), *_of_the_result(facts, now)]
    where, _ = standing(facts, now)
    if where == "lapsed" and facts.choice_ends_at is not None:
        found.append(Event("lapsed", facts.choice_ends_at))
    if facts.accepted_final_at is not None:
        found.append(Event("accepted_final", facts.accepted_final_at))
    return tuple(sorted(found, key=lambda event: event.at))


def _of_screening(facts: Facts, now: datetime) -> Iterator[Event]:
    kinds = {event.kind for event in facts.events}
    if "sent" not in kinds:
        yield Event("sent", facts.applied_at)
    for event, later in zip_longest(facts.events, facts.events[1:]):
        again = event.kind == "sent" and event.version > 1
        yield replace(event, kind="sent_again") if again else event
        due = event.due_at
        if due is not None and due <= now and (later is None or due <= later.at):
            yield Event("overdue", due)
    if facts.accepted_at is not None and "accepted_screening" not in kinds:
        yield Event("accepted_screening", facts.accepted_at)


def _of_the_test(facts: Facts, now: datetime) -> Iterator[Event]:
    if facts.chosen_at is not None:
        yield Event("chosen", facts.chosen_at)
    attempt = facts.attempt
    if attempt is None:
        return
    if attempt.started_at is not None:
        yield Event("started", attempt.started_at)
    phase, _ = exam.status(attempt, now)
    ended_at = attempt.finalised_at or attempt.deadline_at
    if phase == "absent":
        yield Event("absent", attempt.last_entry_at)
    elif phase == "submitted" and ended_at is not None:
        yield Event("submitted", ended_at)
    elif phase == "closed" and ended_at is not None:
        yield Event("closed", ended_at)


def _of_the_result(facts: Facts, now: datetime) -> Iterator[Event]:
    """Nothing before the announcement, whatever had happened by then."""
    result = facts.result
    if result is None or now < result.published_at:
        return
    yield Event("announced", result.published_at, outcome=result.outcome, reserve=result.reserve)
    yield from result.events
    if result.standing.where == "lapsed" and result.standing.until is not None:
        yield Event("offer_lapsed", result.standing.until)


def ahead(where: Where) -> tuple[str, ...]:
    """Kinds of the announced stages that still lie ahead; the first is the one that goes on now."""
    return AHEAD[STAGE_OF[where]]


def first_step(
    missing_fields: Collection[str], missing_documents: Collection[str], own_office_open: bool, any_open: bool
) -> FirstStep:
    """What somebody without an application does next."""
    if missing_fields:
        return "profile"
    if missing_documents:
        return "documents"
    if own_office_open:
        return "apply"
    return "offices" if any_open else "wait"


def masked(address: str) -> str:
    """An e-mail address that its owner recognises and a passer-by cannot use: a***@surel.example."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}***@{host}"
