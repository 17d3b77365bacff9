"""Status Pendaftaran: each recruitment of one candidate as a timeline, with the letters that told it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.db import Database
from exam_server.exam.lookups import facts_of as attempt_facts
from exam_server.models import (
    Activity,
    Application,
    Attempt,
    Booking,
    Mail,
    Office,
    Screening,
    ScreeningEvent,
    Sitting,
)
from exam_server.offices.service import OfficeCard, Stage, card_of, stages
from exam_server.placings import announced
from exam_server.screening.cases import facts as screening_facts
from exam_server.selection.service import SittingCard
from exam_server.selection.service import card as sitting_card
from exam_server.selection.window import window_of
from exam_server.status.rules import Event, Facts, Kind, Result, Where, ahead, happened, masked, standing

KIND_OF: dict[str, Kind] = {
    "sent": "sent",
    "correction": "correction",
    "accepted": "accepted_screening",
    "rejected": "rejected",
}


@dataclass(frozen=True)
class OwnLetter:
    """A letter as its owner may see it listed: never its body; `sent_at` is empty while it waits."""

    recipient: str
    subject: str
    sent_at: datetime | None
    given_up: bool


@dataclass(frozen=True)
class Told:
    """What happened, and the letters written in the same transaction."""

    event: Event
    letters: tuple[OwnLetter, ...]


@dataclass(frozen=True)
class Recruited:
    """One candidate's way through one recruitment; instants aware UTC."""

    year: int
    office: OfficeCard
    activity: str
    where: Where
    until: datetime | None
    told: tuple[Told, ...]
    ahead: tuple[Stage, ...]
    schedule: dict[str, Stage]
    sitting: SittingCard | None
    how: str | None
    """By whom a closed attempt was closed."""
    announced: bool
    """The result is public, and this attempt is on its list."""
    reserve: int | None
    """Its number among the reserves of that list."""


@dataclass(frozen=True)
class _Rows:
    """Everything stored about one candidate in one recruitment."""

    office: Office
    activities: dict[str, Activity]
    entries: dict[str, Application]
    screening: Screening | None
    events: tuple[ScreeningEvent, ...]
    test: tuple[Booking, Attempt, Sitting] | None


def timelines(db: Database, candidate_id: int, now: datetime) -> list[Recruited]:
    """The candidate's own recruitments, newest first."""
    with db.read() as tx:
        letters = _letters(tx, candidate_id)
        return [_recruited(tx, rows, letters, now) for rows in _rows(tx, candidate_id)]


def _rows(tx: Session, candidate_id: int) -> list[_Rows]:
    found = tx.execute(
        sa.select(Application, Activity, Office)
        .join_from(Application, Activity, Activity.id == Application.activity_id)
        .join(Office, Office.id == Activity.office_id)
        .where(Application.candidate_id == candidate_id)
        .order_by(Activity.year.desc(), Activity.recruitment_id)
    ).all()
    ids = [application.id for application, _, _ in found]
    screenings, events, tests = _screenings(tx, ids), _events(tx, ids), _tests(tx, candidate_id)
    together = []
    for _, group in groupby(found, key=lambda row: row.Activity.recruitment_id):
        own = list(group)
        entries = {row.Application.kind: row.Application for row in own}
        first, chosen = entries.get("registration"), entries.get("selection")
        together.append(_Rows(
            office=own[0].Office, activities={row.Activity.kind: row.Activity for row in own},
            entries=entries, screening=screenings.get(first.id) if first else None,
            events=tuple(events.get(first.id, ())) if first else (),
            test=tests.get(chosen.activity_id) if chosen else None,
        ))  # fmt: skip
    return together


def _screenings(tx: Session, application_ids: list[int]) -> dict[int, Screening]:
    rows = tx.scalars(sa.select(Screening).where(Screening.application_id.in_(application_ids)))
    return {row.application_id: row for row in rows}


def _events(tx: Session, application_ids: list[int]) -> dict[int, list[ScreeningEvent]]:
    found: dict[int, list[ScreeningEvent]] = defaultdict(list)
    mine = sa.select(ScreeningEvent).where(ScreeningEvent.application_id.in_(application_ids))
    for row in tx.scalars(mine.order_by(ScreeningEvent.at, ScreeningEvent.id)):
        found[row.application_id].append(row)
    return found


def _tests(tx: Session, candidate_id: int) -> dict[int, tuple[Booking, Attempt, Sitting]]:
    """By activity."""
    rows = tx.execute(
        sa.select(Booking, Attempt, Sitting)
        .join_from(Booking, Attempt, Attempt.booking_id == Booking.id)
        .join(Sitting, Sitting.id == Booking.sitting_id)
        .where(Booking.candidate_id == candidate_id)
    )
    return {booking.activity_id: (booking, attempt, sitting) for booking, attempt, sitting in rows}


def _facts(tx: Session, rows: _Rows, now: datetime) -> Facts:
    chosen, test = rows.entries.get("selection"), rows.test
    first = rows.entries.get("registration") or rows.entries["selection"]
    window = window_of(tx, chosen.activity_id) if chosen else None
    return Facts(
        applied_at=first.applied_at, events=tuple(_event(row) for row in rows.events),
        screening=screening_facts(rows.screening) if rows.screening else None,
        accepted_at=first.accepted_at or (chosen.applied_at if chosen else None),
        choice_announced=window is not None,
        choice_opens_at=window.opens_at if window else None,
        choice_ends_at=window.ends_at if window else None,
        chosen_at=test[0].chosen_at if test else None,
        attempt=attempt_facts(test[1], test[2]) if test else None,
        accepted_final_at=chosen.accepted_at if chosen else None,
        result=_result(tx, test[1], now) if test else None,
    )  # fmt: skip


def _result(tx: Session, attempt: Attempt, now: datetime) -> Result | None:
    told = announced.of_attempt(tx, attempt.activity_id, attempt.id, now)
    if told is None:
        return None
    events = tuple(
        Event(cast(Kind, one.kind), one.at, due_at=one.due_at, text=one.reason or None)
        for one in told.happened
    )
    return Result(told.published_at, told.outcome, told.standing, told.reserve, events)


def _event(row: ScreeningEvent) -> Event:
    asked: list[Any] = row.fields or []
    return Event(
        kind=KIND_OF[row.kind], at=row.at, version=row.version, due_at=row.due_at,
        fields=tuple((one["field"], one["note"]) for one in asked), reason_code=row.reason_code,
        text=row.text,
    )  # fmt: skip


Letters = dict[datetime, list[OwnLetter]]


def _letters(tx: Session, candidate_id: int) -> Letters:
    """By the instant of the act they tell: a letter is written in the transaction of its act."""
    found: Letters = defaultdict(list)
    for mail in tx.execute(
        sa.select(Mail.recipient, Mail.subject, Mail.written_at, Mail.sent_at, Mail.given_up_at)
        .where(Mail.account_id == candidate_id)
        .order_by(Mail.id)
    ):
        found[mail.written_at].append(
            OwnLetter(masked(mail.recipient), mail.subject, mail.sent_at, mail.given_up_at is not None)
        )
    return found


def _recruited(tx: Session, rows: _Rows, letters: Letters, now: datetime) -> Recruited:
    facts = _facts(tx, rows, now)
    where, until = standing(facts, now)
    newest = rows.activities.get("registration") or rows.activities["selection"]
    schedule = {stage.kind: stage for stage in stages(tx, newest.recruitment_id, now)}
    told = tuple(Told(event, tuple(letters.get(event.at, ()))) for event in happened(facts, now))
    return Recruited(
        year=newest.year, office=card_of(rows.office), activity=newest.name, where=where, until=until,
        told=told, ahead=tuple(schedule[kind] for kind in ahead(where) if kind in schedule),
        schedule=schedule, sitting=sitting_card(rows.test[2], rows.office) if rows.test else None,
        how=rows.test[1].how if rows.test else None, announced=facts.result is not None,
        reserve=facts.result.reserve if facts.result else None,
    )  # fmt: skip
