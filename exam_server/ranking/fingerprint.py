"""Every fact that a list stands on, as a few numbers: the same numbers mean that nothing came since."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import (
    Activity,
    Application,
    Attempt,
    Criteria,
    GateCheck,
    Mark,
    Profile,
    Quota,
    Score,
    Screening,
    SelectionList,
    to_micros,
)
from exam_server.ranking.ground import Ground
from exam_server.scores import service as scores

Facts = list[Any]
"""Numbers and words, equal after a way through JSON."""


def of(tx: Session, place: Ground) -> Facts:
    """A fixed number of statements, none of which reads lines; marks, scores and lists only grow."""
    return [
        scores.version_now(tx, place.activity_id),
        *_newest(tx, place.activity_id),
        *_of_attempts(tx, place.activity_id),
        *_of_entries(tx, place),
        place.office_id, place.regency, list(place.kecamatan), place.zone.key,
    ]  # fmt: skip


def _newest(tx: Session, activity_id: int) -> list[int]:
    """The newest criteria, quota and list."""
    wanted = (
        sa.select(sa.func.max(table.id)).where(table.activity_id == activity_id)
        for table in (Criteria, Quota, SelectionList)
    )
    return [tx.scalar(one) or 0 for one in wanted]


def _of_attempts(tx: Session, activity_id: int) -> list[int]:
    """How many scores, the newest mark, and the newest word about a must-have."""
    mine = Attempt.activity_id == activity_id
    scored = sa.select(sa.func.count()).select_from(Score).join(Attempt, Attempt.id == Score.attempt_id)
    newest = [
        sa.select(sa.func.max(table.id)).join(Attempt, Attempt.id == table.attempt_id)
        for table in (Mark, GateCheck)
    ]
    return [tx.scalar(one.where(mine)) or 0 for one in (scored, *newest)]


def _of_entries(tx: Session, place: Ground) -> list[int]:
    """Applications, which version of them is accepted, and profiles where these alone speak."""
    of_it = Application.activity_id == (
        sa.select(Activity.id)
        .where(Activity.recruitment_id == place.recruitment_id, Activity.kind == "registration")
        .scalar_subquery()
    )
    screened = tx.execute(
        sa.select(sa.func.count(Application.id), sa.func.max(Application.id), sa.func.sum(Screening.version),
                  sa.func.max(Screening.decided_at))
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(of_it)
    ).one()  # fmt: skip
    unscreened = tx.execute(
        sa.select(sa.func.count(Profile.account_id), sa.func.max(Profile.saved_at))
        .join(Application, Application.candidate_id == Profile.account_id)
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(of_it, Screening.application_id.is_(None))
    ).one()
    count, last, versions, decided_at = screened
    return [count, last or 0, int(versions or 0), to_micros(decided_at) if decided_at else 0,
            unscreened[0], to_micros(unscreened[1]) if unscreened[1] else 0]  # fmt: skip
