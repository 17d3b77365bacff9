"""Device checks: what a page reported is judged and kept; the office sees the newest of each person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from exam_server import retelling, throttle
from exam_server.db import Database
from exam_server.models import DeviceCheck
from exam_server.practice.refusals import FactsUnreadable
from exam_server.practice.rules import Outcome, judge, outcome, read_facts

MOST, WINDOW = 30, timedelta(hours=1)
DEVICE_LENGTH = 120


@dataclass(frozen=True)
class Judged:
    """The lines in the order in which they are shown, and what they come to."""

    lines: dict[str, Outcome]
    outcome: Outcome


@dataclass(frozen=True)
class Checked:
    """The newest check of one person."""

    outcome: str
    at: datetime


def keep(db: Database, account_id: int, device: str, raw: object, now: datetime) -> Judged:
    """The check is stored and the board hears of it; raises TooMany, FactsUnreadable."""
    with db.write() as tx:
        throttle.take(tx, f"device-check:{account_id}", MOST, WINDOW, now)
    try:
        facts = read_facts(raw)
    except ValueError as problem:
        raise FactsUnreadable from problem
    lines = judge(facts)
    judged = Judged(lines, outcome(lines))
    with db.write() as tx:
        tx.add(DeviceCheck(account_id=account_id, at=now, device=device[:DEVICE_LENGTH],
                           outcome=judged.outcome, facts=asdict(facts)))  # fmt: skip
        tx.flush()
        retelling.person(tx, account_id)
    return judged


def newest(db: Database, account_id: int) -> Checked | None:
    """The newest check of this person, on whatever device."""
    wanted = sa.select(DeviceCheck.outcome, DeviceCheck.at).where(DeviceCheck.account_id == account_id)
    with db.look() as connection:
        row = connection.execute(wanted.order_by(DeviceCheck.id.desc()).limit(1)).one_or_none()
    return Checked(row.outcome, row.at) if row else None
