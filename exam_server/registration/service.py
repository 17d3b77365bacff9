"""Applying inside the window, sending what an office asked to correct, and being accepted.

A version is what was sent: data and files as they were at that instant. Editing the profile changes none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exam_server import audit, mail
from exam_server.accounts.service import hold_account
from exam_server.db import Database
from exam_server.errors import NotFound
from exam_server.models import (
    Activity,
    Application,
    ApplicationVersion,
    Office,
    RoleGrant,
    Screening,
    ScreeningEvent,
)
from exam_server.offices.service import stage_is_open
from exam_server.registration import letters
from exam_server.registration.contents import Contents, confirmed_before, gather
from exam_server.registration.refusals import (
    AlreadyApplied,
    CorrectionOver,
    NotACandidate,
    NothingAsked,
    NothingCorrected,
    RegistrationClosed,
    ScreeningClosed,
)
from exam_server.registration.rules import changed_documents, changed_fields

__all__ = ["AlreadyApplied", "RegistrationClosed", "accept", "apply", "resend"]


def apply(
    db: Database, candidate_id: int, activity_id: int, now: datetime, statements: Collection[int] = ()
) -> int:
    """The new entry's id; what the profile and the files say now becomes version 1.

    `statements` are the positions of the requirements that the candidate confirmed. Raises NotFound,
    NotACandidate, AlreadyApplied, RegistrationClosed, ProfileIncomplete, DocumentsMissing, DocumentTooOld,
    StatementsMissing, NotEligible.
    """
    try:
        with db.write() as tx:
            hold_account(tx, candidate_id)
            activity = _activity(tx, activity_id, "registration")
            _may_apply(tx, candidate_id, activity, now)
            contents = gather(tx, candidate_id, activity, statements, now)
            contents.refuse_what_cannot_be_sent()
            entry = _enter(tx, candidate_id, activity, now)
            tx.add(Screening(application_id=entry.id, activity_id=activity.id, version=1, sent_at=now))
            _send(tx, entry.id, 1, contents, candidate_id, now)
            audit.record(tx, now=now, act="application.sent", object_kind="application", object_id=entry.id,
                         actor_id=candidate_id, office_id=activity.office_id,
                         detail={"version": 1, "files": contents.hashes()})  # fmt: skip
            _write(tx, candidate_id, activity, contents, now, first=True)
            return entry.id
    except IntegrityError as problem:
        raise AlreadyApplied from problem


def resend(db: Database, candidate_id: int, now: datetime, statements: Collection[int] = ()) -> int:
    """The number of the new version, sent because the office asked for a correction.

    Statements once confirmed stay confirmed. Raises NothingAsked, CorrectionOver, ScreeningClosed,
    NothingCorrected, and what `apply` raises about profile, files, statements and requirements.
    """
    with db.write() as tx:
        application, screening = _asked(tx, candidate_id, now)
        activity = tx.get_one(Activity, application.activity_id)
        if not stage_is_open(tx, activity.recruitment_id, "screening", now):
            raise ScreeningClosed
        former = _version(tx, application.id, screening.version)
        given = {*statements, *confirmed_before(former)}
        contents = gather(tx, candidate_id, activity, given, now)
        contents.refuse_what_cannot_be_sent(renewing=False)
        fields = changed_fields(former.data, contents.data)
        kinds = changed_documents(former.documents, contents.documents)
        if not fields and not kinds:
            raise NothingCorrected
        number = _move_on(tx, screening, now)
        _send(tx, application.id, number, contents, candidate_id, now)
        audit.record(tx, now=now, act="application.corrected", object_kind="application",
                     object_id=application.id, actor_id=candidate_id, office_id=activity.office_id,
                     detail={"version": number, "fields": fields, "documents": kinds,
                             "files": contents.hashes()})  # fmt: skip
        _write(tx, candidate_id, activity, contents, now, first=False)
        return number


def accept(tx: Session, application_id: int, now: datetime, actor_id: int) -> bool:
    """Screening said *Diterima*: decided, written down, and entered in selection.

    An official's page decides first and calls this in the same transaction; everywhere else this decides.
    False, and nothing changes, when the application was accepted or rejected before. Raises NotFound when
    the recruitment has no selection.
    """
    _decide(tx, application_id, now, actor_id)
    rejected = sa.exists().where(Screening.application_id == application_id, Screening.decision == "rejected")
    accepted = tx.execute(
        sa.update(Application)
        .where(Application.id == application_id, Application.kind == "registration",
               Application.accepted_at.is_(None), ~rejected)
        .values(accepted_at=now)
        .returning(Application.candidate_id, Application.activity_id)
    ).one_or_none()  # fmt: skip
    if accepted is None:
        return False
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
                 object_id=application_id, actor_id=actor_id, office_id=registration.office_id)  # fmt: skip
    return True


def _may_apply(tx: Session, candidate_id: int, activity: Activity, now: datetime) -> None:
    official = sa.select(RoleGrant.id).where(
        RoleGrant.account_id == candidate_id, RoleGrant.ended_at.is_(None)
    )
    if tx.scalar(official.limit(1)) is not None:
        raise NotACandidate
    earlier = sa.select(Application.id).where(
        Application.candidate_id == candidate_id, Application.year == activity.year,
        Application.kind == activity.kind,
    )  # fmt: skip
    if tx.scalar(earlier) is not None:
        raise AlreadyApplied
    if not stage_is_open(tx, activity.recruitment_id, "registration", now):
        raise RegistrationClosed


def _asked(tx: Session, candidate_id: int, now: datetime) -> tuple[Application, Screening]:
    """The newest entry, of which a correction is asked and may still be sent."""
    row = tx.execute(
        sa.select(Application, Screening)
        .join(Screening, Screening.application_id == Application.id)
        .where(Application.candidate_id == candidate_id, Screening.asked_at.is_not(None),
               Screening.decided_at.is_(None))
        .order_by(Application.year.desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NothingAsked
    application, screening = row
    if screening.due_at is None or now >= screening.due_at:
        raise CorrectionOver
    return application, screening


def _version(tx: Session, application_id: int, number: int) -> ApplicationVersion:
    return tx.scalars(
        sa.select(ApplicationVersion).where(
            ApplicationVersion.application_id == application_id, ApplicationVersion.number == number
        )
    ).one()


def _move_on(tx: Session, screening: Screening, now: datetime) -> int:
    """One statement decides which of two simultaneous corrections is sent; the other raises NothingAsked."""
    number = tx.scalar(
        sa.update(Screening)
        .where(Screening.application_id == screening.application_id, Screening.version == screening.version,
               Screening.decided_at.is_(None), Screening.asked_at.is_not(None), Screening.due_at > now)
        .values(version=Screening.version + 1, sent_at=now, asked_at=None, due_at=None, checked_at=None,
                claimed_by=None, claimed_until=None)
        .returning(Screening.version)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if number is None:
        raise NothingAsked
    return int(number)


def _send(
    tx: Session, application_id: int, number: int, contents: Contents, candidate_id: int, now: datetime
) -> None:
    tx.add(
        ApplicationVersion(application_id=application_id, number=number, sent_at=now, data=contents.data,
                           documents=contents.documents)
    )  # fmt: skip
    tx.add(_event(application_id, number, "sent", now, candidate_id))
    tx.flush()


def _write(
    tx: Session, candidate_id: int, activity: Activity, contents: Contents, now: datetime, *, first: bool
) -> None:
    """The receipt, in the language of its reader."""
    office = tx.get_one(Office, activity.office_id)
    receipt = letters.Receipt(activity.name, office.name, ZoneInfo(office.zone), now,
                              list(contents.hashes().items()))  # fmt: skip
    person = mail.reader(tx, candidate_id)
    letter = letters.received(person, receipt) if first else letters.corrected(person, receipt)
    mail.write_to(tx, person, letter, now)


def _decide(tx: Session, application_id: int, now: datetime, actor_id: int) -> None:
    """What is still undecided is accepted, in one statement, and becomes an event."""
    version = tx.scalar(
        sa.update(Screening)
        .where(Screening.application_id == application_id, Screening.decided_at.is_(None))
        .values(decided_at=now, decision="accepted", claimed_by=None, claimed_until=None)
        .returning(Screening.version)
    )
    if version is not None:
        tx.add(_event(application_id, version, "accepted", now, actor_id))


def _event(application_id: int, version: int, kind: str, now: datetime, actor_id: int) -> ScreeningEvent:
    return ScreeningEvent(application_id=application_id, version=version, kind=kind, at=now,
                          actor_id=actor_id, fields=[])  # fmt: skip


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
