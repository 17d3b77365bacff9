"""Looking receipts up: one's own, and anybody's by its code, which tells a stranger no answer and no name."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import throttle, tokens
from exam_server.accounts.rules import network
from exam_server.db import Database
from exam_server.exam import journal, receipts
from exam_server.models import Account, Activity, Attempt, Office, Receipt, Sitting
from exam_server.receipts import rules
from exam_server.receipts.agreement import Outcome, examine

log = logging.getLogger(__name__)

LOOKS, WINDOW = 120, timedelta(minutes=10)
"""Of one network address: a whole room of candidates shows theirs at once, and nobody needs more."""

SHOWN = 16
"""Characters of each hash that are shown: enough to compare by eye."""


@dataclass(frozen=True)
class Slip:
    """What a receipt says; `last` is false while a newer one is to come."""

    code: str
    office: str
    activity: str
    sitting: str
    zone: ZoneInfo
    started_at: datetime
    finalised_at: datetime
    how: str
    answered: int
    items: int
    paper: str
    answers: str
    issued_at: datetime
    last: bool = True


@dataclass(frozen=True)
class Checked:
    """What a code is worth; `slip` and the masked name are there unless it is unknown."""

    outcome: Outcome
    slip: Slip | None = None
    name: str = ""


UNKNOWN = Checked("unknown")


def count_look(db: Database, address: str, now: datetime) -> None:
    """One more look from this network address; raises TooMany."""
    key = "receipt:from:" + tokens.fingerprint(network(address))
    with db.read() as tx:  # who was refused already costs no writing
        throttle.check(tx, key, LOOKS, WINDOW, now)
    with db.write() as tx:
        throttle.take(tx, key, LOOKS, WINDOW, now)


def newest(db: Database, attempt_id: int) -> Slip | None:
    """The newest receipt of an attempt; None while there is none."""
    wanted = sa.select(Receipt).where(Receipt.attempt_id == attempt_id).order_by(Receipt.number.desc())
    with db.read() as tx:
        row = tx.scalars(wanted.limit(1)).one_or_none()
        if row is None:
            return None
        number, _ = journal.head(tx, attempt_id)
        return _slip(tx, row, attempt_id, number == row.number)


def check(db: Database, secret: str, typed: str) -> Checked:
    """What the code that somebody typed is worth; a malformed code is as unknown as a forged one."""
    code = receipts.grouped(rules.letters(typed))
    with db.read() as tx:
        row = tx.scalars(sa.select(Receipt).where(Receipt.code == code)).one_or_none()
        if row is None:
            return UNKNOWN
        attempt = tx.get_one(Attempt, row.attempt_id)
        found = examine(tx, row, attempt, code, secret)
        if found.outcome in ("changed", "unknown"):
            log.error("receipt %d of attempt %d is %s: what is stored is not what was issued",
                      row.id, attempt.id, found.outcome)  # fmt: skip
        if found.receipt is None:
            return UNKNOWN
        name = tx.scalar(sa.select(Account.name).where(Account.id == attempt.candidate_id)) or ""
        slip = _slip(tx, found.receipt, attempt.id, found.outcome != "superseded")
        return Checked(found.outcome, slip, rules.masked(name))


def _slip(tx: Session, receipt: Receipt, attempt_id: int, last: bool) -> Slip:
    where = tx.execute(
        sa.select(Office.name.label("office"), Office.zone, Activity.name.label("activity"), Sitting.label)
        .join_from(Attempt, Sitting, Sitting.id == Attempt.sitting_id)
        .join(Activity, Activity.id == Attempt.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .where(Attempt.id == attempt_id)
    ).one()
    return Slip(
        code=receipt.code, office=where.office, activity=where.activity, sitting=where.label,
        zone=ZoneInfo(where.zone), started_at=receipt.started_at, finalised_at=receipt.finalised_at,
        how=receipt.how, answered=receipt.answered, items=receipt.items,
        paper=receipt.paper_sha256[:SHOWN], answers=receipt.answers_seal[:SHOWN],
        issued_at=receipt.issued_at, last=last,
    )  # fmt: skip
