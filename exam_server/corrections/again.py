"""A frozen list made again by the scores of a corrected key, before any of them is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from exam_server.corrections import standing
from exam_server.corrections.effect import as_list
from exam_server.corrections.standing import Standings
from exam_server.ranking import ground, lists, ready, storing
from exam_server.ranking.listing import placed_of
from exam_server.ranking.plan import plan
from exam_server.ranking.ready import Ready
from exam_server.scores.service import Scored

Moved = dict[int, tuple[list[Any] | None, list[Any] | None]]
"""Attempt -> (where it stood, where it stands), of those whose status changes."""


@dataclass(frozen=True)
class Again:
    """The further list, and whose status differs from the list before it."""

    made: Ready
    moved: Moved

    def to_json(self) -> dict[str, Any]:
        return {"made": self.made.to_json(), "moved": [[one, *both] for one, both in self.moved.items()]}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Again:
        return cls(Ready(**said["made"]), {one: (stood, stands) for one, stood, stands in said["moved"]})


def make(tx: Session, activity_id: int, scored: Mapping[int, Scored]) -> Again | None:
    """By these scores; None where no list was frozen. Seconds for 20,000 attempts."""
    before = lists.newest_list(tx, activity_id)
    if before is None:
        return None
    asked = storing.wanted(ground.of_activity(tx, activity_id), plan(tx, activity_id), None)
    made = ready.make(tx, asked, scored)
    stood = standing.by_attempt(lists.placed(tx, before.id))
    return Again(made, _between(stood, standing.by_attempt(placed_of(one) for one in made.lines)))


def _between(stood: Standings, stands: Standings) -> Moved:
    return {
        attempt: (as_list(one), as_list(stands.get(attempt)))
        for attempt, one in stood.items()
        if attempt not in stands or stands[attempt].status != one.status
    }
