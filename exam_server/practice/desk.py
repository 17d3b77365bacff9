"""What page and socket of a practice have in common: the exam's own desk, over a practice run.

A practice run is shown to it as an attempt whose paper is the practice paper; what it refuses is said in
words about a practice. A seat here is a type of its own, so no socket can speak to both.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exam_server import instants
from exam_server.db import Database
from exam_server.errors import Refusal
from exam_server.exam import desk
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.lookups import Entry, OwnAttempt
from exam_server.exam.saves import Stored
from exam_server.practice import saves, service
from exam_server.practice.items import DIGEST, PAPER
from exam_server.practice.refusals import spoken

EVENTS = "practice_"
"""Before the name of each event that a page of a practice sends."""


@dataclass(frozen=True)
class PracticeSeat:
    """A signed-in browser in front of its own practice."""

    seat: desk.Seat


@dataclass(frozen=True)
class Saving:
    """A save of a practice: the act for the group commit, and what to say of its outcome."""

    act: functools.partial[Stored]
    told: Callable[[Stored], desk.Answer]


def seat_of(run: service.OwnRun, session_id: int) -> PracticeSeat:
    return PracticeSeat(desk.seat_of(_attempt(run), session_id))


def check_attempt(own: PracticeSeat, payload: Mapping[str, Any]) -> None:
    """The page must say whose it is; raises ForeignPractice."""
    with own_words():
        desk.check_attempt(own.seat, payload)


def join(
    db: Database, autosave: GroupCommit, run: service.OwnRun, session_id: int, payload: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The state, with the lease to save under (0 unless it runs).

    Raises ForeignPractice, PracticeTakenOver.
    """
    check_attempt(seat_of(run, session_id), payload)
    lease = 0
    if run.phase(now)[0] in ("running", "grace"):
        lease = autosave.run(functools.partial(
            service.join, run_id=run.id, session_id=session_id,
            take_over=payload.get("take_over") is True, now=now,
        ))  # fmt: skip
    return state(run, service.responses(db, run.id), now) | {"lease": lease}


def read_save(own: PracticeSeat, payload: Mapping[str, Any], now: datetime) -> Saving:
    """The save of a payload; raises ForeignPractice, BadRequest."""
    with own_words():
        save, refused = desk.read_save(own.seat, payload, now)

    def told(stored: Stored) -> desk.Answer:
        answer = desk.answer(save, stored, refused)
        return desk.Answer(answer.items, spoken(answer.refusal) if answer.refusal else None)

    return Saving(functools.partial(saves.store, save=save), told)


def read_submit(own: PracticeSeat, payload: Mapping[str, Any], now: datetime) -> desk.Perform:
    """The act of a payload that hands in; raises ForeignPractice, BadRequest."""
    check_attempt(own, payload)
    return functools.partial(
        service.submit, run_id=own.seat.attempt_id, session_id=own.seat.session_id,
        lease=desk.read_lease(payload), now=now,
    )  # fmt: skip


def state(run: service.OwnRun, answers: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """The state object of the exam, and the prefix of the events that its page sends."""
    return desk.state(_attempt(run), answers, now) | {"events": EVENTS}


@contextmanager
def own_words() -> Iterator[None]:
    """What the exam's desk refuses inside is refused in words about a practice."""
    try:
        yield
    except Refusal as refusal:
        raise spoken(refusal) from refusal


def _attempt(run: service.OwnRun) -> OwnAttempt:
    return OwnAttempt(
        id=run.id, public_id=run.public_id, candidate_id=0, activity_id=0, facts=run.facts, lease=run.lease,
        lease_session_id=run.lease_session_id, sitting_label="", place="", office="", zone=instants.ELSEWHERE,
        paper=PAPER, paper_sha256=DIGEST, ledger=(Entry("start", run.facts.allowed_seconds, "", ""),),
    )  # fmt: skip
