"""Looking up one's own attempt: everything the server needs to know of it, in as few questions as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.exam.papers import read_paper
from exam_server.exam.refusals import NoAttempt
from exam_server.exam.rules import Facts, Phase, status
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    LedgerEntry,
    Message,
    MessageTo,
    Office,
    Paper,
    Response,
    Sitting,
    WatchPolicy,
)
from question_bank.blueprint import Drawn


@dataclass(frozen=True)
class Entry:
    """One line of the ledger as its candidate reads it; `author` is empty for the start."""

    kind: str
    seconds: int
    reason: str
    author: str


@dataclass(frozen=True)
class Word:
    """A message to a candidate that they have not marked as read; `office` is who speaks."""

    public_id: str
    text: str
    sent_at: datetime
    office: str


@dataclass(frozen=True)
class OwnAttempt:
    """Everything the server itself needs to know of a candidate's attempt."""

    id: int
    public_id: str
    candidate_id: int
    activity_id: int
    facts: Facts
    lease: int
    lease_session_id: int | None
    sitting_label: str
    place: str
    office: str
    zone: ZoneInfo
    paper: tuple[Drawn, ...] | None
    paper_sha256: str
    ledger: tuple[Entry, ...]
    words: tuple[Word, ...] = ()
    watched: bool = False
    """Officials may be told when this page is left: it was so before the start, and the lobby said so."""

    @property
    def extra_seconds(self) -> int:
        """What was granted beyond the allowance."""
        return self.facts.extra_seconds

    @property
    def options(self) -> tuple[int, ...]:
        """How many options each position of the paper has."""
        return tuple(len(one.order) for one in self.paper or ())

    def phase(self, now: datetime) -> tuple[Phase, datetime | None]:
        return status(self.facts, now)


EXTRA = (
    sa.select(sa.func.coalesce(sa.func.sum(LedgerEntry.seconds), 0))
    .where(LedgerEntry.attempt_id == Attempt.id, LedgerEntry.kind != "start")
    .correlate(Attempt)
    .scalar_subquery()
)
"""Seconds granted to an attempt beyond its allowance."""

MAY_GET_TIME = sa.or_(Attempt.how.is_(None), Attempt.how == "clock")
"""Neither handed in nor closed by an official: what the clock closed opens again when time is given."""

UNREAD = (
    sa.select(sa.func.count())
    .select_from(MessageTo)
    .where(MessageTo.attempt_id == Attempt.id, MessageTo.seen_at.is_(None))
    .correlate(Attempt)
    .scalar_subquery()
)
WATCHED = (
    sa.select(WatchPolicy.page_events)
    .where(WatchPolicy.activity_id == Attempt.activity_id,
           sa.or_(Attempt.started_at.is_(None), Attempt.started_at >= WatchPolicy.changed_at))
    .correlate(Attempt)
    .scalar_subquery()
)  # fmt: skip
"""Whether the page may tell that it is left; who had begun before that was allowed was never told of it."""

MOST_WORDS = 20
"""Unread messages that a state carries, the newest: a page can neither show nor need more of them."""

# Put together once: the stampede at the start of a sitting asks these, once per candidate.
_OWN_ATTEMPT = (
    sa.select(
        Attempt.id, Attempt.public_id, Attempt.candidate_id, Attempt.activity_id, Attempt.lease,
        Attempt.lease_session_id, Attempt.allowed_seconds, Attempt.grace_seconds, Attempt.started_at,
        Attempt.deadline_at, Attempt.finalised_at, Attempt.how, Sitting.starts_at, Sitting.ends_at,
        Sitting.label, Sitting.place, Office.name.label("office"), Office.zone, Paper.content, Paper.sha256,
        EXTRA.label("extra"), UNREAD.label("unread"), WATCHED.label("watched"),
    )
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .join(Activity, Activity.id == Attempt.activity_id)
    .join(Office, Office.id == Activity.office_id)
    .outerjoin(Paper, Paper.attempt_id == Attempt.id)
    .where(Attempt.candidate_id == sa.bindparam("candidate_id"))
    .order_by(Sitting.starts_at.desc())
    .limit(1)
)  # fmt: skip
_RESPONSES = (
    sa.select(Response.position, Response.seq, Response.option, Response.flagged)
    .where(Response.attempt_id == sa.bindparam("attempt_id"))
    .order_by(Response.position)
)
_WORDS = (
    sa.select(Message.public_id, Message.text, Message.sent_at, Office.name.label("office"))
    .join(MessageTo, MessageTo.message_id == Message.id)
    .join(Activity, Activity.id == Message.activity_id)
    .join(Office, Office.id == Activity.office_id)
    .where(MessageTo.attempt_id == sa.bindparam("attempt_id"), MessageTo.seen_at.is_(None))
    .order_by(Message.id.desc())
    .limit(MOST_WORDS)
)
_ENTRIES = (
    sa.select(LedgerEntry.attempt_id, LedgerEntry.kind, LedgerEntry.seconds, LedgerEntry.reason, Account.name)
    .outerjoin(Account, Account.id == LedgerEntry.author_id)
    .order_by(LedgerEntry.kind != "start", LedgerEntry.id)
)
_LEDGER = _ENTRIES.where(LedgerEntry.attempt_id == sa.bindparam("attempt_id"))


def own_attempt(db: Database, candidate_id: int) -> OwnAttempt:
    """The candidate's newest attempt; raises NoAttempt."""
    with db.look() as connection:
        return _own_attempt(connection, candidate_id)


def own_answers(db: Database, candidate_id: int) -> tuple[OwnAttempt, list[dict[str, Any]]]:
    """The candidate's newest attempt and what is durable of it, in one look; raises NoAttempt."""
    with db.look() as connection:
        own = _own_attempt(connection, candidate_id)
        return own, _responses(connection, own.id)


def responses(db: Database, attempt_id: int) -> list[dict[str, Any]]:
    """What is durable, per position: {position, seq, option, flagged}."""
    with db.look() as connection:
        return _responses(connection, attempt_id)


def words(db: Database, attempt_id: int) -> tuple[Word, ...]:
    """What officials told this candidate and was not marked as read, in order: the newest MOST_WORDS."""
    with db.look() as connection:
        return _words(connection, attempt_id)


def _words(connection: sa.Connection, attempt_id: int) -> tuple[Word, ...]:
    rows = connection.execute(_WORDS, {"attempt_id": attempt_id}).all()
    return tuple(Word(row.public_id, row.text, row.sent_at, row.office) for row in reversed(rows))


def ledger(connection: Any, attempt_id: int) -> tuple[Entry, ...]:
    """Every entry of an attempt's time, the start first; `connection` may be a session too."""
    rows = connection.execute(_LEDGER, {"attempt_id": attempt_id})
    return tuple(Entry(row.kind, row.seconds, row.reason, row.name or "") for row in rows)


def ledgers(connection: Any, attempt_ids: Sequence[int]) -> dict[int, tuple[Entry, ...]]:
    """The same of many attempts, in one question."""
    found: dict[int, list[Entry]] = {attempt_id: [] for attempt_id in attempt_ids}
    for row in connection.execute(_ENTRIES.where(LedgerEntry.attempt_id.in_(attempt_ids))):
        found[row.attempt_id].append(Entry(row.kind, row.seconds, row.reason, row.name or ""))
    return {attempt_id: tuple(entries) for attempt_id, entries in found.items()}


def _own_attempt(connection: sa.Connection, candidate_id: int) -> OwnAttempt:
    row = connection.execute(_OWN_ATTEMPT, {"candidate_id": candidate_id}).one_or_none()
    if row is None:
        raise NoAttempt
    facts = facts_of(row, row, int(row.extra))
    return OwnAttempt(
        id=row.id, public_id=row.public_id, candidate_id=row.candidate_id, activity_id=row.activity_id,
        facts=facts, lease=row.lease, lease_session_id=row.lease_session_id, sitting_label=row.label,
        place=row.place, office=row.office, zone=ZoneInfo(row.zone),
        paper=tuple(read_paper(row.content)) if row.content else None, paper_sha256=row.sha256 or "",
        ledger=ledger(connection, row.id) if facts.extra_seconds else _plain(facts),
        words=_words(connection, row.id) if row.unread else (), watched=bool(row.watched),
    )  # fmt: skip


def _plain(facts: Facts) -> tuple[Entry, ...]:
    """The ledger of nearly everybody, told without asking: the allowance, once it runs."""
    return (Entry("start", facts.allowed_seconds, "", ""),) if facts.started_at else ()


def _responses(connection: sa.Connection, attempt_id: int) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(_RESPONSES, {"attempt_id": attempt_id})]


def facts_of(attempt: Any, sitting: Any, extra_seconds: int = 0) -> Facts:
    """The facts of rows (or of one row) that have these columns."""
    return Facts(
        starts_at=sitting.starts_at, ends_at=sitting.ends_at, allowed_seconds=attempt.allowed_seconds,
        grace_seconds=attempt.grace_seconds, started_at=attempt.started_at, deadline_at=attempt.deadline_at,
        finalised_at=attempt.finalised_at, how=attempt.how, extra_seconds=extra_seconds,
    )  # fmt: skip
