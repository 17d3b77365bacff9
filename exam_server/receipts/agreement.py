"""Whether what is stored still says what a receipt says: made again, from the journal and from the tables.

A code is genuine when it belongs to the receipt as it is stored or to what the journal tells; it agrees with
what is stored when both are so and, while nothing came after it, attempt and responses say it as well.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam import journal, receipts
from exam_server.exam.replay import Entry, Replayed, replay
from exam_server.models import Attempt, JournalEntry, Paper, Receipt, Response, Score, from_micros, to_micros

Outcome = Literal["valid", "superseded", "changed", "unknown"]
BROKEN = ("broken_seal", "gap", "unreadable")


@dataclass(frozen=True)
class Finding:
    """What a code is worth, and the receipt that it vouches for (none when it is unknown)."""

    outcome: Outcome
    receipt: Receipt | None


def examine(tx: Session, row: Receipt, attempt: Attempt, code: str, secret: str) -> Finding:
    """What `code`, under which `row` is stored, is worth today."""

    def fits(made: Receipt | None) -> bool:
        return made is not None and _is_code_of(made, attempt, code, secret)

    entries, paper = journal.entries(tx, attempt.id), _paper(tx, attempt.id)
    told = next(filter(fits, _told(tx, row, attempt, paper, entries, secret)), None)
    vouched = row if fits(row) else told
    if vouched is None:
        return Finding("unknown", None)
    newest = entries[-1].number if entries else 0
    agrees = vouched is row and told is not None
    if agrees and newest == row.number:
        agrees = fits(_stored(tx, row, attempt, paper, entries[-1], secret))
    if not agrees:
        return Finding("changed", vouched)
    return Finding("superseded" if newest > row.number else "valid", vouched)


def _is_code_of(made: Receipt, attempt: Attempt, code: str, secret: str) -> bool:
    belongs = receipts.code_of(made, attempt.public_id, secret)
    return hmac.compare_digest(belongs.encode(), code.encode())


def _paper(tx: Session, attempt_id: int) -> Paper | None:
    """The paper, while it is what its own hash says."""
    paper = tx.get(Paper, attempt_id)
    if paper is None or hashlib.sha256(paper.content.encode()).hexdigest() != paper.sha256:
        return None
    return paper


def _told(
    tx: Session, row: Receipt, attempt: Attempt, paper: Paper | None, entries: Sequence[JournalEntry],
    secret: str,
) -> Iterator[Receipt]:  # fmt: skip
    """Every receipt that follows from the journal where a score was made; both are made in one act."""
    scores = sa.select(Score.number, Score.scored_at).where(Score.attempt_id == attempt.id)
    for number, at in tx.execute(scores.order_by(Score.scored_at)):
        until = [Entry(one.number, to_micros(one.at), one.kind, one.data, one.seal)
                 for one in entries if one.number <= number]  # fmt: skip
        state = replay(attempt.id, until)
        if paper is not None and state.number == number and _is_whole(state, paper):
            yield _made(state, attempt, paper, secret, at)


def _is_whole(state: Replayed, paper: Paper) -> bool:
    """Nothing was slipped into the journal, it is closed there, and it names this paper."""
    whole = not any(one.what in BROKEN for one in state.contradictions)
    return whole and state.how is not None and state.paper_sha256 == paper.sha256


def _made(state: Replayed, attempt: Attempt, paper: Paper, secret: str, at: datetime) -> Receipt:
    """The receipt of an attempt as its journal tells it."""
    as_told = Attempt(
        id=attempt.id, public_id=attempt.public_id, how=state.how,
        started_at=from_micros(state.started_at or 0), finalised_at=from_micros(state.finalised_at or 0),
    )  # fmt: skip
    answers = [Response(position=position, seq=one.seq, option=one.option, flagged=one.flagged)
               for position, one in sorted(state.responses.items())]  # fmt: skip
    return receipts.issue(as_told, paper, answers, state.number, state.seal, secret, at)


def _stored(
    tx: Session, row: Receipt, attempt: Attempt, paper: Paper | None, newest: JournalEntry, secret: str
) -> Receipt | None:
    """The receipt of the attempt as the tables have it now."""
    if paper is None or attempt.started_at is None or attempt.finalised_at is None:
        return None
    answers = sa.select(Response).where(Response.attempt_id == attempt.id).order_by(Response.position)
    found = list(tx.scalars(answers))
    return receipts.issue(attempt, paper, found, newest.number, newest.seal, secret, row.issued_at)
