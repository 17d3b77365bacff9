"""A list made before the transaction that stores it, so that whoever saves answers never waits for ranking.

Who stores it holds the activity and asks whether the facts it was made from are still all there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from exam_server.apart import Act, Report
from exam_server.db import Database
from exam_server.ranking import fingerprint, ground, listing
from exam_server.ranking.contents import MARK
from exam_server.ranking.fingerprint import Facts
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import Line, Wanted
from exam_server.ranking.refusals import FactsMoved
from exam_server.scores.service import Scored

Apart = Callable[[Act, dict[str, Any]], Any]
"""`apart.reckon` of this server, called so that nobody waits for it."""

KEPT = 4
"""So many prepared answers wait for their transaction."""

T = TypeVar("T")


@dataclass(frozen=True)
class Ready:
    """A list with its hash; `facts` were read before it, `unmarked` says how many ranked lack which mark."""

    facts: Facts
    sha256: str
    outcomes: dict[str, int]
    unmarked: dict[str, int]
    lines: list[Line]

    def to_json(self, with_lines: bool = True) -> dict[str, Any]:
        return {"facts": self.facts, "sha256": self.sha256, "outcomes": self.outcomes,
                "unmarked": self.unmarked, "lines": self.lines if with_lines else []}  # fmt: skip


class Shelf(Generic[T]):
    """What was prepared for a question, taken once; the oldest goes when too many were never fetched."""

    def __init__(self) -> None:
        self._kept: dict[int, T] = {}

    def put(self, approval_id: int, prepared: T) -> None:
        self._kept.pop(approval_id, None)
        self._kept[approval_id] = prepared
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))

    def take(self, approval_id: int) -> T | None:
        return self._kept.pop(approval_id, None)


def make(tx: Session, asked: Wanted, scored: Mapping[int, Scored] | None = None) -> Ready:
    """Seconds for 20,000; by `scored` instead of the scores that are stored, where that is told."""
    facts = fingerprint.of(tx, ground.of_activity(tx, asked["activity"]))
    lines = listing.compute_here(tx, asked, scored)
    return Ready(facts, listing.seal(lines), Counter(one["outcome"] for one in lines),
                 _unmarked(asked, lines), lines)  # fmt: skip


def require_unmoved(tx: Session, place: Ground, made: Ready) -> None:
    """Raises FactsMoved; the caller holds the activity and has written nothing of it."""
    if made.facts != fingerprint.of(tx, place):
        raise FactsMoved


def whole_apart(db: Database, asked: Wanted, report: Report) -> dict[str, Any]:
    """All of it, as JSON."""
    with db.read() as tx:
        return make(tx, asked).to_json()


def sums_apart(db: Database, asked: Wanted, report: Report) -> dict[str, Any]:
    """All of it but the lines, as JSON."""
    with db.read() as tx:
        return make(tx, asked).to_json(with_lines=False)


def _unmarked(asked: Wanted, lines: list[Line]) -> dict[str, int]:
    keys = [one["key"] for one in asked["criteria"]["components"] if one["key"].startswith(MARK)]
    return {
        key: sum(key not in one["detail"]["shares"] for one in lines if one["rank"] is not None)
        for key in keys
    }
