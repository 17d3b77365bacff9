"""Events that stand beside the journal: what officials did, what the server noticed, what a page told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import (
    Account,
    Attempt,
    AuditEntry,
    ContactGap,
    DeviceCheck,
    Incident,
    LateAnswer,
    LedgerEntry,
    Message,
    MessageTo,
    Outage,
    OutageScope,
    OutageStruck,
    PageEvent,
    SaveTrouble,
)
from exam_server.timeline.rules import Event

TOLD_ELSEWHERE = ("attempt.time_granted", "access.refused")
"""Acts that the ledger tells; and other people's tries, which are the trail's business."""


def time(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """Every line of the ledger that somebody granted."""
    rows = tx.execute(
        sa.select(LedgerEntry, Account.name)
        .join(Account, Account.id == LedgerEntry.author_id)
        .where(LedgerEntry.attempt_id == attempt.id)
        .order_by(LedgerEntry.id)
    )
    for row, name in rows:
        facts = {"seconds": row.seconds, "why": row.reason_code, "what": row.kind}
        yield Event(row.entered_at, "time", "granted", facts, name, row.reason)


def answers(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """What came too late or from an older device: at which position, and why it was kept only."""
    rows = tx.execute(
        sa.select(LateAnswer.position, LateAnswer.arrived_at, LateAnswer.reason)
        .where(LateAnswer.attempt_id == attempt.id)
        .order_by(LateAnswer.id)
    )
    for row in rows:
        yield Event(row.arrived_at, "answers", "late", {"position": row.position, "why": row.reason})


def contact(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """Silences of the page, answers that could not be stored for a while, outages while it ran."""
    for gap in tx.scalars(
        sa.select(ContactGap).where(ContactGap.attempt_id == attempt.id).order_by(ContactGap.id)
    ):
        yield Event(gap.began_at, "contact", "silent", _span(gap.began_at, gap.ended_at))
    for trouble in tx.scalars(
        sa.select(SaveTrouble).where(SaveTrouble.attempt_id == attempt.id).order_by(SaveTrouble.id)
    ):
        facts = _span(trouble.began_at, trouble.ended_at) | {"count": trouble.saves}
        yield Event(trouble.began_at, "contact", "unstored", facts)
    yield from _outages(tx, attempt)


def _outages(tx: Session, attempt: Attempt) -> Iterator[Event]:
    if attempt.started_at is None:
        return
    mine = sa.select(OutageStruck.outage_id).where(OutageStruck.attempt_id == attempt.id)
    wanted = (
        sa.select(Outage).outerjoin(OutageScope, OutageScope.outage_id == Outage.id)
        .where(Outage.ended_at > attempt.started_at,
               Outage.began_at < (attempt.finalised_at or attempt.deadline_at),
               sa.or_(OutageScope.sitting_id.is_(None), Outage.id.in_(mine)))
        .order_by(Outage.id)
    )  # fmt: skip
    for outage in tx.scalars(wanted):
        yield Event(outage.began_at, "contact", "outage", _span(outage.began_at, outage.ended_at))


def _span(began_at: datetime, ended_at: datetime) -> dict[str, Any]:
    return {"until": ended_at, "seconds": -(-(ended_at - began_at) // timedelta(seconds=1))}


def incidents(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """Noted about this attempt, or about the whole sitting."""
    rows = tx.execute(
        sa.select(Incident, Account.name)
        .join(Account, Account.id == Incident.author_id)
        .where(sa.or_(Incident.attempt_id == attempt.id,
                      sa.and_(Incident.attempt_id.is_(None), Incident.sitting_id == attempt.sitting_id)))
        .order_by(Incident.id)
    )  # fmt: skip
    for row, name in rows:
        code = "incident" if row.attempt_id else "incident_of_sitting"
        yield Event(row.noted_at, "incident", code, {"what": row.kind}, name, row.text)


def messages(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """Every message to this candidate, when a page had it and when it was marked as read."""
    rows = tx.execute(
        sa.select(Message, MessageTo.delivered_at, MessageTo.seen_at, Account.name)
        .join(MessageTo, MessageTo.message_id == Message.id)
        .join(Account, Account.id == Message.author_id)
        .where(MessageTo.attempt_id == attempt.id)
        .order_by(Message.id)
    )
    for row, delivered_at, seen_at, name in rows:
        facts = {"delivered_at": delivered_at, "seen_at": seen_at}
        yield Event(row.sent_at, "message", "message", facts, name, row.text)


def checks(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """Every device check of this person."""
    rows = tx.scalars(
        sa.select(DeviceCheck).where(DeviceCheck.account_id == attempt.candidate_id).order_by(DeviceCheck.id)
    )
    for row in rows:
        yield Event(row.at, "check", f"check_{row.outcome}", {"device": row.device})


def officials(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """What officials did to this attempt, as the trail keeps it."""
    rows = tx.execute(
        sa.select(AuditEntry, Account.name)
        .join(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.object_kind == "attempt", AuditEntry.object_id == attempt.id,
               AuditEntry.actor_id != attempt.candidate_id, AuditEntry.act.not_in(TOLD_ELSEWHERE))
        .order_by(AuditEntry.id)
    )  # fmt: skip
    for row, name in rows:
        if not row.act.startswith(("message.", "incident.")):  # told with their words above
            facts = {"act": row.act, "what": row.detail.get("kind", "")}
            yield Event(row.at, "official", row.act, facts, name, str(row.detail.get("reason", "")))


def pages(tx: Session, attempt: Attempt) -> Iterator[Event]:
    """What the browser told of itself: advisory."""
    for row in tx.scalars(
        sa.select(PageEvent).where(PageEvent.attempt_id == attempt.id).order_by(PageEvent.id)
    ):
        yield Event(row.at, "page", f"page_{row.kind}")


SOURCES = (time, answers, contact, incidents, messages, checks, officials, pages)
