"""Everything that is stored of attempts, a batch at a time: each batch is one moment of the database.

Memory holds one batch whatever the number of attempts; a batch costs the same few statements however many
answers its attempts have.
"""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from exam_server.bank import keys as bank_keys
from exam_server.bank.codec import UnknownSeal
from exam_server.db import Database
from exam_server.exam.replay import Answer, Entry, Granted
from exam_server.models import (
    Attempt,
    JournalEntry,
    LateAnswer,
    LedgerEntry,
    Paper,
    Pledge,
    Receipt,
    RescueFile,
    Response,
    ResponseJournal,
    Score,
)
from question_bank.scoring import Key

BATCH = 100

Versions = list[tuple[int, int]]
"""(revision id, key version) in the order of a paper."""
Keys = Mapping[tuple[int, int], Key]


@dataclass(frozen=True)
class Marked:
    """One score as it is stored; `keys` is None where its list cannot be read."""

    number: int
    keys: Versions | None
    keys_sha256: str
    correct: int
    wrong: int
    blank: int
    out_of: int


@dataclass
class Record:
    """What is stored of one attempt; `attempt` and `paper` are rows, instants are microseconds."""

    attempt: Any
    paper: Any = None
    journal: list[Entry] = field(default_factory=list)
    responses: dict[int, Answer] = field(default_factory=dict)
    versions: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    ledger: list[Granted] = field(default_factory=list)
    pledged_at: int | None = None
    late: set[tuple[int, Answer]] = field(default_factory=set)
    """What could count: (position, answer) of evidence that came after the end."""
    rescue_files: int = 0
    scores: list[Marked] = field(default_factory=list)
    receipts: list[Any] = field(default_factory=list)
    keys: Keys = field(default_factory=dict)


def records(db: Database) -> Iterator[Record]:
    """Every attempt, in the order of their ids."""
    after = 0
    while True:
        with snapshot(db) as tx:
            batch = _batch(tx, after)
        if not batch:
            return
        yield from batch
        after = batch[-1].attempt.id


@contextlib.contextmanager
def snapshot(db: Database) -> Iterator[Session]:
    """All statements inside see one moment: what is committed meanwhile is seen by none of them."""
    with db.read() as tx:
        if not db.sqlite:  # SQLite's readers always do
            tx.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield tx


def _micros(column: InstrumentedAttribute[Any]) -> sa.ColumnElement[int]:
    return sa.type_coerce(column, sa.BigInteger).label(column.key)


_ATTEMPT = sa.select(
    Attempt.id, Attempt.public_id, Attempt.allowed_seconds, Attempt.grace_seconds, Attempt.lease, Attempt.how,
    _micros(Attempt.started_at), _micros(Attempt.deadline_at), _micros(Attempt.finalised_at),
)  # fmt: skip
_ANSWER = ("position", "seq", "option", "flagged")


def _batch(tx: Session, after: int) -> list[Record]:
    rows = tx.execute(_ATTEMPT.where(Attempt.id > after).order_by(Attempt.id).limit(BATCH))
    batch = {row.id: Record(row) for row in rows}
    if not batch:
        return []
    span = (min(batch), max(batch))
    for read in (_read_journal, _read_answers, _read_time, _read_proof):
        read(tx, span, batch)
    keys = _keys(tx, {pair for one in batch.values() for score in one.scores for pair in score.keys or ()})
    for one in batch.values():
        one.keys = keys
    return list(batch.values())


Span = tuple[int, int]


def _rows(tx: Session, span: Span, table: Any, columns: tuple[Any, ...], *order: Any) -> Iterator[Any]:
    """These columns of the rows of a batch, `attempt_id` first; `order` besides."""
    wanted = sa.select(table.attempt_id, *columns).where(table.attempt_id.between(*span))
    yield from tx.execute(wanted.order_by(table.attempt_id, *order))


def _read_journal(tx: Session, span: Span, batch: dict[int, Record]) -> None:
    columns = (JournalEntry.number, _micros(JournalEntry.at), JournalEntry.kind, JournalEntry.data,
               JournalEntry.seal)  # fmt: skip
    for attempt_id, *entry in _rows(tx, span, JournalEntry, columns, JournalEntry.number):
        batch[attempt_id].journal.append(Entry(*entry))
    for attempt_id, content, sha256 in _rows(tx, span, Paper, (Paper.content, Paper.sha256)):
        batch[attempt_id].paper = (content, sha256)


def _read_answers(tx: Session, span: Span, batch: dict[int, Record]) -> None:
    for attempt_id, position, *answer in _rows(tx, span, Response, _answer(Response)):
        batch[attempt_id].responses[position] = Answer(*answer)
    versions = _rows(tx, span, ResponseJournal, _answer(ResponseJournal), ResponseJournal.id)
    for attempt_id, position, *answer in versions:
        batch[attempt_id].versions[position].append(Answer(*answer))
    for attempt_id, position, *answer, reason in _rows(
        tx, span, LateAnswer, (*_answer(LateAnswer), LateAnswer.reason)
    ):
        if reason != "taken_over":
            batch[attempt_id].late.add((position, Answer(*answer)))


def _answer(table: Any) -> tuple[Any, ...]:
    return (*(getattr(table, name) for name in _ANSWER), _micros(table.arrived_at))


def _read_time(tx: Session, span: Span, batch: dict[int, Record]) -> None:
    columns = (LedgerEntry.kind, LedgerEntry.seconds, LedgerEntry.reason_code, LedgerEntry.author_id)
    for attempt_id, *granted in _rows(tx, span, LedgerEntry, columns, LedgerEntry.id):
        batch[attempt_id].ledger.append(Granted(*granted))
    for attempt_id, pledged_at in _rows(tx, span, Pledge, (_micros(Pledge.confirmed_at),)):
        batch[attempt_id].pledged_at = pledged_at


def _read_proof(tx: Session, span: Span, batch: dict[int, Record]) -> None:
    for (attempt_id,) in _rows(tx, span, RescueFile, ()):
        batch[attempt_id].rescue_files += 1
    columns = (Score.number, sa.cast(Score.keys, sa.Text), Score.keys_sha256, Score.correct, Score.wrong,
               Score.blank, Score.out_of)  # fmt: skip
    for attempt_id, number, keys, *rest in _rows(tx, span, Score, columns, Score.number):
        batch[attempt_id].scores.append(Marked(number, _versions(keys), *rest))
    told = (Receipt.number, Receipt.code, Receipt.paper_sha256, Receipt.answers_seal, Receipt.journal_seal,
            _micros(Receipt.started_at), _micros(Receipt.finalised_at), Receipt.how, Receipt.answered,
            Receipt.items, _micros(Receipt.issued_at))  # fmt: skip
    for row in _rows(tx, span, Receipt, told, Receipt.number):
        batch[row.attempt_id].receipts.append(row)


def _versions(said: str) -> Versions | None:
    """A score's list as it was written, or None: somebody may have written into it."""
    try:
        return [(int(revision), int(version)) for revision, version in json.loads(said)]
    except (TypeError, ValueError):
        return None


def _keys(tx: Session, wanted: set[tuple[int, int]]) -> dict[tuple[int, int], Key]:
    """What is there of these versions, and can be read."""
    found: dict[tuple[int, int], Key] = {}
    while wanted:
        layer = dict(wanted)  # one version of each revision; the others come in the next round
        found |= {(revision, layer[revision]): key for revision, key in _readable(tx, layer).items()}
        wanted = wanted - set(layer.items())
    return found


def _readable(tx: Session, layer: dict[int, int]) -> dict[int, Key]:
    try:
        return bank_keys.keys(tx, layer)
    except (UnknownSeal, KeyError, TypeError, ValueError):
        if len(layer) == 1:
            return {}
        return {one: key for pair in layer.items() for one, key in _readable(tx, dict([pair])).items()}
