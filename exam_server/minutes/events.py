"""What happened: every list in the order of instants, read from journals, ledgers, trail and notes."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.exam.devices import UNKNOWN, device_word
from exam_server.minutes import people
from exam_server.minutes.facts import Gap, Ground, Happened, Silences, Sitter
from exam_server.minutes.rules import tidy
from exam_server.models import (
    Account,
    Attempt,
    AuditEntry,
    ContactGap,
    Incident,
    JournalEntry,
    LedgerEntry,
    Message,
    MessageTo,
    Outage,
    OutageScope,
    OutageStruck,
)

DECISIONS = ("attempt.closed", "rescue.counted")
"""Acts of officials on single attempts that stand in no other list."""

SECOND = timedelta(seconds=1)


def _within(sitting_id: int) -> sa.Select[int]:
    return sa.select(Attempt.id).where(Attempt.sitting_id == sitting_id)


def devices(tx: Session, sitting_id: int) -> tuple[Happened, ...]:
    """Every page that took over from another, and every device that an official released."""
    rows = tx.execute(
        sa.select(JournalEntry.attempt_id, JournalEntry.at, JournalEntry.kind, JournalEntry.data)
        .where(JournalEntry.attempt_id.in_(_within(sitting_id)),
               JournalEntry.kind.in_(("joined", "released")))
        .order_by(JournalEntry.at, JournalEntry.attempt_id, JournalEntry.number)
    ).all()  # fmt: skip
    told = [(row, json.loads(row.data)) for row in rows]
    known = people.names(tx, (said.get("author") for _, said in told))
    return tuple(
        Happened(row.at, "released" if row.kind == "released" else "taken_over", (row.attempt_id,),
                 _device(said.get("device", "")), known.get(said.get("author"), ""))
        for row, said in told
        if row.kind == "released" or said.get("took_over")
    )  # fmt: skip


def _device(user_agent: str) -> str:
    """The word for it, or the beginning of what it calls itself."""
    word = device_word(user_agent)
    return tidy(user_agent)[:40] if word == UNKNOWN else word


def gaps(tx: Session, ground: Ground, sitters: tuple[Sitter, ...]) -> tuple[Gap, ...]:
    """Every outage of the server, or of this sitting alone, that lay in it."""
    until = max([ground.ends_at, *(one.finalised_at for one in sitters if one.finalised_at)])
    rows = tx.execute(
        sa.select(Outage, OutageScope.sitting_id)
        .outerjoin(OutageScope, OutageScope.outage_id == Outage.id)
        .where(
            Outage.began_at < until,
            Outage.ended_at > ground.starts_at,
            sa.or_(OutageScope.sitting_id.is_(None), OutageScope.sitting_id == ground.id),
        )
        .order_by(Outage.began_at, Outage.id)
    ).all()
    given, named = _given(tx, ground.id), _struck(tx, ground.id)
    found = []
    for row, scoped in rows:
        back = given.get(row.id, {})
        struck = named.get(row.id) or {one.attempt_id for one in sitters if _ran(one, row, until)}
        found.append(Gap(row.began_at, row.ended_at, tuple(sorted(struck | set(back))), len(back),
                         max(back.values(), default=0), scoped is not None))  # fmt: skip
    return tuple(found)


def _ran(one: Sitter, outage: Outage, until: datetime) -> bool:
    """Its time ran in the outage, whatever became of it later: who handed in since was struck as well."""
    ended_at = one.finalised_at or until
    return one.started_at is not None and one.started_at < outage.ended_at and ended_at > outage.began_at


def _given(tx: Session, sitting_id: int) -> dict[int, dict[int, int]]:
    """Outage -> attempt -> seconds given back."""
    rows = tx.execute(
        sa.select(LedgerEntry.outage_id, LedgerEntry.attempt_id, LedgerEntry.seconds)
        .where(LedgerEntry.attempt_id.in_(_within(sitting_id)), LedgerEntry.outage_id.is_not(None))
    )  # fmt: skip
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for outage_id, attempt_id, seconds in rows:
        found[outage_id or 0][attempt_id] = seconds
    return found


def _struck(tx: Session, sitting_id: int) -> dict[int, set[int]]:
    """Outage -> attempts, of outages that name whom they struck."""
    rows = tx.execute(
        sa.select(OutageStruck.outage_id, OutageStruck.attempt_id)
        .where(OutageStruck.attempt_id.in_(_within(sitting_id)))
    )  # fmt: skip
    found: dict[int, set[int]] = defaultdict(set)
    for outage_id, attempt_id in rows:
        found[outage_id].add(attempt_id)
    return found


def silences(tx: Session, sitting_id: int) -> Silences:
    """Contact that was lost for longer than a blink and came back."""
    rows = tx.execute(
        sa.select(ContactGap.attempt_id, ContactGap.began_at, ContactGap.ended_at)
        .where(ContactGap.attempt_id.in_(_within(sitting_id)))
    ).all()  # fmt: skip
    longest = max((row.ended_at - row.began_at for row in rows), default=timedelta(0))
    return Silences(len(rows), len({row.attempt_id for row in rows}), -(-longest // SECOND))


def grants(tx: Session, sitting_id: int) -> tuple[Happened, ...]:
    """Every grant of time; what was given to many at once, for one reason, is one entry."""
    rows = tx.execute(
        sa.select(LedgerEntry, Account.name)
        .join(Account, Account.id == LedgerEntry.author_id)
        .where(LedgerEntry.attempt_id.in_(_within(sitting_id)), LedgerEntry.kind != "start")
        .order_by(LedgerEntry.entered_at, LedgerEntry.id)
    ).all()
    askers = people.names(tx, (row.evidence.get("asked_by") for row, _ in rows))
    found: dict[Happened, list[int]] = defaultdict(list)
    for row, name in rows:
        kind = row.reason_code if row.kind == "extra" else row.kind
        asker = askers.get(row.evidence.get("asked_by") or 0, "")
        same = Happened(row.entered_at, kind, (), tidy(row.reason), tidy(name), row.seconds, asker)
        found[same].append(row.attempt_id)
    return tuple(replace(same, attempts=tuple(sorted(given))) for same, given in found.items())


def decided(tx: Session, sitting_id: int) -> tuple[Happened, ...]:
    """What officials decided on single attempts: closed at once, or a rescue file that counts."""
    rows = tx.execute(
        sa.select(AuditEntry, Account.name)
        .join(Account, Account.id == AuditEntry.actor_id)
        .where(AuditEntry.object_kind == "attempt", AuditEntry.object_id.in_(_within(sitting_id)),
               AuditEntry.act.in_(DECISIONS))
        .order_by(AuditEntry.at, AuditEntry.id)
    )  # fmt: skip
    return tuple(
        Happened(row.at, row.act, (row.object_id,), tidy(row.detail.get("reason", "")), tidy(name))
        for row, name in rows
        if row.act != "attempt.closed" or row.detail.get("how") == "official"
    )


def incidents(tx: Session, sitting_id: int) -> tuple[Happened, ...]:
    """As officials noted them."""
    rows = tx.execute(
        sa.select(Incident, Account.name)
        .join(Account, Account.id == Incident.author_id)
        .where(Incident.sitting_id == sitting_id)
        .order_by(Incident.noted_at, Incident.id)
    )
    return tuple(
        Happened(row.noted_at, row.kind, (row.attempt_id,) if row.attempt_id else (), tidy(row.text),
                 tidy(name))
        for row, name in rows
    )  # fmt: skip


def messages(tx: Session, sitting_id: int) -> tuple[Happened, ...]:
    """Every message that somebody of this sitting got."""
    rows = tx.execute(
        sa.select(Message, Account.name, MessageTo.attempt_id)
        .join(Account, Account.id == Message.author_id)
        .join(MessageTo, MessageTo.message_id == Message.id)
        .where(MessageTo.attempt_id.in_(_within(sitting_id)))
        .order_by(Message.sent_at, Message.id, MessageTo.attempt_id)
    )
    found: dict[int, tuple[Message, str, list[int]]] = {}
    for row, name, attempt_id in rows:
        found.setdefault(row.id, (row, name, []))[2].append(attempt_id)
    return tuple(
        Happened(row.sent_at, "message", tuple(attempts), tidy(row.text), tidy(name))
        for row, name, attempts in found.values()
    )
