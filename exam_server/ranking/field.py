"""Everybody who sat, as the rules compare them: read column by column, since thousands are ranked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exam_server.models import (
    Activity,
    Application,
    ApplicationVersion,
    Attempt,
    Booking,
    GateCheck,
    Mark,
    Office,
    Profile,
    Screening,
    to_micros,
)
from exam_server.ranking import preferences
from exam_server.ranking.contents import PREFERENCE, THOUSANDTHS, position_of
from exam_server.ranking.ground import Ground
from exam_server.ranking.rules import TEST, Criteria, Runner
from exam_server.registration.rules import Where
from exam_server.scores.service import Scored
from exam_server.selection.numbers import number_of

Conditions = list[sa.ColumnElement[bool]]
"""Of which attempts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one candidate's accepted application says, and when it came."""

    applied_at: datetime
    sent_at: datetime
    data: dict[str, Any]


def runners(
    tx: Session, ground: Ground, criteria: Criteria, scored: Mapping[int, Scored], only: int | None = None
) -> list[Runner]:
    """One for each of `scored`, with everything that `criteria` asks for; `only` looks at one attempt."""
    mine = [Attempt.activity_id == ground.activity_id, *([Attempt.id == only] if only else [])]
    attempts = _attempts(tx, mine)
    entries = _entries(tx, ground, attempts[0].candidate_id if only and attempts else None)
    marks, failed = newest_marks(tx, mine), _failed(tx, mine, criteria)
    where, wanted = _where(tx, ground), _wanted(criteria)
    found = []
    for attempt_id, candidate_id, booking in attempts:
        if attempt_id not in scored:
            continue
        entry = entries[candidate_id]
        data, on_day = entry.data, entry.sent_at.astimezone(ground.zone).date()
        met = preferences.met(data, wanted, where, ground.zone, on_day)
        here = data if data.get("office_id") == ground.office_id else {}
        found.append(Runner(
            attempt_id, number_of(booking),
            here.get("kecamatan") or "", here.get("desa") or "",
            _shares(criteria, scored[attempt_id], met, marks.get(attempt_id, {})),
            to_micros(entry.applied_at), tuple(sorted(failed.get(attempt_id, ()))),
        ))  # fmt: skip
    return found


def _shares(
    criteria: Criteria, scored: Scored, met: set[int], marks: Mapping[str, int]
) -> dict[str, Fraction]:
    """A mark that was not given is not there; an official's word about a preference is a mark too."""
    found: dict[str, Fraction] = {}
    for one in criteria.components:
        if one.key == TEST:
            found[TEST] = Fraction(scored.correct, scored.out_of) if scored.out_of else Fraction(0)
        elif one.key in marks:
            found[one.key] = Fraction(marks[one.key], THOUSANDTHS * one.most)
        elif one.key.startswith(PREFERENCE):
            found[one.key] = Fraction(position_of(one.key) in met)
    return found


def newest_marks(tx: Session, mine: Conditions) -> dict[int, dict[str, int]]:
    """Attempt -> component -> thousandths, as somebody said last."""
    rows = tx.execute(
        sa.select(Mark.attempt_id, Mark.component, Mark.value)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(*mine)
        .order_by(Mark.id)
    )
    found: dict[int, dict[str, int]] = {}
    for attempt_id, component, value in rows:
        found.setdefault(attempt_id, {})[component] = value
    return found


def _failed(tx: Session, mine: Conditions, criteria: Criteria) -> dict[int, set[int]]:
    """Must-haves were confirmed on the way here: each counts as met until somebody says it is not."""
    rows = tx.execute(
        sa.select(GateCheck.attempt_id, GateCheck.requirement, GateCheck.met)
        .join(Attempt, Attempt.id == GateCheck.attempt_id)
        .where(*mine, GateCheck.requirement.in_(criteria.gates))
        .order_by(GateCheck.id)
    )
    newest = {(attempt_id, position): met for attempt_id, position, met in rows}
    found: dict[int, set[int]] = {}
    for (attempt_id, position), met in newest.items():
        if not met:
            found.setdefault(attempt_id, set()).add(position)
    return found


def _wanted(criteria: Criteria) -> dict[int, str]:
    return {position: one.basis for one in criteria.components if (position := position_of(one.key))}


def _attempts(tx: Session, mine: Conditions) -> list[Any]:
    return list(tx.execute(
        sa.select(Attempt.id, Attempt.candidate_id, Booking.public_id)
        .join(Booking, Booking.id == Attempt.booking_id)
        .where(*mine)
    ))  # fmt: skip


def _where(tx: Session, ground: Ground) -> Where:
    code = tx.scalars(sa.select(Office.code).where(Office.id == ground.office_id)).one()
    return Where(ground.office_id, code, ground.regency, ground.kecamatan)


def _entries(tx: Session, ground: Ground, candidate_id: int | None) -> dict[int, Entry]:
    """By candidate: the registration of the same recruitment, in the version that was accepted.

    Where nothing was ever sent for screening (an entry from before there was one) the profile speaks.
    """
    registration = (
        sa.select(Activity.id)
        .where(Activity.recruitment_id == ground.recruitment_id, Activity.kind == "registration")
        .scalar_subquery()
    )
    of_whom = [Application.candidate_id == candidate_id] if candidate_id else []
    rows = tx.execute(
        sa.select(Application.candidate_id, Application.applied_at, ApplicationVersion.sent_at,
                  ApplicationVersion.data, Profile.office_id, Profile.kecamatan, Profile.desa)
        .outerjoin(Screening, Screening.application_id == Application.id)
        .outerjoin(ApplicationVersion, sa.and_(ApplicationVersion.application_id == Application.id,
                                               ApplicationVersion.number == Screening.version))
        .outerjoin(Profile, Profile.account_id == Application.candidate_id)
        .where(Application.activity_id == registration, *of_whom)
    )  # fmt: skip
    found = {}
    for candidate, applied_at, sent_at, data, office_id, kecamatan, desa in rows:
        told = data or {"office_id": office_id, "kecamatan": kecamatan, "desa": desa}
        found[candidate] = Entry(applied_at, sent_at or applied_at, told)
    return found
