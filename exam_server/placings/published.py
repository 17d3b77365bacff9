"""Which list counts: the one that was announced, once its instant has come; before that the newest frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import Quota, ResultAnnouncement, SelectionList
from exam_server.placings.refusals import NotFrozen
from exam_server.placings.rules import OFFER_HOURS


@dataclass(frozen=True)
class InForce:
    """The list that counts now; `announcement` is empty until it is published."""

    frozen: SelectionList
    announcement: ResultAnnouncement | None

    @property
    def offer_lasts(self) -> timedelta:
        """How long whoever is offered a place may answer."""
        hours = self.announcement.policy.get("offer_hours") if self.announcement else None
        return timedelta(hours=hours if isinstance(hours, int) and hours > 0 else OFFER_HOURS)


def published(tx: Session, activity_id: int, now: datetime) -> ResultAnnouncement | None:
    """The newest announcement whose instant has come."""
    return tx.scalars(
        sa.select(ResultAnnouncement)
        .where(ResultAnnouncement.activity_id == activity_id, ResultAnnouncement.publish_at <= now)
        .order_by(ResultAnnouncement.number.desc())
        .limit(1)
    ).one_or_none()


def awaited(tx: Session, activity_id: int, now: datetime) -> datetime | None:
    """When the next announcement that is made already will be published."""
    return tx.scalar(
        sa.select(ResultAnnouncement.publish_at)
        .where(ResultAnnouncement.activity_id == activity_id, ResultAnnouncement.publish_at > now)
        .order_by(ResultAnnouncement.publish_at)
        .limit(1)
    )


def in_force(tx: Session, activity_id: int, now: datetime) -> InForce:
    """Raises NotFrozen while there is no list at all."""
    announcement = published(tx, activity_id, now)
    if announcement is not None:
        return InForce(tx.get_one(SelectionList, announcement.list_id), announcement)
    frozen = newest(tx, activity_id)
    if frozen is None:
        raise NotFrozen
    return InForce(frozen, None)


def newest(tx: Session, activity_id: int) -> SelectionList | None:
    """The list that was frozen last, whether or not it was announced."""
    wanted = sa.select(SelectionList).where(SelectionList.activity_id == activity_id)
    return tx.scalars(wanted.order_by(SelectionList.number.desc()).limit(1)).one_or_none()


def quotas(tx: Session, frozen: SelectionList) -> list[dict[str, Any]]:
    """Places by index as the list names them: {"kecamatan", "desa", "places"}."""
    return list(tx.get_one(Quota, frozen.quota_id).content)
