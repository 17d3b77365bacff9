"""What the pages of registration show before anything is sent: the application, and the correction asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import (
    Activity,
    Application,
    ApplicationVersion,
    Office,
    Recruitment,
    Screening,
    ScreeningEvent,
)
from exam_server.offices.service import OfficeCard, Stage, UnknownOffice, card_of, stages
from exam_server.registration.contents import Contents, confirmed_before, gather
from exam_server.registration.rules import changed_documents, changed_fields


@dataclass(frozen=True)
class Draft:
    """An application as it would be sent now; `window` is empty when no registration is announced."""

    office: OfficeCard
    activity_id: int
    activity: str
    year: int
    contents: Contents
    window: Stage | None
    applied_to: str | None
    """The office to which this person applied this year already."""

    @property
    def open(self) -> bool:
        return self.window is not None and self.window.standing in ("open", "undated")


@dataclass(frozen=True)
class Wish:
    """One thing that the office asked to correct: a field or a kind of file, with its note."""

    field: str
    note: str


@dataclass(frozen=True)
class Correction:
    """What was asked, until when, and what is different from the version that was sent."""

    office: OfficeCard
    activity: str
    asked_at: datetime
    due_at: datetime
    over: bool
    text: str | None
    wishes: tuple[Wish, ...]
    contents: Contents
    changed: tuple[str, ...]
    before: dict[str, Any]
    confirmed_before: tuple[int, ...]


def draft(
    db: Database, candidate_id: int, slug: str, now: datetime, statements: Collection[int] = ()
) -> Draft:
    """What would be sent to the newest recruitment of an office; raises UnknownOffice, NotFound."""
    with db.read() as tx:
        office, activity = _newest(tx, slug, now)
        window = {stage.kind: stage for stage in stages(tx, activity.recruitment_id, now)}.get("registration")
        return Draft(
            office=card_of(office), activity_id=activity.id, activity=activity.name, year=activity.year,
            contents=gather(tx, candidate_id, activity, statements, now), window=window,
            applied_to=_applied_to(tx, candidate_id, activity),
        )  # fmt: skip


def correction(db: Database, candidate_id: int, now: datetime) -> Correction | None:
    """What the office asks this candidate to correct, also when its time is over; else nothing."""
    with db.read() as tx:
        row = tx.execute(
            sa.select(Screening, Activity, Office)
            .join(Application, Application.id == Screening.application_id)
            .join(Activity, Activity.id == Application.activity_id)
            .join(Office, Office.id == Activity.office_id)
            .where(Application.candidate_id == candidate_id, Screening.asked_at.is_not(None),
                   Screening.decided_at.is_(None))
            .order_by(Activity.year.desc())
            .limit(1)
        ).one_or_none()  # fmt: skip
        return _correction(tx, candidate_id, *row, now) if row else None


def _correction(
    tx: Session, candidate_id: int, screening: Screening, activity: Activity, office: Office, now: datetime
) -> Correction:
    asked, sent = _asked(tx, screening), _sent(tx, screening)
    confirmed = confirmed_before(sent)
    contents = gather(tx, candidate_id, activity, confirmed, now)
    changed = changed_fields(sent.data, contents.data) + changed_documents(sent.documents, contents.documents)
    asked_at, due_at = screening.asked_at, screening.due_at
    if asked_at is None or due_at is None:
        raise NotFound
    return Correction(
        office=card_of(office), activity=activity.name, asked_at=asked_at, due_at=due_at,
        over=now >= due_at, text=asked.text if asked else None,
        wishes=tuple(Wish(one["field"], one["note"]) for one in asked.fields) if asked else (),
        contents=contents, changed=tuple(changed), before=sent.data, confirmed_before=tuple(confirmed),
    )  # fmt: skip


def _newest(tx: Session, slug: str, now: datetime) -> tuple[Office, Activity]:
    office = tx.scalar(sa.select(Office).where(Office.slug == slug.lower()))
    if office is None:
        raise UnknownOffice
    activity = tx.scalar(
        sa.select(Activity)
        .join(Recruitment, Recruitment.id == Activity.recruitment_id)
        .where(Activity.office_id == office.id, Activity.kind == "registration",
               Recruitment.published_at <= now)
        .order_by(Activity.year.desc())
        .limit(1)
    )  # fmt: skip
    if activity is None:
        raise NotFound
    return office, activity


def _applied_to(tx: Session, candidate_id: int, activity: Activity) -> str | None:
    return tx.scalar(
        sa.select(Office.name)
        .join(Activity, Activity.office_id == Office.id)
        .join(Application, Application.activity_id == Activity.id)
        .where(Application.candidate_id == candidate_id, Application.year == activity.year,
               Application.kind == "registration")
    )  # fmt: skip


def _asked(tx: Session, screening: Screening) -> ScreeningEvent | None:
    return tx.scalar(
        sa.select(ScreeningEvent)
        .where(ScreeningEvent.application_id == screening.application_id, ScreeningEvent.kind == "correction")
        .order_by(ScreeningEvent.id.desc())
        .limit(1)
    )


def _sent(tx: Session, screening: Screening) -> ApplicationVersion:
    return tx.scalars(
        sa.select(ApplicationVersion).where(
            ApplicationVersion.application_id == screening.application_id,
            ApplicationVersion.number == screening.version,
        )
    ).one()
