"""Where sittings are planned: the selection of one office and year, and what else is known of its hours."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import (
    Account,
    Activity,
    Office,
    Phase,
    Recruitment,
    RoleGrant,
    Sitting,
    SittingProctor,
)
from exam_server.sittings.rules import Existing

WATCHERS = ("proctor", "admin")
"""Roles that may watch a sitting: the same that open the board."""


@dataclass(frozen=True)
class Ground:
    """A selection activity with its office and its announced test stage (both instants, or none)."""

    activity_id: int
    activity: str
    blueprint: list[Any]
    recruitment_id: int
    published_at: datetime | None
    year: int
    office_id: int
    office: str
    slug: str
    zone: ZoneInfo
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Proctor:
    """Somebody who may watch sittings of an office."""

    id: int
    public_id: str
    name: str


def ground_of(db: Database, slug: str, year: int) -> Ground:
    """The selection of that office and year; raises NotFound."""
    with db.read() as tx:
        return _one(tx, Office.slug == slug, Recruitment.year == year)


def of_activity(tx: Session, activity_id: int) -> Ground:
    """The selection that is that activity; raises NotFound."""
    return _one(tx, Activity.id == activity_id)


def own_sitting(
    db: Database, public_id: str, offices: list[int] | None, viewer_id: int, now: datetime
) -> tuple[Sitting, Ground]:
    """The sitting, if it is of one of these offices (None: of any); anybody else leaves a row in the trail
    and finds nothing (NotFound).
    """
    with db.read() as tx:
        sitting = tx.scalar(sa.select(Sitting).where(Sitting.public_id == public_id))
        if sitting is None:
            raise NotFound
        ground = of_activity(tx, sitting.activity_id)
    if offices is not None and ground.office_id not in offices:
        audit.refuse_foreign(db, viewer_id, "sitting", sitting.id, now)
    return sitting, ground


def proctors_of(tx: Session, office_id: int) -> list[Proctor]:
    """Everybody who may watch sittings of the office today, by name."""
    rows = tx.execute(
        sa.select(Account.id, Account.public_id, Account.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.office_id == office_id, RoleGrant.role.in_(WATCHERS), RoleGrant.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Account.name, Account.id)
    )  # fmt: skip
    return [Proctor(*row) for row in rows]


def watching(tx: Session, sitting_ids: list[int]) -> dict[int, list[Proctor]]:
    """Who watches each of these sittings, by name."""
    rows = tx.execute(
        sa.select(SittingProctor.sitting_id, Account.id, Account.public_id, Account.name)
        .join(Account, Account.id == SittingProctor.account_id)
        .where(SittingProctor.sitting_id.in_(sitting_ids))
        .order_by(Account.name, Account.id)
    )
    found: dict[int, list[Proctor]] = defaultdict(list)
    for row in rows:
        found[row.sitting_id].append(Proctor(row.id, row.public_id, row.name))
    return found


def others(tx: Session, office_id: int, but: int | None = None) -> list[Existing]:
    """Every sitting of the office, of any year, except the one with the id `but`."""
    wanted = sa.select(Sitting).join(Activity).where(Activity.office_id == office_id)
    rows = [row for row in tx.scalars(wanted.order_by(Sitting.starts_at)) if row.id != but]
    people = watching(tx, [row.id for row in rows])
    return [
        Existing(row.label, row.place, row.starts_at, row.ends_at,
                 frozenset(one.id for one in people.get(row.id, [])))
        for row in rows
    ]  # fmt: skip


def _one(tx: Session, *which: sa.ColumnElement[bool]) -> Ground:
    row = tx.execute(
        sa.select(Activity, Recruitment, Office, Phase)
        .join(Recruitment, Recruitment.id == Activity.recruitment_id)
        .join(Office, Office.id == Activity.office_id)
        .outerjoin(Phase, sa.and_(Phase.recruitment_id == Recruitment.id, Phase.kind == "test"))
        .where(Activity.kind == "selection", *which)
        .order_by(Phase.position)
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound
    activity, recruitment, office, phase = row
    return Ground(
        activity_id=activity.id, activity=activity.name, blueprint=activity.blueprint,
        recruitment_id=recruitment.id, published_at=recruitment.published_at, year=recruitment.year,
        office_id=office.id, office=office.name, slug=office.slug, zone=ZoneInfo(office.zone),
        opens_at=phase.opens_at if phase else None, closes_at=phase.closes_at if phase else None,
    )  # fmt: skip
