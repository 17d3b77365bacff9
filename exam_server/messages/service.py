"""Messages to candidates: one row for each of them, so that none is lost and each mark is kept once.

A message is told to the pages that are open, and again at every join and in every state until its candidate
has pressed that it was read. A page says when it has it (delivered), the candidate when it was read (seen).
One official sends at most MOST within WITHIN in one activity: more would bury the questions of a candidate.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server import audit, throttle
from exam_server.clock import to_ms
from exam_server.db import announce
from exam_server.messages import rules
from exam_server.messages.refusals import (
    MessageEmpty,
    MessagesTooMany,
    MessageTooLong,
    MessageUnknown,
    MessageUnreadable,
)
from exam_server.models import Activity, Attempt, Message, MessageTo, Office

MOST, WITHIN = 60, timedelta(minutes=10)
"""Messages of one official in one activity."""

MOST_GOT = 50
"""Messages that one page may say it has, at once."""


def read(text: str) -> str:
    """The text as it will be sent; raises MessageEmpty, MessageTooLong, MessageUnreadable."""
    said = rules.tidy(text)
    if not said:
        raise MessageEmpty
    if len(said) > rules.LONGEST:
        raise MessageTooLong(most=rules.LONGEST)
    if not rules.is_plain(said):
        raise MessageUnreadable
    return said


def check(tx: Session, activity_id: int, author_id: int, now: datetime) -> None:
    """Raises MessagesTooMany when this official could send no further one now; nothing is counted."""
    try:
        throttle.check(tx, _sends(activity_id, author_id), MOST, WITHIN, now)
    except throttle.TooMany as problem:
        raise MessagesTooMany(problem.retry_after) from problem


def send(
    tx: Session, activity_id: int, attempt_ids: Collection[int], text: str, author_id: int, now: datetime
) -> str:
    """The public id of the message that all of them have now; their pages hear of it after the commit.

    The attempts are of that activity and held by the caller. Only what is sent counts, so it is counted here.
    Raises MessagesTooMany, and as `read` does.
    """
    said, office = read(text), _office(tx, activity_id)
    _count(tx, activity_id, author_id, now)
    message = Message(activity_id=activity_id, author_id=author_id, text=said, sent_at=now)
    tx.add(message)
    tx.flush()
    to = [{"message_id": message.id, "attempt_id": one} for one in sorted(attempt_ids)]
    tx.execute(sa.insert(MessageTo), to)
    _turn(tx, attempt_ids)
    told = {"id": message.public_id, "text": said, "sent_at": to_ms(now), "author": office.name}
    for attempt_id in sorted(attempt_ids):
        announce(tx, "message", {"attempt_id": attempt_id, "message": told})
    audit.record(tx, now=now, act="message.sent", object_kind="message", object_id=message.id,
                 actor_id=author_id, office_id=office.id,
                 detail={"count": len(attempt_ids), "reason": said})  # fmt: skip
    return message.public_id


def got(tx: Session, attempt_id: int, messages: Collection[str], now: datetime) -> None:
    """A page of this candidate has these messages; the first time counts, what is not theirs is left out."""
    tx.execute(
        sa.update(MessageTo)
        .where(MessageTo.attempt_id == attempt_id, MessageTo.delivered_at.is_(None),
               MessageTo.message_id.in_(sa.select(Message.id).where(Message.public_id.in_(messages))))
        .values(delivered_at=now)
    )  # fmt: skip


def seen(tx: Session, attempt_id: int, message: str, now: datetime) -> None:
    """The candidate pressed that it was read; a repetition changes nothing. Raises MessageUnknown."""
    theirs = sa.and_(
        MessageTo.attempt_id == attempt_id,
        MessageTo.message_id.in_(sa.select(Message.id).where(Message.public_id == message)),
    )
    instant = MessageTo.delivered_at.type
    marked = tx.scalar(
        sa.update(MessageTo)
        .where(theirs, MessageTo.seen_at.is_(None))
        .values(seen_at=now, delivered_at=sa.func.coalesce(MessageTo.delivered_at, sa.literal(now, instant)))
        .returning(MessageTo.attempt_id)
    )
    if marked is not None:
        _turn(tx, [attempt_id])
    elif tx.scalar(sa.select(MessageTo.attempt_id).where(theirs)) is None:
        raise MessageUnknown


def _count(tx: Session, activity_id: int, author_id: int, now: datetime) -> None:
    try:
        throttle.take(tx, _sends(activity_id, author_id), MOST, WITHIN, now)
    except throttle.TooMany as problem:
        raise MessagesTooMany(problem.retry_after) from problem


def _sends(activity_id: int, author_id: int) -> str:
    return f"message:{activity_id}:{author_id}"


def _turn(tx: Session, attempt_ids: Collection[int]) -> None:
    tx.execute(sa.update(Attempt).where(Attempt.id.in_(attempt_ids)).values(rev=Attempt.rev + 1))
    announce(tx, "attempts", {"attempt_ids": set(attempt_ids)})


def _office(tx: Session, activity_id: int) -> Office:
    wanted = sa.select(Office).join(Activity, Activity.office_id == Office.id)
    return tx.scalars(wanted.where(Activity.id == activity_id)).one()
