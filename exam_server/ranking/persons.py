"""One candidate: each component, what it is worth and who said so, and everything officials said of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exam_server.db import Database
from exam_server.ranking import current, desk, field, marks
from exam_server.ranking.contents import position_of
from exam_server.ranking.ground import Ground
from exam_server.ranking.listing import RunBlocking
from exam_server.ranking.marks import Said
from exam_server.ranking.plan import plan
from exam_server.ranking.rules import TEST, Component, Criteria
from exam_server.scores import service as scores


@dataclass(frozen=True)
class Worth:
    """One component of one candidate; a share is None where nothing was given, or may not be seen yet."""

    part: Component
    position: int
    share: Fraction | None
    said: Said | None

    @property
    def points(self) -> Fraction:
        return self.part.weight * (self.share or 0)


@dataclass(frozen=True)
class Gate:
    """A must-have; `said` is the newest word on it, None where it was confirmed on the way here."""

    position: int
    met: bool
    said: Said | None


def look(db: Database, run_blocking: RunBlocking, place: Ground, attempt: str) -> dict[str, Any]:
    """For the page; raises NotFound, also for an attempt of another activity."""
    with db.read() as tx:
        who, recorded = marks.candidate(tx, place, attempt), plan(tx, place.activity_id)
        said = marks.history(tx, who.attempt_id)
        criteria = recorded.criteria.criteria if recorded.criteria else Criteria(())
        scored = scores.in_force(tx, place.activity_id, attempts=[who.attempt_id])
        runners = field.runners(tx, place, criteria, scored, who.attempt_id)
    opened = recorded.opening is not None
    shares = dict(runners[0].shares) if runners else {}
    if not opened:
        shares.pop(TEST, None)
    texts = {one.position: one.text for one in desk.requirements(db, place)}
    line = None
    if opened and recorded.quota is not None and runners:
        _, lines = current.whole(db, run_blocking, place)
        line = next((one for one in lines if one["attempt_id"] == who.attempt_id), None)
    return {
        "who": who, "runner": runners[0] if runners else None, "line": line, "said": said, "texts": texts,
        "worths": [
            Worth(one, position_of(one.key), shares.get(one.key),
                  next((word for word in said if word.component == one.key), None))
            for one in criteria.components
        ],
        "gates": [_gate(position, said) for position in criteria.gates],
        "labels": {one.key: one.label for one in criteria.components},
    }  # fmt: skip


def _gate(position: int, said: list[Said]) -> Gate:
    newest = next((word for word in said if word.component == f"gate:{position}"), None)
    return Gate(position, newest is None or bool(newest.met), newest)
