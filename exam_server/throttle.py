"""How often something may be tried within a window: one statement counts and refuses, for all workers."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.errors import N_, Refusal
from exam_server.models import from_micros, to_micros


class TooMany(Refusal):
    """`retry_after`: whole seconds until the next try is heard."""

    code = "too_many"
    status = 429
    sentence = N_("Terlalu banyak percobaan. Tidak ada yang berubah; coba lagi dalam {minutes} menit.")

    def __init__(self, retry_after: int) -> None:
        super().__init__(minutes=max(1, -(-retry_after // 60)))
        self.details["retry_after"] = retry_after


COUNT = sa.text("""
INSERT INTO throttle AS old (key, since, count) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN old.since <= :begins THEN 1 ELSE old.count + 1 END,
    since = CASE WHEN old.since <= :begins THEN :now ELSE old.since END
WHERE old.since <= :begins OR old.count < :most
RETURNING count
""")


def take(tx: Session, key: str, most: int, window: timedelta, now: datetime) -> None:
    """One more try of `key`, at most `most` within `window`; raises TooMany.

    The try counts only if this transaction commits: count in a transaction of its own, before the act.
    """
    facts = {"key": key, "now": to_micros(now), "begins": to_micros(now - window), "most": most}
    if tx.connection().execute(COUNT, facts).scalar() is None:
        since = tx.connection().execute(sa.text("SELECT since FROM throttle WHERE key = :key"), {"key": key})
        left = from_micros(int(since.scalar_one())) + window - now
        raise TooMany(max(1, int(left.total_seconds())))


def give_back(tx: Session, key: str) -> None:
    """The last try of `key` was a good one and does not count."""
    tx.connection().execute(
        sa.text("UPDATE throttle SET count = count - 1 WHERE key = :key AND count > 0"), {"key": key}
    )
