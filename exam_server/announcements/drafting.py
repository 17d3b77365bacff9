"""What would be announced now: the same bytes for the preview, for the asking and for the granting.

A long list is composed in a process apart; both ways give the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import apart
from exam_server.announcements import facts
from exam_server.announcements.document import Content, Issue, compose
from exam_server.announcements.rules import Policy, canonical, policy_json, policy_of, seal
from exam_server.apart import Report
from exam_server.clock import from_ms, to_ms
from exam_server.db import Database
from exam_server.models import Placing, ResultAnnouncement

MANY = 1000
"""So many lines are composed in the asking process; more are composed apart."""


@dataclass(frozen=True)
class Draft:
    """One announcement before it is stored."""

    list_id: int
    number: int
    text: str

    @property
    def sha256(self) -> str:
        return seal(self.text)

    @property
    def content(self) -> Content:
        found: Content = json.loads(self.text)
        return found


def newest(tx: Session, activity_id: int) -> ResultAnnouncement | None:
    """The announcement that was made last, whether or not it is out."""
    wanted = sa.select(ResultAnnouncement).where(ResultAnnouncement.activity_id == activity_id)
    return tx.scalars(wanted.order_by(ResultAnnouncement.number.desc()).limit(1)).one_or_none()


def draft(
    tx: Session, activity_id: int, list_id: int, policy: Policy, publish_at: datetime, now: datetime
) -> Draft:
    """The next announcement of the activity; raises ReckoningFailed for a long one that failed.

    Whatever this transaction has changed and not committed is unknown to a long one.
    """
    asked = wanted(tx, activity_id, list_id, policy, publish_at, now)
    number = asked["number"]
    if not is_long(tx, list_id):
        return Draft(list_id, number, _text(tx, asked))
    url = tx.get_bind().engine.url.render_as_string(hide_password=False)

    def still_here(*_: int) -> None:  # PostgreSQL ends a transaction that says nothing for seconds
        tx.execute(sa.select(1))

    return Draft(list_id, number, apart.reckon(url, reckon, asked, still_here))


def wanted(
    tx: Session, activity_id: int, list_id: int, policy: Policy, publish_at: datetime, now: datetime
) -> dict[str, Any]:
    """What `reckon` must be told of the next announcement of the activity."""
    before = newest(tx, activity_id)
    return {"list": list_id, "policy": policy_json(policy), "number": before.number + 1 if before else 1,
            "now": to_ms(now), "publish_at": to_ms(publish_at),
            "before": before.id if before else None}  # fmt: skip


def reckon(db: Database, asked: dict[str, Any], report: Report) -> str:
    """The same, in a process of its own."""
    with db.read() as tx:
        report(1, 2)
        return _text(tx, asked)


def again(tx: Session, row: ResultAnnouncement, policy: Policy, as_of: datetime) -> Content:
    """The content as facts and rules make it once more, for who wants to know whether it is true."""
    wanted = sa.select(ResultAnnouncement.content).where(
        ResultAnnouncement.activity_id == row.activity_id, ResultAnnouncement.number == row.number - 1
    )
    before = tx.scalar(wanted)
    issue = Issue(row.number, row.publish_at, json.loads(before) if before else None)
    return compose(facts.gather(tx, row.list_id, as_of), policy, issue, as_of)


def _text(tx: Session, asked: dict[str, Any]) -> str:
    said = None
    if asked["before"] is not None:
        said = json.loads(tx.get_one(ResultAnnouncement, asked["before"]).content)
    now = from_ms(asked["now"])
    issue = Issue(asked["number"], from_ms(asked["publish_at"]), said)
    return canonical(compose(facts.gather(tx, asked["list"], now), policy_of(asked["policy"]), issue, now))


def is_long(tx: Session, list_id: int) -> bool:
    """Whether it is composed apart."""
    count = sa.select(sa.func.count(Placing.attempt_id)).where(Placing.list_id == list_id)
    return (tx.scalar(count) or 0) > MANY
