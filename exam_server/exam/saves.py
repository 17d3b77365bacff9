"""Storing answers: one statement whose predicates are the rule, and what it RETURNs tells their fate.

A save is stored when its attempt runs, it arrived before deadline + grace, it comes from the device that
holds the lease, under a session that still lives, and its seq is newer than what is stored. A trigger keeps
every version, and what became durable together is sealed as one entry of the attempt's journal. What is
refused for lateness, closing or an older device is kept as evidence, once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import announce
from exam_server.exam import journal
from exam_server.exam.rules import Item
from exam_server.models import from_micros, to_micros

Fate = Literal["saved", "stale", "deadline_passed", "closed", "taken_over", "signed_out", "not_started"]
KEPT_AS_EVIDENCE = ("deadline_passed", "closed", "taken_over")
MOST_KEPT = 20
"""Versions kept as evidence of one position: a page has one or two, and a program must not fill a disk."""


@dataclass(frozen=True)
class Save:
    """A list of answers of one attempt from one device, with the instant at which it arrived here."""

    attempt_id: int
    session_id: int
    lease: int
    items: tuple[Item, ...]
    arrived_at: datetime


@dataclass
class Stored:
    """What became of one save: the fate of each position, and the seq that is durable there now."""

    fates: dict[int, tuple[Fate, int]] = field(default_factory=dict)


FIELDS = "attempt_id, session_id, lease, position, seq, option, flagged, arrived_at"

_SQLITE_SOURCE = "SELECT {} FROM json_each(:batch)".format(
    ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, name in enumerate(FIELDS.split(", ")))
)
_SQLITE_LIVE = "SELECT * FROM attempt WHERE id IN (SELECT attempt_id FROM source)"

_POSTGRES_SOURCE = "SELECT {} FROM jsonb_array_elements(CAST(:batch AS jsonb))".format(
    ", ".join(
        f"CAST(value ->> {n} AS {'boolean' if name == 'flagged' else 'bigint'}) AS {name}"
        for n, name in enumerate(FIELDS.split(", "))
    )
)
# The lock makes a save and a closing of the same attempt wait for each other, in one order for all workers.
_POSTGRES_LIVE = _SQLITE_LIVE + " ORDER BY id FOR NO KEY UPDATE"

_STORE = """
WITH source AS ({source}), live AS ({live}), admitted AS (
  SELECT s.*, row_number() OVER (PARTITION BY s.attempt_id, s.position ORDER BY s.seq DESC) AS newest
  FROM source s
  JOIN live a ON a.id = s.attempt_id
  JOIN server_session v ON v.id = s.session_id AND v.account_id = a.candidate_id
  WHERE a.started_at IS NOT NULL
    AND s.arrived_at < a.deadline_at + a.grace_seconds * 1000000
    AND a.finalised_at IS NULL
    AND a.lease = s.lease AND a.lease_session_id = s.session_id
    AND v.ended_at IS NULL AND v.expires_at > s.arrived_at
)
INSERT INTO response (attempt_id, position, seq, option, flagged, arrived_at)
SELECT attempt_id, position, seq, option, flagged, arrived_at FROM admitted WHERE newest = 1
ON CONFLICT (attempt_id, position) DO UPDATE SET
  seq = excluded.seq, option = excluded.option, flagged = excluded.flagged, arrived_at = excluded.arrived_at
  WHERE excluded.seq > response.seq
RETURNING attempt_id, position, seq, option, flagged, arrived_at
"""
STORE = {
    "sqlite": sa.text(_STORE.format(source=_SQLITE_SOURCE, live=_SQLITE_LIVE)),
    "postgresql": sa.text(_STORE.format(source=_POSTGRES_SOURCE, live=_POSTGRES_LIVE)),
}

_TOUCH = """
UPDATE attempt SET rev = rev + 1, last_contact_at = :arrived_at WHERE id IN ({ids})
"""
TOUCH = {
    "sqlite": sa.text(_TOUCH.format(ids="SELECT value FROM json_each(:ids)")),
    "postgresql": sa.text(_TOUCH.format(
        ids="SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:ids AS jsonb))"
    )),
}  # fmt: skip

WHY = sa.text("""
SELECT a.started_at, a.deadline_at + a.grace_seconds * 1000000 AS until, a.finalised_at, a.lease,
       a.lease_session_id, v.ended_at, v.expires_at, r.seq AS durable
FROM attempt a
LEFT JOIN server_session v ON v.id = :session_id AND v.account_id = a.candidate_id
LEFT JOIN response r ON r.attempt_id = a.id AND r.position = :position
WHERE a.id = :attempt_id
""")

# A page sends what is not durable again and again; the same answer is evidence once.
KEEP = sa.text("""
INSERT INTO late_answer (attempt_id, position, seq, option, flagged, lease, arrived_at, reason)
SELECT :attempt_id, :position, :seq, CAST(:option AS BIGINT), :flagged, :lease, :arrived_at, :reason
WHERE NOT EXISTS (
  SELECT 1 FROM late_answer
  WHERE attempt_id = :attempt_id AND position = :position AND seq = :seq AND lease = :lease
    AND option IS NOT DISTINCT FROM CAST(:option AS BIGINT)
) AND (
  SELECT count(*) FROM late_answer WHERE attempt_id = :attempt_id AND position = :position
) < :most
""")


def store(tx: Session, saves: list[Save]) -> list[Stored]:
    """The fate of every item of every save, in the order of `saves`; nothing is acknowledged here."""
    dialect = tx.get_bind().dialect.name
    batch = json.dumps([_row(save, item, dialect) for save in saves for item in save.items])
    written = tx.execute(STORE[dialect], {"batch": batch}).all()
    stored = {(row.attempt_id, row.position): (row.seq, row.option, bool(row.flagged)) for row in written}
    if stored:
        _seal(tx, written)
        _touch(tx, {attempt_id for attempt_id, _ in stored}, max(save.arrived_at for save in saves))
    contested = _contested(saves)
    return [_fates(tx, save, stored, contested) for save in saves]


def _seal(tx: Session, written: Sequence[Any]) -> None:
    """What became durable of each attempt is one entry of its journal."""
    items: dict[int, list[list[Any]]] = {}
    for row in sorted(written, key=lambda row: (row.attempt_id, row.position)):
        said = [row.position, row.seq, row.option, bool(row.flagged), row.arrived_at]
        items.setdefault(row.attempt_id, []).append(said)
    journal.append_all(tx, [
        journal.Event(attempt_id, "saved", from_micros(max(said[4] for said in answers)), {"items": answers})
        for attempt_id, answers in items.items()
    ])  # fmt: skip


def _contested(saves: list[Save]) -> set[int]:
    """Attempts for which two pages speak in one batch: there a seq alone does not say whose it is."""
    pages: dict[int, set[tuple[int, int]]] = {}
    for save in saves:
        pages.setdefault(save.attempt_id, set()).add((save.lease, save.session_id))
    return {attempt_id for attempt_id, speaking in pages.items() if len(speaking) > 1}


def _row(save: Save, item: Item, dialect: str) -> list[Any]:
    flagged = item.flagged if dialect == "postgresql" else int(item.flagged)
    return [save.attempt_id, save.session_id, save.lease, item.position, item.seq, item.option, flagged,
            to_micros(save.arrived_at)]  # fmt: skip


def _touch(tx: Session, attempt_ids: set[int], arrived_at: datetime) -> None:
    touch = TOUCH[tx.get_bind().dialect.name]
    tx.execute(touch, {"ids": json.dumps(list(attempt_ids)), "arrived_at": to_micros(arrived_at)})
    announce(tx, "attempts", {"attempt_ids": attempt_ids})


def _fates(
    tx: Session, save: Save, stored: dict[tuple[int, int], tuple[int, int | None, bool]], contested: set[int]
) -> Stored:
    """Saved is what stands there now, whole: two answers under one seq are not both true."""
    result = Stored()
    for item in save.items:
        saved = stored.get((save.attempt_id, item.position)) == (item.seq, item.option, item.flagged)
        fate: Fate = "saved"
        durable = item.seq
        if not saved or save.attempt_id in contested:
            fate, durable = _why(tx, save, item)
        result.fates[item.position] = ("saved" if saved and fate == "stale" else fate, durable)
    return result


def _why(tx: Session, save: Save, item: Item) -> tuple[Fate, int]:
    names = {"attempt_id": save.attempt_id, "session_id": save.session_id, "position": item.position}
    row = tx.execute(WHY, names).one()
    fate = _fate(row, save, item)
    if fate in KEPT_AS_EVIDENCE:
        tx.execute(KEEP, names | {
            "seq": item.seq, "option": item.option, "flagged": item.flagged, "lease": save.lease,
            "arrived_at": to_micros(save.arrived_at), "reason": fate, "most": MOST_KEPT,
        })  # fmt: skip
    return fate, int(row.durable or 0)


def _fate(row: Any, save: Save, item: Item) -> Fate:
    """Which predicate said no; the order is the order in which a person should hear it.

    Who joins after the end gets lease 0: such a page hears that time is up, not that another took over.
    """
    arrived_at = to_micros(save.arrived_at)
    if row.expires_at is None or row.ended_at is not None or row.expires_at <= arrived_at:
        return "signed_out"
    if row.started_at is None:
        return "not_started"
    over = arrived_at >= row.until or row.finalised_at is not None
    held = row.lease == save.lease and row.lease_session_id == save.session_id
    if not held and (save.lease or not over):
        return "taken_over"
    if row.durable and row.durable >= item.seq:
        return "stale"  # already durable, or overtaken by a newer choice: also after the end
    if arrived_at >= row.until:
        return "deadline_passed"
    return "closed" if row.finalised_at is not None else "stale"
