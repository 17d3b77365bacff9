"""What boards show of a person comes from several features; whoever changes it has their rows told anew.

A row tells news by its revision, so that grows in the same transaction, and the boards hear after the commit.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import announce
from exam_server.models import Attempt

SHOWN = frozenset({"name", "kecamatan"})
"""Which of a person's own entries stand in their row."""


def person(tx: Session, account_id: int) -> None:
    """Every row of this person has a new revision, and the boards hear of it; nothing when there is none."""
    told = tx.scalars(
        sa.update(Attempt)
        .where(Attempt.candidate_id == account_id)
        .values(rev=Attempt.rev + 1)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    ).all()
    if told:
        announce(tx, "attempts", {"attempt_ids": set(told)})
