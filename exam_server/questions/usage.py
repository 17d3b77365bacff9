"""On how many drawn papers a wording stands: counted from the papers themselves, which never change."""

from __future__ import annotations

import re
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Activity, Attempt, Paper

_REVISION = re.compile(r"\[([0-9]+),\[")
"""How each item begins in a stored paper: [revision, [order of the options]]."""


def drawn(tx: Session, office_id: int) -> Counter[int]:
    """Papers of the office by the id of each revision that stands on them."""
    papers = (
        sa.select(Paper.content)
        .join(Attempt, Attempt.id == Paper.attempt_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .where(Activity.office_id == office_id)
        .execution_options(yield_per=500)
    )
    found: Counter[int] = Counter()
    for content in tx.scalars(papers):
        found.update(map(int, _REVISION.findall(content)))
    return found
