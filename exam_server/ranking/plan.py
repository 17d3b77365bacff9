"""What is recorded of a final selection, in its order: criteria, quotas, and the opening of the scores.

Criteria are fixed the moment somebody may look at scores, quotas the moment the list is frozen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.models import Account, Attempt, Mark, Quota, ScoreOpening, SelectionList
from exam_server.models import Criteria as CriteriaRow
from exam_server.ranking import checking, ground
from exam_server.ranking.contents import MARK, THOUSANDTHS, criteria_json, criteria_of, quotas_json, quotas_of
from exam_server.ranking.ground import Ground
from exam_server.ranking.refusals import (
    CriteriaFixed,
    CriteriaMissing,
    MarksAboveMost,
    QuotaMissing,
    QuotaReasonMissing,
    ScoresNotOpened,
    SelectionFrozen,
)
from exam_server.ranking.rules import Criteria
from exam_server.ranking.rules import Quota as Places
from exam_server.unseen import without_unseen


@dataclass(frozen=True)
class RecordedCriteria:
    id: int
    number: int
    criteria: Criteria
    by: str
    at: datetime


@dataclass(frozen=True)
class RecordedQuota:
    id: int
    number: int
    quotas: tuple[Places, ...]
    reserves: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Opening:
    by: str
    at: datetime


@dataclass(frozen=True)
class Plan:
    """What counts now; `frozen` is the number of the newest frozen list."""

    criteria: RecordedCriteria | None
    quota: RecordedQuota | None
    opening: Opening | None
    frozen: int | None

    def needed(self) -> tuple[RecordedCriteria, RecordedQuota]:
        """Both; raises CriteriaMissing, QuotaMissing."""
        if self.criteria is None:
            raise CriteriaMissing
        if self.quota is None:
            raise QuotaMissing
        return self.criteria, self.quota

    def opened(self) -> tuple[RecordedCriteria, RecordedQuota]:
        """The same, for who wants to see scores; raises ScoresNotOpened too."""
        if self.opening is None:
            raise ScoresNotOpened
        return self.needed()


def plan(tx: Session, activity_id: int) -> Plan:
    """Of this activity; nothing of it when nothing was recorded."""
    return Plan(_criteria(tx, activity_id), _quota(tx, activity_id), _opening(tx, activity_id),
                frozen_number(tx, activity_id))  # fmt: skip


def frozen_number(tx: Session, activity_id: int) -> int | None:
    return tx.scalar(
        sa.select(sa.func.max(SelectionList.number)).where(SelectionList.activity_id == activity_id)
    )


def require_unfrozen(tx: Session, activity_id: int) -> None:
    """Raises SelectionFrozen."""
    if frozen_number(tx, activity_id) is not None:
        raise SelectionFrozen


def record_criteria(db: Database, place: Ground, wanted: Criteria, actor_id: int, now: datetime) -> int:
    """The number of the criteria that count from now on; the same again changes nothing.

    Raises CriteriaFixed, MarksAboveMost, and what `checking.criteria` does. The lot is the activity's own.
    """
    with db.write() as tx:
        ground.hold(tx, place.activity_id)
        if _opening(tx, place.activity_id) is not None:
            raise CriteriaFixed
        checked = checking.criteria(tx, place, wanted)
        _refuse_lower_most(tx, place.activity_id, checked)
        newest = _criteria(tx, place.activity_id)
        if newest and newest.criteria == checked:
            return newest.number
        number, content = newest.number + 1 if newest else 1, criteria_json(checked)
        tx.add(CriteriaRow(activity_id=place.activity_id, number=number, content=content,
                           recorded_by=actor_id, recorded_at=now))  # fmt: skip
        _audit(tx, "criteria.recorded", place, actor_id, now, version=number, criteria=content)
        return number


def record_quota(
    db: Database, place: Ground, quotas: tuple[Places, ...], reserves: int, reason: str, actor_id: int,
    now: datetime,
) -> int:  # fmt: skip
    """The number of the quotas that count from now on; the same again changes nothing.

    Raises SelectionFrozen, QuotaReasonMissing (for a change), and what `checking.quotas` does.
    """
    why = without_unseen(reason).strip()
    with db.write() as tx:
        ground.hold(tx, place.activity_id)
        require_unfrozen(tx, place.activity_id)
        checking.quotas(tx, place, quotas, reserves)
        newest = _quota(tx, place.activity_id)
        if newest and (newest.quotas, newest.reserves) == (quotas, reserves):
            return newest.number
        if newest and not why:
            raise QuotaReasonMissing
        number, content = newest.number + 1 if newest else 1, quotas_json(quotas)
        tx.add(Quota(activity_id=place.activity_id, number=number, content=content, reserves=reserves,
                     reason=why, recorded_by=actor_id, recorded_at=now))  # fmt: skip
        _audit(tx, "quota.recorded", place, actor_id, now, version=number, quotas=content, reserves=reserves,
               reason=why)  # fmt: skip
        return number


def open_scores(db: Database, place: Ground, actor_id: int, now: datetime) -> None:
    """From now on officials see scores and the criteria are fixed; again = what is so already.

    Raises DecisionOutsidePhase, CriteriaMissing.
    """
    ground.require_phase(place, now)
    with db.write() as tx:
        ground.hold(tx, place.activity_id)
        if _opening(tx, place.activity_id) is not None:
            return
        newest = _criteria(tx, place.activity_id)
        if newest is None:
            raise CriteriaMissing
        try:
            with tx.begin_nested():
                tx.add(ScoreOpening(activity_id=place.activity_id, criteria_id=newest.id, opened_by=actor_id,
                                    opened_at=now))  # fmt: skip
        except IntegrityError:  # another official was first
            return
        _audit(tx, "scores.opened", place, actor_id, now, version=newest.number)


def _refuse_lower_most(tx: Session, activity_id: int, criteria: Criteria) -> None:
    highest = dict(tx.execute(
        sa.select(Mark.component, sa.func.max(Mark.value))
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.activity_id == activity_id, Mark.component.startswith(MARK))
        .group_by(Mark.component)
    ).all())  # fmt: skip
    for one in criteria.components:
        if highest.get(one.key, 0) > one.most * THOUSANDTHS:
            raise MarksAboveMost(label=one.label, most=one.most)


def _criteria(tx: Session, activity_id: int) -> RecordedCriteria | None:
    """Those under which the scores were opened, else the newest; after the opening there is no newer one."""
    row = tx.execute(
        sa.select(CriteriaRow, Account.name)
        .join(Account, Account.id == CriteriaRow.recorded_by)
        .where(CriteriaRow.activity_id == activity_id)
        .order_by(CriteriaRow.number.desc())
    ).first()
    if row is None:
        return None
    one, by = row
    return RecordedCriteria(one.id, one.number, criteria_of(one.content), by, one.recorded_at)


def _quota(tx: Session, activity_id: int) -> RecordedQuota | None:
    row = tx.execute(
        sa.select(Quota, Account.name)
        .join(Account, Account.id == Quota.recorded_by)
        .where(Quota.activity_id == activity_id)
        .order_by(Quota.number.desc())
    ).first()
    if row is None:
        return None
    one, by = row
    return RecordedQuota(
        one.id, one.number, quotas_of(one.content), one.reserves, one.reason, by, one.recorded_at
    )


def _opening(tx: Session, activity_id: int) -> Opening | None:
    row = tx.execute(
        sa.select(Account.name, ScoreOpening.opened_at)
        .join(Account, Account.id == ScoreOpening.opened_by)
        .where(ScoreOpening.activity_id == activity_id)
    ).one_or_none()
    return Opening(*row) if row else None


def _audit(tx: Session, act: str, place: Ground, actor_id: int, now: datetime, **detail: object) -> None:
    audit.record(tx, now=now, act=act, object_kind="activity", object_id=place.activity_id, actor_id=actor_id,
                 office_id=place.office_id, detail=detail)  # fmt: skip
