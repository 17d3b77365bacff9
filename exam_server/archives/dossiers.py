"""The full result file of one candidate: everything that is stored of the attempt, and a hash over it.

No key is in it, only which version of each key a score was made by; and no identity number, day of birth or
address. A batch of candidates costs the same few statements whatever they did.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.bank import service as bank
from exam_server.exam.papers import read_paper
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    BankItem,
    Booking,
    GateCheck,
    ItemRevision,
    JournalEntry,
    LateAnswer,
    LedgerEntry,
    Mark,
    Office,
    Paper,
    PlaceEvent,
    Placing,
    Pledge,
    Receipt,
    Response,
    ResponseJournal,
    Score,
    SelectionList,
    Sitting,
)
from exam_server.selection.numbers import number_of

FORMAT = 1
Dossier = dict[str, Any]

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def dossiers(tx: Session, attempts: Sequence[int]) -> list[Dossier]:
    """Of these attempts, in their order; each carries `sha256` over everything else in it."""
    parts = {name: _of(tx, attempts, table, columns, order) for name, table, columns, order in PARTS}
    papers = _papers(tx, attempts)
    signed = [row for name in ("marks", "gates", "ledger") for told in parts[name].values() for row in told]
    authors = _authors(tx, {row["author_id"] for row in signed if row["author_id"]})
    found = []
    for row in tx.execute(_HEAD.where(Attempt.id.in_(attempts)).order_by(Attempt.id)):
        said: Dossier = {"format": FORMAT, **_head(row), "paper": papers.get(row.id)}
        said |= {name: [_named(one, authors) for one in parts[name].get(row.id, [])] for name in parts}
        found.append(said | {"sha256": seal(said)})
    return found


def seal(dossier: Dossier) -> str:
    """SHA-256 of a dossier without its own hash, as canonical JSON."""
    told = {name: value for name, value in dossier.items() if name != "sha256"}
    return hashlib.sha256(_CANONICAL.encode(told).encode()).hexdigest()


def written(dossier: Dossier) -> bytes:
    """As it lies in an archive."""
    return json.dumps(dossier, ensure_ascii=False, indent=1, sort_keys=True).encode()


_HEAD = (
    sa.select(
        Attempt.id, Attempt.public_id, Attempt.allowed_seconds, Attempt.grace_seconds, Attempt.started_at,
        Attempt.deadline_at, Attempt.finalised_at, Attempt.how, Booking.public_id.label("booking"),
        Booking.chosen_at, Account.name, Activity.public_id.label("activity"),
        Activity.name.label("activity_name"), Office.name.label("office"), Office.zone,
        Sitting.public_id.label("sitting"), Sitting.label, Sitting.place, Sitting.starts_at, Sitting.ends_at,
    )
    .join(Booking, Booking.id == Attempt.booking_id)
    .join(Account, Account.id == Attempt.candidate_id)
    .join(Activity, Activity.id == Attempt.activity_id)
    .join(Office, Office.id == Activity.office_id)
    .join(Sitting, Sitting.id == Attempt.sitting_id)
)  # fmt: skip


def _head(row: Any) -> Dossier:
    return {
        "number": number_of(row.booking), "name": row.name, "office": row.office, "zone": row.zone,
        "activity": {"id": row.activity, "name": row.activity_name},
        "sitting": {"id": row.sitting, "label": row.label, "place": row.place,
                    "starts_at": _at(row.starts_at), "ends_at": _at(row.ends_at)},
        "attempt": {"id": row.public_id, "allowed_seconds": row.allowed_seconds,
                    "grace_seconds": row.grace_seconds, "chosen_at": _at(row.chosen_at),
                    "started_at": _at(row.started_at), "deadline_at": _at(row.deadline_at),
                    "finalised_at": _at(row.finalised_at), "how": row.how},
    }  # fmt: skip


_ANSWER = ("position", "seq", "option", "flagged", "arrived_at")
PARTS: tuple[tuple[str, Any, tuple[str, ...], tuple[str, ...]], ...] = (
    ("pledge", Pledge, ("wording", "confirmed_at"), ("confirmed_at",)),
    ("responses", Response, _ANSWER, ("position",)),
    ("versions", ResponseJournal, _ANSWER, ("id",)),
    ("late_answers", LateAnswer, (*_ANSWER, "reason"), ("id",)),
    ("journal", JournalEntry, ("number", "at", "kind", "data", "seal"), ("number",)),
    ("ledger", LedgerEntry, ("kind", "seconds", "reason_code", "reason", "author_id", "entered_at"), ("id",)),
    ("receipts", Receipt, ("code", "number", "paper_sha256", "answers_seal", "journal_seal", "started_at",
                           "finalised_at", "how", "answered", "items", "issued_at"), ("number",)),
    ("scores", Score, ("number", "keys", "keys_sha256", "correct", "wrong", "blank", "out_of", "scored_at"),
     ("number", "scored_at", "keys_sha256")),
    ("marks", Mark, ("component", "value", "note", "source", "author_id", "given_at"), ("id",)),
    ("gates", GateCheck, ("requirement", "met", "note", "author_id", "given_at"), ("id",)),
    ("placings", Placing, ("list_id", "rank", "outcome", "reserve", "quota", "total", "detail"),
     ("list_id",)),
    ("events", PlaceEvent, ("kind", "at", "reason", "due_at"), ("id",)),
)  # fmt: skip
"""Name in the file, table, columns, order."""


def _of(
    tx: Session, attempts: Sequence[int], table: Any, columns: Sequence[str], order: Sequence[str]
) -> dict[int, list[Dossier]]:
    """By attempt: the rows of one table."""
    rows = tx.execute(
        sa.select(table.attempt_id, *(getattr(table, name) for name in columns))
        .where(table.attempt_id.in_(attempts))
        .order_by(table.attempt_id, *(getattr(table, name) for name in order))
    )
    lists: dict[Any, Any] = dict(_lists(tx)) if table is Placing else {}
    found: dict[int, list[Dossier]] = defaultdict(list)
    for attempt_id, *values in rows:
        said = {name: _at(value) if isinstance(value, datetime) else value
                for name, value in zip(columns, values, strict=True)}  # fmt: skip
        if "list_id" in said:
            said["list"] = lists[said.pop("list_id")]
        found[attempt_id].append(said)
    return found


def _lists(tx: Session) -> list[tuple[int, dict[str, Any]]]:
    rows = tx.execute(sa.select(SelectionList.id, SelectionList.number, SelectionList.sha256))
    return [(row.id, {"number": row.number, "sha256": row.sha256}) for row in rows]


def _papers(tx: Session, attempts: Sequence[int]) -> dict[int, Dossier]:
    """The paper as it was shown: wording and options in displayed order."""
    rows = tx.execute(sa.select(Paper).where(Paper.attempt_id.in_(attempts))).scalars().all()
    drawn = {row.attempt_id: read_paper(row.content) for row in rows}
    revisions = sorted({one.id for paper in drawn.values() for one in paper})
    shown, codes = bank.shown(tx, revisions), _codes(tx, revisions)
    return {
        row.attempt_id: {
            "sha256": row.sha256, "drawn_at": _at(row.drawn_at), "seed": row.seed, "content": row.content,
            "items": [
                {"position": position, "code": codes[one.id], "revision": one.id, "stem": shown[one.id].stem,
                 "options": [shown[one.id].options[original] for original in one.order]}
                for position, one in enumerate(drawn[row.attempt_id], 1)
            ],
        }
        for row in rows
    }  # fmt: skip


def _codes(tx: Session, revisions: Sequence[int]) -> dict[int, str]:
    rows = tx.execute(
        sa.select(ItemRevision.id, BankItem.code)
        .join(BankItem, BankItem.id == ItemRevision.item_id)
        .where(ItemRevision.id.in_(revisions))
    )
    return {row.id: row.code for row in rows}


def _authors(tx: Session, accounts: set[int]) -> dict[int, str]:
    rows = tx.execute(sa.select(Account.id, Account.name).where(Account.id.in_(accounts)))
    return {row.id: row.name for row in rows}


def _named(row: Dossier, authors: dict[int, str]) -> Dossier:
    """With the author's name instead of a number that says nothing outside this installation."""
    if "author_id" not in row:
        return row
    return {name: value for name, value in row.items() if name != "author_id"} | {
        "author": authors.get(row["author_id"], "") if row["author_id"] else ""
    }


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat(timespec="microseconds")
