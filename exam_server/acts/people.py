"""Whom an act names, as far as the official may watch them: the rest is foreign, or is not there at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.acts.rules import Target
from exam_server.db import Database
from exam_server.errors import Forbidden, NotFound
from exam_server.exam.lookups import EXTRA, facts_of
from exam_server.extra_time import singly
from exam_server.models import Account, Activity, Attempt, Sitting
from exam_server.sittings.watching import Official, Reach, reach


def board(tx: Session, public_id: str, person: Official) -> tuple[Activity, Reach]:
    """The activity and what that official watches; raises NotFound, or Forbidden when that is nothing."""
    activity = tx.scalar(
        sa.select(Activity).where(Activity.public_id == public_id, Activity.kind == "selection")
    )
    if activity is None:
        raise NotFound
    reached = reach(tx, person)
    if not reached.has_office(activity.office_id):
        some = sa.select(Sitting.id).where(Sitting.activity_id == activity.id,
                                           Sitting.id.in_(reached.sittings)).limit(1)  # fmt: skip
        if tx.scalar(some) is None:
            raise Forbidden
    return activity, reached


def named(
    db: Database, board_id: str, attempts: Sequence[str], person: Official, now: datetime
) -> list[Target]:
    """All of these attempts of that board, by name. Raises Forbidden for who watches nothing of it.

    One that is another's to watch leaves a row in the trail; then, as for one that is not there: NotFound.
    """
    with db.read() as tx:
        activity, reached = board(tx, board_id, person)
        found = _targets(tx, Attempt.public_id.in_(attempts), Attempt.activity_id == activity.id)
        foreign = _foreign(tx, attempts, reached)
    if foreign is not None:
        audit.refuse_foreign(db, person.id, "attempt", foreign, now)
    if len(found) < len(attempts):
        raise NotFound
    return found


def sitting(db: Database, board_id: str, public_id: str, person: Official, now: datetime) -> Sitting:
    """That sitting of that board; raises Forbidden and NotFound as `named` does."""
    with db.read() as tx:
        activity, reached = board(tx, board_id, person)
        found = tx.scalar(sa.select(Sitting).where(Sitting.public_id == public_id))
        office = sa.select(Activity.office_id).where(Activity.id == found.activity_id) if found else None
        mine = office is not None and found is not None and reached.covers(tx.scalars(office).one(), found.id)
    if found is not None and not mine:
        audit.refuse_foreign(db, person.id, "sitting", found.id, now)
    if found is None or found.activity_id != activity.id:
        raise NotFound
    return found


def again(tx: Session, attempt_ids: Collection[int]) -> list[Target]:
    """The same attempts as they are now, held to the end of the transaction, in the order of all writers."""
    tx.execute(
        sa.select(Attempt.id).where(Attempt.id.in_(attempt_ids)).order_by(Attempt.id).with_for_update()
    )
    return _targets(tx, Attempt.id.in_(attempt_ids))


def activity_of(tx: Session, attempt_id: int) -> int:
    """Id of the activity of an attempt."""
    return tx.scalars(sa.select(Attempt.activity_id).where(Attempt.id == attempt_id)).one()


def _targets(tx: Session, *which: sa.ColumnElement[bool]) -> list[Target]:
    rows = tx.execute(
        sa.select(Attempt, Sitting, Account.name, EXTRA.label("extra"))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Account, Account.id == Attempt.candidate_id)
        .where(*which).order_by(Account.name, Attempt.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    spent = singly.spent(tx, [row.Attempt.id for row in rows])
    return [
        Target(row.Attempt.id, row.Attempt.public_id, row.name, row.Attempt.sitting_id,
               facts_of(row.Attempt, row.Sitting, int(row.extra)), row.Attempt.lease_session_id is not None,
               spent.get(row.Attempt.id, 0))
        for row in rows
    ]  # fmt: skip


def _foreign(tx: Session, attempts: Sequence[str], reached: Reach) -> int | None:
    """The first of these attempts, of whatever board, that is not this official's to watch."""
    return tx.scalar(
        sa.select(Attempt.id).join(Activity, Activity.id == Attempt.activity_id)
        .where(Attempt.public_id.in_(attempts), sa.not_(reached.of_attempts()))
        .order_by(Attempt.id).limit(1)
    )  # fmt: skip
