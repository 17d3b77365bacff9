"""What other weights, quotas or reserves would change: two lists beside each other, and nothing is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exam_server import apart
from exam_server.apart import Report
from exam_server.db import Database
from exam_server.ranking import checking, listing
from exam_server.ranking.contents import criteria_json, quotas_json
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line, RunBlocking
from exam_server.ranking.plan import plan
from exam_server.ranking.rules import Criteria, Quota

TOLD = 200
"""So many who would rise or fall are told one by one."""


@dataclass(frozen=True)
class Move:
    """One candidate under both; a rank is None for who fails a must-have."""

    attempt_id: int
    number: str
    rank: int | None
    new_rank: int | None
    outcome: str
    new_outcome: str

    @property
    def rise(self) -> int:
        """Ranks gained; negative when they fall."""
        return (self.rank or 0) - (self.new_rank or 0)


@dataclass(frozen=True)
class Comparison:
    """How many have each outcome, how many change it, and the first of who move."""

    before: dict[str, int]
    after: dict[str, int]
    changed: int
    moved: int
    moves: tuple[Move, ...]


def compare(
    db: Database, run_blocking: RunBlocking, place: Ground, criteria: Criteria, quotas: tuple[Quota, ...],
    reserves: int,
) -> Comparison:  # fmt: skip
    """Raises ScoresNotOpened, QuotaMissing, ReckoningFailed, and what recording these would."""
    with db.read() as tx:
        recorded, quota = plan(tx, place.activity_id).opened()
        checked = checking.criteria(tx, place, criteria)
        checking.quotas(tx, place, quotas, reserves)
        asked = {
            "plan": listing.wanted(place.activity_id, criteria_json(recorded.criteria),
                                   quotas_json(quota.quotas), quota.reserves),
            "other": listing.wanted(place.activity_id, criteria_json(checked), quotas_json(quotas), reserves),
        }  # fmt: skip
        if not listing.is_long(tx, place.activity_id):
            return _read(_compared(tx, asked))
    url = db.engine.url.render_as_string(hide_password=False)
    return _read(run_blocking(apart.reckon, url, reckon, asked))


def reckon(db: Database, asked: dict[str, Any], report: Report) -> dict[str, Any]:
    """The same in a process of its own."""
    with db.read() as tx:
        return _compared(tx, asked)


def _compared(tx: Session, asked: dict[str, Any]) -> dict[str, Any]:
    old, new = listing.compute_here(tx, asked["plan"]), listing.compute_here(tx, asked["other"])
    before = {one["attempt_id"]: one for one in old}
    moves = [(before[one["attempt_id"]], one) for one in new]
    moved = [pair for pair in moves if _place(pair[0]) != _place(pair[1])]
    moved.sort(key=lambda pair: (pair[0]["outcome"] == pair[1]["outcome"], pair[1]["rank"] or 0))
    return {
        "before": Counter(one["outcome"] for one in old), "after": Counter(one["outcome"] for one in new),
        "changed": sum(one["outcome"] != other["outcome"] for one, other in moved), "moved": len(moved),
        "moves": [
            [one["attempt_id"], one["detail"]["number"], one["rank"], other["rank"], one["outcome"],
             other["outcome"]] for one, other in moved[:TOLD]
        ],
    }  # fmt: skip


def _place(line: Line) -> tuple[Any, Any, Any]:
    return line["rank"], line["outcome"], line["reserve"]


def _read(said: dict[str, Any]) -> Comparison:
    return Comparison(dict(said["before"]), dict(said["after"]), said["changed"], said["moved"],
                      tuple(Move(*one) for one in said["moves"]))  # fmt: skip
