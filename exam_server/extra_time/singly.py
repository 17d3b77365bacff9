"""Time given to single attempts on one official's word, as the ledgers have it: `alone` says what counts."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.extra_time import alone
from exam_server.extra_time.alone import Given
from exam_server.models import LedgerEntry

WHOLE = "sitting"
"""In the evidence of an entry: it was given to the whole sitting of that public id."""

BY_TWO = "approval"
"""In the evidence of an entry: two officials gave it, and that is the public id of their approval."""


def spent(tx: Session, attempt_ids: Collection[int]) -> dict[int, int]:
    """Seconds that count, of each of these attempts that was given any."""
    rows = tx.execute(
        sa.select(LedgerEntry.attempt_id, LedgerEntry.kind, LedgerEntry.seconds, LedgerEntry.evidence)
        .where(LedgerEntry.attempt_id.in_(attempt_ids), LedgerEntry.kind == "extra")
    )  # fmt: skip
    entries: dict[int, list[Given]] = {}
    for attempt_id, kind, seconds, evidence in rows:
        entries.setdefault(attempt_id, []).append(Given(kind, seconds, WHOLE in evidence, BY_TWO in evidence))
    return {attempt_id: alone.spent(given) for attempt_id, given in entries.items()}
