"""The list as facts and rules make it now: one line for each candidate, which a frozen list keeps as it is.

A long list is reckoned in a process apart; both ways give the same lines, so that their hash is the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import apart
from exam_server.apart import Report
from exam_server.db import Database
from exam_server.models import Attempt
from exam_server.ranking import field, ground
from exam_server.ranking.contents import criteria_of, quotas_of
from exam_server.ranking.rules import Placed, Runner, select
from exam_server.scores import service as scores
from exam_server.scores.service import Scored

Line = dict[str, Any]
"""A placing's columns besides its list: attempt_id, receipt_number, keys_sha256, rank, outcome, reserve,
quota, total (millionths of a point) and detail {number, kecamatan, desa, total, shares, failed, tie}."""

Wanted = dict[str, Any]
"""What to rank by: {activity, version (None: the newest), criteria, quotas, reserves}."""

RunBlocking = Callable[..., Any]
"""Does slow work in a real thread: (act, *arguments) to its answer."""

MANY = 1000
"""So many attempts are ranked in the asking process; more are reckoned apart."""

MILLIONTHS = 1_000_000


def wanted(activity_id: int, criteria: dict[str, Any], quotas: Sequence[Any], reserves: int,
           version: int | None = None) -> Wanted:  # fmt: skip
    return {"activity": activity_id, "version": version, "criteria": criteria, "quotas": list(quotas),
            "reserves": reserves}  # fmt: skip


def compute_here(tx: Session, asked: Wanted, scored: Mapping[int, Scored] | None = None) -> list[Line]:
    """In the order of ranks, then who is not eligible; by `scored` where that is told.

    Seconds for 20,000: never inside a transaction that writes.
    """
    return _lines(tx, asked, scored=scored)


def reckon(db: Database, asked: Wanted, report: Report) -> list[Line]:
    """The same, in a process of its own."""
    with db.read() as tx:
        return _lines(tx, asked, report)


def is_long(tx: Session, activity_id: int) -> bool:
    return (
        tx.scalar(sa.select(sa.func.count(Attempt.id)).where(Attempt.activity_id == activity_id)) or 0
    ) > MANY


def seal(lines: Sequence[Line]) -> str:
    """SHA-256 over the lines in the order of attempts, as canonical JSON."""
    ordered = sorted(lines, key=lambda one: int(one["attempt_id"]))
    said = json.dumps(ordered, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _lines(
    tx: Session, asked: Wanted, report: Report = apart.silent, scored: Mapping[int, Scored] | None = None
) -> list[Line]:
    place, criteria = ground.of_activity(tx, asked["activity"]), criteria_of(asked["criteria"])
    if scored is None:
        scored = scores.in_force(tx, place.activity_id, asked["version"])
    report(1, 3)
    runners = field.runners(tx, place, criteria, scored)
    report(2, 3)
    placed = select(criteria, runners, quotas_of(asked["quotas"]), asked["reserves"])
    by_attempt = {one.attempt: one for one in runners}
    return [_line(one, by_attempt[one.attempt], scored[one.attempt]) for one in placed]


def _line(placed: Placed, runner: Runner, scored: Scored) -> Line:
    return {
        "attempt_id": placed.attempt, "receipt_number": scored.number, "keys_sha256": scored.keys_sha256,
        "rank": placed.rank, "outcome": placed.outcome, "reserve": placed.reserve, "quota": placed.quota,
        "total": round(placed.total * MILLIONTHS),
        "detail": {
            "number": runner.number, "kecamatan": runner.kecamatan, "desa": runner.desa,
            "total": str(placed.total), "failed": list(placed.failed), "tie": placed.tie,
            "shares": {key: str(share) for key, share in runner.shares.items()},
        },
    }  # fmt: skip


def placed_of(line: Line) -> Placed:
    """The same as the rules tell it; exact, since the detail keeps the fraction."""
    detail = line["detail"]
    return Placed(
        line["attempt_id"], line["outcome"], Fraction(detail["total"]), line["rank"], line["quota"],
        line["reserve"], detail["tie"], tuple(detail["failed"]),
    )  # fmt: skip
