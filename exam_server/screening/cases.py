"""An application under screening as every act finds it, and who may: officials of its own office only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import Account, Activity, Application, AuditEntry, Office, Screening
from exam_server.offices.service import Stage, stages
from exam_server.screening.rules import CLAIM, Facts


@dataclass(frozen=True)
class Official:
    """Who screens; `offices` are ids, None stands for every office."""

    id: int
    offices: tuple[int, ...] | None

    def screens(self, office_id: int) -> bool:
        return self.offices is None or office_id in self.offices


@dataclass(frozen=True)
class Desk:
    """One registration activity whose applications are screened."""

    id: int
    public_id: str
    name: str
    recruitment_id: int
    office_id: int
    office_code: str
    office_slug: str
    office: str
    regency: str
    zone: ZoneInfo
    kecamatan: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One application; `version` is the number of its newest version."""

    id: int
    public_id: str
    version: int
    sent_at: datetime
    candidate_id: int
    person: str
    """The public id of the candidate's account."""
    name: str
    applied_at: datetime
    facts: Facts
    checked_at: datetime | None
    decided_at: datetime | None
    reason_code: str | None
    reason_text: str | None
    claimed_by: int | None
    claimed_until: datetime | None
    desk: Desk


def find(tx: Session, public_id: str) -> Case:
    """The application of that public id, whose office it may be; raises NotFound."""
    row = tx.execute(
        sa.select(Screening, Application, Account.name, Account.public_id, Activity, Office)
        .join(Application, Application.id == Screening.application_id)
        .join(Account, Account.id == Application.candidate_id)
        .join(Activity, Activity.id == Screening.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .where(Screening.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    screening, application, name, person, activity, office = row
    return Case(
        id=application.id, public_id=public_id, version=screening.version, sent_at=screening.sent_at,
        name=name, person=person,
        candidate_id=application.candidate_id, applied_at=application.applied_at, facts=facts(screening),
        checked_at=screening.checked_at, decided_at=screening.decided_at, reason_code=screening.reason_code,
        reason_text=screening.reason_text, claimed_by=screening.claimed_by,
        claimed_until=screening.claimed_until, desk=desk_of(activity, office),
    )  # fmt: skip


def own_case(db: Database, public_id: str, official: Official, now: datetime) -> Case:
    """As `find`, for an official of its office; anybody else leaves a row in the trail (NotFound)."""
    with db.read() as tx:
        case = find(tx, public_id)
    if not official.screens(case.desk.office_id):
        audit.refuse_foreign(db, official.id, "application", case.id, now)
    return case


def own_desk(db: Database, public_id: str, official: Official, now: datetime) -> Desk:
    """The registration activity of that public id, as `own_case`."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(Activity, Office).join(Office, Office.id == Activity.office_id)
            .where(Activity.public_id == public_id, Activity.kind == "registration")
        ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    desk = desk_of(*row)
    if not official.screens(desk.office_id):
        audit.refuse_foreign(db, official.id, "activity", desk.id, now)
    return desk


def opened(db: Database, case: Case, official_id: int, now: datetime) -> None:
    """The trail keeps who opened an application; looking again soon after is the same opening."""
    same = sa.select(AuditEntry.id).where(
        AuditEntry.object_kind == "application", AuditEntry.object_id == case.id,
        AuditEntry.act == "application.opened", AuditEntry.actor_id == official_id,
        AuditEntry.at > now - CLAIM,
    )  # fmt: skip
    with db.read() as tx:
        if tx.scalar(same.limit(1)) is not None:
            return
    with db.write() as tx:
        audit.record(tx, now=now, act="application.opened", object_kind="application", object_id=case.id,
                     actor_id=official_id, office_id=case.desk.office_id,
                     detail={"version": case.version})  # fmt: skip


def screening_stage(tx: Session, recruitment_id: int, now: datetime) -> Stage | None:
    """The announced stage in which applications are decided; None when nobody announced one."""
    return next((stage for stage in stages(tx, recruitment_id, now) if stage.kind == "screening"), None)


def facts(screening: Screening) -> Facts:
    """What `rules.standing` wants to know."""
    return Facts(screening.due_at, screening.decision)


def desk_of(activity: Activity, office: Office) -> Desk:
    """An activity with what its office says about itself."""
    return Desk(
        activity.id, activity.public_id, activity.name, activity.recruitment_id, office.id, office.code,
        office.slug, office.name, office.regency, ZoneInfo(office.zone), tuple(office.kecamatan),
    )  # fmt: skip
