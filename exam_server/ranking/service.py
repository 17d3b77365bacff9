"""The final selection as other features ask for it: what is recorded, who runs, who is placed where."""

from __future__ import annotations

from sqlalchemy.orm import Session

from exam_server.ranking import field, ground
from exam_server.ranking.lists import Frozen, lines, newest_list, placed
from exam_server.ranking.plan import Plan, open_scores, plan, record_criteria, record_quota
from exam_server.ranking.refusals import CriteriaMissing
from exam_server.ranking.rules import Runner
from exam_server.ranking.storing import freeze_again
from exam_server.scores import service as scores

__all__ = ["Frozen", "Plan", "freeze_again", "lines", "newest_list", "open_scores", "placed", "plan",
           "record_criteria", "record_quota", "runners"]  # fmt: skip


def runners(tx: Session, activity_id: int, version: int | None = None) -> list[Runner]:
    """Everybody who sat, by the recorded criteria and the scores of that version (None: the newest).

    Raises NotFound, CriteriaMissing.
    """
    recorded = plan(tx, activity_id).criteria
    if recorded is None:
        raise CriteriaMissing
    place = ground.of_activity(tx, activity_id)
    return field.runners(tx, place, recorded.criteria, scores.in_force(tx, activity_id, version))
