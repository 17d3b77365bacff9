"""What a candidate sees of the own result: the activity's word about scores, then the announcement's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from exam_server.models import Activity, ResultAnnouncement

AT_ONCE, NEVER = "at_once", "never"


@dataclass(frozen=True)
class Policy:
    """Whether the own score with its components is shown, and whether the own answer sheet is."""

    score: bool
    answers: bool


def of(tx: Session, activity_id: int, announcement: ResultAnnouncement | None) -> Policy:
    """Before the announcement only a score that was promised at once; answers never before it.

    An announcement may close the score (`own_score` false) and opens the answers (`own_answers` true); an
    activity that promised never to show scores shows no answers either, since they tell the score.
    """
    promised = tx.get_one(Activity, activity_id).own_score
    if announcement is None:
        return Policy(promised == AT_ONCE, False)
    said = announcement.policy
    score = promised != NEVER and said.get("own_score", True) is not False
    return Policy(score, score and said.get("own_answers") is True)
