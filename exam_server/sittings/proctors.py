"""Who watches which sitting; the board itself stays open to every proctor of the office."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Account, Sitting, SittingProctor
from exam_server.sittings import grounds
from exam_server.sittings.grounds import Ground
from exam_server.sittings.refusals import NotAProctor


def assign(
    db: Database, sitting: Sitting, ground: Ground, person: str, actor_id: int, now: datetime
) -> None:  # fmt: skip
    """The official with that public id watches the sitting; again = nothing new. Raises NotAProctor."""
    with db.write() as tx:
        tx.execute(sa.select(Sitting.id).where(Sitting.id == sitting.id).with_for_update())
        found = next(
            (one for one in grounds.proctors_of(tx, ground.office_id) if one.public_id == person), None
        )
        if found is None:
            raise NotAProctor
        if tx.get(SittingProctor, (sitting.id, found.id)) is None:
            tx.add(SittingProctor(sitting_id=sitting.id, account_id=found.id, assigned_at=now))
            _record(tx, "sitting.proctor_assigned", sitting, ground, found.id, actor_id, now)


def unassign(
    db: Database, sitting: Sitting, ground: Ground, person: str, actor_id: int, now: datetime
) -> None:
    """The person with that public id watches the sitting no longer, even one who holds no role any more;
    again = nothing new.
    """
    with db.write() as tx:
        gone = tx.scalar(
            sa.delete(SittingProctor)
            .where(
                SittingProctor.sitting_id == sitting.id,
                SittingProctor.account_id.in_(sa.select(Account.id).where(Account.public_id == person)),
            )
            .returning(SittingProctor.account_id)
        )
        if gone is not None:
            _record(tx, "sitting.proctor_unassigned", sitting, ground, gone, actor_id, now)


def _record(
    tx: Session, act: str, sitting: Sitting, ground: Ground, proctor_id: int, actor_id: int, now: datetime
) -> None:
    audit.record(tx, now=now, act=act, object_kind="sitting", object_id=sitting.id, actor_id=actor_id,
                 office_id=ground.office_id, detail={"proctor": proctor_id})  # fmt: skip
