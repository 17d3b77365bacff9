"""The journal of one attempt: every fact in order, each sealed over the one before.

Whoever appends holds the attempt's row (it was just changed in the same transaction), so numbers never fork;
the schema refuses a second entry of the same number. What follows from a journal is `replay`'s business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import JournalEntry, to_micros

FIRST_SEAL = "0" * 64
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

_HEADS = """
SELECT i.value AS attempt_id, j.number, j.seal
FROM {ids} i JOIN attempt_journal j ON j.attempt_id = {id} AND j.number = (
  SELECT max(number) FROM attempt_journal WHERE attempt_id = {id})
"""
HEADS = {
    "sqlite": sa.text(_HEADS.format(ids="json_each(:ids)", id="i.value")),
    "postgresql": sa.text(_HEADS.format(
        ids="jsonb_array_elements_text(CAST(:ids AS jsonb))", id="CAST(i.value AS bigint)"
    )),
}  # fmt: skip

_APPEND = "INSERT INTO attempt_journal (attempt_id, number, at, kind, data, seal) SELECT {} FROM {}"
APPEND = {
    "sqlite": sa.text(_APPEND.format(
        ", ".join(f"json_extract(value, '$[{n}]')" for n in range(6)), "json_each(:rows)"
    )),
    "postgresql": sa.text(_APPEND.format(
        ", ".join(f"CAST(value ->> {n} AS bigint)" if n < 3 else f"value ->> {n}" for n in range(6)),
        "jsonb_array_elements(CAST(:rows AS jsonb))",
    )),
}  # fmt: skip
"""All that one commit adds goes in by one statement: a full batch of saves holds hundreds of attempts."""


@dataclass(frozen=True)
class Event:
    """One fact about one attempt that is to be sealed; `data` holds only what JSON can say."""

    attempt_id: int
    kind: str
    at: datetime
    data: dict[str, Any]


def append(tx: Session, attempt_id: int, kind: str, at: datetime, data: dict[str, Any]) -> None:
    """One more entry of one attempt."""
    append_all(tx, [Event(attempt_id, kind, at, data)])


def append_all(tx: Session, events: Sequence[Event]) -> None:
    """One more entry for each event, in this order; any number of attempts."""
    ids = json.dumps(sorted({event.attempt_id for event in events}))
    dialect = tx.get_bind().dialect.name
    found = tx.execute(HEADS[dialect], {"ids": ids})
    heads = {int(row.attempt_id): (row.number, row.seal) for row in found}
    rows = []
    for event in events:
        number, former = heads.get(event.attempt_id, (0, FIRST_SEAL))
        data = canonical(event.data)
        said = [event.attempt_id, number + 1, to_micros(event.at), event.kind, data]
        sealed = seal(former, *said)
        heads[event.attempt_id] = (number + 1, sealed)
        rows.append([*said, sealed])
    tx.execute(APPEND[dialect], {"rows": json.dumps(rows)})


def head(tx: Session, attempt_id: int) -> tuple[int, str]:
    """Number and seal of the newest entry; (0, FIRST_SEAL) when there is none."""
    newest = (
        sa.select(JournalEntry.number, JournalEntry.seal)
        .where(JournalEntry.attempt_id == attempt_id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
    row = tx.execute(newest).one_or_none()
    return (row.number, row.seal) if row else (0, FIRST_SEAL)


def entries(tx: Session, attempt_id: int) -> list[JournalEntry]:
    """The whole journal of an attempt, in order."""
    wanted = sa.select(JournalEntry).where(JournalEntry.attempt_id == attempt_id)
    return list(tx.scalars(wanted.order_by(JournalEntry.number)))


def canonical(data: object) -> str:
    """The one way in which a fact is written down."""
    return _CANONICAL.encode(data)


def seal(former: str, attempt_id: int, number: int, at: int, kind: str, data: str) -> str:
    """The seal of an entry: SHA-256 over the seal before it and everything it says; `at` in microseconds."""
    said = canonical([former, attempt_id, number, at, kind, data])
    return hashlib.sha256(said.encode()).hexdigest()
