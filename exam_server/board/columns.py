"""What the board asks the database: one line per attempt, plain columns only, instants in microseconds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from exam_server.exam.lookups import EXTRA
from exam_server.models import (
    Account,
    Activity,
    Attempt,
    Booking,
    DeviceCheck,
    Incident,
    JournalEntry,
    MessageTo,
    PageEvent,
    Profile,
    Response,
    Sitting,
    WatchPolicy,
)
from exam_server.screening.accepted import accepted_photo

TOOK_OVER = '%"took_over":true}'
"""How the sealed text of a `joined` entry ends when another device held the attempt before."""

IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)


def _micros(column: Any) -> sa.ColumnElement[int]:
    """Without the way over a datetime: ten thousand rows have ten instants each."""
    return sa.type_coerce(column, sa.BigInteger)


def _count(of: Any, *which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(of).where(*which).correlate(Attempt).scalar_subquery()


ANSWERED = (
    sa.select(
        Response.attempt_id,
        sa.func.count(Response.option).label("answered"),
        sa.func.sum(sa.cast(Response.flagged, sa.Integer)).label("flagged"),
        sa.func.max(_micros(Response.arrived_at)).label("saved_at"),
    )
    .where(Response.attempt_id.in_(IDS))
    .group_by(Response.attempt_id)
    .subquery()
)

NEWEST_CHECK = (
    sa.select(sa.func.max(DeviceCheck.id))
    .where(DeviceCheck.account_id == Attempt.candidate_id)
    .correlate(Attempt)
    .scalar_subquery()
)

INCIDENT_KIND = (
    sa.select(Incident.kind)
    .where(Incident.attempt_id == Attempt.id)
    .order_by(Incident.id.desc())
    .limit(1)
    .correlate(Attempt)
    .scalar_subquery()
)

ACCEPTED_PHOTO = accepted_photo(Attempt.candidate_id, Activity.year)

QUESTION = (
    sa.select(
        Attempt.activity_id, Attempt.sitting_id, Attempt.public_id, Attempt.rev, Account.name,
        Booking.public_id.label("booking"),
        Sitting.public_id.label("sitting"), Sitting.label.label("sitting_label"), Profile.kecamatan,
        ANSWERED.c.answered, ANSWERED.c.flagged, ANSWERED.c.saved_at,
        _micros(Attempt.last_contact_at).label("contact_at"),
        _micros(Attempt.started_at).label("started_at"),
        _micros(Attempt.deadline_at).label("deadline_at"),
        _micros(Attempt.finalised_at).label("finalised_at"),
        _micros(Sitting.starts_at).label("starts_at"), _micros(Sitting.ends_at).label("ends_at"),
        Attempt.allowed_seconds, Attempt.grace_seconds, Attempt.device, Attempt.how,
        EXTRA.label("extra_seconds"), DeviceCheck.outcome.label("check"),
        _micros(DeviceCheck.at).label("checked_at"),
        _count(JournalEntry, JournalEntry.attempt_id == Attempt.id, JournalEntry.kind == "joined",
               JournalEntry.data.like(TOOK_OVER)).label("takeovers"),
        _count(Incident, Incident.attempt_id == Attempt.id).label("incidents"),
        INCIDENT_KIND.label("incident_kind"),
        _count(MessageTo, MessageTo.attempt_id == Attempt.id).label("messages"),
        _count(MessageTo, MessageTo.attempt_id == Attempt.id, MessageTo.seen_at.is_(None)).label("unseen"),
        sa.case(
            (WatchPolicy.page_events,
             _count(PageEvent, PageEvent.attempt_id == Attempt.id, PageEvent.kind == "left")),
            else_=None,
        ).label("away"),
        ACCEPTED_PHOTO.label("photo"),
    )
    .join(Sitting, Sitting.id == Attempt.sitting_id)
    .join(Activity, Activity.id == Attempt.activity_id)
    .join(Account, Account.id == Attempt.candidate_id)
    .join(Booking, Booking.id == Attempt.booking_id)
    .outerjoin(Profile, Profile.account_id == Attempt.candidate_id)
    .outerjoin(ANSWERED, ANSWERED.c.attempt_id == Attempt.id)
    .outerjoin(DeviceCheck, DeviceCheck.id == NEWEST_CHECK)
    .outerjoin(WatchPolicy, WatchPolicy.activity_id == Attempt.activity_id)
    .where(Attempt.id.in_(IDS))
)  # fmt: skip
"""Asked with `ids`, the attempts' own numbers."""
