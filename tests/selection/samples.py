"""What the tests of choosing share: the code of a printed card, and a sitting that was moved in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from exam_server.db import Database
from exam_server.models import Approval, Sitting, SittingMove
from exam_server.selection import participant_card
from tests.factories import DAY, START, Scene, add, add_official

SECRET = "s" * 40
REASON = "Listrik padam di seluruh kecamatan"


def card_token(db: Database, candidate_id: int) -> str:
    """The code on the card that this candidate would print now."""
    shown = participant_card.of_candidate(db, candidate_id)
    assert shown is not None
    return participant_card.sign(SECRET, shown)


def move_sitting(db: Database, scene: Scene, by: timedelta, at: datetime = START - 2 * DAY) -> None:
    """The scene's sitting begins later than it did."""
    asker, granter = (add_official(db, "admin", scene.office).id for _ in range(2))
    with db.read() as tx:
        sitting = tx.get_one(Sitting, scene.sitting.id)
    approval = add(db, Approval(
        kind="sitting.moved", office_id=scene.office.id, object_kind="sitting", object_id=sitting.id,
        payload={}, evidence={}, reason=REASON, asked_by=asker, asked_at=at, expires_at=at + DAY,
        decided_by=granter, decided_at=at, outcome="granted",
    ))  # fmt: skip
    starts_at, ends_at = sitting.starts_at + by, sitting.ends_at + by
    add(db, SittingMove(
        sitting_id=sitting.id, approval_id=approval.id, from_starts_at=sitting.starts_at,
        from_ends_at=sitting.ends_at, to_starts_at=starts_at, to_ends_at=ends_at, reason=REASON, moved_at=at,
    ))  # fmt: skip
    with db.write() as tx:
        tx.execute(
            sa.update(Sitting).where(Sitting.id == sitting.id).values(starts_at=starts_at, ends_at=ends_at)
        )
