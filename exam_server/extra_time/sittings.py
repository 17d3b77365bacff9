"""One sitting as its officials find it: where it belongs, who sits it, and what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.exam.lookups import EXTRA
from exam_server.extra_time import losses, rules
from exam_server.extra_time.attempts import Place, place_of
from exam_server.extra_time.losses import Offer
from exam_server.models import Account, Activity, Approval, Attempt, Office, Sitting
from exam_server.sittings.watching import Official, reach

KIND = "sitting.time_granted"


@dataclass(frozen=True)
class Sitter:
    """One attempt in the list of a sitting."""

    public_id: str
    name: str
    extra_seconds: int


@dataclass(frozen=True)
class OneSitting:
    """The sitting itself."""

    id: int
    public_id: str
    starts_at: datetime
    ends_at: datetime
    allowed_seconds: int
    place: Place


@dataclass(frozen=True)
class Shown:
    """What its page tells: seconds that one official may give to all, how many run, whom it has, offers."""

    alone: int
    running: int
    sitters: tuple[Sitter, ...]
    offers: tuple[Offer, ...]
    waiting: str | None
    """Public id of the question about more time that waits for a second official."""


def own(db: Database, public_id: str, person: Official, now: datetime) -> OneSitting:
    """The sitting, if this official watches it; anybody else leaves a row in the trail and finds nothing
    (NotFound).
    """
    with db.read() as tx:
        found = one(tx, Sitting.public_id == public_id)
        watched = reach(tx, person).covers(found.place.office_id, found.id)
    if not watched:
        audit.refuse_foreign(db, person.id, "sitting", found.id, now)
    return found


def one(tx: Session, which: sa.ColumnElement[bool]) -> OneSitting:
    """The sitting; raises NotFound."""
    row = tx.execute(
        sa.select(Sitting, Activity, Office).join(Activity, Activity.id == Sitting.activity_id)
        .join(Office, Office.id == Activity.office_id).where(which)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    sitting = row.Sitting
    return OneSitting(sitting.id, sitting.public_id, sitting.starts_at, sitting.ends_at,
                      sitting.allowed_seconds, place_of(row))  # fmt: skip


def shown(db: Database, sitting: OneSitting, now: datetime) -> Shown:
    """Everything its page tells."""
    with db.read() as tx:
        lost = losses.everybody(tx, sitting.id, losses.running(tx, sitting.id))
        rows = tx.execute(
            sa.select(Attempt.public_id, Account.name, EXTRA.label("extra"))
            .join(Account, Account.id == Attempt.candidate_id)
            .where(Attempt.sitting_id == sitting.id)
            .order_by(Account.name, Attempt.id)
        )
        sitters = tuple(Sitter(row.public_id, row.name, int(row.extra)) for row in rows)
        offers = tuple(losses.offers(tx, Attempt.sitting_id == sitting.id))
        return Shown(rules.alone(lost), len(lost), sitters, offers, _open_question(tx, sitting.id, now))


def _open_question(tx: Session, sitting_id: int, now: datetime) -> str | None:
    return tx.scalar(
        sa.select(Approval.public_id).where(
            Approval.kind == KIND, Approval.object_kind == "sitting", Approval.object_id == sitting_id,
            Approval.decided_at.is_(None), Approval.expires_at > now,
        )
    )  # fmt: skip
