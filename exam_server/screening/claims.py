"""Two people never work on one application: a claim is taken by one statement and ends by the clock."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import instants
from exam_server.db import Database
from exam_server.language import DEFAULT
from exam_server.models import Account, Screening
from exam_server.screening import cases
from exam_server.screening.refusals import AlreadyDecided, ClaimedByOther, CorrectionPending, StaleVersion
from exam_server.screening.rules import CLAIM
from exam_server.screening.standings import free_for, unclaimed, waiting


def claim_next(db: Database, activity_id: int, official_id: int, now: datetime) -> str | None:
    """The public id of the oldest waiting application that nobody works on, now claimed; None when none is.

    What was compared completely and waits only for its decision is not handed out again.
    """
    oldest = (
        sa.select(Screening.application_id)
        .where(
            Screening.activity_id == activity_id, waiting(), Screening.checked_at.is_(None), unclaimed(now)
        )
        .order_by(Screening.sent_at, Screening.application_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    with db.write() as tx:
        return tx.scalar(
            sa.update(Screening)
            .where(Screening.application_id == oldest)
            .values(claimed_by=official_id, claimed_until=now + CLAIM)
            .returning(Screening.public_id)
            .execution_options(synchronize_session=False)
        )


def claim(db: Database, public_id: str, official_id: int, now: datetime) -> datetime:
    """Until when it is the official's; again = renewed. Raises ClaimedByOther, AlreadyDecided."""
    with db.write() as tx:
        change(tx, public_id, None, official_id, now, claimed_by=official_id, claimed_until=now + CLAIM)
    return now + CLAIM


def release(db: Database, public_id: str, official_id: int, now: datetime) -> None:
    """The official works on it no longer; somebody else's claim stays as it is."""
    with db.write() as tx:
        tx.execute(
            sa.update(Screening)
            .where(Screening.public_id == public_id, Screening.claimed_by == official_id)
            .values(claimed_by=None, claimed_until=None)
        )


def change(
    tx: Session, public_id: str, version: int | None, official_id: int, now: datetime,
    *only: sa.ColumnElement[bool], **values: object,
) -> None:  # fmt: skip
    """The one statement by which an undecided application changes: this version, and nobody else's claim.

    `only` narrows it further, to what a pending correction allows. Raises AlreadyDecided, StaleVersion,
    ClaimedByOther, CorrectionPending.
    """
    mine = [Screening.public_id == public_id, Screening.decided_at.is_(None), free_for(official_id, now)]
    if version is not None:
        mine.append(Screening.version == version)
    changed = tx.execute(
        sa.update(Screening).where(*mine, *only).values(**values)
        .returning(Screening.application_id).execution_options(synchronize_session=False)
    ).one_or_none()  # fmt: skip
    if changed is None:
        _say_why(tx, public_id, version, official_id, now)


def _say_why(tx: Session, public_id: str, version: int | None, official_id: int, now: datetime) -> NoReturn:
    case = cases.find(tx, public_id)
    if case.facts.decision is not None:
        raise AlreadyDecided
    if version is not None and case.version != version:
        raise StaleVersion
    until = case.claimed_until
    if case.claimed_by not in (None, official_id) and until is not None and until > now:
        name = tx.scalar(sa.select(Account.name).where(Account.id == case.claimed_by))
        raise ClaimedByOther(name=name, until=instants.hour(until, case.desk.zone, DEFAULT))
    raise CorrectionPending
