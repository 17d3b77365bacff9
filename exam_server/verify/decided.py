"""What officials decided about a selection stands as the trail says: nothing more, less, or else.

Criteria, quotas, the opening of scores and frozen lists: each left a sealed row when it was done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import N_
from exam_server.models import (
    AuditEntry,
    Criteria,
    Quota,
    ScoreOpening,
    SelectionList,
)
from exam_server.ranking.freezing import KIND as FROZEN
from exam_server.verify.problems import Found, Problem
from exam_server.verify.records import snapshot

UNTRAILED = N_("{what} nomor {number}: tidak ada pada jejak audit, atau bukan yang tercatat di sana.")
MISSING = N_("{what}: jejak audit mencatat nomor {number}, tetapi barisnya tidak ada atau sudah berubah.")
CRITERIA, QUOTA, OPENING = N_("Kriteria seleksi"), N_("Kuota seleksi"), N_("Pembukaan nilai")
LIST = N_("Daftar seleksi")
WORDS = {CRITERIA, QUOTA, OPENING, LIST}

Told = tuple[Any, ...]
"""One decision as both sides tell it; its number comes first."""


def look(db: Database) -> Found:
    """How many decisions there are, and what does not agree."""
    count, problems = 0, []
    with snapshot(db) as tx:
        for what, rows, acts, told in CHECKS:
            stored = Counter(rows(tx))
            trailed = Counter(map(told, _entries(tx, acts)))
            count += sum(stored.values())
            problems += _named(UNTRAILED, what, stored - trailed)
            problems += _named(MISSING, what, trailed - stored)
    return count, problems


def _named(sentence: str, what: str, some: Counter[Told]) -> list[Problem]:
    numbers = sorted({one[0] for one in some})
    return [Problem(sentence, {"what": what, "number": number}) for number in numbers]


def _entries(tx: Session, acts: Iterable[str]) -> list[AuditEntry]:
    return list(tx.scalars(sa.select(AuditEntry).where(AuditEntry.act.in_(list(acts)))))


def _frozen_json(value: Any) -> str:
    """So that it can be counted: JSON in one order."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name}:{_frozen_json(value[name])}" for name in sorted(value)) + "}"
    return "[" + ",".join(map(_frozen_json, value)) + "]" if isinstance(value, list) else repr(value)


def _criteria(tx: Session) -> list[Told]:
    return [(one.number, one.activity_id, _frozen_json(one.content), one.recorded_by, one.recorded_at)
            for one in tx.scalars(sa.select(Criteria))]  # fmt: skip


def _quotas(tx: Session) -> list[Told]:
    return [(one.number, one.activity_id, _frozen_json(one.content), one.reserves, one.reason,
             one.recorded_by, one.recorded_at) for one in tx.scalars(sa.select(Quota))]  # fmt: skip


def _openings(tx: Session) -> list[Told]:
    rows = tx.execute(
        sa.select(Criteria.number, ScoreOpening.activity_id, ScoreOpening.opened_by, ScoreOpening.opened_at)
        .outerjoin_from(ScoreOpening, Criteria, Criteria.id == ScoreOpening.criteria_id)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def _lists(tx: Session) -> list[Told]:
    return [(one.number, one.activity_id, one.sha256, one.result_number, one.reason, one.asked_by,
             one.granted_by, one.frozen_at) for one in tx.scalars(sa.select(SelectionList))]  # fmt: skip


Check = tuple[str, Callable[[Session], list[Told]], tuple[str, ...], Callable[[AuditEntry], Told]]
CHECKS: tuple[Check, ...] = (
    (CRITERIA, _criteria, ("criteria.recorded",), lambda one: (
        one.detail["version"], one.object_id, _frozen_json(one.detail["criteria"]), one.actor_id, one.at)),
    (QUOTA, _quotas, ("quota.recorded",), lambda one: (
        one.detail["version"], one.object_id, _frozen_json(one.detail["quotas"]), one.detail["reserves"],
        one.detail["reason"], one.actor_id, one.at)),
    (OPENING, _openings, ("scores.opened",), lambda one: (
        one.detail["version"], one.object_id, one.actor_id, one.at)),
    (LIST, _lists, (FROZEN,), lambda one: (
        one.detail["number"], one.object_id, one.detail["sha256"], one.detail["result"], one.detail["reason"],
        one.detail["asked_by"], one.actor_id, one.at)),
)  # fmt: skip
