"""A frozen list stands on scores, so from then on no time and no late answer may change what was scored."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.refusals import ResultFrozen
from exam_server.models import Activity, Attempt, SelectionList


def refuse(tx: Session, attempt_ids: Collection[int]) -> None:
    """Raises ResultFrozen when the list of an activity of these attempts is frozen.

    Activities are held shared until the transaction ends: who freezes one is either seen here, or sees what
    this transaction changes.
    """
    wanted = sa.select(Attempt.activity_id).where(Attempt.id.in_(attempt_ids)).distinct()
    held = sa.select(Activity.id).where(Activity.id.in_(wanted)).order_by(Activity.id)
    activities = tx.scalars(held.with_for_update(read=True)).all()
    if tx.scalar(sa.select(sa.exists().where(SelectionList.activity_id.in_(activities)))):
        raise ResultFrozen
