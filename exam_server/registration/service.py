"""Applying to an activity inside its window, and being accepted, which opens the entry in selection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit
from exam_server.db import Database
from exam_server.errors import N_, NotFound, Refusal
from exam_server.models import Activity, Application, Office
from exam_server.offices.service import Stage, stage_is_open, stages


class RegistrationClosed(Refusal):
    code = "registration_closed"
    sentence = N_(
        "Masa pendaftaran kegiatan ini belum dibuka atau sudah ditutup; lihat jadwal pada pengumuman."
    )


class AlreadyApplied(Refusal):
    code = "already_applied"
    sentence = N_(
        "Anda sudah terdaftar pada rekrutmen tahun ini; satu orang mendaftar pada satu kantor saja."
    )


@dataclass(frozen=True)
class Entry:
    """One entry as its owner sees it."""

    year: int
    activity_name: str
    kind: str
    office_name: str
    office_slug: str
    zone: ZoneInfo
    applied_at: datetime
    accepted_at: datetime | None
    schedule: dict[str, Stage]
    """The announced stages of its recruitment, by kind."""


def apply(db: Database, candidate_id: int, activity_id: int, now: datetime) -> int:
    """The new entry's id; raises NotFound, RegistrationClosed, AlreadyApplied."""
    try:
        with db.write() as tx:
            activity = _activity(tx, activity_id, "registration")
            if not stage_is_open(tx, activity.recruitment_id, "registration", now):
                raise RegistrationClosed
            entry = _enter(tx, candidate_id, activity, now)
            audit.record(tx, now=now, act="application.sent", object_kind="application", object_id=entry.id,
                         actor_id=candidate_id, office_id=activity.office_id)  # fmt: skip
            return entry.id
    except IntegrityError as problem:
        raise AlreadyApplied from problem


def accept(db: Database, application_id: int, now: datetime, actor_id: int | None = None) -> None:
    """Screening said *Diterima*: the candidate has an entry in selection; a second time changes nothing."""
    with db.write() as tx:
        accepted = tx.execute(
            sa.update(Application)
            .where(Application.id == application_id, Application.kind == "registration",
                   Application.accepted_at.is_(None))
            .values(accepted_at=now)
            .returning(Application.candidate_id, Application.activity_id)
        ).one_or_none()  # fmt: skip
        if accepted is None:
            return
        registration = _activity(tx, accepted.activity_id, "registration")
        selection = tx.scalar(
            sa.select(Activity).where(
                Activity.recruitment_id == registration.recruitment_id, Activity.kind == "selection"
            )
        )
        if selection is None:
            raise NotFound
        _enter(tx, accepted.candidate_id, selection, now)
        audit.record(tx, now=now, act="application.accepted", object_kind="application",
                     object_id=application_id, actor_id=actor_id,
                     office_id=registration.office_id)  # fmt: skip


def entries(db: Database, candidate_id: int, now: datetime) -> list[Entry]:
    """The candidate's own entries, newest first."""
    with db.read() as tx:
        rows = tx.execute(
            sa.select(Application, Activity, Office)
            .join_from(Application, Activity, Activity.id == Application.activity_id)
            .join(Office, Office.id == Activity.office_id)
            .where(Application.candidate_id == candidate_id)
            .order_by(Application.applied_at.desc())
        ).all()
        return [_entry(*row, stages(tx, row.Activity.recruitment_id, now)) for row in rows]


def _entry(
    application: Application, activity: Activity, office: Office, schedule: tuple[Stage, ...]
) -> Entry:
    return Entry(
        year=activity.year, activity_name=activity.name, kind=application.kind, office_name=office.name,
        office_slug=office.slug, zone=ZoneInfo(office.zone), applied_at=application.applied_at,
        accepted_at=application.accepted_at, schedule={stage.kind: stage for stage in schedule},
    )  # fmt: skip


def _enter(tx: Session, candidate_id: int, activity: Activity, now: datetime) -> Application:
    entry = Application(candidate_id=candidate_id, activity_id=activity.id, year=activity.year,
                        kind=activity.kind, applied_at=now)  # fmt: skip
    tx.add(entry)
    tx.flush()
    return entry


def _activity(tx: Session, activity_id: int, kind: str) -> Activity:
    activity = tx.get(Activity, activity_id)
    if activity is None or activity.kind != kind:
        raise NotFound
    return activity
