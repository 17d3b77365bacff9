"""What page and socket have in common: a payload becomes an act, and its fates become an answer."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exam_server.clock import to_ms
from exam_server.db import Database
from exam_server.errors import BadRequest, Refusal, SignInNeeded
from exam_server.exam import lookups, refusals, service
from exam_server.exam.autosave import GroupCommit
from exam_server.exam.ledger import told
from exam_server.exam.rules import CONTACT_EVERY, read_items
from exam_server.exam.saves import Save, Stored

REFUSALS: Mapping[str, type[Refusal]] = {
    refusal.code: refusal
    for refusal in (
        refusals.DeadlinePassed, refusals.Closed, refusals.TakenOver, refusals.NotStarted,
        refusals.UnknownOption, refusals.UnknownPosition,
    )
} | {"bad_item": BadRequest, "signed_out": SignInNeeded}  # fmt: skip

DURABLE = ("saved", "stale")
Perform = functools.partial[None]
"""An act that wants only its transaction."""


@dataclass(frozen=True)
class Seat:
    """A signed-in browser in front of its own attempt."""

    attempt_id: int
    public_id: str
    session_id: int
    options: tuple[int, ...]


@dataclass(frozen=True)
class Answer:
    """What to say of a save: per item its fate and durable seq; `refusal` when nothing in it is durable."""

    items: list[dict[str, Any]]
    refusal: Refusal | None


def seat_of(own: lookups.OwnAttempt, session_id: int) -> Seat:
    return Seat(own.id, own.public_id, session_id, own.options)


def check_attempt(seat: Seat, payload: Mapping[str, Any]) -> None:
    """The page must say whose it is: on a shared phone an old tab may speak under a new cookie."""
    if payload.get("attempt") != seat.public_id:
        raise refusals.ForeignAttempt


def join(
    db: Database, autosave: GroupCommit, own: lookups.OwnAttempt, session_id: int, device: str,
    payload: Mapping[str, Any], now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """The state, with the lease to save under (0 unless it runs).

    Raises ForeignAttempt, TakenOver, TooMany.
    """
    check_attempt(seat_of(own, session_id), payload)
    lease = 0
    if own.phase(now)[0] in ("running", "grace"):
        lease = autosave.run(functools.partial(
            service.join, attempt_id=own.id, session_id=session_id, device=device,
            take_over=payload.get("take_over") is True, now=now,
        ))  # fmt: skip
    # Asked for again: what was told before this page entered its room must not be missed.
    words = told_words(lookups.words(db, own.id))
    return state(own, lookups.responses(db, own.id), now) | {
        "lease": lease, "released": False, "messages": words,
    }  # fmt: skip


def read_beat(seat: Seat, now: datetime) -> Perform:
    """The act of a sign of life."""
    return functools.partial(service.contact, attempt_id=seat.attempt_id, session_id=seat.session_id, now=now)


def read_submit(seat: Seat, payload: Mapping[str, Any], now: datetime) -> Perform:
    """The act of a payload that hands in; raises ForeignAttempt, BadRequest."""
    check_attempt(seat, payload)
    return functools.partial(
        service.submit, attempt_id=seat.attempt_id, session_id=seat.session_id, lease=read_lease(payload),
        now=now,
    )  # fmt: skip


def read_save(seat: Seat, payload: Mapping[str, Any], now: datetime) -> tuple[Save, list[dict[str, Any]]]:
    """The save of a payload, and its items that cannot be; raises ForeignAttempt, BadRequest, NotStarted."""
    check_attempt(seat, payload)
    if not seat.options:
        raise refusals.NotStarted
    try:
        items, refused = read_items(payload.get("items"), seat.options)
    except ValueError as problem:
        raise BadRequest from problem
    save = Save(seat.attempt_id, seat.session_id, read_lease(payload), tuple(items), now)
    return save, [{"position": position, "seq": seq, "state": code, "durable": 0}
                  for position, seq, code in refused]  # fmt: skip


def read_lease(payload: Mapping[str, Any]) -> int:
    """The lease under which a page says it writes; raises BadRequest."""
    lease = payload.get("lease")
    if not isinstance(lease, int) or isinstance(lease, bool) or not 0 <= lease < 2**31:
        raise BadRequest
    return lease


def answer(save: Save, stored: Stored, refused: list[dict[str, Any]]) -> Answer:
    """Every item's fate; refused as a whole when not one item of it is durable."""
    items = refused[:]
    for item in save.items:
        state, durable = stored.fates[item.position]
        items.append({"position": item.position, "seq": item.seq, "state": state, "durable": durable})
    if any(item["state"] in DURABLE for item in items):
        return Answer(items, None)
    return Answer(items, REFUSALS[items[0]["state"]]())


def state(own: lookups.OwnAttempt, answers: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """What a page needs to go on: phase and its end, deadline, lease, durable answers; instants in ms."""
    phase, until = own.phase(now)
    return {
        "attempt": own.public_id, "phase": phase, "until": to_ms(until), "now": to_ms(now),
        "starts_at": to_ms(own.facts.starts_at), "last_entry_at": to_ms(own.facts.last_entry_at),
        "started_at": to_ms(own.facts.started_at), "deadline_at": to_ms(own.facts.deadline_at),
        "allowed_seconds": own.facts.allowed_seconds, "extra_seconds": own.extra_seconds,
        "grace_seconds": own.facts.grace_seconds, "contact_every": CONTACT_EVERY.total_seconds(),
        "lease": own.lease, "items": len(own.options), "responses": answers, "how": own.facts.how,
        "paper": own.paper_sha256, "ledger": told(own.ledger), "messages": told_words(own.words),
        "attention": own.watched, "released": own.lease > 0 and own.lease_session_id is None,
    }  # fmt: skip


def told_words(words: Iterable[lookups.Word]) -> list[dict[str, Any]]:
    """Messages as a page gets them."""
    return [{"id": word.public_id, "text": word.text, "sent_at": to_ms(word.sent_at), "author": word.office}
            for word in words]  # fmt: skip
