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
        self.retry_after = self.details["retry_after"] = retry_after


COUNT = sa.text("""
INSERT INTO throttle AS old (key, since, count) VALUES (:key, :now, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN old.since <= :begins THEN 1 ELSE old.count + 1 END,
    since = CASE WHEN old.since <= :begins THEN :now ELSE old.since END
WHERE old.since <= :begins OR old.count < :most
RETURNING count
""")

SPENT = sa.text("SELECT since FROM throttle WHERE key = :key AND since > :begins AND count >= :most")


def take(tx: Session, key: str, most: int, window: timedelta, now: datetime) -> None:
    """One more try of `key`, at most `most` within `window`; raises TooMany.

    The try counts only if this transaction commits: count in a transaction of its own, before the act.
    """
    facts = {"key": key, "now": to_micros(now), "begins": to_micros(now - window), "most": most}
    if tx.connection().execute(COUNT, facts).scalar() is None:
        since = tx.connection().execute(sa.text("SELECT since FROM throttle WHERE key = :key"), {"key": key})
        raise _too_many(int(since.scalar_one()), window, now)


def check(tx: Session, key: str, most: int, window: timedelta, now: datetime) -> None:
    """Nothing is counted; raises TooMany when `key` was tried `most` times within `window`.

    For what many do at once and few do wrong: only who failed is counted, afterwards, by `take`.
    """
    facts = {"key": key, "begins": to_micros(now - window), "most": most}
    since = tx.connection().execute(SPENT, facts).scalar()
    if since is not None:
        raise _too_many(int(since), window, now)


def _too_many(since: int, window: timedelta, now: datetime) -> TooMany:
    left = from_micros(since) + window - now
    return TooMany(max(1, int(left.total_seconds())))


def give_back(tx: Session, key: str) -> None:
    """The last try of `key` was a good one and does not count."""
    tx.connection().execute(
        sa.text("UPDATE throttle SET count = count - 1 WHERE key = :key AND count > 0"), {"key": key}
    )
